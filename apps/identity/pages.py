"""Signing in: name and password, the second factor, a passkey."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.module_loading import import_string
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.generic import RedirectView

from apps.edge.messages import translated
from apps.edge.parsers import read_object
from apps.identity.errors import passkey_refused, sign_in_again
from apps.identity.flow import begun, keep_challenge, pass_first, safe_next, sign_in, take_challenge
from apps.identity.origins import knock_of, site_of
from apps.identity.provider import provider_name
from apps.identity.selectors import standing_of
from apps.identity.services import change_password, open_door, prove_code, prove_passkey, sign_in_options
from apps.kernel import clock
from apps.kernel.errors import DomainError
from apps.kernel.text import N_

__all__ = [
    "AdministrationDoorView",
    "FirstPasswordPage",
    "PasskeyOptionsView",
    "PasskeySignInView",
    "SecondFactorPage",
    "SignInView",
]


LONGEST_PASSWORD = 200


class SignInForm(AuthenticationForm):
    """Django's form behind the product's door; `refusal` is what the door said."""

    refusal: DomainError | None = None

    def clean(self) -> dict[str, Any]:
        username, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if username and password:
            assert self.request is not None
            try:
                self.user_cache = open_door(
                    knock=knock_of(self.request, username),
                    password=password,
                    wall_now=clock.wall_now(),
                    now=clock.now(),
                )
            except DomainError as error:
                self.refusal = error
                raise forms.ValidationError(translated(error), code=error.code) from None
        return self.cleaned_data


class SignInView(LoginView):
    """The sign-in page; in the demo it lists the demo accounts."""

    rights = "public"
    template_name = "accounts/sign_in.html"
    redirect_authenticated_user = True
    authentication_form = SignInForm

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        return pass_first(
            self.request,
            form.get_user(),  # type: ignore[arg-type]
            how="password",
            is_strong=False,
            next_url=self.get_redirect_url(),
        )

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_invalid(form)
        return with_retry(response, getattr(form, "refusal", None))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        accounts = import_string(settings.DEMO_ACCOUNTS) if settings.DEMO_ACCOUNTS else ()
        return super().get_context_data(
            demo_accounts=accounts,
            passkeys_possible=site_of(self.request) is not None,
            provider=provider_name(),
            **kwargs,
        )


class AdministrationDoorView(View):
    """Where the administration sends whoever may not enter: to the sign-in page, or a refusal if they are signed in."""

    rights = "public"

    def get(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            return render(request, "refused.html", {"status": 403}, status=403)
        query = request.META.get("QUERY_STRING", "")
        return HttpResponseRedirect(f"{reverse('accounts:sign_in')}{'?' if query else ''}{query}")


class PasswordElsewhereView(RedirectView):
    """The administration's page for one's own password: the product's counts failures, and asks again."""

    rights = "signed_in"
    pattern_name = "identity:account"
    http_method_names = ["get", "head"]


@method_decorator(never_cache, name="dispatch")
class SecondFactorPage(View):
    """The second step: a code of the authenticator, a recovery code, or a passkey instead."""

    rights = "public"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(request)

    def post(self, request: HttpRequest) -> HttpResponse:
        who = begun(request, "second")
        if who is None:
            return HttpResponseRedirect(reverse("accounts:sign_in"))
        code = request.POST.get("code", "")[:40]
        try:
            used = prove_code(user=who.user, code=code, wall_now=clock.wall_now(), now=clock.now())
        except DomainError as error:
            return self._page(request, error)
        return sign_in(request, who.user, how=f"{who.how}+{used}", next_url=who.next_url)

    def _page(self, request: HttpRequest, error: DomainError | None = None) -> HttpResponse:
        who = begun(request, "second")
        if who is None:
            return HttpResponseRedirect(reverse("accounts:sign_in"))
        standing = standing_of(who.user)
        context = {
            "problem": translated(error) if error else "",
            "standing": standing,
            "passkeys_possible": bool(standing.passkeys) and site_of(request) is not None,
            "next": who.next_url,
        }
        response = render(
            request, "identity/second.html", context, status=error.http_status if error else 200
        )
        return with_retry(response, error)


