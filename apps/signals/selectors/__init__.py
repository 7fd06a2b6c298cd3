"""Readers of signals: rates, comparisons, lots."""

from apps.signals.selectors.counted import UNKNOWN, Counted, counted_for, counted_on
from apps.signals.selectors.lots import (
    Exposed,
    LotLooks,
    LotSignalRecord,
    exposed_to,
    holds_of,
    looks_at,
    lots_in_hospital,
    open_holds,
    signals_between,
    signals_of_lot,
)

__all__ = [
    "UNKNOWN",
    "Counted",
    "Exposed",
    "LotLooks",
    "LotSignalRecord",
    "counted_for",
    "counted_on",
    "exposed_to",
    "holds_of",
    "looks_at",
    "lots_in_hospital",
    "open_holds",
    "signals_between",
    "signals_of_lot",
]
