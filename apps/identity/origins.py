"""Where a request comes from, and which site it came to."""

import secrets
from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from apps.edge.origin import client_address
from apps.identity.services import Knock, Site

DEVICE_COOKIE = "ivig_device"
DEVICE_COOKIE_AGE_S = 180 * 24 * 60 * 60
_TOKEN_LENGTH = 43


def knock_of(request: HttpRequest, username: str) -> Knock:
    """Who knocks, from which group of addresses and which device."""
    return Knock(username=username, address=address_group_of(request), device=_device(request))


def address_group_of(request: HttpRequest) -> str:
    """The address, or its /64; empty when it cannot be read."""
    address = client_address(request)
    if not address:
        return ""
    found = ip_address(address)
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or IPv6Address(int(found) >> 64 << 64))
    return address


def device_cookie() -> str:
    """Its name; behind TLS one that no neighbouring host can plant."""
    return f"__Host-{DEVICE_COOKIE}" if settings.SESSION_COOKIE_SECURE else DEVICE_COOKIE


def new_device_token(request: HttpRequest) -> str:
    """The device's own token, or a fresh one."""
    return _device(request) or secrets.token_urlsafe(32)


def remember_device(response: HttpResponse, token: str) -> None:
    """Let the device know itself again: it opens nothing, it only says that somebody signed in on it before."""
    response.set_cookie(
        device_cookie(),
        token,
        max_age=DEVICE_COOKIE_AGE_S,
        path="/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def site_of(request: HttpRequest) -> Site | None:
    """The site passkeys belong to: PUBLIC_URL's, else the host that was asked for, which ALLOWED_HOSTS lists.

    None where a browser allows no passkeys, because the page came from a bare number or by another name.
    """
    asked = f"{request.scheme}://{request.get_host()}"
    public = settings.PUBLIC_URL
    if public and not _is_number(public):
        return Site(urlsplit(public).hostname or "", public) if asked == public else None
    return None if _is_number(asked) else Site(urlsplit(asked).hostname or "", asked)


def _is_number(url: str) -> bool:
    try:
        ip_address(urlsplit(url).hostname or "")
    except ValueError:
        return False
    return True


def _device(request: HttpRequest) -> str:
    token = request.COOKIES.get(device_cookie(), "")
    return token if len(token) == _TOKEN_LENGTH and token.isascii() and token.isprintable() else ""
