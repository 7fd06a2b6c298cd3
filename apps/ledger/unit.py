"""One transaction, one unit of work: state, events, what follows from them, and messages together.

Services open a unit (or join the one that is open). At its end, still inside the transaction, the handlers named in
the wiring run for every recorded event, then each affected ward's counter row is locked, messages are numbered
without gaps and put into the outbox. Locking the counters last and in order keeps commits in sequence order and
free of deadlocks. Events and timers are collected meanwhile and written at the end with the rest, each kind in one
statement and all of them in one round trip.

What a row shows is read before the counter is locked: this transaction has locked it already, and the other
writers of the ward wait only for what must be in order.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from apps.kernel import clock
from apps.ledger import writing
from apps.ledger.domain.timing import falls_due_soon
from apps.ledger.statements import Statement, run_together
from apps.ledger.types import NumberedRow, PlannedTimer, RecordedEvent
from apps.ledger.wiring import event_handlers

ReadRow = Callable[[], dict[str, Any] | None]
StoreRows = Callable[[list[NumberedRow]], Statement]


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row that a ward must be told of: how to read it, and who keeps it."""

    ward_id: int
    row_id: str
    read: ReadRow
    store: StoreRows | None


@dataclass(slots=True)
class Unit:
    """Events waiting for their handlers, what is still to be written, and rows waiting for their numbers."""

    events: list[RecordedEvent] = field(default_factory=list)
    unwritten_events: list[RecordedEvent] = field(default_factory=list)
    unwritten_timers: list[PlannedTimer] = field(default_factory=list)
    rows: dict[tuple[int, str], RowChange] = field(default_factory=dict)
    last_statements: list[Statement] = field(default_factory=list)
    locked: dict[str, Any] = field(default_factory=dict)

    def write(self) -> None:
        """Write the events and timers collected so far, for somebody who is about to read or change them."""
        if self.unwritten_events or self.unwritten_timers:
            ends, _ = writing.prepare(self.unwritten_events, {})
            run_together(self._take_collected(ends))

    def finish(self) -> None:
        """Write everything that is left and tell the wards: once to lock and look, once to write."""
        contents = [(change, change.read()) for change in self.rows.values()]
        counts = Counter(change.ward_id for change, _ in contents)
        ends, numbers = writing.prepare(self.unwritten_events, counts)
        statements = self._take_collected(ends) + self.last_statements
        for ward_id, first in numbers.items():
            of_ward = [(change, content) for change, content in contents if change.ward_id == ward_id]
            rows = [
                (change.store, NumberedRow(ward_id, change.row_id, number, content))
                for number, (change, content) in enumerate(of_ward, first)
            ]
            for store in dict.fromkeys(store for store, _ in rows if store is not None):
                statements.append(store([row for keeper, row in rows if keeper is store]))
            statements.append(writing.insert_messages([row for _, row in rows], wall_now=clock.wall_now()))
        if statements:
            run_together(statements)

    def _take_collected(self, ends: writing.Ends) -> list[Statement]:
        events, self.unwritten_events = self.unwritten_events, []
        timers, self.unwritten_timers = self.unwritten_timers, []
        soon = any(_falls_due_soon(timer) for timer in timers)
        return [
            *([writing.append_events(events, ends)] if events else []),
            *([writing.insert_timers(timers)] if timers else []),
            *([writing.wake_clockwork()] if soon else []),
        ]


_current: ContextVar[Unit | None] = ContextVar("ledger_unit", default=None)


def current_unit() -> Unit:
    """The open unit. Raises RuntimeError outside of one: a programming error."""
    unit = _current.get()
    if unit is None:
        raise RuntimeError("No unit of work is open: wrap the service in unit_of_work().")
    return unit


def write_collected() -> None:
    """Write what the open unit has collected, if one is open: then a query sees it."""
    unit = _current.get()
    if unit is not None:
        unit.write()


def keep_locked(subject: str, thing: Any) -> None:
    """Keep what this unit has locked, so that a handler later in the unit need not read it again."""
    current_unit().locked[subject] = thing


def kept_locked(subject: str) -> Any | None:
    """What this unit has locked under a subject; None when nothing, or outside of a unit."""
    unit = _current.get()
    return unit.locked.get(subject) if unit is not None else None


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
            unit.finish()
        finally:
            _current.reset(token)


def _falls_due_soon(timer: PlannedTimer) -> bool:
    return falls_due_soon(due_at=timer.due_at, now=clock.now(), speed=clock.speed())


def _run_handlers(unit: Unit) -> None:
    done = 0
    while done < len(unit.events):
        event = unit.events[done]
        done += 1
        for handler in event_handlers(event.name):
            handler(event)
