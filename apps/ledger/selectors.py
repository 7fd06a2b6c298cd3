"""The ledger's readers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from apps.ledger.models import Event, Heartbeat, OutboxMessage, Timer, WardSequence
from apps.ledger.services.events import chain_hash


def last_sequences(ward_ids: Iterable[int]) -> dict[int, int]:
    """Ward id -> number of the last message committed for it (0 when there was none)."""
    found = dict(WardSequence.objects.filter(pk__in=list(ward_ids)).values_list("ward_id", "last_sequence"))
    return {ward_id: found.get(ward_id, 0) for ward_id in ward_ids}


def first_broken_event(subject: str) -> int | None:
    """Position of the first event whose hash does not follow from the one before; None when sound."""
    previous = ""
    for expected, event in enumerate(Event.objects.filter(subject=subject).order_by("position"), start=1):
        sound = event.position == expected and event.previous_hash == previous
        if not sound or chain_hash(event) != event.hash:
            return expected
        previous = event.hash
    return None


def events_of(subject: str) -> list[tuple[str, datetime, str, dict[str, object]]]:
    """(name, occurred_at, actor, payload) of a subject's events, oldest first."""
    rows = Event.objects.filter(subject=subject).order_by("position")
    return [(event.name, event.occurred_at, event.actor, event.payload) for event in rows]


def heartbeats() -> list[tuple[str, str, datetime, dict[str, object]]]:
    """(kind, process, real time, details) of every part that ever showed life, the newest first."""
    rows = Heartbeat.objects.order_by("-at")
    return [(row.kind, row.process, row.at, row.details) for row in rows]


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits in a queue: how many, counted up to COUNT_LIMIT, and the oldest with the time it waits since."""

    count: int
    oldest_id: int | None = None
    since: datetime | None = None


COUNT_LIMIT = 10_000


def overdue_timers(*, now: datetime, wall_now: datetime) -> Waiting:
    """Timers that fell due and are not settled; those that wait for their next attempt are left out."""
    retry_waits = Q(state=Timer.State.PENDING, retry_at__gt=wall_now)
    open_states = [Timer.State.PENDING, Timer.State.CLAIMED]
    late = Timer.objects.filter(state__in=open_states, due_at__lte=now).exclude(retry_waits)
    return _waiting(late, "due_at", "due_at")


def unsent_messages() -> Waiting:
    """Messages that no relay has handed over yet."""
    return _waiting(OutboxMessage.objects.filter(sent_at__isnull=True), "id", "created_at")


def _waiting(rows: Any, order: str, since: str) -> Waiting:
    oldest = rows.order_by(order).values_list("pk", since).first()
    if oldest is None:
        return Waiting(count=0)
    return Waiting(count=rows.order_by()[:COUNT_LIMIT].count(), oldest_id=oldest[0], since=oldest[1])
