"""How a session is watched: its series of vital signs, scores, what the rules find, and when the next set is due."""

from dataclasses import asdict
from datetime import datetime

from apps.guidelines.domain import ReactionTerm
from apps.guidelines.selectors import current_guidelines
from apps.infusions.domain import Vitals, Watched, next_observation_due
from apps.infusions.domain.bedside_rules import SeenReaction, Series, findings_on, make_series
from apps.infusions.domain.scores import Score, ScoreLevel, level, score_of
from apps.infusions.domain.step_gate import FindingsOn
from apps.infusions.models import InfusionSession, Observation, Reaction
from apps.infusions.rows import (
    age_of,
    baseline_of,
    guidelines_of,
    observations_of,
    schedule_of,
    valid_observations,
    vitals_of,
    with_bedside_data,
)


def series_of(session: InfusionSession, now: datetime) -> Series:
    """Everything the bedside rules look at, in order of effective time."""
    seen = [
        _seen(session, row, symptom)
        for row in Reaction.objects.filter(session=session)
        for symptom in row.symptoms
    ]
    return make_series(
        age=age_of(session, now),
        weight_kg=session.weight_kg,
        baseline=baseline_of(session),
        observations=observations_of(session),
        reactions=seen,
        score_of=lambda vitals: score_vitals(session, vitals, now),
    )


def _seen(session: InfusionSession, row: Reaction, symptom: dict[str, str]) -> SeenReaction:
    term = reaction_term_of(session, symptom["term"])
    return SeenReaction(
        term=term.code,
        name=asdict(term.name),
        organ_groups=term.organ_groups,
        severity=symptom["severity"],
        onset_at=row.onset_at,
        resolved_at=row.resolved_at,
    )


def reaction_term_of(session: InfusionSession, code: str) -> ReactionTerm:
    """A reaction term by the session's guideline, or by today's for terms that came later."""
    pinned = guidelines_of(session)
    known = code in {term.code for term in pinned.reaction_terms}
    return (pinned if known else current_guidelines()).reaction_term(code)


def score_vitals(session: InfusionSession, vitals: Vitals, now: datetime) -> Score:
    """The early-warning score of one set, by the score for this age; without points in pregnancy (facts 4.1)."""
    return score_of(
        vitals,
        age=age_of(session, now),
        spo2_scale=session.spo2_scale,
        scores=() if session.pregnant else with_bedside_data(session).score_tables,
    )


def findings_of(session: InfusionSession, now: datetime) -> FindingsOn:
    """What the bedside rules say of a set of vital signs within this session."""
    series, rules = series_of(session, now), guidelines_of(session).observation_rules
    return lambda vitals: findings_on(vitals, series, rules)


def next_due(session: InfusionSession, now: datetime, *, since: datetime | None = None) -> datetime | None:
    """When the next vital signs are due; None before the start and once the watch is over.

    Counts from the newest set, from the start, and from `since` when the infusion was resumed then.
    """
    if session.started_at is None or session.watched_until is not None:
        return None
    rows = valid_observations(session)
    newest = rows[-1] if rows else None
    moments = (session.started_at, since, newest.effective_at if newest else None)
    watched = Watched(
        started_at=session.started_at,
        ended_at=session.ended_at,
        watch_minutes_after=session.watch_minutes_after,
        observed_at=max(moment for moment in moments if moment is not None),
        score_level=level_of(session, newest, now) or ScoreLevel.NONE,
    )
    return next_observation_due(schedule_of(session), watched)


def level_of(session: InfusionSession, row: Observation | None, now: datetime) -> ScoreLevel | None:
    """How worrying the score of a stored set is; None when it cannot be told."""
    if row is None:
        return None
    score = score_vitals(session, vitals_of(row), now)
    return level(score, with_bedside_data(session).score_thresholds(score.code))
