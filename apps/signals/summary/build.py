"""Gathering a periodic summary from what is recorded."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from apps.accounts.selectors import Action, Staff, require, wards_of
from apps.cases.selectors import calendar_for, case_number, case_of_event
from apps.followups.selectors import count_overdue
from apps.guidelines.selectors import current_guidelines
from apps.kernel.errors import DomainError
from apps.kernel.text import N_
from apps.lots.domain import HoldState
from apps.lots.selectors import LotHold, holds
from apps.safety.selectors import adverse_events_for, events_to_review
from apps.signals.domain import Axis, disproportion, fourfolds, rate_of_all, rates_by
from apps.signals.domain.labels import beside_label
from apps.signals.selectors import Counted, counted_for, signals_between
from apps.signals.summary.content import (
    Compared,
    Labelled,
    OverdueClock,
    OverdueReview,
    SeriousEvent,
    Summary,
)

LONGEST_DAYS = 3660


def summary_for(user: Staff, *, since: date, until: date, now: datetime) -> Summary:
    """The summary of the person's wards, its days by the clock of the first of them.

    Raises ForbiddenError, DomainError `period_wrong` when it ends before it begins or lasts over ten years.
    """
    require(user, Action.SEE_SIGNALS)
    if not timedelta(0) <= until - since <= timedelta(days=LONGEST_DAYS):
        raise DomainError(
            "period_wrong",
            N_("Choose a first day, and a last day that is not before it, at most ten years on."),
        )
    wards = wards_of(user)
    time_zone = next((ward.time_zone for ward in wards), "UTC")
    start, end = _midnight(since, time_zone), _midnight(until + timedelta(days=1), time_zone)
    counted = counted_for(user, since=start, until=end)
    return Summary(
        wards=tuple(ward.name for ward in wards),
        time_zone=time_zone,
        since=since,
        until=until,
        whole=rate_of_all(counted.given, counted.told),
        undecided=sum(one.is_serious is None for one in counted.told),
        by_product=tuple(rates_by(Axis.PRODUCT, counted.given, counted.told)),
        by_month=tuple(rates_by(Axis.MONTH, counted.given, counted.told)),
        by_lot=tuple(row for row in rates_by(Axis.LOT, counted.given, counted.told) if row.events),
        serious=_serious(user, counted),
        overdue_clocks=_clocks(user, now),
        overdue_reviews=_reviews(user, now),
        overdue_checks=count_overdue([ward.pk for ward in wards]),
        lot_signals=tuple(signals_between(start, end)),
        compared=_compared(counted),
        holds=tuple(hold for hold in holds() if _stood(hold, start, end)),
        labels=_labels(counted),
        printed_at=now,
        printed_by=user.display_name,
    )


def _midnight(day: date, time_zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(time_zone))


def _serious(user: Staff, counted: Counted) -> tuple[SeriousEvent, ...]:
    told = {one.event_id: one for one in counted.told if one.is_serious}
    found = []
    for event in reversed(adverse_events_for(user)):
        if event.pk not in told:
            continue
        case, one = case_of_event(event.pk), told[event.pk]
        found.append(
            SeriousEvent(
                onset_at=event.onset_at,
                pseudonym=event.patient.pseudonym,
                product_code=event.product_code,
                lots=one.lots,
                terms=(one.term, *one.more_terms),
                case_number=case_number(case) if case else "",
            )
        )
    return tuple(found)


def _clocks(user: Staff, now: datetime) -> tuple[OverdueClock, ...]:
    regimes = {regime.code: regime.name.as_mapping() for regime in current_guidelines().reporting_regimes}
    return tuple(
        OverdueClock(case_number(clock.case), regimes[clock.regime], clock.due_on)
        for clock in calendar_for(user)
        if clock.runs_out_at is not None and clock.runs_out_at <= now
    )


def _reviews(user: Staff, now: datetime) -> tuple[OverdueReview, ...]:
    return tuple(
        OverdueReview(event.pk, event.patient.pseudonym, event.term, event.onset_at, event.review_due_at)
        for event in events_to_review(user)
        if event.review_due_at is not None and event.review_due_at <= now
    )


def _compared(counted: Counted) -> tuple[Compared, ...]:
    every = (
        Compared(product, term, disproportion(table))
        for (product, term), table in fourfolds(counted.given, counted.told).items()
    )
    return tuple(
        one for one in every if one.found.passes_prr or one.found.passes_ror or one.found.passes_information
    )


def _stood(hold: LotHold, start: datetime, end: datetime) -> bool:
    """Whether the hold stood at any time within the period, or stands now."""
    if hold.state != HoldState.RELEASED.value:
        return True
    return hold.held_at < end and hold.released_at is not None and hold.released_at >= start


def _labels(counted: Counted) -> tuple[Labelled, ...]:
    guidelines = current_guidelines()
    found = []
    for product in sorted({one.product_code for one in counted.given}):
        label = guidelines.reaction_label(product)
        if label is None:
            continue
        given = [one for one in counted.given if one.product_code == product]
        sessions = {one.session_id for one in given}
        told = [one for one in counted.told if one.session_id in sessions]
        rows = tuple(beside_label(label, given, told))
        found.append(Labelled(product, label.title, label.version, label.denominator, rows))
    return tuple(found)
