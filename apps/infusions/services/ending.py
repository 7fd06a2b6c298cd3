"""Ending an infusion, and the watch after it."""

from datetime import datetime
from decimal import Decimal

from apps.accounts.selectors import Staff
from apps.alerts.services import resolve_alerts
from apps.courses.services import mark_day
from apps.infusions.domain import (
    FINAL_STATES,
    Abandon,
    Complete,
    SessionState,
    Stop,
    decide,
    grams_given,
    hung_ml,
    to_tenth_ml,
)
from apps.infusions.dues import RECHECK_ALERT, REPEAT_ALERT
from apps.infusions.models import InfusionSession
from apps.infusions.rows import given_ml, hung_of
from apps.infusions.services.common import (
    carry_out,
    locked_session,
    plan_observation,
    refuse_before_last_change,
    save_change,
    standing,
)
from apps.kernel.errors import ConflictError, DomainError
from apps.kernel.text import N_
from apps.ledger.services import unit_of_work


def complete_session(
    *,
    performer: Staff,
    session_id: int,
    version: int,
    reason: str,
    now: datetime,
    residual_ml: Decimal | None = None,
) -> InfusionSession:
    """The day's volume is in. Follow-up is planned from this moment; the patient is watched for a while.

    `residual_ml` is what was left in the bag and the line, if measured: it then decides what was given.
    Raises DomainError `volume_not_in` when more than five minutes of infusion are left and no reason is
    given, `residual_above_hung`; ConflictError `session_changed`.
    """
    with unit_of_work():
        session = locked_session(performer, session_id, version=version)
        decision = decide(standing(session, now), Complete(reason), now)
        _refuse_impossible_residual(session, residual_ml)
        by_clock = to_tenth_ml(given_ml(session, now))
        session.residual_ml = residual_ml
        session.ended_at = now
        payload = _account(session, now) | {"by_clock_ml": str(by_clock)}
        note_given(session, "done")
        plan_observation(session, now)
        carry_out(
            session,
            decision,
            event="infusion.session.completed",
            performer=performer,
            at=now,
            now=now,
            reason=reason,
            payload=payload,
        )
        resolve_alerts(subject=f"session:{session.pk}", codes=VIAL_ALERTS, done_by=performer, now=now)
    return session


def stop_session(
    *,
    performer: Staff,
    session_id: int,
    reason: str,
    now: datetime,
    effective_at: datetime | None = None,
) -> InfusionSession:
    """Stop for good, before the volume is in. The patient is watched for a while."""
    with unit_of_work():
        session = locked_session(performer, session_id)
        stop(session, performer=performer, reason=reason, at=effective_at or now, now=now)
    return session


def stop(session: InfusionSession, *, performer: Staff, reason: str, at: datetime, now: datetime) -> None:
    """Stop a locked session."""
    refuse_before_last_change(session, at)
    decision = decide(standing(session, now), Stop(), at)
    session.ended_at = at
    payload = _account(session, at)
    note_given(session, "stopped")
    plan_observation(session, now)
    carry_out(
        session,
        decision,
        event="infusion.session.stopped",
        performer=performer,
        at=at,
        now=now,
        reason=reason,
        payload=payload,
    )
    resolve_alerts(subject=f"session:{session.pk}", codes=VIAL_ALERTS, done_by=performer, now=now)


def abandon_session(*, performer: Staff, session_id: int, reason: str, now: datetime) -> InfusionSession:
    """A prepared infusion is not given after all; its day is free again."""
    with unit_of_work():
        session = locked_session(performer, session_id)
        session.ended_at = session.watched_until = now
        carry_out(
            session,
            decide(standing(session, now), Abandon(), now),
            event="infusion.session.abandoned",
            performer=performer,
            at=now,
            now=now,
            reason=reason,
        )
    return session


def end_watch(*, performer: Staff, session_id: int, reason: str, now: datetime) -> InfusionSession:
    """Let a patient go before the watch after the end is over. Raises DomainError `not_watched`."""
    with unit_of_work():
        session = locked_session(performer, session_id)
        if SessionState(session.state) not in FINAL_STATES or session.watched_until is not None:
            raise ConflictError("not_watched", N_("This patient is not being watched after an infusion."))
        close_watch(session, performer=performer, reason=reason, now=now)
    return session


def close_watch(session: InfusionSession, *, performer: Staff, reason: str, now: datetime) -> None:
    """The watch of a locked session is over: it leaves the board, and taken alerts with it."""
    session.watched_until = now
    session.observation_due_at = None
    session.asked = []
    save_change(
        session,
        event="infusion.watch.ended",
        performer=performer,
        now=now,
        payload={"reason": reason},
    )
    subject = f"session:{session.pk}"
    resolve_alerts(subject=subject, codes=WATCH_ALERTS, done_by=performer, now=now)
    resolve_alerts(subject=subject, now=now)


VIAL_ALERTS = frozenset({"vial_empty"})
WATCH_ALERTS = frozenset({"observation_overdue", "handover_open", RECHECK_ALERT, REPEAT_ALERT})


def note_given(session: InfusionSession, day_status: str) -> None:
    """Tell the course what became of this day of an ended session (`done` or `stopped`), and how much went in."""
    assert session.ended_at is not None
    mark_day(
        course_id=session.course_id,
        day_number=session.day_number,
        status=day_status,
        session_id=session.pk,
        given_g=grams_given(given_ml(session, session.ended_at), session.concentration_mg_per_ml),
    )


def _account(session: InfusionSession, at: datetime) -> dict[str, str | None]:
    """What was given against what was ordered: a positive difference is an over-run, a negative an under-run."""
    given = to_tenth_ml(given_ml(session, at))
    return {
        "volume_given_ml": str(given),
        "difference_ml": str(to_tenth_ml(given - session.volume_total_ml)),
        "residual_ml": None if session.residual_ml is None else str(session.residual_ml),
    }


def _refuse_impossible_residual(session: InfusionSession, residual_ml: Decimal | None) -> None:
    hung = hung_ml(hung_of(session))
    if residual_ml is not None and residual_ml > hung:
        raise DomainError(
            "residual_above_hung",
            N_("%(residual)s mL cannot be left over: only %(hung)s mL were hung."),
            extra={"field": "residual_ml"},
            residual=residual_ml,
            hung=hung,
        )
