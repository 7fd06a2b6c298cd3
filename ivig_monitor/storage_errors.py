"""When PostgreSQL cannot take an entry: a clear 503 that says so, and nothing half written.

A full disk, a server that is down or read-only, a deadlock: the transaction is gone as a whole, and the same
entry may be sent again with its Idempotency-Key.
"""

import logging

from django.db import InterfaceError, InternalError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import loader
from django.utils.deprecation import MiddlewareMixin
from django.utils.translation import gettext as _

logger = logging.getLogger(__name__)

TRY_AGAIN_S = 5
READ_ONLY = "25006"  # PostgreSQL's code


class StorageErrors(MiddlewareMixin):
    """Answers for views that the database left in the lurch."""

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """503 in the one error shape for the API, a page otherwise; None for any other exception."""
        if not _is_storage(exception):
            return None
        logger.error("The database did not take a request: %s", exception, exc_info=exception)
        headers = {"Retry-After": str(TRY_AGAIN_S)}
        if not request.path.startswith("/api/"):
            return HttpResponse(loader.get_template("500.html").render(), status=503, headers=headers)
        message = _(
            "The database takes no entries now. Nothing was saved: try again in a moment, and keep it on paper"
            " meanwhile."
        )
        body = {"code": "database_unavailable", "message": message, "extra": {}}
        return JsonResponse(body, status=503, headers=headers)


def _is_storage(exception: Exception) -> bool:
    if isinstance(exception, InternalError):
        return getattr(exception.__cause__, "sqlstate", None) == READ_ONLY
    return isinstance(exception, OperationalError | InterfaceError)
