"""Signing in at the hospital's identity provider, and coming back."""

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache

from apps.accounts.selectors import Staff
from apps.edge.messages import translated
from apps.identity.domain.provider import is_strong, linking_value
from apps.identity.errors import sign_in_again
from apps.identity.flow import one_time, pass_first, safe_next
from apps.identity.provider import Attempt, claims_of_code, provider_name, sign_in_address
from apps.kernel import clock
from apps.kernel.errors import DomainError, ForbiddenError
from apps.kernel.text import N_

_KEPT = "identity.oidc"
ACCOUNT_FIELDS = ("username", "email")


class ProviderView(View):
    """What both ways share: nothing is here unless a provider is set up, and refusals are a page."""

    rights = "public"

    @method_decorator(never_cache)
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not provider_name():
            raise Http404
        try:
            return super().dispatch(request, *args, **kwargs)  # type: ignore[return-value]
        except DomainError as error:
            context = {"message": translated(error), "status": error.http_status}
            return render(request, "refused.html", context, status=error.http_status)


class ToProviderView(ProviderView):
    """Sends the browser to the provider."""

    def get(self, request: HttpRequest) -> HttpResponse:
        attempt = Attempt(state=one_time(), nonce=one_time(), verifier=one_time() + one_time())
        address = sign_in_address(attempt, redirect_uri=_redirect_uri(request))
        request.session[_KEPT] = {
            "state": attempt.state,
            "nonce": attempt.nonce,
            "verifier": attempt.verifier,
            "next": safe_next(request, request.GET.get("next", "")),
        }
        return HttpResponseRedirect(address)


class FromProviderView(ProviderView):
    """Takes the provider's answer, once, from the browser that was sent there."""

    def get(self, request: HttpRequest) -> HttpResponse:
        kept = request.session.pop(_KEPT, None)
        state, code = request.GET.get("state", ""), request.GET.get("code", "")
        if not kept or not constant_time_compare(state, kept["state"]) or not 0 < len(code) <= 4096:
            raise sign_in_again()
        attempt = Attempt(state=kept["state"], nonce=kept["nonce"], verifier=kept["verifier"])
        claims = claims_of_code(code, attempt, redirect_uri=_redirect_uri(request), wall_now=clock.wall_now())
        strong = is_strong(claims, acr=settings.OIDC_ACR, amr=settings.OIDC_AMR)
        return pass_first(
            request,
            _account_of(linking_value(claims, settings.OIDC_CLAIM)),
            how="oidc+provider" if strong else "oidc",
            is_strong=strong,
            next_url=kept["next"],
        )


def _account_of(value: str) -> Staff:
    """The one account the provider's word names. Accounts are made by the administrator, never by a sign-in."""
    field = settings.OIDC_ACCOUNT_FIELD
    assert field in ACCOUNT_FIELDS
    lookup = f"{field}__iexact" if field == "email" else field
    found = list(get_user_model().objects.filter(**{lookup: value}, is_active=True)[:2]) if value else []
    if len(found) != 1 or not isinstance(found[0], Staff):
        raise ForbiddenError(
            "person_unknown",
            N_(
                "The hospital knows you, but you have no account here. Ask the administrator of this service for one."
            ),
        )
    return found[0]


def _redirect_uri(request: HttpRequest) -> str:
    path = reverse("identity:oidc_callback")
    return f"{settings.PUBLIC_URL}{path}" if settings.PUBLIC_URL else request.build_absolute_uri(path)
