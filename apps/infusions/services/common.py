"""What every change of a running infusion shares: lock, version, rate, timers, event."""

from datetime import datetime, timedelta
from typing import Any

from apps.accounts.selectors import Action, Staff, require
from apps.infusions.domain import (
    Decision,
    Hung,
    Session,
    SessionState,
    SetRate,
    hung_ml,
    time_of_volume,
)
from apps.infusions.dues import OBSERVATION, STEP, VIAL, VIAL_AHEAD, VOLUME
from apps.infusions.in_hand import lock_session
from apps.infusions.models import InfusionSession, RateChange
from apps.infusions.planning import plan_of
from apps.infusions.rows import given_ml, hung_of, last_change, last_running, rates_of, schedule_of, set_rate
from apps.infusions.watching import next_due
from apps.kernel.errors import ConflictError, DomainError, NotFoundError
from apps.kernel.numbers import plain
from apps.kernel.text import N_
from apps.ledger.services import actor_of, record_event, schedule_timer


def locked_session(
    performer: Staff,
    session_id: int,
    *,
    version: int | None = None,
    action: Action = Action.RUN_INFUSION,
) -> InfusionSession:
    """The session, locked, if it is on one of the performer's wards.

    Raises ConflictError `session_changed` when a version is given and somebody was faster. Acts that
    make things safer (pause, stop, a lower rate, a reaction) give none: they must not lose a race.
    """
    session = lock_session(session_id, staff=performer)
    if session is None:
        raise NotFoundError("not_found", N_("There is no such infusion on your wards."))
    require(performer, action)
    if version is not None and version != session.version:
        raise ConflictError(
            "session_changed",
            N_("Somebody changed this infusion meanwhile. Look at what it is now, then decide again."),
            extra={"version": session.version, "state": session.state, "step_index": session.step_index},
        )
    return session


def standing(session: InfusionSession, now: datetime) -> Session:
    """The session as the pure decision sees it."""
    plan = plan_of(session)
    running = last_running(session)
    return Session(
        state=SessionState(session.state),
        plan=plan,
        rate=set_rate(running) if running else SetRate.of(plan.steps[0]).stopped,
        step_entered_at=session.step_entered_at,
        step_due_at=session.step_due_at,
        finish_at=session.finish_at,
        volume_left_ml=session.volume_total_ml - given_ml(session, now),
    )


def refuse_before_last_change(session: InfusionSession, at: datetime) -> None:
    """Raises ConflictError `changed_meanwhile` for a change of the rate that lies before the newest one."""
    change = last_change(session)
    if change is not None and at < change.started_at:
        raise ConflictError(
            "changed_meanwhile",
            N_(
                "The rate was set to %(rate)s mL/h after this. Look at the pump and record what it runs at now."
            ),
            extra={"version": session.version, "state": session.state},
            rate=change.rate_ml_per_h,
        )


def refuse_without_reason(reason: str) -> None:
    """Raises DomainError `reason_needed` for a correction that does not say why."""
    if not reason.strip():
        raise DomainError("reason_needed", N_("Say what was wrong with the earlier entry."))


def carry_out(
    session: InfusionSession,
    decision: Decision,
    *,
    event: str,
    performer: Staff,
    at: datetime,
    now: datetime,
    reason: str = "",
    payload: dict[str, Any] | None = None,
) -> None:
    """Write a decision that holds from `at` on: rate, state, what is due, a new version, the event."""
    before = last_change(session)
    session.state = decision.state.value
    if decision.rate is not None:
        _write_rate(session, decision.rate, performer=performer, at=at, now=now, reason=reason)
    session.step_due_at = decision.step_due_at
    session.asked = [what for what in session.asked if what != STEP]
    save_change(
        session,
        event=event,
        performer=performer,
        now=now,
        occurred_at=at,
        payload={
            "reason": reason,
            "rate_ml_per_h_before": plain(before.rate_ml_per_h) if before else None,
            **(payload or {}),
        },
    )


def plan_observation(session: InfusionSession, now: datetime, *, resumed_at: datetime | None = None) -> None:
    """When the next vital signs are due. Asked for is only what is due by now."""
    session.observation_due_at = next_due(session, now, since=resumed_at)
    if session.observation_due_at is None or session.observation_due_at > now:
        session.asked = [what for what in session.asked if what != OBSERVATION]


