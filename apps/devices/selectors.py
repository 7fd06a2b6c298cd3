"""Readers of sessions, screens, PINs and badges."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db.models import Q
from knox.models import AuthToken

from apps.accounts.selectors import Staff
from apps.devices import cookie
from apps.devices.domain.locking import Screen
from apps.devices.models import Badge, DeviceSession, Pin

OpenSession = DeviceSession

__all__ = [
    "OpenSession",
    "has_pin",
    "locked_keys",
    "open_sessions",
    "open_tokens",
    "own_session_id",
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
    rows = DeviceSession.objects.filter(
        user=user, ended_at__isnull=True, auth_hash=user.get_session_auth_hash()
    ).order_by("-opened_at")
    found = list(rows)
    living = set(
        SessionStore.get_model_class()
        .objects.filter(session_key__in=[row.session_key for row in found], expire_date__gt=wall_now)
        .values_list("session_key", flat=True)
    )
    return [row for row in found if row.session_key in living]


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
