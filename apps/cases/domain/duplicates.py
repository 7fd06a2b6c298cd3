"""Which other case may tell of the same thing: points with their reasons, never a decision.

The weights are the house's own: two cases of one patient with the same reaction at the same hour reach the top, one
lot alone never reaches the threshold.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from apps.kernel.text import N_, Params

THRESHOLD = 50  # of 100
SAME_HOUR, SAME_DAY, SAME_WEEK = timedelta(hours=1), timedelta(hours=24), timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Traits:
    """What two cases are compared by. `terms` are the house's codes, `codes` MedDRA's; `events` are event numbers."""

    case_id: int
    patient_id: int
    initials: str
    born_on: date | None
    sex: str
    product_codes: frozenset[str]
    lots: frozenset[str]
    onsets: tuple[datetime, ...]
    terms: frozenset[str]
    codes: frozenset[str]
    infusion_days: frozenset[date]
    events: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why two cases look alike, as an English %-template and what fills it."""

    points: int
    message: str
    params: Params


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike another case is, 0 to 100, and why."""

    case_id: int
    score: int
    reasons: tuple[Reason, ...]


def duplicates(of: Traits, others: Iterable[Traits]) -> tuple[Likeness, ...]:
    """Other cases that may be the same, the likeliest first."""
    found = [likeness(of, other) for other in others if other.case_id != of.case_id]
    return tuple(
        sorted((one for one in found if one.score >= THRESHOLD), key=lambda one: (-one.score, one.case_id))
    )


def likeness(one: Traits, other: Traits) -> Likeness:
    """How alike two cases are. The order of the two does not matter."""
    reasons = [
        reason
        for reason in (_person(one, other), _time(one, other), _reaction(one, other), *_product(one, other))
        if reason is not None
    ]
    # Two patients who are surely not one have no duplicate case, whatever else they share.
    score = 0 if _surely_others(one, other) else min(100, sum(reason.points for reason in reasons))
    return Likeness(other.case_id, score, tuple(reasons))


def _surely_others(one: Traits, other: Traits) -> bool:
    return one.patient_id != other.patient_id and (
        one.born_on != other.born_on or one.sex != other.sex or one.initials != other.initials
    )


def _person(one: Traits, other: Traits) -> Reason | None:
    if one.patient_id == other.patient_id:
        return Reason(35, N_("The same patient."), {})
    if one.born_on is not None and one.born_on == other.born_on and one.initials == other.initials:
        return Reason(25, N_("The same initials and date of birth under another record number."), {})
    return None


def _time(one: Traits, other: Traits) -> Reason | None:
    apart = min((abs(a - b) for a in one.onsets for b in other.onsets), default=None)
    if apart is None or apart > SAME_WEEK:
        return None
    if apart <= SAME_HOUR:
        return Reason(30, N_("The reactions began within an hour."), {})
    if apart <= SAME_DAY:
        return Reason(20, N_("The reactions began within a day."), {})
    return Reason(5, N_("The reactions began within a week."), {})


def _reaction(one: Traits, other: Traits) -> Reason | None:
    if one.terms & other.terms or one.codes & other.codes:
        return Reason(20, N_("The same reaction."), {})
    return None


def _product(one: Traits, other: Traits) -> tuple[Reason | None, ...]:
    lots = sorted(one.lots & other.lots)
    same_days = bool(one.infusion_days & other.infusion_days)
    return (
        Reason(15, N_("The same lot: %(lots)s."), {"lots": ", ".join(lots)}) if lots else None,
        Reason(10, N_("An infusion on the same day."), {}) if same_days else None,
    )
