"""`/metrics` for Prometheus: there with a token only, and nowhere without one."""

import hmac

from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse

from apps.kernel import clock
from apps.vigilance.metrics import CONTENT_TYPE, measurements


def metrics(request: HttpRequest) -> HttpResponse:
    """The measurements for who sends `Authorization: Bearer <METRICS_TOKEN>`; 404 where no token is set."""
    if not settings.METRICS_TOKEN:
        raise Http404
    wanted = f"Bearer {settings.METRICS_TOKEN}".encode()
    if not hmac.compare_digest(request.headers.get("Authorization", "").encode(), wanted):
        return HttpResponse("Send the token.\n", status=401, headers={"WWW-Authenticate": "Bearer"})
    try:
        text = measurements(now=clock.now(), wall_now=clock.wall_now())
    except DatabaseError:
        return HttpResponse("PostgreSQL does not answer.\n", status=503)
    return HttpResponse(text, content_type=CONTENT_TYPE)
