"""What changed about how somebody signs in: in the ledger, and told to the person."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model

from apps.identity.models import FactorChange
from apps.ledger.services import record_event, unit_of_work

SYSTEM = "system"


@contextmanager
def acting_on(user_id: int) -> Iterator[None]:
    """A unit of work that holds the person's row: events of one person follow one another."""
    with unit_of_work():
        get_user_model().objects.select_for_update(no_key=True).values_list("pk").get(pk=user_id)
        yield


def note_change(
    *, user_id: int, what: str, now: datetime, actor: str = "", payload: dict[str, Any] | None = None
) -> None:
    """Record `identity.<what>` and keep it for the person's next sign-in. The caller holds the person's row."""
    _record(user_id, what, now, actor or f"user:{user_id}", payload)
    FactorChange.objects.create(user_id=user_id, what=what, at=now)


def record_passing(*, user_id: int, how: str, device: str, now: datetime) -> None:
    """Somebody signed in: by what, and whether on a device where somebody signed in before."""
    with acting_on(user_id):
        _record(user_id, "signed_in", now, f"user:{user_id}", {"how": how, "device": device})


def record_of(*, user_id: int, what: str, now: datetime, payload: dict[str, Any] | None = None) -> None:
    """Record `identity.<what>` that nobody needs to be told of. The caller holds the person's row."""
    _record(user_id, what, now, f"user:{user_id}", payload)


def tell_changes(*, user_id: int, wall_now: datetime) -> list[tuple[str, datetime]]:
    """What changed and was not told yet, oldest first; from now on it is told."""
    waiting = list(FactorChange.objects.filter(user=user_id, told_at__isnull=True).order_by("pk"))
    if waiting:
        FactorChange.objects.filter(pk__in=[one.pk for one in waiting]).update(told_at=wall_now)
    return [(one.what, one.at) for one in waiting]


def _record(user_id: int, what: str, now: datetime, actor: str, payload: dict[str, Any] | None) -> None:
    record_event(
        name=f"identity.{what}",
        subject=f"user:{user_id}",
        ward_id=None,
        actor=actor,
        now=now,
        payload=payload or {},
    )
