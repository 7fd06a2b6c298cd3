"""At which rate a session may go on after a pause, or slow down to, from its rows."""

from datetime import datetime

from apps.guidelines.selectors import current_guidelines
from apps.infusions.domain import ReducedRate, SetRate, reachable_step, reduced_rate
from apps.infusions.models import InfusionSession, RateChange
from apps.infusions.planning import plan_of
from apps.infusions.rows import at_onset, changes_of, last_running, set_rate, unbroken_since, valid_reactions
from apps.kernel.errors import DomainError


def highest_restart(session: InfusionSession) -> SetRate:
    """The highest rate at which a paused session may go on.

    The rate it ran at; after a reaction recorded since the infusion last began or went on, half the rate at
    its onset and never above the step before it.
    """
    running = last_running(session)
    assert running is not None
    highest = set_rate(running)
    since = unbroken_since(session)
    assert since is not None
    for reaction in (row for row in valid_reactions(session) if row.recorded_at >= since):
        highest = min(highest, reduced_to(session, reaction.onset_at), key=lambda rate: rate.rate_ml_per_h)
    return highest


def reduced_to(session: InfusionSession, onset_at: datetime) -> SetRate:
    """The rate to which a reaction that began at `onset_at` reduces; the one at onset if the pump knows none below."""
    try:
        reduced = reduced_from(session, onset_at)
    except DomainError:
        return set_rate(_running_at(session, onset_at))
    return SetRate(reduced.step_index, reduced.rate_ml_per_kg_h, reduced.rate_ml_per_h)


def reduced_from(session: InfusionSession, onset_at: datetime) -> ReducedRate:
    """What a reaction that began at `onset_at` reduces the rate to.

    Raises DomainError `pump_resolution_too_coarse` when the pump cannot be set that low.
    """
    begun = _running_at(session, onset_at)
    return reduced_rate(
        plan_of(session),
        onset_step_index=begun.step_index,
        onset_rate_ml_per_kg_h=begun.rate_ml_per_kg_h,
        weight_kg=session.weight_kg,
        rule=current_guidelines().rate_rule("after_reaction"),
    )


def _running_at(session: InfusionSession, onset_at: datetime) -> RateChange:
    running = [change for change in changes_of(session) if change.rate_ml_per_h]
    return at_onset(running, onset_at) or running[0]


def reachable_index(session: InfusionSession, now: datetime) -> int:
    """The highest step that may be confirmed now without running ahead of the plan."""
    assert session.step_entered_at is not None
    minutes = int((now - session.step_entered_at).total_seconds() // 60)
    return reachable_step(plan_of(session), step_index=session.step_index, minutes_at_step=minutes)
