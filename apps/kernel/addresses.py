"""Network addresses as rules see them: what an address really leads to, and whom it stands for."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

# Gateways between IPv6 and IPv4 carry the address they lead to in their own (RFC 6052, the well-known prefix).
_NAT64 = IPv6Network("64:ff9b::/96")


def real_address(text: str) -> IPv4Address | IPv6Address:
    """The address that is reached in the end: one of IPv4 inside one of IPv6 is that of IPv4. Raises ValueError."""
    found = ip_address(text.strip().split("%")[0])
    if isinstance(found, IPv6Address):
        if found in _NAT64:
            return IPv4Address(int(found) & 0xFFFFFFFF)
        return found.ipv4_mapped or found.sixtofour or found
    return found


def address_group(text: str) -> str:
    """Whom an address stands for: itself, or its /64, because one home has a whole one. Empty when it is none."""
    try:
        found = ip_address(text.strip().split("%")[0])
    except ValueError:
        return ""
    if isinstance(found, IPv6Address) and found.ipv4_mapped is None:
        return str(IPv6Address(int(found) >> 64 << 64))
    return str(found.ipv4_mapped if isinstance(found, IPv6Address) else found)
