"""Vital signs as they are shown: score, findings, corrections."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from apps.edge.messages import fill
from apps.infusions.domain import Finding
from apps.infusions.domain.bedside_rules import findings_on
from apps.infusions.domain.scores import Score, trend
from apps.infusions.models import InfusionSession, Observation
from apps.infusions.rows import guidelines_of, vitals_of
from apps.infusions.watching import level_of, scored, series_of
from apps.kernel.text import N_

NOT_IN_PREGNANCY = N_("The early-warning score does not hold in pregnancy: judge each vital sign.")


def shown_observations(session: InfusionSession, now: datetime) -> list[dict[str, Any]]:
    """Every set, newest first; wrong ones too, marked, without score and findings."""
    series, rules = series_of(session, now), guidelines_of(session).observation_rules
    rows = Observation.objects.filter(session=session).select_related("performer", "status_changed_by")

    return [
        {"row": row, "score": None, "findings": []}
        if row.status == Observation.Status.ENTERED_IN_ERROR
        else {
            "row": row,
            "score": _score(session, row, now),
            "findings": [shown_finding(finding) for finding in findings_on(vitals_of(row), series, rules)],
        }
        for row in rows.order_by("-effective_at", "-id")
    ]


def shown_score(session: InfusionSession, rows: list[Observation], now: datetime) -> dict[str, Any] | None:
    """The score of the newest set with its trend; `rows` are the valid ones in order of effective time."""
    if not rows:
        return None
    earlier = scored(session, vitals_of(rows[-2]), now) if len(rows) > 1 else None
    newest = scored(session, vitals_of(rows[-1]), now)
    return _score(session, rows[-1], now) | {
        "trend": trend(earlier, newest),
        "as_of": rows[-1].effective_at,
    }


def shown_finding(finding: Finding) -> dict[str, Any]:
    """A finding as a sentence with its source."""
    return {
        "code": finding.rule_code,
        "priority": finding.priority,
        "text": fill(finding.message, finding.params),
        "source": finding.source,
    }


def _score(session: InfusionSession, row: Observation, now: datetime) -> dict[str, Any]:
    score: Score = scored(session, vitals_of(row), now)
    return {
        "code": score.code,
        "note": gettext(NOT_IN_PREGNANCY) if session.pregnant else "",
        "total": score.total,
        "level": level_of(session, row, now),
        "missing": [] if session.pregnant else list(score.missing),
        "parts": [{"sign": part.sign, "points": part.points} for part in score.parts],
    }
