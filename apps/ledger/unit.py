"""One transaction, one unit of work: state, events, what follows from them, and messages together.

Services open a unit (or join the one that is open). At its end, still inside the transaction, the
handlers named in the wiring run for every recorded event, then each affected ward's counter row is
locked, messages are numbered without gaps and put into the outbox. Locking the counters last and in
order keeps commits in sequence order and free of deadlocks.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction

from apps.kernel import clock
from apps.ledger.models import OutboxMessage, WardSequence
from apps.ledger.types import RecordedEvent
from apps.ledger.wiring import event_handlers

OUTBOX_CHANNEL = "ivig_outbox"

BuildMessage = Callable[[int], dict[str, Any]]


@dataclass(slots=True)
class Unit:
    """Events waiting for their handlers and messages waiting for their numbers."""

    events: list[RecordedEvent] = field(default_factory=list)
    messages: dict[tuple[int, str], BuildMessage] = field(default_factory=dict)


_current: ContextVar[Unit | None] = ContextVar("ledger_unit", default=None)


def current_unit() -> Unit:
    """The open unit. Raises RuntimeError outside of one: a programming error."""
    unit = _current.get()
    if unit is None:
        raise RuntimeError("No unit of work is open: wrap the service in unit_of_work().")
    return unit


@contextmanager
def unit_of_work() -> Iterator[Unit]:
    """Open a unit of work, or join the one that is open."""
    open_unit = _current.get()
    if open_unit is not None:
        yield open_unit
        return
    unit = Unit()
    with transaction.atomic():
        token = _current.set(unit)
        try:
            yield unit
            _run_handlers(unit)
            _number_messages(unit)
        finally:
            _current.reset(token)


def _run_handlers(unit: Unit) -> None:
    done = 0
    while done < len(unit.events):
        event = unit.events[done]
        done += 1
        for handler in event_handlers(event.name):
            handler(event)


def _number_messages(unit: Unit) -> None:
    if not unit.messages:
        return
    wall_now = clock.wall_now()
    for ward_id in sorted({ward_id for ward_id, _ in unit.messages}):
        WardSequence.objects.get_or_create(ward_id=ward_id)
        counter = WardSequence.objects.select_for_update().get(ward_id=ward_id)
        outgoing = []
        for (message_ward_id, _), build in unit.messages.items():
            if message_ward_id == ward_id:
                counter.last_sequence += 1
                payload = build(counter.last_sequence)
                outgoing.append(
                    OutboxMessage(
                        ward_id=ward_id,
                        sequence=counter.last_sequence,
                        payload=payload,
                        created_at=wall_now,
                    )
                )
        counter.save(update_fields=["last_sequence"])
        OutboxMessage.objects.bulk_create(outgoing)
    with connection.cursor() as cursor:
        cursor.execute(f"NOTIFY {OUTBOX_CHANNEL}")
