"""No request holds more than an entry can: a larger one is refused before anybody keeps it.

`BodyGate` stands before Django under ASGI, where Django itself would first write a body of any size to disk;
`DoorMiddleware` gives the answer in the reader's language, and guards alone under WSGI. It also refuses
cookies and tokens that no session and no token of ours can be: the database cannot even look for them.
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

from apps.edge.messages import translated
from apps.kernel.errors import DomainError
from apps.kernel.text import N_

# The longest entry is a site's guideline document of 200 000 characters.
MAX_BODY_BYTES = 1024 * 1024
DRAIN_S = 2.0
DRAIN_BYTES = 256 * 1024 * 1024
_TOO_LARGE = "ivig.body_too_large"

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]


class TooLargeError(DomainError):
    """More than the service takes at once."""

    http_status = 413


def too_large() -> TooLargeError:
    """The refusal of a body that is too large."""
    return TooLargeError(
        "body_too_large",
        N_("This is more than %(limit)s kB. Nothing was saved; send a shorter entry."),
        limit=MAX_BODY_BYTES // 1024,
    )


class BodyGate:
    """ASGI: lets at most MAX_BODY_BYTES of a body through, whether its length was announced or not."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        announced = _announced(scope)
        if announced is not None and announced <= MAX_BODY_BYTES:
            return await self.app(scope, receive, send)
        messages = [] if announced else await _read(receive)
        if messages:
            return await self.app(scope, _replay(messages, receive), send)
        if not _header(scope, b"expect"):
            await _drain(receive)
        empty: list[Message] = [{"type": "http.request", "body": b"", "more_body": False}]
        await self.app({**scope, _TOO_LARGE: True}, _replay(empty, receive), _closing(send))


class DoorMiddleware:
    """Refuses a body that is too large (413) and unreadable credentials (400): as JSON below /api/, else as a page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        error = _problem(request)
        if error is None:
            return self.get_response(request)
        message, status = translated(error), error.http_status
        if request.path.startswith("/api/"):
            return JsonResponse({"code": error.code, "message": message, "extra": {}}, status=status)
        context = {"message": message, "status": status}
        return HttpResponse(render_to_string("refused.html", context), status=status)


def _problem(request: HttpRequest) -> DomainError | None:
    if _TOO_LARGE in getattr(request, "scope", ()) or _length(request) > MAX_BODY_BYTES:
        return too_large()
    token = request.META.get("HTTP_AUTHORIZATION", "")
    if not (token.isascii() and token.isprintable()) or any(
        "\0" in word for word in request.COOKIES.values()
    ):
        return DomainError("request_unreadable", N_("This request cannot be read. Nothing was saved."))
    return None


def _length(request: HttpRequest) -> int:
    text = request.META.get("CONTENT_LENGTH") or ""
    return int(text) if text.isascii() and text.isdigit() else 0


def _header(scope: Message, name: bytes) -> bytes:
    return next((value for key, value in scope["headers"] if key.lower() == name), b"")


def _announced(scope: Message) -> int | None:
    """The length a request states; None when it comes in chunks, 0 when it has no body at all."""
    length = _header(scope, b"content-length")
    if length.isdigit():
        return int(length[:20])
    return None if _header(scope, b"transfer-encoding") else 0


async def _read(receive: Receive) -> list[Message]:
    """The messages of a whole body; none when it is too large."""
    messages: list[Message] = []
    size = 0
    while True:
        message = await receive()
        messages.append(message)
        size += len(message.get("body", b""))
        if size > MAX_BODY_BYTES:
            return []
        if not message.get("more_body", False):
            return messages


async def _drain(receive: Receive) -> None:
    """Read on without keeping anything: most clients look for an answer only when they have sent everything."""
    size = 0
    try:
        async with asyncio.timeout(DRAIN_S):
            while size < DRAIN_BYTES:
                message = await receive()
                size += len(message.get("body", b""))
                if not message.get("more_body", False):
                    return
    except TimeoutError:
        return


def _replay(messages: list[Message], receive: Receive) -> Receive:
    waiting = iter(messages)

    async def replayed() -> Message:
        message = next(waiting, None)
        return await receive() if message is None else message

    return replayed


def _closing(send: Send) -> Send:
    async def closing(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", []), (b"connection", b"close")]}
        await send(message)

    return closing
