"""Base of the server-rendered pages: signed in, and refusals as pages people can read."""

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.views.generic import TemplateView

from apps.edge.rights import Rights, refusal_page
from apps.kernel.errors import DomainError


class Page(LoginRequiredMixin, TemplateView):
    """A page for signed-in staff. Subclasses give `rights` (see edge/rights.py), `template_name` and the context."""

    rights: Rights

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response = super().dispatch(request, *args, **kwargs)
        except DomainError as error:
            return refusal_page(request, error, kwargs)
        assert isinstance(response, HttpResponse)
        return response
