"""A session works on its own device, and on a screen that somebody touches."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from apps.devices import cookie, services
from apps.devices.domain.locking import Screen, idle_seconds
from apps.devices.selectors import lock_limit, screen_of
from apps.edge.messages import translated
from apps.kernel import clock
from apps.kernel.text import N_

Respond = Callable[[HttpRequest], HttpResponse]
IDLE_HEADER = "Ivig-Idle"
_SEEN_EACH_S = 600.0
_REMEMBERED = 10_000
_SAFE = ("GET", "HEAD", "OPTIONS")
# What a locked screen needs: to be opened, left, and read in another language.
_OPEN = (
    "/api/v1/screen/lock/",
    "/api/v1/screen/unlock/",
    "/api/v1/screen/switch/",
    "/account/leave/",
    "/sign-in/",
    "/sign-out/",
    "/i18n/",
    "/health/",
    "/offline/",
    "/service-worker.js",
)
_seen: dict[int, float] = {}


def bound_of(request: HttpRequest) -> dict[str, Any] | None:
    """What the request's session says of its device. Reads no session where no cookie names one."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    bound: dict[str, Any] | None = request.session.get(cookie.IN_SESSION)
    return bound if bound is not None and request.user.is_authenticated else None


class DeviceMiddleware:
    """Gives each browser that signs in a cookie of its own, and takes a session from whoever comes without it."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        setattr(request, cookie.ATTRIBUTE, "")
        bound = bound_of(request)
        if bound is not None and not cookie.belongs(bound, device := cookie.device_of(request)):
            if not device and _came_by_a_link(request):
                # From another site the browser holds the cookie back once; asked again by our own page it sends it.
                return render(request, "devices/arriving.html")
            if device:
                services.end_stolen(session_id=bound["id"], now=clock.now())
                request.session.flush()
            request.user = AnonymousUser()
            bound = None
        response = self.get_response(request)
        if given := getattr(request, cookie.ATTRIBUTE):
            cookie.set_on(response, given)
        if bound is not None:
            _note_seen(request, bound)
        return response


def _came_by_a_link(request: HttpRequest) -> bool:
    headers = request.headers
    return (
        request.method == "GET"
        and headers.get("Sec-Fetch-Site") == "cross-site"
        and headers.get("Sec-Fetch-Mode") == "navigate"
    )


def _note_seen(request: HttpRequest, bound: dict[str, Any]) -> None:
    """Now and then; at once when the session's key has changed, as with a new password."""
    now, key = time.monotonic(), request.session.session_key
    if key is None or request.session.get(cookie.IN_SESSION) != bound:
        return
    changed = key != bound["key"]
    if not changed and now - _seen.get(bound["id"], now - _SEEN_EACH_S) < _SEEN_EACH_S:
        return
    if len(_seen) >= _REMEMBERED:
        _seen.clear()
    _seen[bound["id"]] = now
    services.note_seen(
        session_id=bound["id"],
        session_key=key,
        auth_hash=request.session[HASH_SESSION_KEY],
        wall_now=clock.wall_now(),
    )
    if changed:
        request.session[cookie.IN_SESSION] = bound | {"key": key}
        request.session.save()


class ScreenLockMiddleware:
    """Answers 423 while a session's screen is locked: the page keeps what was typed, and asks who is there."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not lock_limit() or request.path.startswith(_OPEN):
            return self.get_response(request)
        bound = bound_of(request)
        screen = screen_of(bound["id"]) if bound is not None else None
        if bound is None or screen is None:
            return self.get_response(request)
        now = clock.wall_now()
        if not screen.is_locked(now):
            _note_touch(request, bound["id"], screen)
            response = self.get_response(request)
            response.setdefault(
                "Cache-Control", "no-store"
            )  # the way back shows nothing that a lock would hide
            return response
        services.lock_screen(session_id=bound["id"], wall_now=now)
        if shows_no_name(request):
            return self.get_response(request)
        return _locked(request)


def _note_touch(request: HttpRequest, session_id: int, screen: Screen) -> None:
    """A page tells how long ago it was touched; what a person opens or sends without that word is a touch itself."""
    idle = idle_seconds(request.headers.get(IDLE_HEADER))
    if idle is None and request.method in _SAFE and request.headers.get("Sec-Fetch-Mode") != "navigate":
        return
    touched = screen.note(clock.wall_now(), idle or timedelta(0))
    if touched is not None:
        services.note_touch(session_id=session_id, touched_at=touched)


def shows_no_name(request: HttpRequest) -> bool:
    """Whether this is the board of a corridor's screen, which carries no name and goes on unattended."""
    if request.method != "GET":
        return False
    parts = request.path.strip("/").split("/")
    if parts[:3] == ["api", "v1", "wards"]:
        return "board" in parts and request.GET.get("names") == "initials"
    wanted = request.GET.get("view") or request.COOKIES.get(settings.VIEW_COOKIE_NAME)
    return len(parts) == 2 and parts[0] == "wards" and wanted == "kiosk"


def _locked(request: HttpRequest) -> HttpResponse:
    error = services.LockedError(
        "screen_locked",
        N_(
            "The screen is locked. Unlock it with your PIN or password; nothing was saved, and nothing typed is lost."
        ),
    )
    if request.path.startswith("/api/"):
        body = {"code": error.code, "message": translated(error), "extra": {}}
        return JsonResponse(body, status=error.http_status)
    return render(request, "devices/locked.html", status=error.http_status)