@method_decorator(never_cache, name="dispatch")
class FirstPasswordPage(View):
    """The last step for whoever came with a password that the administrator chose: one that nobody else knows."""

    rights = "public"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(request)

    def post(self, request: HttpRequest) -> HttpResponse:
        who = begun(request, "renew")
        if who is None:
            return HttpResponseRedirect(reverse("accounts:sign_in"))
        try:
            change_password(user=who.user, new_password=password_typed_twice(request), now=clock.now())
        except DomainError as error:
            return self._page(request, error)
        return sign_in(request, who.user, how=who.how, next_url=who.next_url)

    def _page(self, request: HttpRequest, error: DomainError | None = None) -> HttpResponse:
        who = begun(request, "renew")
        if who is None:
            return HttpResponseRedirect(reverse("accounts:sign_in"))
        context = {
            "problem": translated(error) if error else "",
            "reasons": error.extra.get("reasons", []) if error else [],
            "own_name": who.user.username,
        }
        return render(
            request, "identity/first_password.html", context, status=error.http_status if error else 200
        )


def password_typed_twice(request: HttpRequest) -> str:
    """The new password of a form. Raises DomainError `passwords_differ`."""
    new, again = request.POST.get("new_password", ""), request.POST.get("new_password_again", "")
    if new != again or len(new) > LONGEST_PASSWORD:
        raise DomainError("passwords_differ", N_("The two new passwords are not the same. Type them again."))
    return new


class JsonView(View):
    """A small JSON exchange of a page with itself: CSRF as for every form, refusals in the API's shape."""

    rights = "public"

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            return JsonResponse(self.answer(request, read_object(request.body)))
        except DomainError as error:
            body = {"code": error.code, "message": translated(error), "extra": error.extra}
            return with_retry(JsonResponse(body, status=error.http_status), error)

    def answer(self, request: HttpRequest, entry: dict[str, Any]) -> dict[str, Any]:
        """The answer to an entry; a DomainError is told."""
        raise NotImplementedError


class PasskeyOptionsView(JsonView):
    """What a browser needs to offer its passkeys."""

    def answer(self, request: HttpRequest, entry: dict[str, Any]) -> dict[str, Any]:
        site = site_of(request)
        if site is None:
            raise passkey_refused()
        options, challenge = sign_in_options(site=site)
        keep_challenge(request, "sign_in", challenge)
        return options


class PasskeySignInView(JsonView):
    """A passkey's answer: it is two factors in one, so nothing else is asked."""

    def answer(self, request: HttpRequest, entry: dict[str, Any]) -> dict[str, Any]:
        site, challenge = site_of(request), take_challenge(request, "sign_in")
        credential = entry.get("credential")
        if site is None or challenge is None:
            raise sign_in_again()
        if not isinstance(credential, dict):
            raise passkey_refused()
        user = prove_passkey(site=site, challenge=challenge, credential=credential, now=clock.now())
        wanted = entry.get("next")
        next_url = safe_next(request, wanted if isinstance(wanted, str) else "")
        self.signed_in = sign_in(request, user, how="passkey", next_url=next_url)
        return {"next": self.signed_in["Location"]}

    def post(self, request: HttpRequest) -> HttpResponse:
        response = super().post(request)
        if response.status_code == 200:
            response.cookies.update(self.signed_in.cookies)
        return response


def with_retry(response: HttpResponse, error: DomainError | None) -> HttpResponse:
    """The answer with a Retry-After and its status, if the door is closed for a while."""
    if error is not None and "retry_after_s" in error.extra:
        response.status_code = error.http_status
        response["Retry-After"] = str(error.extra["retry_after_s"])
    return response
