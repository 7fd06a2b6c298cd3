"""Whether the people behind open sockets may still see their wards: all of them in a few queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import HASH_SESSION_KEY, get_user
from django.contrib.sessions.backends.db import SessionStore

from apps.accounts.selectors import Action, can, staff_who_may
from apps.devices.cookie import IN_SESSION
from apps.devices.selectors import belongs_to_device, locked_keys
from apps.devices.services import end_stolen
from apps.kernel import clock

SIGNED_OUT = 4401
NO_RIGHT = 4403
LOCKED = 4423


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who opened a socket: the session, the person, what their password was, the ward they watch,
    and whether its screen shows names."""

    session_key: str
    user_id: int
    session_hash: str
    ward_id: int
    without_names: bool = False


class _SessionHolder:
    """What django.contrib.auth.get_user needs of a request."""

    def __init__(self, session: Any) -> None:
        self.session = session


def admit(
    session_key: str | None, ward_id: int, *, device: str | None = None, without_names: bool = False
) -> Visitor | int:
    """The visitor behind a session, or the code with which the socket closes. Reads everything anew.

    `device` is the device's cookie; None asks again for a socket that was admitted with it. A screen that is locked
    hears nothing, but for one that shows no names.
    """
    session = SessionStore(session_key) if session_key else None
    # get_user reads nothing of a request but its session.
    user: Any = get_user(_SessionHolder(session)) if session else None  # type: ignore[arg-type]
    if session is None or user is None or not user.is_authenticated:
        return SIGNED_OUT
    if device is not None and not belongs_to_device(session, device):
        if device:
            end_stolen(session_id=session[IN_SESSION]["id"], now=clock.now())
        return SIGNED_OUT
    if not without_names and locked_keys([str(session.session_key)], wall_now=clock.wall_now()):
        return LOCKED
    if not can(user, Action.SEE_BOARD, ward_id):
        return NO_RIGHT
    return Visitor(str(session.session_key), user.pk, session[HASH_SESSION_KEY], ward_id, without_names)


def refused(visitors: Iterable[Visitor]) -> dict[Visitor, int]:
    """Visitor -> code, for those who signed out, locked, changed their password, or lost the ward or the role."""
    visitors = set(visitors)
    sessions = SessionStore.get_model_class().objects.filter(
        session_key__in={visitor.session_key for visitor in visitors}, expire_date__gt=clock.wall_now()
    )
    living = set(sessions.values_list("session_key", flat=True))
    named = {visitor.session_key for visitor in visitors if not visitor.without_names}
    locked = locked_keys(named, wall_now=clock.wall_now())
    hashes = {
        (user.pk, ward_id): user.get_session_auth_hash()
        for ward_id in {visitor.ward_id for visitor in visitors}
        for user in staff_who_may(Action.SEE_BOARD, ward_id)
    }
    found = {}
    for visitor in visitors:
        expected = hashes.get((visitor.user_id, visitor.ward_id))
        shown = visitor.without_names or visitor.session_key not in locked
        if visitor.session_key in living and visitor.session_hash == expected and shown:
            continue
        answer = admit(visitor.session_key, visitor.ward_id, without_names=visitor.without_names)
        if isinstance(answer, int):
            found[visitor] = answer
    return found
