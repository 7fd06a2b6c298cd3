"""Writes down, when an answer is ready, whose identifying data it holds and what leaves as a file.

A file does not leave unless that was written: its receiver is told to try again. Any other answer is given all the
same, because care comes first; that nothing could be written is then in the log as loudly as it can be said.
"""

import hashlib
import logging
from collections.abc import Callable
from tempfile import SpooledTemporaryFile
from typing import Any

from django.db import Error
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.template.loader import render_to_string

from apps.audit import services
from apps.audit.collecting import Seen, gathering
from apps.edge.messages import translated
from apps.kernel import clock
from apps.kernel.errors import DomainError
from apps.kernel.text import N_
from apps.ledger.origin import Origin, current_origin

logger = logging.getLogger(__name__)

_IN_MEMORY_BYTES = 1024 * 1024
_PIECE_BYTES = 64 * 1024
_LONGEST_FILTER = 500  # characters
_READS = ("GET", "HEAD")
_HOLDS_NO_RECORD = frozenset({"schema"})  # the API's description


class NotOnRecordError(DomainError):
    """The record of an export could not be written."""

    http_status = 503


class ReadingsMiddleware:
    """Notes whom a signed-in person was shown, and every answer that is a file."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        origin = current_origin() or Origin()
        recorded_before = origin.events
        with gathering() as seen:
            response = self.get_response(request)
            if not 200 <= response.status_code < 400:
                return response
            is_file = response.has_header("Content-Disposition") and _kind(request) not in _HOLDS_NO_RECORD
            # What somebody enters at the bedside needs no reading: its event tells who it was.
            is_entry = request.method not in _READS and origin.events > recorded_before
            if not is_file and (is_entry or not (seen.patients or seen.wards)):
                return response
            user_id = _person(request)
            if user_id is None:
                return response
            if is_file:
                return _export(request, response, user_id, seen, origin)
            _read(request, user_id, seen, origin)
        return response


def _read(request: HttpRequest, user_id: int, seen: Seen, origin: Origin) -> None:
    try:
        services.record_readings(
            user_id=user_id, kind=_kind(request), seen=seen, origin=origin, wall_now=clock.wall_now()
        )
    except Error:
        logger.critical(
            "WHO READ WHAT COULD NOT BE WRITTEN: person %s, %s, %s patients.",
            user_id,
            _kind(request),
            len(seen.patients),
            exc_info=True,
        )


def _export(
    request: HttpRequest, response: HttpResponse, user_id: int, seen: Seen, origin: Origin
) -> HttpResponse:
    try:
        size, digest = seen.file or _sum(response)
        services.record_export(
            user_id=user_id,
            kind=_kind(request),
            seen=seen,
            origin=origin,
            payload={
                "file": response["Content-Disposition"][:200],
                "sha256": digest,
                "bytes": size,
                "filter": request.GET.urlencode()[:_LONGEST_FILTER],
            },
            now=clock.now(),
            wall_now=clock.wall_now(),
        )
    except Error:
        logger.critical("An export could not be written down and did not leave.", exc_info=True)
        response.close()
        return _refusal(request)
    return response


def _refusal(request: HttpRequest) -> HttpResponse:
    error = NotOnRecordError(
        "export_not_recorded",
        N_("This file could not be put on record, so it was not given out. Try again in a moment."),
    )
    message = translated(error)
    if request.path.startswith("/api/"):
        return JsonResponse({"code": error.code, "message": message, "extra": {}}, status=error.http_status)
    context = {"message": message, "status": error.http_status}
    return HttpResponse(render_to_string("refused.html", context), status=error.http_status)


def _sum(response: Any) -> tuple[int, str]:
    """Bytes and SHA-256 of what leaves; a stream is taken in first, so that it is known before its first byte goes.

    Raises TypeError for one that flows in the event loop: its view has to say the sum (``note_file``).
    """
    if not response.streaming:
        return len(response.content), hashlib.sha256(response.content).hexdigest()
    if response.is_async:
        raise TypeError("A file that flows in the event loop needs its sum beforehand: see note_file.")
    digest, size = hashlib.sha256(), 0
    file = SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES)  # noqa: SIM115 - the answer closes it
    for piece in response.streaming_content:
        file.write(piece)
        digest.update(piece)
        size += len(piece)
    file.seek(0)
    assert isinstance(response, StreamingHttpResponse)
    response.streaming_content = iter(lambda: file.read(_PIECE_BYTES), b"")
    response._resource_closers.append(file.close)
    return size, digest.hexdigest()


def _person(request: HttpRequest) -> int | None:
    user = getattr(request, "user", None)
    return user.pk if user is not None and user.is_authenticated else None


def _kind(request: HttpRequest) -> str:
    match = request.resolver_match
    if match is None:
        return "unknown"
    return match.view_name if match.url_name else match.route
