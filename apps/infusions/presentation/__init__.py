"""A session as its page and the API show it: plan, volume, what is due, and why."""

from datetime import datetime, timedelta
from typing import Any

from apps.accounts.selectors import Staff
from apps.alerts.selectors import open_alerts
from apps.edge.messages import fill
from apps.infusions.domain import (
    FINAL_STATES,
    RatePlan,
    SessionCommand,
    SessionState,
    allowed_commands,
    grams_given,
    hung_ml,
    mg_per_kg_min,
    to_tenth_ml,
)
from apps.infusions.models import InfusionSession
from apps.infusions.planning import plan_of
from apps.infusions.presentation.chart import chart_of
from apps.infusions.presentation.observations import shown_observations, shown_score
from apps.infusions.presentation.reactions import shown_reactions
from apps.infusions.presentation.steps import shown_next_step, shown_restart, shown_steps
from apps.infusions.presentation.vials import shown_vials
from apps.infusions.rows import (
    given_ml,
    guidelines_of,
    hung_of,
    last_change,
    last_running,
    signs_needed,
    valid_observations,
)
from apps.infusions.selectors.handovers import open_offer
from apps.infusions.timeline import timeline_of


def present(session: InfusionSession, *, now: datetime, viewer: Staff | None = None) -> dict[str, Any]:
    """Everything the bedside page shows to a person, ready for SessionSerializer."""
    guidelines = guidelines_of(session)
    plan = plan_of(session)
    given = given_ml(session, now)
    rate = last_change(session)
    runs = rate is not None and rate.rate_ml_per_h > 0
    rows = valid_observations(session)
    return {
        "session": session,
        "patient": session.patient,
        "product": guidelines.product(session.product_code),
        "baseline": next((row for row in rows if row.is_baseline), None),
        "plan": {
            "steps": shown_steps(session, plan, now),
            "ceiling": {
                "rate_ml_per_kg_h": plan.ceiling.rate_ml_per_kg_h,
                "reason": fill(plan.ceiling.message, plan.ceiling.params),
                "source": plan.ceiling.source,
            },
        },
        "rate_ml_per_h": rate.rate_ml_per_h if rate and runs else None,
        "rate_ml_per_kg_h": rate.rate_ml_per_kg_h if rate and runs else None,
        "rate_mg_per_kg_min": mg_per_kg_min(rate.rate_ml_per_kg_h, session.concentration_mg_per_ml)
        if rate and runs
        else None,
        "volume_given_ml": to_tenth_ml(given),
        "difference_ml": to_tenth_ml(given - session.volume_total_ml) if session.ended_at else None,
        "hung_left_ml": to_tenth_ml(hung_ml(hung_of(session)) - given),
        "grams_given": grams_given(given, session.concentration_mg_per_ml),
        "as_of": now,
        "watch_ends_at": session.ended_at
        and session.ended_at + timedelta(minutes=session.watch_minutes_after),
        "watching": session.ended_at is not None and session.watched_until is None,
        "signs_needed": list(signs_needed(session, now)),
        "score": shown_score(session, rows, now),
        "next_step": shown_next_step(session, plan, now),
        "restart": shown_restart(session),
        "observations": shown_observations(session, now),
        "chart": chart_of(session, rows, now),
        "timeline": timeline_of(session, guidelines),
        "vials": shown_vials(session, given),
        "alerts": open_alerts(f"session:{session.pk}"),
        "reactions": shown_reactions(session, viewer, now),
        "handover": open_offer(session),
        "actions": _actions(session, plan),
        "server_now": now,
    }


def _actions(session: InfusionSession, plan: RatePlan) -> list[str]:
    """What may be done now: to observe while somebody watches, to react while it is open, what the state allows."""
    state = SessionState(session.state)
    if state in FINAL_STATES:
        return ["observe", "react", "hand_over", "end_watch"] if session.watched_until is None else []
    if state is SessionState.PREPARED:
        return ["start", "hand_over", "abandon"]
    running = last_running(session)
    at_top = running is None or running.rate_ml_per_h >= plan.steps[-1].rate_ml_per_h
    pointless = {SessionCommand.CONFIRM_STEP, SessionCommand.STAY} if at_top else set()
    if running is None or running.rate_ml_per_h <= plan.steps[0].rate_ml_per_h:
        pointless.add(SessionCommand.LOWER_RATE)
    commands = [command.value for command in allowed_commands(state) if command not in pointless]
    return ["observe", "react", "hang_vial", "hand_over", *commands]
