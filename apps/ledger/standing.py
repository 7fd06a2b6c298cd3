"""How the ledger stands as a whole: what waits, how late things were, whether the chains are sound.

For whoever watches the service; who works with one subject asks the selectors.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db import connection
from django.db.models import Q

from apps.ledger.models import Event, OutboxMessage, Timer
from apps.ledger.selectors import first_break

COUNT_LIMIT = 10_000
SAMPLE = 1_000


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits in a queue: how many, counted up to COUNT_LIMIT, and the oldest with the time it waits since."""

    count: int
    oldest_id: int | None = None
    since: datetime | None = None


def overdue_timers(*, now: datetime, wall_now: datetime, using: str = "default") -> Waiting:
    """Timers that fell due and are not settled; those that wait for their next attempt are left out.

    `using` names another database than the service's own.
    """
    timers = Timer.objects.using(using).filter(due_at__lte=now)
    ready = Q(retry_at__isnull=True) | Q(retry_at__lte=wall_now)
    # Apart, because each state has an index of its own.
    pending = _waiting(timers.filter(ready, state=Timer.State.PENDING), "due_at", "due_at")
    claimed = _waiting(timers.filter(state=Timer.State.CLAIMED), "due_at", "due_at")
    oldest = min((one for one in (pending, claimed) if one.since), key=_since, default=pending)
    return Waiting(pending.count + claimed.count, oldest.oldest_id, oldest.since)


def unsent_messages() -> Waiting:
    """Messages that no relay has handed over yet."""
    return _waiting(OutboxMessage.objects.filter(sent_at__isnull=True), "id", "created_at")


def timer_counts() -> dict[str, int]:
    """Open and failed timers by state; what is settled is left out, there is too much of it."""
    states = (Timer.State.PENDING, Timer.State.CLAIMED, Timer.State.FAILED)
    return {state.value: Timer.objects.filter(state=state).count() for state in states}


def timer_lateness_s() -> list[float]:
    """Clinical seconds between due and fired of the newest timers that fired, SAMPLE at most."""
    return _seconds(
        "SELECT extract(epoch FROM fired_at - due_at) FROM ledger_timer"
        " WHERE state = 'done' AND fired_at IS NOT NULL ORDER BY id DESC LIMIT %s"
    )


def alert_delivery_s() -> list[float]:
    """Seconds between commit and handing over of the newest alert messages, SAMPLE at most."""
    return _seconds(
        "SELECT extract(epoch FROM sent_at - created_at) FROM"
        " (SELECT * FROM ledger_outboxmessage WHERE sent_at IS NOT NULL ORDER BY id DESC LIMIT 10 * %s) newest"
        " WHERE payload->'row'->>'kind' = 'alert'"
    )


def alert_acknowledgement_s() -> list[float]:
    """Clinical seconds between raised and acknowledged of the newest alerts somebody took, SAMPLE at most."""
    return _seconds(
        "SELECT extract(epoch FROM taken.occurred_at - raised.occurred_at) FROM"
        " (SELECT * FROM ledger_event WHERE name = 'alert.acknowledged' ORDER BY id DESC LIMIT %s) taken"
        " JOIN LATERAL (SELECT occurred_at FROM ledger_event WHERE subject = taken.subject"
        "  AND name IN ('alert.raised', 'alert.repeated') AND position < taken.position"
        "  ORDER BY position DESC LIMIT 1) raised ON true"
    )


def broken_chains(*, using: str = "default") -> list[tuple[str, int]]:
    """(subject, position of its first unsound event) of every chain that does not hold; reads all events."""
    chains = groupby(_all_events(using), key=lambda event: str(event.subject))
    found = [(subject, first_break(chain)) for subject, chain in chains]
    return [(subject, position) for subject, position in found if position is not None]


def last_event_at(*, using: str = "default") -> datetime | None:
    """When the newest event was recorded; None in an empty ledger."""
    newest = Event.objects.using(using).order_by("-pk").first()
    return newest.recorded_at if newest else None


def _all_events(using: str) -> Iterator[Any]:
    return Event.objects.using(using).order_by("subject", "position").iterator(chunk_size=2000)


def _seconds(query: str) -> list[float]:
    with connection.cursor() as cursor:
        cursor.execute(query, [SAMPLE])
        return [float(row[0]) for row in cursor.fetchall()]


def _since(waiting: Waiting) -> datetime:
    assert waiting.since is not None
    return waiting.since


def _waiting(rows: Any, order: str, since: str) -> Waiting:
    oldest = rows.order_by(order).values_list("pk", since).first()
    if oldest is None:
        return Waiting(count=0)
    return Waiting(count=rows.order_by()[:COUNT_LIMIT].count(), oldest_id=oldest[0], since=oldest[1])
