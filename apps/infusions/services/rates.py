"""Changing the rate: the next step through its gate, staying, a lower rate, pause and resume. Nothing drives a pump."""

from datetime import datetime

from apps.accounts.selectors import Staff
from apps.infusions.domain import (
    ConfirmStep,
    LowerRate,
    Pause,
    Resume,
    SetRate,
    Stay,
    decide,
    next_step,
)
from apps.infusions.gate import gate_of
from apps.infusions.models import InfusionSession
from apps.infusions.planning import plan_of
from apps.infusions.reactions import open_reactions
from apps.infusions.restarting import highest_restart, reachable_index
from apps.infusions.services.common import (
    carry_out,
    locked_session,
    plan_observation,
    refuse_before_last_change,
    standing,
)
from apps.kernel.errors import DomainError
from apps.kernel.text import N_
from apps.ledger.services import unit_of_work


def confirm_step(
    *,
    performer: Staff,
    session_id: int,
    version: int,
    now: datetime,
    step_index: int | None = None,
    reason: str = "",
) -> InfusionSession:
    """A person says that the pump now runs at the next step's rate, or at one beyond it (with a reason).

    Raises DomainError `step_held` with every reason, `no_further_step`, `step_not_reachable`,
    `reason_needed`; ConflictError `session_changed`.
    """
    with unit_of_work():
        session = locked_session(performer, session_id, version=version)
        stands = standing(session, now)
        following = next_step(stands.plan, stands.rate.rate_ml_per_h)
        next_index = following.index if following else len(stands.plan.steps)
        chosen = next_index if step_index is None else step_index
        if chosen > next_index and not reason.strip():
            raise DomainError("reason_needed", N_("Give the reason for leaving a step out."))
        gate = gate_of(session, now=now)
        asked = ConfirmStep(
            step_index=chosen,
            next_step_index=next_index,
            reachable_step_index=reachable_index(session, now),
            gate=gate.decision,
        )
        try:
            decision = decide(stands, asked, now)
        except DomainError as refusal:
            if refusal.code == "step_held":
                refusal.extra["holds"] = gate.as_json()
            raise
        carry_out(
            session,
            decision,
            event="infusion.rate.changed",
            performer=performer,
            at=now,
            now=now,
            reason=reason,
        )
    return session


def stay_at_rate(
    *, performer: Staff, session_id: int, version: int, minutes: int, reason: str, now: datetime
) -> InfusionSession:
    """Keep the present rate although the next step is due, and be asked again in so many minutes."""
    with unit_of_work():
        session = locked_session(performer, session_id, version=version)
        decision = decide(standing(session, now), Stay(minutes), now)
        carry_out(
            session,
            decision,
            event="infusion.step.postponed",
            performer=performer,
            at=now,
            now=now,
            reason=reason,
            payload={"minutes": minutes},
        )
    return session


def lower_rate(
    *,
    performer: Staff,
    session_id: int,
    step_index: int,
    reason: str,
    now: datetime,
    effective_at: datetime | None = None,
) -> InfusionSession:
    """Go back to an earlier step. Always open: slower is the safe side.

    Raises DomainError `not_a_lower_rate`; ConflictError `changed_meanwhile`.
    """
    with unit_of_work():
        session = locked_session(performer, session_id)
        steps = plan_of(session).steps
        if not 0 <= step_index < len(steps):
            raise DomainError("not_a_lower_rate", N_("Choose a rate below the present one."))
        go_slower(
            session,
            SetRate.of(steps[step_index]),
            performer=performer,
            reason=reason,
            at=effective_at or now,
            now=now,
        )
    return session


def go_slower(
    session: InfusionSession, to: SetRate, *, performer: Staff, reason: str, at: datetime, now: datetime
) -> None:
    """Lower the rate of a locked session."""
    refuse_before_last_change(session, at)
    decision = decide(standing(session, now), LowerRate(to), at)
    carry_out(
        session,
        decision,
        event="infusion.rate.changed",
        performer=performer,
        at=at,
        now=now,
        reason=reason,
    )


def pause_session(
    *,
    performer: Staff,
    session_id: int,
    reason: str,
    now: datetime,
    effective_at: datetime | None = None,
) -> InfusionSession:
    """Note that the pump was paused."""
    with unit_of_work():
        session = locked_session(performer, session_id)
        pause(session, performer=performer, reason=reason, at=effective_at or now, now=now)
    return session


def pause(session: InfusionSession, *, performer: Staff, reason: str, at: datetime, now: datetime) -> None:
    """Pause a locked session."""
    refuse_before_last_change(session, at)
    decision = decide(standing(session, now), Pause(), at)
    carry_out(
        session,
        decision,
        event="infusion.session.paused",
        performer=performer,
        at=at,
        now=now,
        reason=reason,
    )


def resume_session(
    *,
    performer: Staff,
    session_id: int,
    version: int,
    step_index: int | None,
    reason: str,
    now: datetime,
) -> InfusionSession:
    """Go on after a pause at the highest rate allowed, or at a step below it.

    After a reaction that is half the rate at its onset and never above the step before it (clinical facts
    3.2). Raises DomainError `reaction_open`, `resume_rate_too_high`; ConflictError `session_changed`.
    """
    with unit_of_work():
        session = locked_session(performer, session_id, version=version)
        stands = standing(session, now)
        highest = highest_restart(session)
        chosen = highest
        if step_index is not None and 0 <= step_index < len(stands.plan.steps):
            chosen = SetRate.of(stands.plan.steps[step_index])
        decision = decide(stands, Resume(chosen, highest, bool(open_reactions(session))), now)
        plan_observation(session, now, resumed_at=now)
        carry_out(
            session,
            decision,
            event="infusion.session.resumed",
            performer=performer,
            at=now,
            now=now,
            reason=reason,
        )
    return session
