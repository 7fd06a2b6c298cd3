"""Where a message may leave the house to: only what the settings name and allow, encrypted or on this machine."""

import re
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Literal
from urllib.parse import SplitResult, unquote, urlsplit

from apps.kernel.addresses import real_address

Security = Literal["tls", "starttls", "none"]

# Addresses at which clouds hand out a machine's own keys.
_METADATA = frozenset({ip_address("169.254.169.254"), ip_address("fd00:ec2::254")})
_ADDRESS = re.compile(r"[^@\s<>,;:\"]+@(?P<domain>[A-Za-z0-9.-]+|\[127\.0\.0\.1\])")


class TargetError(ValueError):
    """A target that is not allowed, or not one at all; the text is a sentence for who sets it."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """POST JSON here."""

    host: str
    port: int
    path: str
    encrypted: bool


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Mail this recipient through this server."""

    recipient: str
    sender: str
    host: str
    port: int
    security: Security
    username: str = ""
    password: str = ""


Target = Webhook | Mailbox


def webhook(url: str, *, name: str, allowed_hosts: frozenset[str]) -> Webhook:
    """The webhook of an address; `name` is the variable that holds it. Raises TargetError."""
    parts = _split(url, name)
    host = _host(parts, name, allowed_hosts)
    if parts.scheme not in ("https", "http"):
        raise TargetError(f"{name} must start with https://.")
    if parts.scheme == "http" and not is_loopback(host):
        raise TargetError(f"{name} must start with https://: http is only for this machine itself.")
    if parts.username or parts.password or parts.fragment:
        raise TargetError(
            f"{name} must carry no user name and no fragment: put a secret into its path or query."
        )
    encrypted = parts.scheme == "https"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not path.isascii() or any(sign.isspace() for sign in path):
        raise TargetError(
            f"{name} has a space or a letter outside ASCII in its path: write it percent-encoded."
        )
    return Webhook(host, parts.port or (443 if encrypted else 80), path, encrypted)


def mailbox(
    recipient: str, *, name: str, smtp_url: str, smtp_name: str, sender: str, allowed_hosts: frozenset[str]
) -> Mailbox:
    """The mailbox of an address and a server: smtps:// (TLS), smtp:// (STARTTLS; plain on this machine)."""
    found = _ADDRESS.fullmatch(recipient)
    if not found:
        raise TargetError(f"{name} must be one mail address, such as duty@hospital.example.")
    domain = found["domain"].strip("[]").lower()
    if domain not in allowed_hosts:
        raise TargetError(f"{name} ends in {domain}, which ALERT_FALLBACK_ALLOWED_HOSTS does not list.")
    if not smtp_url:
        raise TargetError(
            f"Set {smtp_name} to your mail server: smtps://user:password@mail.hospital.example:465."
        )
    parts = _split(smtp_url, smtp_name)
    host = _host(parts, smtp_name, allowed_hosts)
    if parts.scheme not in ("smtp", "smtps"):
        raise TargetError(f"{smtp_name} must start with smtps:// or smtp://.")
    if sender and not _ADDRESS.fullmatch(sender):
        raise TargetError("ALERT_FALLBACK_FROM must be one mail address.")
    security: Security = "tls" if parts.scheme == "smtps" else "none" if is_loopback(host) else "starttls"
    return Mailbox(
        recipient,
        sender or f"ivig-monitor@{domain}",
        host,
        parts.port or {"tls": 465, "starttls": 587, "none": 25}[security],
        security,
        unquote(parts.username or ""),
        unquote(parts.password or ""),
    )


def is_loopback(host: str) -> bool:
    """Whether a host name or address means this machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def may_connect(host: str, address: str) -> bool:
    """Whether a name may have resolved to this address: never to a machine's own keys, nor to this machine."""
    found = real_address(address)
    if found in _METADATA or found.is_link_local or found.is_multicast or found.is_unspecified:
        return False
    return found.is_loopback == is_loopback(host)


def _split(url: str, name: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise TargetError(f"{name} is no address: {error}.") from error
    return parts


def _host(parts: SplitResult, name: str, allowed_hosts: frozenset[str]) -> str:
    host = (parts.hostname or "").lower()
    if not host:
        raise TargetError(f"{name} names no host.")
    if host not in allowed_hosts:
        raise TargetError(f"{name} goes to {host}, which ALERT_FALLBACK_ALLOWED_HOSTS does not list.")
    return host