def save_change(
    session: InfusionSession,
    *,
    event: str,
    performer: Staff,
    now: datetime,
    occurred_at: datetime | None = None,
    payload: dict[str, Any] | None = None,
) -> None:
    """Recompute what is due by volume, save under a new version, schedule timers, record the event."""
    session.version += 1
    _reckon_volume(session, now)
    session.save()
    schedule_due(session)
    rate = last_change(session)
    record_event(
        name=event,
        subject=f"session:{session.pk}",
        ward_id=session.ward_id,
        actor=actor_of(performer),
        now=now,
        occurred_at=occurred_at,
        payload={
            "version": session.version,
            "state": session.state,
            "step_index": session.step_index,
            "rate_ml_per_h": str(rate.rate_ml_per_h) if rate else None,
            **(payload or {}),
        },
    )


def schedule_due(session: InfusionSession) -> None:
    """A timer for each due time of the session. One due time is one occurrence, however often saved."""
    if session.step_due_at:
        _schedule(session, "infusion.step.due", session.step_due_at)
    if session.finish_at:
        _schedule(session, "infusion.volume.due", session.finish_at)
    if session.vial_due_at:
        _schedule(session, "infusion.vial.due", session.vial_due_at - VIAL_AHEAD, session.vial_due_at)
        _schedule(session, "infusion.vial.empty", session.vial_due_at)
    schedule_observation(session)


def schedule_observation(session: InfusionSession) -> None:
    """The timers of the next vital signs."""
    if session.observation_due_at:
        _schedule(session, "infusion.observation.due", session.observation_due_at)
        _schedule(session, "infusion.observation.overdue", observation_overdue_at(session))


def observation_overdue_at(session: InfusionSession) -> datetime:
    """When missing vital signs become an alert."""
    assert session.observation_due_at is not None
    return session.observation_due_at + timedelta(minutes=schedule_of(session).overdue_after_minutes)


def _write_rate(
    session: InfusionSession, rate: SetRate, *, performer: Staff, at: datetime, now: datetime, reason: str
) -> None:
    RateChange.objects.create(
        session=session,
        step_index=rate.step_index,
        rate_ml_per_kg_h=rate.rate_ml_per_kg_h,
        rate_ml_per_h=rate.rate_ml_per_h,
        started_at=at,
        recorded_at=now,
        reason=reason,
        performer=performer,
    )
    if rate.rate_ml_per_h:
        session.step_index, session.step_entered_at = rate.step_index, at


def _reckon_volume(session: InfusionSession, now: datetime) -> None:
    """When the volume and what hangs will be in. What is past already has been asked for: no timer fires."""
    session.asked = [what for what in session.asked if what not in (VOLUME, VIAL)]
    finished_at, emptied_at = session.finish_at, session.vial_due_at
    session.finish_at = session.vial_due_at = None
    if session.state != SessionState.RUNNING:
        return
    rates, hung = rates_of(session), hung_of(session)
    finish_at = time_of_volume(rates, hung, volume_ml=session.volume_total_ml, now=now)
    session.finish_at = _as_known(finished_at, finish_at, now)
    if session.finish_at and session.finish_at <= now:
        session.asked = [*session.asked, VOLUME]
    session.vial_due_at = _as_known(emptied_at, _vial_due_at(session, hung, now), now)
    if session.vial_due_at and session.vial_due_at - VIAL_AHEAD <= now:
        session.asked = [*session.asked, VIAL]


def _as_known(before: datetime | None, reckoned: datetime | None, now: datetime) -> datetime | None:
    """What is reached already was reached when it was first reckoned to be, not at each later entry anew."""
    return before if before is not None and before <= now and reckoned == now else reckoned


def _vial_due_at(session: InfusionSession, hung: list[Hung], now: datetime) -> datetime | None:
    if hung_ml(hung) >= session.volume_total_ml:
        return None
    return time_of_volume(rates_of(session), hung, volume_ml=hung_ml(hung), now=now)


def _schedule(
    session: InfusionSession, kind: str, due_at: datetime, occurrence: datetime | None = None
) -> None:
    schedule_timer(
        kind=kind,
        subject=f"session:{session.pk}",
        occurrence=(occurrence or due_at).isoformat(),
        due_at=due_at,
        ward_id=session.ward_id,
        priority=2,
    )
