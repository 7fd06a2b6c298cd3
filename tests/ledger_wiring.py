"""A wiring table for tests of the ledger itself: the product's, with two bells added."""

from datetime import datetime
from typing import Any

from apps.ledger.services import record_event
from apps.ledger.types import DueTimer
from ivig_monitor.wiring import EVENT_HANDLERS, TIMER_FAILED_HANDLER, TIMER_WORDS
from ivig_monitor.wiring import TIMER_HANDLERS as PRODUCT_TIMER_HANDLERS

TIMER_HANDLERS: dict[str, str] = {
    **PRODUCT_TIMER_HANDLERS,
    "bell": "tests.ledger_wiring.ring",
    "silent bell": "tests.ledger_wiring.stay_silent",
    "cracked bell": "tests.ledger_wiring.ring_and_break",
}

__all__ = [
    "EVENT_HANDLERS",
    "TIMER_FAILED_HANDLER",
    "TIMER_HANDLERS",
    "TIMER_WORDS",
    "ring",
    "ring_and_break",
    "stay_silent",
]


def ring(timer: DueTimer, *, now: datetime, **_: Any) -> None:
    """The effect: one event in the timer's subject."""
    record_event(
        name="bell.rang",
        subject=timer.subject,
        ward_id=timer.ward_id,
        actor="system",
        now=now,
        payload={"late_by_s": timer.late_by_s},
    )


def stay_silent(timer: DueTimer, *, now: datetime) -> None:
    """No effect at all: what is left is the price of the timer itself."""


def ring_and_break(timer: DueTimer, *, now: datetime) -> None:
    """The effect, and then something goes wrong."""
    ring(timer, now=now)
    raise RuntimeError("the clapper fell off")
