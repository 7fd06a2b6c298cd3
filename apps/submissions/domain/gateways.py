"""Where reports may be posted to: only hosts the settings list, over TLS, at addresses that may be reached."""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from apps.kernel.addresses import real_address

Network = IPv4Network | IPv6Network


class GatewayAddressError(ValueError):
    """An address that is not allowed, or none at all; the text is a sentence for who sets it."""


@dataclass(frozen=True, slots=True)
class Gateway:
    """POST reports here. Without TLS only on this machine itself."""

    host: str
    port: int
    path: str
    encrypted: bool


def gateway(url: str, *, allowed_hosts: Iterable[str]) -> Gateway:
    """The gateway of an address. Raises GatewayAddressError."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise GatewayAddressError(f"The gateway's address is none: {error}.") from error
    host = (parts.hostname or "").lower()
    if not host:
        raise GatewayAddressError("The gateway's address names no host.")
    if host not in {one.lower() for one in allowed_hosts}:
        raise GatewayAddressError(f"The gateway is {host}, which SUBMISSION_GATEWAY_HOSTS does not list.")
    local = _is_loopback(host)
    if parts.scheme != "https" and not (parts.scheme == "http" and local):
        raise GatewayAddressError("The gateway's address must start with https://.")
    if parts.username or parts.password or parts.fragment:
        raise GatewayAddressError("The gateway's address must carry no user name and no fragment.")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not path.isascii() or any(sign.isspace() or ord(sign) < 33 for sign in path):
        raise GatewayAddressError(
            "The gateway's path has a space or a letter outside ASCII: percent-encode it."
        )
    encrypted = parts.scheme == "https"
    return Gateway(host, port or (443 if encrypted else 80), path, encrypted)


def networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """Private networks that a site lists. Raises GatewayAddressError."""
    try:
        return tuple(ip_network(text, strict=False) for text in texts)
    except ValueError as error:
        raise GatewayAddressError(f"SUBMISSION_PRIVATE_NETWORKS: {error}.") from error


def may_reach(address: str, private: Iterable[Network]) -> bool:
    """Whether a host may have resolved to this address: public ones, and private ones the site lists.

    Link-local addresses, where clouds hand out a machine's own keys, are reached only if listed as well.
    """
    found = real_address(address)
    if found.is_multicast or found.is_unspecified:
        return False
    if any(found in network for network in private if network.version == found.version):
        return True
    return found.is_global


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
