"""How many requests one sign-in, or one address without any, may make. Far above what people at bedsides do.

Counted in each process by itself, in memory: no query, no server to lean on, and of several web processes each
gives the whole allowance. Guessing passwords is limited apart from this, and so are the patients' links.
"""

import hashlib
import math
import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.functional import SimpleLazyObject

from apps.edge.addresses import group_of
from apps.edge.messages import translated
from apps.kernel.errors import DomainError
from apps.kernel.text import N_

BURST_S = 10
"""So many seconds' allowance may be used at once: pages that open, entries that waited without network."""
MOST_KNOWN = 20_000
_EXEMPT = ("/health/", "/metrics")


class TooManyError(DomainError):
    """More requests than anybody's work makes."""

    http_status = 429


class Buckets:
    """An allowance per name that refills with time. Safe between threads; the longest unused names go first."""

    def __init__(self, most: int = MOST_KNOWN) -> None:
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock, self._most = Lock(), most

    def knows(self, name: str) -> bool:
        """Whether this name has an allowance already."""
        return name in self._left

    def take(self, name: str, *, per_second: float, now: float) -> float:
        """Use one request up. Returns 0, or in how many seconds there is one again; `now` is monotonic, in s."""
        most = per_second * BURST_S
        with self._lock:
            left, at = self._left.pop(name, (most, now))
            left = min(most, left + (now - at) * per_second)
            wait = 0.0 if left >= 1 else (1 - left) / per_second
            self._left[name] = (left - 1 if not wait else left, now)
            while len(self._left) > self._most:
                self._left.popitem(last=False)
        return wait


class RequestLimits:
    """Refuses with 429 and Retry-After what comes faster than REQUESTS_PER_SECOND lastingly.

    A sign-in that was accepted has an allowance of its own. Until then, and for tokens nobody gave out, requests count
    for the address: who invents a new token for each request gains nothing, and a ward that signs in behind one
    address is not slowed by each other's work.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.signed_in, self.addresses = Buckets(), Buckets()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        per_second: int = settings.REQUESTS_PER_SECOND
        if not per_second or request.path.startswith(_EXEMPT):
            return self.get_response(request)
        who, now = _credential(request), time.monotonic()
        if who and self.signed_in.knows(who):
            wait = self.signed_in.take(who, per_second=per_second, now=now)
        else:
            wait = self.addresses.take(group_of(request), per_second=per_second, now=now)
        if wait:
            return _refusal(request, wait)
        response = self.get_response(request)
        if who and not self.signed_in.knows(who) and _was_signed_in(request):
            self.signed_in.take(who, per_second=per_second, now=now)
        return response


def _credential(request: HttpRequest) -> str:
    """A digest of the token or session that came with a request; empty without any."""
    token = request.META.get("HTTP_AUTHORIZATION") or request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    return hashlib.sha256(token.encode(errors="replace")).hexdigest() if token else ""


def _was_signed_in(request: HttpRequest) -> bool:
    """Whether somebody was found behind the request, without asking the database again."""
    user = request.__dict__.get("user")
    if isinstance(user, SimpleLazyObject):
        user = request.__dict__.get("_cached_user")
    return bool(user is not None and user.is_authenticated)


def _refusal(request: HttpRequest, wait_s: float) -> HttpResponse:
    error = TooManyError(
        "too_many_requests",
        N_("These are more requests than anybody's work makes. Nothing was saved; wait a few seconds."),
    )
    message, headers = translated(error), {"Retry-After": str(max(1, math.ceil(wait_s)))}
    if request.path.startswith("/api/"):
        body = {"code": error.code, "message": message, "extra": {}}
        return JsonResponse(body, status=error.http_status, headers=headers)
    context = {"message": message, "status": error.http_status}
    page = render_to_string("refused.html", context)
    return HttpResponse(page, status=error.http_status, headers=headers)
