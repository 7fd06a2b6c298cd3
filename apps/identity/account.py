"""The page "My sign-in": second factor, passkeys, recovery codes, password.

Who is signed in proves the password again for each change. Somebody who must have a second factor and has none is not
signed in yet and comes here right after the password: for them it adds a factor and nothing else.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.views import View
from django.views.decorators.cache import never_cache

from apps.accounts.selectors import Staff
from apps.accounts.services import prove_identity
from apps.edge.messages import translated
from apps.identity import services
from apps.identity.errors import passkey_refused, sign_in_again
from apps.identity.flow import Begun, begun, keep_challenge, rotate, sign_in, signed_in_lately, take_challenge
from apps.identity.origins import site_of
from apps.identity.pages import JsonView, password_typed_twice, with_retry
from apps.identity.provider import provider_name
from apps.identity.qr import authenticator_qr, spaced
from apps.identity.selectors import must_have_factor, standing_of
from apps.kernel import clock
from apps.kernel.errors import DomainError, ForbiddenError
from apps.kernel.text import N_

ADDS_FACTOR = frozenset({"totp_begin", "totp_confirm"})
_WAITS = "identity.totp_waits"


@dataclass(frozen=True, slots=True)
class _Person:
    user: Staff
    enrolling: Begun | None


class _Done:
    """What an act leaves to show: recovery codes once, or a secret that waits for its first code."""

    def __init__(self, text: str = "", **shown: Any) -> None:
        self.text, self.shown = text, shown


@method_decorator(never_cache, name="dispatch")
class AccountPage(View):
    """My sign-in, and what may be changed about it; open also to whoever proved a password and lacks a factor."""

    rights = "public"

    def get(self, request: HttpRequest) -> HttpResponse:
        person = _person(request)
        return _page(request, person) if person else _to_sign_in(request)

    def post(self, request: HttpRequest) -> HttpResponse:
        person = _person(request)
        if person is None:
            return _to_sign_in(request)
        name = request.POST.get("act", "")
        act = ACTS.get(name)
        if act is None or (person.enrolling and name not in ADDS_FACTOR):
            return _page(request, person, error=sign_in_again())
        try:
            if name != "totp_confirm":
                _prove(request, person, request.POST.get("password", "")[:200])
            done = act(request, person.user)
        except DomainError as error:
            return _page(request, person, error=error, act=name)
        if person.enrolling and standing_of(person.user).has_factor:
            response = sign_in(request, person.user, how=person.enrolling.how, next_url="/account/")
            shown = _page(request, _Person(person.user, None), done=done)
            shown.cookies.update(response.cookies)
            return shown
        return _page(request, person, done=done)


class PasskeyRegistrationOptionsView(JsonView):
    """What a browser needs to make a passkey; the password is asked first."""

    def answer(self, request: HttpRequest, entry: dict[str, Any]) -> dict[str, Any]:
        person, site = _expected(request), site_of(request)
        if site is None:
            raise passkey_refused()
        password = entry.get("password")
        _prove(request, person, password[:200] if isinstance(password, str) else "")
        options, challenge = services.registration_options(user=person.user, site=site)
        keep_challenge(request, f"register:{person.user.pk}", challenge)
        return options


class PasskeyRegistrationView(JsonView):
    """A new passkey's public half."""

    def answer(self, request: HttpRequest, entry: dict[str, Any]) -> dict[str, Any]:
        person, site = _expected(request), site_of(request)
        challenge = take_challenge(request, f"register:{person.user.pk}")
        credential, name = entry.get("credential"), entry.get("name")
        if site is None or challenge is None:
            raise sign_in_again()
        if not isinstance(credential, dict):
            raise passkey_refused()
        services.add_passkey(
            user=person.user,
            site=site,
            challenge=challenge,
            credential=credential,
            name=name if isinstance(name, str) else "",
            now=clock.now(),
        )
        if person.enrolling:
            self.signed_in = sign_in(request, person.user, how=person.enrolling.how, next_url="/account/")
        else:
            rotate(request)
        return {"next": reverse("identity:account")}

    def post(self, request: HttpRequest) -> HttpResponse:
        response = super().post(request)
        if response.status_code == 200 and hasattr(self, "signed_in"):
            response.cookies.update(self.signed_in.cookies)
        return response


def _begin_totp(request: HttpRequest, user: Staff) -> _Done:
    secret = services.wait_for_totp(user=user)
    request.session[_WAITS] = True
    return _Done(secret=spaced(secret), qr=authenticator_qr(user.username, secret))


