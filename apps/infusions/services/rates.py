"""Changing the rate: the next step through its gate, a lower rate, pause and resume. Nothing drives a pump."""

from datetime import datetime
from itertools import pairwise

from apps.accounts.selectors import Staff
from apps.infusions.domain import SessionCommand, SessionState, decide_transition
from apps.infusions.gate import gate_of
from apps.infusions.models import InfusionSession, RateChange, Reaction
from apps.infusions.planning import next_observation_due, plan_of
from apps.infusions.services.common import close_rate, locked_session, open_rate, save_change
from apps.kernel.errors import DomainError
from apps.kernel.text import N_
from apps.ledger.services import unit_of_work


def confirm_step(*, performer: Staff, session_id: int, version: int, now: datetime) -> InfusionSession:
    """A person says that the pump now runs at the next step's rate.

    Raises DomainError `step_held` with every reason, `no_further_step`; ConflictError `session_changed`.
    """
    with unit_of_work():
        session = locked_session(performer, session_id, version=version)
        decide_transition(SessionState(session.state), SessionCommand.CONFIRM_STEP)
        if session.step_index + 1 >= len(plan_of(session).steps):
            raise DomainError("no_further_step", N_("This is the last step: the rate stays until the end."))
        decision = gate_of(session, now=now)
        if not decision.open:
            raise DomainError(
                "step_held",
                N_("The rate stays as it is for now. See what is missing."),
                extra={"holds": decision.as_json()},
            )
        open_rate(session, session.step_index + 1, performer, now, "")
        save_change(session, event="infusion.rate.changed", performer=performer, now=now)
    return session


def lower_rate(
    *, performer: Staff, session_id: int, step_index: int, reason: str, now: datetime
) -> InfusionSession:
    """Go back to an earlier step. Always open: slower is the safe side. Raises DomainError `not_a_lower_step`."""
    with unit_of_work():
        session = locked_session(performer, session_id)
        go_back(session, step_index, performer=performer, reason=reason, now=now)
    return session


def go_back(
    session: InfusionSession, step_index: int, *, performer: Staff, reason: str, now: datetime
) -> None:
    """Lower the rate of a locked session."""
    decide_transition(SessionState(session.state), SessionCommand.LOWER_RATE)
    if not 0 <= step_index < session.step_index:
        raise DomainError("not_a_lower_step", N_("Choose a step below the present one."))
    open_rate(session, step_index, performer, now, reason)
    save_change(
        session, event="infusion.rate.changed", performer=performer, now=now, payload={"reason": reason}
    )


def pause_session(*, performer: Staff, session_id: int, reason: str, now: datetime) -> InfusionSession:
    """Note that the pump was paused."""
    with unit_of_work():
        session = locked_session(performer, session_id)
        pause(session, performer=performer, reason=reason, now=now)
    return session


def pause(session: InfusionSession, *, performer: Staff, reason: str, now: datetime) -> None:
    """Pause a locked session."""
    session.state = decide_transition(SessionState(session.state), SessionCommand.PAUSE).value
    close_rate(session, now)
    save_change(
        session, event="infusion.session.paused", performer=performer, now=now, payload={"reason": reason}
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
    """Go on after a pause, at the step before the pause or a lower one.

    After a reaction in this session the step before the one it happened on is the highest offered
    (restart at the last tolerated rate: clinical facts 3.2). Raises DomainError `reaction_open`,
    `resume_step_too_high`; ConflictError `session_changed`.
    """
    with unit_of_work():
        session = locked_session(performer, session_id, version=version)
        session.state = decide_transition(SessionState(session.state), SessionCommand.RESUME).value
        if Reaction.objects.filter(session=session, resolved_at__isnull=True).exists():
            raise DomainError(
                "reaction_open", N_("A reaction is still open. Say that it has passed before you go on.")
            )
        highest = highest_resume_step(session)
        chosen = highest if step_index is None else step_index
        if not 0 <= chosen <= highest:
            raise DomainError(
                "resume_step_too_high",
                N_("Resume at step %(highest)s or lower."),
                extra={"highest_step_index": highest},
                highest=highest + 1,
            )
        open_rate(session, chosen, performer, now, reason)
        session.observation_due_at = next_observation_due(session, now)
        save_change(
            session,
            event="infusion.session.resumed",
            performer=performer,
            now=now,
            payload={"reason": reason},
        )
    return session


def highest_resume_step(session: InfusionSession) -> int:
    """The highest step at which a paused session may go on.

    The step it ran at; after a reaction recorded since the infusion last began or went on, the step before
    the one on which that reaction began.
    """
    changes = list(RateChange.objects.filter(session=session))
    unbroken_since = changes[0].started_at
    for earlier, later in pairwise(changes):
        if earlier.ended_at != later.started_at:
            unbroken_since = later.started_at
    highest = session.step_index
    for reaction in Reaction.objects.filter(session=session, recorded_at__gte=unbroken_since):
        began_on = [change.step_index for change in changes if change.started_at <= reaction.onset_at]
        highest = min(highest, began_on[-1] - 1)
    return max(0, highest)
