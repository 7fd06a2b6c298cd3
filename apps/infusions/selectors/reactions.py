"""A reaction with everything recorded around it, for the adverse event."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from apps.accounts.selectors import Staff
from apps.infusions.domain import VITAL_SIGNS
from apps.infusions.in_hand import session_in_hand
from apps.infusions.models import Observation, Reaction
from apps.infusions.reactions import valid_interventions
from apps.infusions.rows import valid_observations, valid_reactions


@dataclass(frozen=True, slots=True)
class ReactionAccount:
    """What is known of a reaction. `details` holds symptoms, interventions and vital signs as JSON."""

    reaction_id: int
    session_id: int
    term: str
    severity: str
    onset_at: datetime
    action: str
    note: str
    performer: Staff
    details: dict[str, Any]

    @property
    def origin(self) -> str:
        """Its name as the origin of an adverse event."""
        return f"reaction:{self.reaction_id}"


def reaction_account(reaction_id: int) -> ReactionAccount:
    """The reaction by number, for handlers."""
    return _account(Reaction.objects.select_related("performer", "session").get(pk=reaction_id))


def reactions_of(session_id: int) -> list[ReactionAccount]:
    """Every reaction of a session that counts."""
    return [_account(row) for row in valid_reactions(session_in_hand(session_id))]


def _account(row: Reaction) -> ReactionAccount:
    return ReactionAccount(
        reaction_id=row.pk,
        session_id=row.session_id,
        term=row.term,
        severity=row.severity,
        onset_at=row.onset_at,
        action=row.action,
        note=row.note,
        performer=row.performer,
        details={
            "symptoms": row.symptoms,
            "interventions": _interventions(row),
            "resolved_at": row.resolved_at.isoformat() if row.resolved_at else None,
            "resolution_note": row.resolution_note,
            **_vitals(row),
        },
    )


def _interventions(row: Reaction) -> list[dict[str, Any]]:
    given = valid_interventions(row.session).filter(reaction=row).select_related("performer")
    return [
        {
            "code": item.code,
            "detail": item.detail,
            "given_at": item.given_at.isoformat(),
            "by": item.performer.display_name,
        }
        for item in given
    ]


def _vitals(row: Reaction) -> dict[str, Any]:
    """The baseline, and the sets nearest to the onset on either side."""
    sets = valid_observations(row.session)
    before = [taken for taken in sets if taken.effective_at <= row.onset_at]
    after = [taken for taken in sets if taken.effective_at > row.onset_at]
    baseline = next((taken for taken in sets if taken.is_baseline), None)
    return {
        "baseline": _as_json(baseline),
        "vitals_before": _as_json(before[-1]) if before else None,
        "vitals_after": _as_json(after[0]) if after else None,
    }


def _as_json(row: Observation | None) -> dict[str, Any] | None:
    if row is None:
        return None
    values = {sign: getattr(row, sign) for sign in VITAL_SIGNS}
    measured = {sign: str(value) for sign, value in values.items() if value not in (None, "")}
    return {"effective_at": row.effective_at.isoformat(), **measured}
