"""A session as its page and the API show it: plan, volume, what is due, and why."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from apps.alerts.selectors import open_alerts
from apps.edge.messages import fill
from apps.guidelines.domain import Guidelines
from apps.guidelines.selectors import guidelines_version, in_reader_language
from apps.infusions.domain import (
    FINAL_STATES,
    RatePlan,
    SessionCommand,
    SessionState,
    allowed_commands,
    evaluate,
    grams_given,
    lay_out,
    propose_action,
    to_tenth_ml,
)
from apps.infusions.gate import gate_of
from apps.infusions.models import InfusionSession, Observation, RateChange, Reaction
from apps.infusions.planning import STEP, baseline_of, given_ml, plan_of, vitals_of
from apps.infusions.timeline import timeline_of


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


def present(session: InfusionSession, *, now: datetime) -> dict[str, Any]:
    """Everything the bedside page shows, ready for SessionSerializer."""
    guidelines = guidelines_version(session.guideline_version)
    plan = plan_of(session)
    given = given_ml(session, now)
    rate = RateChange.objects.filter(session=session, ended_at__isnull=True).first()
    return {
        "session": session,
        "patient": session.patient,
        "product": guidelines.product(session.product_code),
        "baseline": Observation.objects.filter(session=session, is_baseline=True).first(),
        "plan": {
            "steps": _steps(session, plan, now),
            "ceiling": {
                "rate_ml_per_kg_h": plan.ceiling.rate_ml_per_kg_h,
                "reason": fill(plan.ceiling.message, plan.ceiling.params),
                "source": plan.ceiling.source,
            },
        },
        "rate_ml_per_h": rate.rate_ml_per_h if rate else None,
        "rate_ml_per_kg_h": rate.rate_ml_per_kg_h if rate else None,
        "volume_given_ml": to_tenth_ml(given),
        "grams_given": grams_given(given, session.concentration_mg_per_ml),
        "as_of": now,
        "next_step": _next_step(session, plan, now),
        "observations": _observations(session, guidelines),
        "timeline": timeline_of(session, guidelines),
        "lots": session.lots.order_by("id"),
        "alerts": open_alerts(f"session:{session.pk}"),
        "reactions": [_reaction(row, guidelines) for row in session.reactions.order_by("-onset_at")],
        "actions": _actions(session, plan),
        "server_now": now,
    }


def _steps(session: InfusionSession, plan: RatePlan, now: datetime) -> list[ShownStep]:
    changes = list(RateChange.objects.filter(session=session))
    times: dict[int, tuple[datetime, datetime | None]] = {
        change.step_index: (change.started_at, change.ended_at) for change in changes
    }
    if session.state == SessionState.RUNNING:
        times |= _times_ahead(session, plan, running_since=changes[-1].started_at, now=now)
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


def _times_ahead(
    session: InfusionSession, plan: RatePlan, *, running_since: datetime, now: datetime
) -> dict[int, tuple[datetime, datetime | None]]:
    """From the present step on, each confirmed as soon as it may be; a late one shifts the rest."""
    times: dict[int, tuple[datetime, datetime | None]] = {}
    first, begins = session.step_index, running_since
    if session.step_due_at and session.step_due_at < now:
        times[first] = (running_since, now)
        first, begins = first + 1, now
    ahead = lay_out(plan, begins, first_step_index=first, already_given_ml=given_ml(session, begins))
    return times | {item.step.index: (item.planned_start, item.planned_end) for item in ahead}


def _status(session: InfusionSession, index: int) -> str:
    if index == session.step_index and session.ended_at is None:
        return "current"
    return "done" if index <= session.step_index else "later"


def _next_step(session: InfusionSession, plan: RatePlan, now: datetime) -> dict[str, Any] | None:
    index = session.step_index + 1
    if session.state != SessionState.RUNNING or index >= len(plan.steps):
        return None
    gate = gate_of(session, now=now)
    return {
        "index": index,
        "rate_ml_per_kg_h": plan.steps[index].rate_ml_per_kg_h,
        "rate_ml_per_h": plan.steps[index].rate_ml_per_h,
        "due_at": session.step_due_at,
        "asked": STEP in session.asked,
        "gate": {"open": gate.open, "holds": gate.as_json()},
    }


def _observations(session: InfusionSession, guidelines: Guidelines) -> list[dict[str, Any]]:
    baseline = baseline_of(session)
    rows = Observation.objects.filter(session=session).select_related("performer").order_by("-effective_at")
    return [
        {
            "row": row,
            "findings": [
                {
                    "code": finding.rule_code,
                    "priority": finding.priority,
                    "text": fill(finding.message, finding.params),
                    "source": finding.source,
                }
                for finding in evaluate(vitals_of(row), baseline, guidelines.observation_rules)
                if not row.is_baseline
            ],
        }
        for row in rows
    ]


def _reaction(row: Reaction, guidelines: Guidelines) -> dict[str, Any]:
    term = guidelines.reaction_term(row.term)
    proposal = propose_action(term=term, severity=row.severity, grades=guidelines.grade_actions)
    return {
        "row": row,
        "term_name": in_reader_language(term.name),
        "proposal": {
            "action": proposal.action,
            "text": fill(proposal.message, {}),
            "source": proposal.source,
            "quote": proposal.quote,
        },
    }


def _actions(session: InfusionSession, plan: RatePlan) -> list[str]:
    """What may be done now: to observe and react while it is open, and what the state allows."""
    state = SessionState(session.state)
    if state in FINAL_STATES:
        return []
    pointless = {SessionCommand.START, SessionCommand.ABANDON}
    if session.step_index + 1 >= len(plan.steps):
        pointless.add(SessionCommand.CONFIRM_STEP)
    if session.step_index == 0:
        pointless.add(SessionCommand.LOWER_RATE)
    commands = [command.value for command in allowed_commands(state) if command not in pointless]
    return ["observe", "react", *commands]
