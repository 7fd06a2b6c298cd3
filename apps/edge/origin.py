"""Notes at the door where a request comes from, so that every event it records can say so."""

import hashlib
from collections.abc import Callable
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django_guid import get_guid

from apps.ledger.origin import Origin, came_from

_DEVICE_LETTERS = 16


class OriginMiddleware:
    """What is recorded while this request is answered knows its id, address, and session or token."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        origin = Origin(
            request_id=get_guid() or "", address=client_address(request), device=device_of(request)
        )
        with came_from(origin):
            return self.get_response(request)


def client_address(request: HttpRequest) -> str:
    """The address of whoever asks: behind the product's proxy from its header; empty when it cannot be read."""
    header = settings.CLIENT_ADDRESS_HEADER
    told = request.META.get(header or "REMOTE_ADDR", "") or request.META.get("REMOTE_ADDR", "")
    try:
        return str(ip_address(told.rpartition(",")[2].strip().split("%")[0]))
    except ValueError:
        return ""


def device_of(request: HttpRequest) -> str:
    """The session or token of a request, told apart from others by a digest that opens nothing; empty without one."""
    secret = request.META.get("HTTP_AUTHORIZATION", "") or request.COOKIES.get(
        settings.SESSION_COOKIE_NAME, ""
    )
    return hashlib.sha256(secret.encode()).hexdigest()[:_DEVICE_LETTERS] if secret else ""
