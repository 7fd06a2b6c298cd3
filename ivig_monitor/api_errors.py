"""One error shape for the whole API: `{code, message, extra}`."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views import defaults
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from apps.edge.messages import translated
from apps.edge.rights import note_refusal
from apps.kernel.errors import DomainError

_CODES = {
    exceptions.NotAuthenticated: "not_signed_in",
    exceptions.AuthenticationFailed: "not_signed_in",
    exceptions.PermissionDenied: "not_allowed",
    exceptions.ParseError: "not_json",
    exceptions.MethodNotAllowed: "method_not_allowed",
    exceptions.UnsupportedMediaType: "not_json",
    exceptions.Throttled: "too_many_requests",
}


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF exception handler. Anything unknown becomes Django's 500, which says nothing about patients."""
    if isinstance(error, DomainError):
        if (request := context.get("request")) is not None:
            note_refusal(request.user, error, context.get("kwargs") or {})
        body = _body(error.code, translated(error), _extra(error))
        return Response(body, status=error.http_status, headers=_headers(error))
    if isinstance(error, exceptions.ValidationError):
        fields = error.detail if isinstance(error.detail, dict) else {"body": error.detail}
        message = _("Some entries need another look. Nothing was saved; see the marked fields.")
        return Response(_body("entries_invalid", message, {"fields": fields}), status=400)
    if isinstance(error, Http404):
        return Response(_body("not_found", _("There is nothing at this address."), {}), status=404)
    response = exception_handler(error, context)
    if response is not None:
        code = _CODES.get(type(error), "refused")
        detail = str(getattr(error, "detail", error))
        response.data = _body(code, detail, {})
    return response


def _extra(error: DomainError) -> dict[str, Any]:
    """`field` names the entry to mend: the sentence is shown beside it, too."""
    field = error.extra.get("field")
    return {**error.extra, "fields": {field: [translated(error)]}} if field else error.extra


def _headers(error: DomainError) -> dict[str, str]:
    """When a door that is closed for a while opens again (RFC 9110, 10.2.3)."""
    wait = error.extra.get("retry_after_s")
    return {} if wait is None else {"Retry-After": str(wait)}


def _body(code: str, message: str, extra: dict[str, Any]) -> dict[str, Any]:
    return {"code": code, "message": message, "extra": extra}


def api_not_found(request: Any, exception: Any = None) -> JsonResponse:
    """Addresses under /api/ that nobody serves."""
    return JsonResponse(_body("not_found", _("There is nothing at this address."), {}), status=404)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What Django itself refuses, such as a host that is not ours: in the API's shape below /api/."""
    if not request.path.startswith("/api/"):
        return defaults.bad_request(request, exception)
    message = _("This request cannot be read. Nothing was saved.")
    return JsonResponse(_body("request_unreadable", message, {}), status=400)


def server_error(request: HttpRequest) -> HttpResponse:
    """A fault of ours, in the API's shape below /api/. It says nothing about patients."""
    if not request.path.startswith("/api/"):
        return defaults.server_error(request)
    message = _("Something failed here. Send the same entry again; it is saved once at most.")
    return JsonResponse(_body("server_error", message, {}), status=500)
