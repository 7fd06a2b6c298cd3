"""Lots: how each compares with its product, who was given one, what the watch found."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from apps.accounts.selectors import Action, Staff, every_ward, require, wards_of
from apps.infusions.selectors import LotExposure, infusions_with_lot
from apps.lots.domain import HoldState, same_lot
from apps.lots.selectors import LotHold, holds
from apps.safety.selectors import CountedEvent, counted_events
from apps.signals.domain import LotLook, look_at_lot, lot_counts
from apps.signals.models import LotSignal
from apps.signals.selectors.counted import Counted, counted_on

LotSignalRecord = LotSignal


@dataclass(frozen=True, slots=True)
class LotLooks:
    """A lot beside the other lots of its product: by every adverse event, and by those decided to be serious.

    `signals`: looks at which it stood out, the newest first. `hold` None where it may be hung.
    """

    product_code: str
    lot_number: str
    every: LotLook
    serious: LotLook
    hold: LotHold | None
    signals: tuple[LotSignalRecord, ...]


@dataclass(frozen=True, slots=True)
class Exposed:
    """An infusion with a lot, and the adverse events of it."""

    infusion: LotExposure
    events: tuple[CountedEvent, ...]


def looks_at(counted: Counted) -> dict[tuple[str, str], tuple[LotLook, LotLook]]:
    """(product code, lot) -> the look at every adverse event, and at the serious ones alone."""
    every = lot_counts(counted.given, counted.told)
    serious = lot_counts(counted.given, [one for one in counted.told if one.is_serious])
    return {lot: (look_at_lot(count), look_at_lot(serious[lot])) for lot, count in every.items()}


def lots_in_hospital(user: Staff, *, product_code: str | None = None) -> list[LotLooks]:
    """Every lot that was hung, over all wards of the hospital: what stands out first, then the most used.

    A lot is hung on many wards and held on all of them: it is counted where it was given, not by who reads.
    """
    require(user, Action.SEE_SIGNALS)
    found = looks_at(counted_on(every_ward(), product_code=product_code))
    held = open_holds()
    told: dict[tuple[str, str], list[LotSignal]] = {}
    for signal in LotSignal.objects.all():
        told.setdefault((signal.product_code, signal.matches), []).append(signal)
    rows = [
        LotLooks(
            product_code=product,
            lot_number=lot,
            every=every,
            serious=serious,
            hold=held.get((product, same_lot(lot))),
            signals=tuple(told.get((product, same_lot(lot)), ())),
        )
        for (product, lot), (every, serious) in found.items()
    ]
    return sorted(rows, key=_what_calls_first)


def open_holds() -> dict[tuple[str, str], LotHold]:
    """(product code, lot as it is compared) -> the hold that stands."""
    return {
        (hold.product_code, hold.matches): hold for hold in holds() if hold.state != HoldState.RELEASED.value
    }


def exposed_to(user: Staff, *, product_code: str, lot_number: str) -> list[Exposed]:
    """Every infusion with a lot on the person's wards, the oldest first, with its adverse events."""
    require(user, Action.SEE_SIGNALS)
    infusions = infusions_with_lot([ward.pk for ward in wards_of(user)], product_code, lot_number)
    events: dict[int, list[CountedEvent]] = {}
    for event in counted_events([one.session_id for one in infusions]):
        events.setdefault(event.session_id, []).append(event)
    return [Exposed(one, tuple(events.get(one.session_id, ()))) for one in infusions]


def signals_between(since: datetime, until: datetime) -> list[LotSignalRecord]:
    """What the watch found within [since, until), the oldest first."""
    return list(LotSignal.objects.filter(found_at__gte=since, found_at__lt=until).order_by("found_at", "pk"))


def signals_of_lot(product_code: str, lot_number: str) -> list[LotSignalRecord]:
    """What the watch found of one lot, however its number is written, the newest first."""
    return list(LotSignal.objects.filter(product_code=product_code, matches=same_lot(lot_number)))


def holds_of(rows: Iterable[LotHold], product_code: str, lot_number: str) -> list[LotHold]:
    """The holds of one lot, however its number is written."""
    wanted = (product_code, same_lot(lot_number))
    return [hold for hold in rows if (hold.product_code, hold.matches) == wanted]


def _what_calls_first(row: LotLooks) -> tuple[bool, float, int, str, str]:
    stands_out = row.every.stands_out or row.serious.stands_out
    chance = min(row.every.probability, row.serious.probability)
    return (not stands_out, chance, -row.every.count.lot_infusions, row.product_code, row.lot_number)