def _confirm_totp(request: HttpRequest, user: Staff) -> _Done:
    if not request.session.get(_WAITS):
        raise sign_in_again()
    code = request.POST.get("code", "")[:20]
    services.confirm_totp(user=user, code=code, wall_now=clock.wall_now(), now=clock.now())
    del request.session[_WAITS]
    rotate(request)
    codes = (
        []
        if standing_of(user).recovery_codes_left
        else services.make_recovery_codes(user=user, now=clock.now())
    )
    return _Done(gettext("The authenticator is in use."), codes=codes)


def _remove_totp(request: HttpRequest, user: Staff) -> _Done:
    _keep_one(user)
    services.remove_totp(user=user, now=clock.now())
    rotate(request)
    return _Done(gettext("The authenticator was removed."))


def _rename_passkey(request: HttpRequest, user: Staff) -> _Done:
    services.rename_passkey(
        user=user, passkey_id=_number(request), name=request.POST.get("name", ""), now=clock.now()
    )
    return _Done(gettext("The passkey has another name."))


def _remove_passkey(request: HttpRequest, user: Staff) -> _Done:
    _keep_one(user)
    services.remove_passkey(user=user, passkey_id=_number(request), now=clock.now())
    rotate(request)
    return _Done(gettext("The passkey was removed."))


def _recovery_codes(request: HttpRequest, user: Staff) -> _Done:
    return _Done(codes=services.make_recovery_codes(user=user, now=clock.now()))


def _password(request: HttpRequest, user: Staff) -> _Done:
    new = password_typed_twice(request)
    is_first = not user.has_own_password
    services.change_password(user=user, new_password=new, now=clock.now())
    update_session_auth_hash(request, user)
    if is_first:
        return _Done(gettext("From now on you sign with this password."))
    return _Done(gettext("The password was changed. You are signed out everywhere else."))


ACTS: dict[str, Callable[[HttpRequest, Staff], _Done]] = {
    "totp_begin": _begin_totp,
    "totp_confirm": _confirm_totp,
    "totp_remove": _remove_totp,
    "passkey_rename": _rename_passkey,
    "passkey_remove": _remove_passkey,
    "recovery_codes": _recovery_codes,
    "password": _password,
}


def _keep_one(user: Staff) -> None:
    """Refuse to take away the only factor of somebody who must have one."""
    if must_have_factor(user) and standing_of(user).factors < 2:
        raise ForbiddenError(
            "last_factor_stays",
            N_("Your role needs a second factor, and this is your only one. Add another one first."),
        )


def _prove(request: HttpRequest, person: _Person, password: str) -> None:
    """Who has just typed the password, and who has none of their own and came in lately, is not asked again."""
    if person.enrolling:
        return
    if not person.user.has_own_password:
        if not signed_in_lately(request):
            raise DomainError(
                "sign_in_too_old", N_("Sign out and in again, then change this within ten minutes.")
            )
        return
    prove_identity(user=person.user, password=password, field="password", wall_now=clock.wall_now())


def _person(request: HttpRequest) -> _Person | None:
    if isinstance(request.user, Staff):
        return _Person(request.user, None)
    enrolling = begun(request, "enrol")
    return _Person(enrolling.user, enrolling) if enrolling else None


def _expected(request: HttpRequest) -> _Person:
    person = _person(request)
    if person is None:
        raise sign_in_again()
    return person


def _page(
    request: HttpRequest,
    person: _Person,
    *,
    error: DomainError | None = None,
    done: _Done | None = None,
    act: str = "",
) -> HttpResponse:
    context = {
        "standing": standing_of(person.user),
        "enrolling": person.enrolling is not None,
        "must_have_factor": must_have_factor(person.user),
        "has_password": person.user.has_own_password and person.enrolling is None,
        "password_only_signs": person.user.password_only_signs,
        "provider": provider_name(),
        "own_name": person.user.username,
        "passkeys_possible": site_of(request) is not None,
        "problem": translated(error) if error else "",
        "reasons": error.extra.get("reasons", []) if error else [],
        "problem_act": act,
        "code_again": act == "totp_confirm" and bool(request.session.get(_WAITS)),
        "done": done.text if done else "",
        **(done.shown if done else {}),
    }
    response = render(request, "identity/account.html", context, status=error.http_status if error else 200)
    return with_retry(response, error)


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('accounts:sign_in')}?next={reverse('identity:account')}")


def _number(request: HttpRequest) -> int:
    text = request.POST.get("passkey", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
