"""How often: events beside what was given, along one axis at a time, with the denominator of each row."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from apps.signals.domain.limits import Estimate, poisson_rate, proportion

PER_INFUSIONS = 1000
PER_PATIENTS = 100
GRAMS_PER_KG = 1000


class Axis(StrEnum):
    """What rates are told apart by."""

    PRODUCT = "product"
    LOT = "lot"
    INDICATION = "indication"
    STEP = "step"
    FIRST = "first"
    RISK = "risk"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Given:
    """One infusion that was begun. `grams` None where nobody kept how much went in; `steps` those it reached."""

    session_id: int
    patient_id: int
    product_code: str
    indication_code: str
    given_on: date
    is_first: bool
    grams: Decimal | None = None
    lots: tuple[str, ...] = ()
    steps: tuple[int, ...] = ()
    risks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """One adverse event of an infusion; `step` at onset, None after the end; `lots` given before the onset.

    `more_terms` where a review found several reactions in it.
    """

    event_id: int
    session_id: int
    term: str
    step: int | None = None
    lots: tuple[str, ...] = ()
    is_serious: bool | None = None
    more_terms: tuple[str, ...] = ()

    @property
    def terms(self) -> frozenset[str]:
        """Every reaction it tells of."""
        return frozenset((self.term, *self.more_terms))


@dataclass(frozen=True, slots=True)
class RateRow:
    """One row with its denominators. The rates are None where nothing was given, or nothing is known of it.

    `per_patients` counts patients with an event once each. `grams_known` is in how many infusions the grams are
    known: `per_kg` counts the events of those alone.
    """

    key: str
    infusions: int
    patients: int
    grams: Decimal
    grams_known: int
    events: int
    serious: int
    infusions_with_event: int
    patients_with_event: int
    per_infusions: Estimate | None
    per_patients: Estimate | None
    per_kg: Estimate | None


@dataclass(slots=True)
class _Pile:
    given: list[Given] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)


def lot_key(product_code: str, lot_number: str) -> str:
    """A lot under its product: two makers may use the same number."""
    return f"{product_code}/{lot_number}"


def rates_by(axis: Axis, given: Iterable[Given], told: Iterable[Told]) -> list[RateRow]:
    """A row for each key of the axis, by key. An infusion with two lots counts in both rows, as an event of it does.

    Along STEP the denominator are the infusions that reached the step; events after the end have no step.
    """
    sessions = {one.session_id: one for one in given}
    piles: dict[str, _Pile] = {}
    for one in sessions.values():
        for key in _KEYS_OF_GIVEN[axis](one):
            piles.setdefault(key, _Pile()).given.append(one)
    for event in told:
        session = sessions.get(event.session_id)
        for key in () if session is None else _keys_of_event(axis, event, session):
            piles.setdefault(key, _Pile()).told.append(event)
    return [_row(key, pile, sessions) for key, pile in sorted(piles.items())]


def rate_of_all(given: Iterable[Given], told: Iterable[Told]) -> RateRow:
    """Everything in one row."""
    sessions = {one.session_id: one for one in given}
    return _row(
        "", _Pile(list(sessions.values()), [one for one in told if one.session_id in sessions]), sessions
    )


def _row(key: str, pile: _Pile, sessions: Mapping[int, Given]) -> RateRow:
    patients = {one.patient_id for one in pile.given}
    ill = {sessions[event.session_id].patient_id for event in pile.told}
    weighed = {one.session_id: one.grams for one in pile.given if one.grams is not None}
    grams = sum(weighed.values(), Decimal(0))
    of_weighed = sum(event.session_id in weighed for event in pile.told)
    return RateRow(
        key=key,
        infusions=len(pile.given),
        patients=len(patients),
        grams=grams,
        grams_known=len(weighed),
        events=len(pile.told),
        serious=sum(event.is_serious is True for event in pile.told),
        infusions_with_event=len({event.session_id for event in pile.told}),
        patients_with_event=len(ill),
        per_infusions=poisson_rate(len(pile.told), len(pile.given), per=PER_INFUSIONS),
        per_patients=proportion(len(ill & patients), len(patients), per=PER_PATIENTS),
        per_kg=poisson_rate(of_weighed, grams, per=GRAMS_PER_KG),
    )


def _keys_of_event(axis: Axis, event: Told, session: Given) -> Sequence[str]:
    if axis is Axis.STEP:
        return () if event.step is None else (_step(event.step),)
    if axis is Axis.LOT:
        return [lot_key(session.product_code, lot) for lot in dict.fromkeys(event.lots)]
    return _KEYS_OF_GIVEN[axis](session)


def _step(index: int) -> str:
    return f"{index + 1:02d}"


_KEYS_OF_GIVEN: Mapping[Axis, Callable[[Given], Sequence[str]]] = {
    Axis.PRODUCT: lambda one: (one.product_code,),
    Axis.LOT: lambda one: [lot_key(one.product_code, lot) for lot in dict.fromkeys(one.lots)],
    Axis.INDICATION: lambda one: (one.indication_code,),
    Axis.STEP: lambda one: [_step(index) for index in dict.fromkeys(one.steps)],
    Axis.FIRST: lambda one: ("first" if one.is_first else "repeat",),
    Axis.RISK: lambda one: one.risks or ("none",),
    Axis.MONTH: lambda one: (f"{one.given_on:%Y-%m}",),
}
