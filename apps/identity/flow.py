"""A sign-in from its first proof to the session, and what lies in the session meanwhile.

Between the password and the second factor nobody is signed in: pages, API and sockets see a stranger. The same holds
for somebody who must have a second factor and has none: what they reach is the page that adds one.
"""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth import get_user_model, login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from apps.accounts.selectors import Staff
from apps.identity.origins import knock_of, new_device_token, remember_device
from apps.identity.selectors import must_have_factor, standing_of
from apps.identity.services import know_place, record_passing, tell_changes
from apps.identity.telling import sentence_of
from apps.kernel import clock

BACKEND = "django.contrib.auth.backends.ModelBackend"
BEGUN_FOR = timedelta(minutes=10)
CHALLENGE_FOR = timedelta(minutes=5)
_PAGES = {"second": "identity:second", "enrol": "identity:account", "renew": "identity:first_password"}
_BEGUN, _CHALLENGE, SIGNED_IN_AT = "identity.begun", "identity.challenge", "identity.signed_in_at"


@dataclass(frozen=True, slots=True)
class Begun:
    """Somebody who proved a first thing.

    `stage` says what is missing: "second" a code, "enrol" a factor, "renew" a password that nobody else chose.
    """

    user: Staff
    stage: str
    how: str
    next_url: str


def pass_first(
    request: HttpRequest, user: Staff, *, how: str, is_strong: bool, next_url: str
) -> HttpResponse:
    """What follows the first proof: the second factor, adding one, or the session."""
    if is_strong:
        return sign_in(request, user, how=how, next_url=next_url)
    has_factor = standing_of(user).has_factor
    if not (has_factor or must_have_factor(user)):
        return sign_in(request, user, how=how, next_url=next_url)
    return _begin(request, user, "second" if has_factor else "enrol", how, next_url)


def _begin(request: HttpRequest, user: Staff, stage: str, how: str, next_url: str) -> HttpResponse:
    request.session.flush()
    request.session[_BEGUN] = {
        "user": user.pk,
        "stage": stage,
        "how": how,
        "next": next_url,
        "at": clock.wall_now().isoformat(),
        "password": user.get_session_auth_hash(),
    }
    return HttpResponseRedirect(reverse(_PAGES[stage]))


def begun(request: HttpRequest, stage: str) -> Begun | None:
    """Who is at this stage of signing in; None when nobody is, or it began too long ago."""
    kept = request.session.get(_BEGUN)
    if not kept or kept["stage"] != stage or _is_over(kept["at"], BEGUN_FOR):
        return None
    user = get_user_model().objects.filter(pk=kept["user"], is_active=True).first()
    # A password that was changed meanwhile was the right one no longer.
    if not isinstance(user, Staff) or user.get_session_auth_hash() != kept["password"]:
        return None
    return Begun(user, stage, kept["how"], kept["next"])


def sign_in(request: HttpRequest, user: Staff, *, how: str, next_url: str) -> HttpResponse:
    """Open the session under a new key, note it, and tell what changed since the last time.

    Who comes with a password that the administrator chose chooses one first.
    """
    if how.startswith("password") and user.first_password_until is not None:
        return _begin(request, user, "renew", how, next_url)
    wall_now, now = clock.wall_now(), clock.now()
    knock = knock_of(request, user.username)
    device = new_device_token(request)
    request.session.pop(_BEGUN, None)
    login(request, user, backend=BACKEND)
    request.session[SIGNED_IN_AT] = wall_now.isoformat()
    know_place(user_id=user.pk, knock=replace(knock, device=device), wall_now=wall_now)
    record_passing(user_id=user.pk, how=how, device="known" if knock.device else "new", now=now)
    for what, at in tell_changes(user_id=user.pk, wall_now=wall_now):
        messages.warning(request, sentence_of(what, at))
    response = HttpResponseRedirect(next_url or "/")
    remember_device(response, device)
    return response


def rotate(request: HttpRequest) -> None:
    """A new key for the session: whoever knew the old one is out."""
    request.session.cycle_key()


def signed_in_lately(request: HttpRequest) -> bool:
    """Whether the sign-in itself is so fresh that it proves who is here, for those who have no password."""
    at = request.session.get(SIGNED_IN_AT)
    return bool(at) and not _is_over(at, BEGUN_FOR)


def keep_challenge(request: HttpRequest, purpose: str, challenge: bytes) -> None:
    """Keep a challenge for one answer."""
    request.session[_CHALLENGE] = {
        "purpose": purpose,
        "value": bytes_to_base64url(challenge),
        "at": clock.wall_now().isoformat(),
    }


def take_challenge(request: HttpRequest, purpose: str) -> bytes | None:
    """The challenge that was kept, once. None when there is none for this purpose or it is too old."""
    kept: dict[str, Any] | None = request.session.pop(_CHALLENGE, None)
    if not kept or kept["purpose"] != purpose or _is_over(kept["at"], CHALLENGE_FOR):
        return None
    return base64url_to_bytes(kept["value"])


def safe_next(request: HttpRequest, wanted: str) -> str:
    """Where to go after signing in: an address of this service, else the beginning."""
    allowed = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if wanted and allowed else ""


def one_time() -> str:
    """A value nobody guesses."""
    return secrets.token_urlsafe(32)


def _is_over(at: str, lasts: timedelta) -> bool:
    age = clock.wall_now() - datetime.fromisoformat(at)
    return not timedelta(0) <= age <= lasts
