"""Firing timers, in shifts: one leader who waits for the next timer, helpers while many are due."""

import faulthandler
import logging
import sys
import threading
import time
from types import TracebackType

from celery import shared_task
from django.db import connection

from apps.kernel import clock
from apps.ledger.domain.timing import wait_s
from apps.ledger.services.heartbeats import note_heartbeat
from apps.ledger.services.shifts import (
    LEADER,
    await_lead,
    begin_shift,
    leave_shift,
    next_due_at,
    release_dead_shifts,
    somebody_awaits_lead,
    take_shift,
)
from apps.ledger.services.timers import claim_due_timers, fire_timer, forget_settled_timers

logger = logging.getLogger(__name__)

LEADS_S = 20.0
WAITS_FOR_SUCCESSOR_S = 15.0  # together less than a worker is given to stop in order
HELPS_S = 10.0
LINGERS_S = 2.0
TAKEN_AT_ONCE = 10
LOOKS_AFTER_OTHERS_S = 1.0
SHOWS_LIFE_S = 3.0
CALLS_EVERY_S = 1.0
CALL_EXPIRES_S = 30
HUNG_AFTER_S = 25.0
NO_LIMIT_S = 30 * 24 * 3600  # a leader goes on while Redis is away; _Deadman ends one that hangs


@shared_task(name="apps.ledger.tasks.tick", time_limit=NO_LIMIT_S)
def tick(successor: bool = False) -> int:
    """Fire timers as they fall due, for one shift. Returns how many; -1 when nobody was needed.

    The first who comes leads: waits for the next timer and fires it, and leaves when its successor is
    there. Whoever comes meanwhile helps, as long as more timers are due than one can fire. Beat calls
    every second, should a leader have died.
    """
    shift = await_lead() if successor else take_shift(now=clock.now())
    if shift is None:
        return -1
    with _Deadman() as deadman:
        try:
            begin_shift(shift=shift, wall_now=clock.wall_now())
            return _lead(deadman) if shift == LEADER else _help(shift, deadman)
        finally:
            leave_shift(shift=shift)


@shared_task(name="apps.ledger.tasks.forget_timers")
def forget_timers() -> int:
    """Delete timers that were settled long ago. Returns how many."""
    return forget_settled_timers(now=clock.now())


def _lead(deadman: "_Deadman") -> int:
    fired, caller = 0, _Caller()
    over = time.monotonic() + LEADS_S
    look_after_others, show_life = _Every(LOOKS_AFTER_OTHERS_S), _Every(SHOWS_LIFE_S)
    while time.monotonic() < over or not _relieved(over, caller):
        if look_after_others.due():
            release_dead_shifts(shift=LEADER, wall_now=clock.wall_now())
        if show_life.due():
            note_heartbeat(kind="tick", wall_now=clock.wall_now(), details={"fired": fired})
        taken = _fire_due(LEADER, deadman)
        fired += taken
        if taken == TAKEN_AT_ONCE:
            caller.call(successor=False)
        else:
            _wait_for_next(deadman)
    return fired


def _relieved(over: float, caller: "_Caller") -> bool:
    """Whether the leader may go. Without Redis nobody can be called, and it stays."""
    caller.call(successor=True)
    return somebody_awaits_lead() or (caller.reached and time.monotonic() > over + WAITS_FOR_SUCCESSOR_S)


def _help(shift: int, deadman: "_Deadman") -> int:
    fired = 0
    end, idle_since = time.monotonic() + HELPS_S, time.monotonic()
    while time.monotonic() < min(end, idle_since + LINGERS_S):
        if taken := _fire_due(shift, deadman):
            fired, idle_since = fired + taken, time.monotonic()
        else:
            _wait_for_next(deadman)
    return fired


def _fire_due(shift: int, deadman: "_Deadman") -> int:
    claimed = claim_due_timers(now=clock.now(), wall_now=clock.wall_now(), shift=shift, limit=TAKEN_AT_ONCE)
    for timer_id, attempt in claimed:
        deadman.put_off()
        fire_timer(timer_id=timer_id, attempt=attempt)
    return len(claimed)


def _wait_for_next(deadman: "_Deadman") -> None:
    deadman.put_off()
    pause_s = wait_s(next_due_at=next_due_at(), now=clock.now(), speed=clock.speed())
    for _ in connection.connection.notifies(timeout=pause_s, stop_after=1):
        pass


class _Every:
    """Says so once every some seconds, beginning at once."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._next = time.monotonic()

    def due(self) -> bool:
        if time.monotonic() < self._next:
            return False
        self._next = time.monotonic() + self._seconds
        return True


class _Caller:
    """Calls other workers through Redis, beside the work: a Redis that hangs holds up no timer."""

    def __init__(self) -> None:
        self.reached = False
        self._thread: threading.Thread | None = None
        self._again = _Every(CALLS_EVERY_S)

    def call(self, *, successor: bool) -> None:
        if (self._thread is None or not self._thread.is_alive()) and self._again.due():
            self._thread = threading.Thread(target=self._send, args=(successor,), daemon=True)
            self._thread.start()

    def _send(self, successor: bool) -> None:
        self.reached = False
        try:
            tick.apply_async(kwargs={"successor": successor}, expires=CALL_EXPIRES_S, retry=False)
        except Exception:
            logger.warning("No worker could be called for timers: Redis does not answer.")
        else:
            self.reached = True


class _Deadman:
    """Ends this process when nobody has put it off for HUNG_AFTER_S: a shift that hangs serves nobody.

    The pool starts another process, the lock goes with the connection, and beat brings the next shift.
    """

    def __enter__(self) -> "_Deadman":
        self.put_off()
        return self

    def put_off(self) -> None:
        faulthandler.dump_traceback_later(HUNG_AFTER_S, exit=True, file=sys.__stderr__)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        faulthandler.cancel_dump_traceback_later()
