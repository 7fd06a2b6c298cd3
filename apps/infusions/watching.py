"""How a session is watched: its series of vital signs, scores, what the rules find, and when the next set is due."""

from datetime import datetime

from apps.guidelines.domain import ReactionTerm
from apps.infusions.domain import Vitals, Watched, next_observation_due
from apps.infusions.domain.bedside_rules import Series, findings_on
from apps.infusions.domain.scores import Score, ScoreLevel, level
from apps.infusions.domain.step_gate import FindingsOn
from apps.infusions.models import InfusionSession, Observation
from apps.infusions.rows import (
    age_of,
    guidelines_of,
    schedule_of,
    unbroken_since,
    valid_observations,
    vitals_of,
    with_bedside_data,
)
from apps.infusions.series import score_vitals
from apps.infusions.series import series_of as rows_as_series


def series_of(session: InfusionSession, now: datetime) -> Series:
    """Everything the bedside rules look at, by the guidelines of the session."""
    return rows_as_series(session, guidelines=with_bedside_data(session), began_at=session.started_at or now)


def reaction_term_of(session: InfusionSession, code: str) -> ReactionTerm:
    """A reaction term by the guidelines of the session."""
    return with_bedside_data(session).reaction_term(code)


def scored(session: InfusionSession, vitals: Vitals, now: datetime) -> Score:
    """The early-warning score of one set."""
    return score_vitals(
        session,
        vitals,
        guidelines=with_bedside_data(session),
        age=age_of(session, session.started_at or now),
    )


def findings_of(session: InfusionSession, now: datetime) -> FindingsOn:
    """What the bedside rules say of a set of vital signs within this session."""
    series, rules = series_of(session, now), guidelines_of(session).observation_rules
    return lambda vitals: findings_on(vitals, series, rules)


def next_due(session: InfusionSession, now: datetime, *, since: datetime | None = None) -> datetime | None:
    """When the next vital signs are due; None before the start and once the watch is over.

    Counts from the newest set, from the start, and from when the infusion went on after a pause; `since` when
    that is only just being written.
    """
    if session.started_at is None or session.watched_until is not None:
        return None
    rows = valid_observations(session)
    newest = rows[-1] if rows else None
    resumed_at = since or unbroken_since(session)
    moments = (session.started_at, resumed_at, newest.effective_at if newest else None)
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
    score = scored(session, vitals_of(row), now)
    return level(score, with_bedside_data(session).score_thresholds(score.code))
