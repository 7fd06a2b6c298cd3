"""The rate plan of a session as it is shown: what was, what runs, what would come."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from apps.edge.messages import fill
from apps.guidelines.selectors import current_guidelines
from apps.infusions.domain import (
    FINAL_STATES,
    RatePlan,
    SessionState,
    lay_out,
    mg_per_kg_min,
    next_step,
)
from apps.infusions.dues import STEP
from apps.infusions.gate import gate_of
from apps.infusions.models import InfusionSession
from apps.infusions.restarting import highest_restart, reachable_index
from apps.infusions.rows import changes_of, given_ml, last_running
from apps.kernel.text import N_

_AS_BEFORE = N_("The rate at which it ran before the pause.")
_AFTER_REACTION = N_(
    "After a reaction: half the rate at which it began, and never above the step before that rate."
)


@dataclass(frozen=True, slots=True)
class ShownStep:
    """A step of the plan with its times: as they were, as it is, or as they would come."""

    index: int
    rate_ml_per_kg_h: Decimal
    rate_ml_per_h: Decimal
    rate_mg_per_kg_min: Decimal
    min_duration_minutes: int | None
    planned_start: datetime | None
    planned_end: datetime | None
    status: str


def shown_steps(session: InfusionSession, plan: RatePlan, now: datetime) -> list[ShownStep]:
    """Every step; a late confirmation shifts the rest."""
    times = _times_so_far(session)
    if session.state == SessionState.RUNNING:
        times |= _times_ahead(session, plan, now=now)
    return [
        ShownStep(
            index=step.index,
            rate_ml_per_kg_h=step.rate_ml_per_kg_h,
            rate_ml_per_h=step.rate_ml_per_h,
            rate_mg_per_kg_min=step.rate_mg_per_kg_min,
            min_duration_minutes=step.min_duration_minutes,
            planned_start=times[step.index][0] if step.index in times else None,
            planned_end=times[step.index][1] if step.index in times else None,
            status=_status(session, step.index),
        )
        for step in plan.steps
    ]


def shown_next_step(session: InfusionSession, plan: RatePlan, now: datetime) -> dict[str, Any] | None:
    """The step that may come next, its gate, and how far steps may be left out; None when there is none."""
    running = last_running(session)
    step = next_step(plan, running.rate_ml_per_h) if running else None
    if session.state != SessionState.RUNNING or step is None:
        return None
    gate = gate_of(session, now=now)
    return {
        "index": step.index,
        "rate_ml_per_kg_h": step.rate_ml_per_kg_h,
        "rate_ml_per_h": step.rate_ml_per_h,
        "rate_mg_per_kg_min": step.rate_mg_per_kg_min,
        "due_at": session.step_due_at,
        "asked": STEP in session.asked,
        "gate": {"open": gate.open, "holds": gate.as_json()},
        "beyond": [
            {
                "index": further.index,
                "rate_ml_per_kg_h": further.rate_ml_per_kg_h,
                "rate_ml_per_h": further.rate_ml_per_h,
            }
            for further in plan.steps[step.index + 1 : reachable_index(session, now) + 1]
        ],
    }


def shown_restart(session: InfusionSession) -> dict[str, Any] | None:
    """At which rate a paused infusion may go on at most, and why; None while nothing is paused."""
    if session.state != SessionState.PAUSED:
        return None
    highest, ran = highest_restart(session), last_running(session)
    reduced = ran is not None and highest.rate_ml_per_h < ran.rate_ml_per_h
    return {
        "step_index": highest.step_index,
        "rate_ml_per_kg_h": highest.rate_ml_per_kg_h,
        "rate_ml_per_h": highest.rate_ml_per_h,
        "rate_mg_per_kg_min": mg_per_kg_min(highest.rate_ml_per_kg_h, session.concentration_mg_per_ml),
        "reason": fill(_AFTER_REACTION if reduced else _AS_BEFORE, {}),
        "source": current_guidelines().rate_rule("after_reaction").citation.label if reduced else "",
    }


def _times_so_far(session: InfusionSession) -> dict[int, tuple[datetime, datetime | None]]:
    changes = changes_of(session)
    ends = [*(change.started_at for change in changes[1:]), None]
    return {
        change.step_index: (change.started_at, ended_at)
        for change, ended_at in zip(changes, ends, strict=False)
        if change.rate_ml_per_h
    }


def _times_ahead(
    session: InfusionSession, plan: RatePlan, *, now: datetime
) -> dict[int, tuple[datetime, datetime | None]]:
    """From the present step on, each confirmed as soon as it may be."""
    begins = session.step_entered_at
    assert begins is not None
    times: dict[int, tuple[datetime, datetime | None]] = {}
    first = max(0, session.step_index)
    if session.step_due_at and session.step_due_at < now:
        times[first] = (begins, now)
        first, begins = first + 1, now
    ahead = lay_out(plan, begins, first_step_index=first, already_given_ml=given_ml(session, begins))
    return times | {item.step.index: (item.planned_start, item.planned_end) for item in ahead}


def _status(session: InfusionSession, index: int) -> str:
    if session.started_at is None:
        return "later"
    if index == session.step_index and SessionState(session.state) not in FINAL_STATES:
        return "current"
    return "done" if index <= session.step_index else "later"
