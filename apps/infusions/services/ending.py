"""Ending an infusion."""

from datetime import datetime, timedelta

from apps.accounts.selectors import Staff
from apps.alerts.services import resolve_alerts
from apps.courses.services import mark_day
from apps.infusions.domain import (
    SessionCommand,
    SessionState,
    decide_transition,
    grams_given,
    to_tenth_ml,
)
from apps.infusions.models import InfusionSession
from apps.infusions.planning import given_ml
from apps.infusions.services.common import close_rate, locked_session, save_change
from apps.kernel.errors import DomainError
from apps.kernel.text import N_
from apps.ledger.services import unit_of_work

EARLY_COMPLETION = timedelta(minutes=5)


def complete_session(
    *, performer: Staff, session_id: int, version: int, reason: str, now: datetime
) -> InfusionSession:
    """The day's volume is in. Follow-up is planned from this moment.

    Raises DomainError `volume_not_in` when more than five minutes of infusion are left and no reason is
    given; ConflictError `session_changed`.
    """
    with unit_of_work():
        session = locked_session(performer, session_id, version=version)
        state = decide_transition(SessionState(session.state), SessionCommand.COMPLETE)
        if session.finish_at and session.finish_at - now > EARLY_COMPLETION and not reason.strip():
            left = session.volume_total_ml - given_ml(session, now)
            raise DomainError(
                "volume_not_in",
                N_(
                    "By calculation %(left)s mL remain. Give the reason for completing now, or stop the infusion."
                ),
                left=to_tenth_ml(left),
            )
        _end(session, state, "infusion.session.completed", "done", performer, reason, now)
    return session


def stop_session(*, performer: Staff, session_id: int, reason: str, now: datetime) -> InfusionSession:
    """Stop for good, before the volume is in."""
    with unit_of_work():
        session = locked_session(performer, session_id)
        stop(session, performer=performer, reason=reason, now=now)
    return session


def stop(session: InfusionSession, *, performer: Staff, reason: str, now: datetime) -> None:
    """Stop a locked session."""
    state = decide_transition(SessionState(session.state), SessionCommand.STOP)
    _end(session, state, "infusion.session.stopped", "stopped", performer, reason, now)


def _end(
    session: InfusionSession,
    state: SessionState,
    event: str,
    day_status: str,
    performer: Staff,
    reason: str,
    now: datetime,
) -> None:
    close_rate(session, now)
    session.state = state.value
    session.ended_at = now
    given = given_ml(session, now)
    mark_day(
        course_id=session.course_id,
        day_number=session.day_number,
        status=day_status,
        session_id=session.pk,
        given_g=grams_given(given, session.concentration_mg_per_ml),
    )
    save_change(
        session,
        event=event,
        performer=performer,
        now=now,
        payload={"reason": reason, "volume_given_ml": str(to_tenth_ml(given))},
    )
    resolve_alerts(subject=f"session:{session.pk}", now=now)
