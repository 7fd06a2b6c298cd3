"""What every change of a running infusion shares: lock, version, rate, timers, event."""

from datetime import datetime, timedelta
from typing import Any

from apps.accounts.selectors import Action, Staff, require
from apps.infusions.domain import SessionState, finish_time
from apps.infusions.models import InfusionSession, RateChange
from apps.infusions.planning import OBSERVATION, OBSERVATION_GRACE, VOLUME, plan_of, segments_of
from apps.kernel.errors import ConflictError, NotFoundError
from apps.kernel.text import N_
from apps.ledger.services import actor_of, record_event, schedule_timer


def locked_session(performer: Staff, session_id: int, *, version: int | None = None) -> InfusionSession:
    """The session, locked, if it is on one of the performer's wards.

    Raises ConflictError `session_changed` when a version is given and somebody was faster. Acts that
    make things safer (pause, stop, a lower rate, a reaction) give none: they must not lose a race.
    """
    session = (
        InfusionSession.objects.select_for_update()
        .filter(pk=session_id, ward__in=performer.wards.all())
        .first()
    )
    if session is None:
        raise NotFoundError("not_found", N_("There is no such infusion on your wards."))
    require(performer, Action.RUN_INFUSION)
    if version is not None and version != session.version:
        raise ConflictError(
            "session_changed",
            N_("Somebody changed this infusion meanwhile. Look at what it is now, then decide again."),
            extra={"version": session.version, "state": session.state, "step_index": session.step_index},
        )
    return session


def open_rate(
    session: InfusionSession, step_index: int, performer: Staff, now: datetime, reason: str
) -> None:
    """End the present rate and begin the rate of a step."""
    close_rate(session, now)
    step = plan_of(session).steps[step_index]
    RateChange.objects.create(
        session=session,
        step_index=step_index,
        rate_ml_per_kg_h=step.rate_ml_per_kg_h,
        rate_ml_per_h=step.rate_ml_per_h,
        started_at=now,
        reason=reason,
        performer=performer,
    )
    session.step_index = step_index
    session.step_entered_at = now


def close_rate(session: InfusionSession, now: datetime) -> None:
    """End the present rate; nothing runs until another is opened."""
    RateChange.objects.filter(session=session, ended_at__isnull=True).update(ended_at=now)


def save_change(
    session: InfusionSession,
    *,
    event: str,
    performer: Staff,
    now: datetime,
    payload: dict[str, Any] | None = None,
) -> None:
    """Recompute what is due, save under a new version, schedule timers, record the event."""
    session.version += 1
    session.asked = [what for what in session.asked if what == OBSERVATION]
    if session.state == SessionState.RUNNING:
        session.step_due_at = _step_due_at(session)
        session.finish_at = finish_time(segments_of(session), volume_ml=session.volume_total_ml)
        if session.finish_at and session.finish_at <= now:
            session.asked = [*session.asked, VOLUME]  # its timer has fired and will not fire again
    else:
        session.step_due_at = session.finish_at = None
    if SessionState(session.state) not in (SessionState.RUNNING, SessionState.PAUSED):
        session.observation_due_at = None
        session.asked = []
    session.save()
    schedule_due(session)
    record_event(
        name=event,
        subject=f"session:{session.pk}",
        ward_id=session.ward_id,
        actor=actor_of(performer),
        now=now,
        payload={
            "version": session.version,
            "state": session.state,
            "step_index": session.step_index,
            **(payload or {}),
        },
    )


def schedule_due(session: InfusionSession) -> None:
    """A timer for each due time of the session. One due time is one occurrence, however often saved."""
    if session.step_due_at:
        _schedule(session, "infusion.step.due", session.step_due_at)
    if session.finish_at:
        _schedule(session, "infusion.volume.due", session.finish_at)
    if session.observation_due_at:
        _schedule(session, "infusion.observation.due", session.observation_due_at)
        _schedule(session, "infusion.observation.overdue", session.observation_due_at + OBSERVATION_GRACE)


def _schedule(session: InfusionSession, kind: str, due_at: datetime) -> None:
    schedule_timer(
        kind=kind,
        subject=f"session:{session.pk}",
        occurrence=due_at.isoformat(),
        due_at=due_at,
        ward_id=session.ward_id,
        priority=2,
    )


def _step_due_at(session: InfusionSession) -> datetime | None:
    steps = plan_of(session).steps
    minutes = steps[session.step_index].min_duration_minutes
    is_last = session.step_index + 1 >= len(steps)
    if is_last or minutes is None or session.step_entered_at is None:
        return None
    return session.step_entered_at + timedelta(minutes=minutes)
