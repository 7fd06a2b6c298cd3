"""What the vitals chart draws: times, values and marks on one axis."""

from datetime import datetime
from typing import Any

from apps.alerts.selectors import alerts_of
from apps.edge.messages import fill, params_from_json
from apps.guidelines.selectors import in_reader_language
from apps.infusions.domain import VITAL_SIGNS
from apps.infusions.models import InfusionSession, Observation
from apps.infusions.reactions import valid_interventions, with_reaction_data
from apps.infusions.rows import changes_of, valid_reactions
from apps.infusions.watching import reaction_term_of


def chart_of(session: InfusionSession, rows: list[Observation], now: datetime) -> dict[str, Any]:
    """Vital signs (valid ones, in order of effective time), the rate as a staircase, and marks in words."""
    return {
        "observations": [
            {"at": row.effective_at, **{sign: getattr(row, sign) for sign in VITAL_SIGNS}} for row in rows
        ],
        "rates": [
            {"at": change.started_at, "rate_ml_per_h": change.rate_ml_per_h} for change in changes_of(session)
        ],
        "marks": sorted(
            [*_reactions(session), *_interventions(session), *_alerts(session)], key=lambda mark: mark["at"]
        ),
        "until": session.watched_until or now,
    }


def _reactions(session: InfusionSession) -> list[dict[str, Any]]:
    return [
        {
            "at": row.onset_at,
            "kind": "reaction",
            "text": in_reader_language(reaction_term_of(session, row.term).name),
        }
        for row in valid_reactions(session)
    ]


def _interventions(session: InfusionSession) -> list[dict[str, Any]]:
    kinds = with_reaction_data(session)
    return [
        {
            "at": row.given_at,
            "kind": "intervention",
            "text": row.detail or in_reader_language(kinds.intervention(row.code).name),
        }
        for row in valid_interventions(session)
    ]


def _alerts(session: InfusionSession) -> list[dict[str, Any]]:
    return [
        {
            "at": alert.raised_at,
            "kind": f"alert_{alert.priority}",
            "text": fill(alert.message, params_from_json(alert.params)),
        }
        for alert in alerts_of(f"session:{session.pk}")
    ]
