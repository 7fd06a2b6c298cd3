"""What was given and what was told, gathered for counting: a handful of queries however many infusions there are."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from apps.accounts.selectors import Action, Staff, require, wards_of
from apps.cases.selectors import events_told_twice
from apps.courses.selectors import grams_of_sessions
from apps.infusions.selectors import CountedInfusion, counted_infusions
from apps.lots.domain import same_lot
from apps.safety.selectors import CountedEvent, counted_events
from apps.signals.domain import Given, Told

UNKNOWN = "unknown"
_Lots = Mapping[tuple[str, str], str]  # (product code, as it is compared) -> as it was written first


class InWard(Protocol):
    """A ward with its time zone."""

    pk: int
    time_zone: str


@dataclass(frozen=True, slots=True)
class Counted:
    """Infusions that were begun, and the adverse events of those."""

    given: tuple[Given, ...]
    told: tuple[Told, ...]


def counted_for(
    user: Staff,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    product_code: str | None = None,
) -> Counted:
    """What was begun on the person's wards within [since, until), with every event of it, whenever that began."""
    require(user, Action.SEE_SIGNALS)
    return counted_on(wards_of(user), since=since, until=until, product_code=product_code)


def counted_on(
    wards: Iterable[InWard],
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    product_code: str | None = None,
) -> Counted:
    """The same for these wards, for whoever counts for the hospital. What an officer found told twice counts once."""
    zones = {ward.pk: ZoneInfo(ward.time_zone) for ward in wards}
    infusions = counted_infusions(zones, since=since, until=until, product_code=product_code)
    session_ids = [one.session_id for one in infusions]
    ordered = {one.session_id: one for one in grams_of_sessions(session_ids)}
    lots = _as_written_first(infusions)
    given = []
    for one in infusions:
        day = ordered.get(one.session_id)
        given.append(
            Given(
                session_id=one.session_id,
                patient_id=one.patient_id,
                product_code=one.product_code,
                indication_code=day.indication_code if day else UNKNOWN,
                given_on=one.started_at.astimezone(zones[one.ward_id]).date(),
                is_first=one.is_first,
                grams=day.grams if day else None,
                lots=_named(lots, one.product_code, one.lots),
                steps=one.steps,
                risks=one.risks,
            )
        )
    sessions = {one.session_id: one for one in given}
    twice = events_told_twice()
    events = (event for event in counted_events(session_ids) if event.event_id not in twice)
    return Counted(tuple(given), tuple(_told(event, sessions[event.session_id], lots) for event in events))


def _told(event: CountedEvent, session: Given, lots: _Lots) -> Told:
    """The event with those of its lots that still count; all of the infusion's where none of them does."""
    named = _named(lots, session.product_code, event.lots)
    return Told(
        event_id=event.event_id,
        session_id=event.session_id,
        term=event.terms[0],
        more_terms=event.terms[1:],
        step=event.step,
        lots=tuple(lot for lot in named if lot in session.lots) or session.lots,
        is_serious=event.is_serious,
    )


def _as_written_first(infusions: Iterable[CountedInfusion]) -> dict[tuple[str, str], str]:
    """One lot counts once, however it was typed or scanned."""
    found: dict[tuple[str, str], str] = {}
    for one in infusions:
        for lot in one.lots:
            found.setdefault((one.product_code, same_lot(lot)), lot)
    return found


def _named(lots: _Lots, product_code: str, written: Iterable[str]) -> tuple[str, ...]:
    names = (lots.get((product_code, same_lot(lot)), lot) for lot in written)
    return tuple(dict.fromkeys(names))
