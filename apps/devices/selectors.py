"""Readers of sessions, screens, PINs and badges."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db.models import Count, Q, QuerySet
from knox.models import AuthToken

from apps.accounts.selectors import Staff, wards_of
from apps.devices import cookie
from apps.devices.domain.locking import Screen
from apps.devices.models import Badge, DeviceSession, Pin
from apps.kernel.errors import NotFoundError
from apps.kernel.text import N_

OpenSession = DeviceSession

__all__ = [
    "OpenSession",
    "SignedIn",
    "access_colleague",
    "has_pin",
    "locked_keys",
    "open_sessions",
    "open_tokens",
    "own_session_id",
    "people_signed_in",
    "screen_of",
]


def lock_limit() -> timedelta:
    """How long a screen may lie untouched; zero where screens are not locked."""
    return timedelta(minutes=settings.SCREEN_LOCK_MINUTES)


def own_session_id(session: Any) -> int | None:
    """The number of the row behind a session of Django's; None for one that is bound to no device."""
    bound = session.get(cookie.IN_SESSION) if session else None
    return int(bound["id"]) if bound else None


def belongs_to_device(session: Any, device: str) -> bool:
    """Whether a session of Django's may be used from the device with this cookie."""
    return cookie.belongs(session.get(cookie.IN_SESSION), device)


def screen_of(session_id: int) -> Screen | None:
    """What is known of a session's screen; None when it has ended."""
    row = (
        DeviceSession.objects.filter(pk=session_id, ended_at__isnull=True)
        .values_list("touched_at", "locked_at")
        .first()
    )
    return Screen(touched_at=row[0], locked_at=row[1], limit=lock_limit()) if row else None


def locked_keys(session_keys: Iterable[str], *, wall_now: datetime) -> set[str]:
    """Those of the sessions whose screen is locked; none where screens are not locked."""
    limit = lock_limit()
    if not limit:
        return set()
    locked = Q(locked_at__isnull=False) | Q(touched_at__lt=wall_now - limit)
    rows = DeviceSession.objects.filter(locked, session_key__in=list(session_keys))
    return {key for key in rows.values_list("session_key", flat=True) if key}


def open_sessions(user: Staff, *, wall_now: datetime) -> list[OpenSession]:
    """The sessions with which a person is signed in, the newest first."""
    rows = DeviceSession.objects.filter(user=user, ended_at__isnull=True).order_by("-opened_at")
    return _living(list(rows.select_related("user")), wall_now)


def _living(rows: list[OpenSession], wall_now: datetime) -> list[OpenSession]:
    """Those that still open something: neither expired nor of an earlier password."""
    found = [row for row in rows if row.auth_hash == row.user.get_session_auth_hash()]
    living = set(
        SessionStore.get_model_class()
        .objects.filter(session_key__in=[row.session_key for row in found], expire_date__gt=wall_now)
        .values_list("session_key", flat=True)
    )
    return [row for row in found if row.session_key in living]


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A colleague who is signed in: where, and with how many programs."""

    person: Staff
    sessions: list[OpenSession]
    tokens: int


def people_signed_in(user: Staff, *, wall_now: datetime) -> list[SignedIn]:
    """Who of the person's wards is signed in now, by name."""
    people = _colleagues(user).filter(is_active=True)
    rows = DeviceSession.objects.filter(user__in=people, ended_at__isnull=True).order_by("-opened_at")
    sessions: dict[int, list[OpenSession]] = {}
    for row in _living(list(rows.select_related("user")), wall_now):
        sessions.setdefault(row.user_id, []).append(row)
    held = AuthToken.objects.filter(Q(expiry__isnull=True) | Q(expiry__gt=wall_now), user__in=people)
    tokens = dict(held.values_list("user").annotate(Count("pk")).order_by())
    found = [
        SignedIn(person, sessions.get(person.pk, []), tokens.get(person.pk, 0))
        for person in people
        if person.pk in sessions or person.pk in tokens
    ]
    return sorted(found, key=lambda one: one.person.display_name.casefold())


def access_colleague(user: Staff, staff_id: int) -> Staff:
    """Somebody with whom the person shares a ward; otherwise NotFoundError."""
    found = _colleagues(user).filter(pk=staff_id).first()
    if found is None:
        raise NotFoundError("not_found", N_("Nobody with this number works on your wards."))
    return found


def _colleagues(user: Staff) -> QuerySet[Staff]:
    return Staff.objects.filter(wards__in=[ward.pk for ward in wards_of(user)]).distinct()


def stolen_sessions(user: Staff, *, since: datetime) -> list[OpenSession]:
    """The person's sessions that were ended because their cookie came from another device, the newest first."""
    return list(
        DeviceSession.objects.filter(user=user, ended_because="stolen", ended_at__gt=since).order_by(
            "-ended_at"
        )
    )


def open_tokens(user: Staff, *, wall_now: datetime) -> int:
    """With how many API tokens a person's programs are signed in."""
    return AuthToken.objects.filter(Q(expiry__isnull=True) | Q(expiry__gt=wall_now), user=user).count()


def has_pin(user: Staff) -> bool:
    """Whether the person has chosen a PIN."""
    return Pin.objects.filter(user=user).exists()


def has_badge(user: Staff) -> bool:
    """Whether a badge stands for the person."""
    return Badge.objects.filter(user=user).exists()


def name_of_badge(code: str) -> str:
    """The sign-in name that a badge stands for; empty for one nobody has."""
    row = Badge.objects.select_related("user").filter(code_hash=cookie.hash_of_badge(code)).first()
    return row.user.username if row else ""
