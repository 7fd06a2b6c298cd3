"""What Django itself tells of sign-ins: every way in ends in its `login`, so none can forget the device."""

from typing import Any

from django.contrib.auth import HASH_SESSION_KEY
from django.http import HttpRequest
from django.utils.translation import gettext as _

from apps.accounts.selectors import Staff
from apps.devices import cookie, services
from apps.devices.domain.agents import device_name
from apps.kernel import clock


def bind_to_device(request: HttpRequest, user: Staff, **_kwargs: Any) -> None:
    """A receiver of `user_logged_in`. Without the middleware (a command, a test's own sign-in) nothing is bound."""
    if not hasattr(request, cookie.ATTRIBUTE):
        return
    device = cookie.device_of(request) or cookie.give_out(request)
    session, until = request.session, getattr(request, cookie.QUICK_UNTIL, None)
    session.set_expiry(until)
    if session.session_key is None:
        session.save()
    opened = services.open_session(
        user=user,
        session_key=str(session.session_key),
        device=device,
        name=device_name(request.headers.get("User-Agent", "")),
        quick=until is not None,
        auth_hash=session[HASH_SESSION_KEY],
        wall_now=clock.wall_now(),
    )
    session[cookie.IN_SESSION] = {
        "id": opened.pk,
        "device": opened.device_hash,
        "key": opened.session_key,
    }
    _tell(request, user)


def _tell(request: HttpRequest, user: Staff) -> None:
    from django.contrib import messages

    if services.stolen_sessions_to_tell(user=user, wall_now=clock.wall_now()):
        messages.warning(
            request,
            _(
                "A session of yours was ended: its cookie came from another device. If you cannot explain that,"
                " change your password and tell the administrator."
            ),
        )


def note_sign_out(request: HttpRequest, user: Staff | None, **_kwargs: Any) -> None:
    """A receiver of `user_logged_out`."""
    bound = getattr(request, "session", {}).get(cookie.IN_SESSION)
    if bound is not None:
        services.close_session(session_id=bound["id"], because=services.SIGNED_OUT, wall_now=clock.wall_now())


def end_of_deactivated(instance: Staff, update_fields: Any = None, **_kwargs: Any) -> None:
    """A receiver of `post_save`: who may work here no more has no session, and none comes back with the account."""
    if not instance.is_active and (update_fields is None or "is_active" in update_fields):
        services.end_all_of(user=instance, because=services.DEACTIVATED, now=clock.now())
