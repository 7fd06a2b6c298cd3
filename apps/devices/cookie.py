"""The cookie that names a device: random, kept by the browser alone, known here only by its keyed hash."""

import secrets
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac

IN_SESSION = "device"
"""What the session's own data say: the number of its row, the hash of its device, its key at that time."""
ATTRIBUTE = "device_to_set"
QUICK_UNTIL = "signs_in_with_pin_until"
_AGE_S = 400 * 24 * 3600  # as long as browsers keep one
_LONGEST = 100


def hash_of(device: str) -> str:
    """A keyed hash: who reads the database can make no cookie of it."""
    return salted_hmac("ivig.device", device, algorithm="sha256").hexdigest()


def hash_of_badge(code: str) -> str:
    """A keyed hash of what a badge's reader types."""
    return salted_hmac("ivig.badge", code.strip(), algorithm="sha256").hexdigest()


def device_of(request: HttpRequest) -> str:
    """The device's cookie as it was sent; empty without one."""
    value = request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "")
    return value if 20 <= len(value) <= _LONGEST else ""


def give_out(request: HttpRequest) -> str:
    """A new name for the device, set with the answer."""
    device = secrets.token_urlsafe(32)
    setattr(request, ATTRIBUTE, device)
    return device


def set_on(response: HttpResponse, device: str) -> None:
    """Put the cookie on an answer. No script reads it, no other site's page sends it."""
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        device,
        max_age=_AGE_S,
        path="/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def belongs(bound: dict[str, Any] | None, device: str) -> bool:
    """Whether a session may be used from this device. One opened before sessions were bound lives out its shift."""
    return bound is None or bool(device and constant_time_compare(bound["device"], hash_of(device)))
