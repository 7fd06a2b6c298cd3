"""The step gate of a stored session, with its reasons as sentences."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from apps.alerts.selectors import has_untaken_high
from apps.edge.messages import fill
from apps.infusions.domain import GateDecision, Hold, evaluate_gate
from apps.infusions.models import InfusionSession
from apps.infusions.reactions import open_reactions
from apps.infusions.rows import baseline_of, observations_of, schedule_of, signs_needed
from apps.infusions.watching import findings_of
from apps.kernel.text import Params


@dataclass(frozen=True, slots=True)
class SessionGate:
    """A gate decision and the time zone in which its times are told."""

    decision: GateDecision
    time_zone: str

    @property
    def open(self) -> bool:
        """Whether the next step may begin."""
        return self.decision.open

    def as_json(self) -> list[dict[str, Any]]:
        """Every reason as `{code, text, source}` in the reader's language."""
        return [
            {"code": hold.code, "text": fill(hold.message, self._params(hold)), "source": hold.source}
            for hold in self.decision.holds
        ]

    def _params(self, hold: Hold) -> Params:
        zone = ZoneInfo(self.time_zone)
        return {
            name: value.astimezone(zone).time() if isinstance(value, datetime) else value
            for name, value in hold.params.items()
        }


def gate_of(session: InfusionSession, *, now: datetime) -> SessionGate:
    """Whether this running session may take its next step now."""
    assert session.step_entered_at is not None
    decision = evaluate_gate(
        step_started_at=session.step_entered_at,
        due_at=session.step_due_at or session.step_entered_at,
        observations=observations_of(session),
        baseline=baseline_of(session),
        needed=signs_needed(session, now),
        max_age_minutes=schedule_of(session).before_change_max_age_minutes,
        findings_on=findings_of(session, now),
        open_reaction=bool(open_reactions(session)),
        open_alert=has_untaken_high(f"session:{session.pk}"),
        now=now,
    )
    return SessionGate(decision=decision, time_zone=session.ward.time_zone)
