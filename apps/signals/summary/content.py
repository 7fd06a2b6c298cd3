"""What the periodic summary says, in no language yet."""

from dataclasses import dataclass
from datetime import date, datetime

from apps.lots.selectors import LotHold
from apps.signals.domain import Disproportion, RateRow
from apps.signals.domain.labels import BesideLabel
from apps.signals.selectors import LotSignalRecord


@dataclass(frozen=True, slots=True)
class SeriousEvent:
    """An adverse event that a physician signed as serious; `case_number` empty while it belongs to no case."""

    onset_at: datetime
    pseudonym: str
    product_code: str
    lots: tuple[str, ...]
    terms: tuple[str, ...]
    case_number: str


@dataclass(frozen=True, slots=True)
class OverdueClock:
    """A reporting clock that ran out before the report was acknowledged."""

    case_number: str
    regime: dict[str, str]
    due_on: date | None


@dataclass(frozen=True, slots=True)
class OverdueReview:
    """An adverse event that nobody reviewed in time."""

    event_id: int
    pseudonym: str
    term: str
    onset_at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Compared:
    """A product and a reaction that passed a screen."""

    product_code: str
    term: str
    found: Disproportion


@dataclass(frozen=True, slots=True)
class Labelled:
    """A product's label beside what was seen."""

    product_code: str
    title: str
    version: str
    denominator: str
    rows: tuple[BesideLabel, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """Infusions begun on `wards` from `since` to `until`, both days included, and what is open at `printed_at`.

    `undecided`: events of which nobody has signed whether they were serious. `overdue_checks`: follow-up checks.
    """

    wards: tuple[str, ...]
    time_zone: str
    since: date
    until: date
    whole: RateRow
    undecided: int
    by_product: tuple[RateRow, ...]
    by_month: tuple[RateRow, ...]
    by_lot: tuple[RateRow, ...]
    serious: tuple[SeriousEvent, ...]
    overdue_clocks: tuple[OverdueClock, ...]
    overdue_reviews: tuple[OverdueReview, ...]
    overdue_checks: int
    lot_signals: tuple[LotSignalRecord, ...]
    compared: tuple[Compared, ...]
    holds: tuple[LotHold, ...]
    labels: tuple[Labelled, ...]
    printed_at: datetime
    printed_by: str
