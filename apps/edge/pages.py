"""Base of the server-rendered pages: signed in, and refusals as pages people can read."""

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.generic import TemplateView

from apps.edge.messages import translated
from apps.kernel.errors import DomainError


class Page(LoginRequiredMixin, TemplateView):
    """A page for signed-in staff. Subclasses give `template_name` and `get_context_data`."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response = super().dispatch(request, *args, **kwargs)
        except DomainError as error:
            context = {"message": translated(error), "status": error.http_status}
            return render(request, "refused.html", context, status=error.http_status)
        assert isinstance(response, HttpResponse)
        return response
