"""What lets pages open without network: the service worker and the shell it serves."""

from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

WORKER = "js/service-worker.js"


@require_safe
@never_cache
def service_worker(request: HttpRequest) -> HttpResponse:
    """The worker's script, at the root: a worker governs only addresses below its own."""
    path = finders.find(WORKER)
    assert path is not None
    return HttpResponse(Path(path).read_bytes(), content_type="text/javascript; charset=utf-8")


@require_safe
def shell(request: HttpRequest) -> HttpResponse:
    """The page that stands in for others without network; nobody's data are in it."""
    return render(request, "offline.html")
