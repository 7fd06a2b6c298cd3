"""A session's rows as the series that the bedside rules look at."""

from datetime import datetime

from apps.guidelines.domain import Guidelines
from apps.infusions.domain.age import Age
from apps.infusions.domain.bedside_rules import SeenReaction, Series, make_series
from apps.infusions.domain.scores import Score, score_of
from apps.infusions.domain.vitals import Vitals
from apps.infusions.models import InfusionSession, Observation, Reaction
from apps.infusions.rows import age_of, vitals_of


def series_of(session: InfusionSession, *, guidelines: Guidelines, began_at: datetime) -> Series:
    """Observations and reactions of a session, those entered in error left out.

    The age is that of the day on which it `began_at`, in the ward's time; `guidelines` say what a reaction
    term means and how sets are scored.
    """
    age = age_of(session, began_at)
    rows = [row for row in session.kept("observations") if row.status != Observation.Status.ENTERED_IN_ERROR]
    seen = [row for row in session.kept("reactions") if row.status != Reaction.Status.ENTERED_IN_ERROR]
    return make_series(
        age=age,
        weight_kg=session.weight_kg,
        baseline=next((vitals_of(row) for row in rows if row.is_baseline), None),
        observations=[vitals_of(row) for row in rows],
        reactions=[symptom for row in seen for symptom in symptoms_of(row, guidelines)],
        spo2_scale=session.spo2_scale,
        score_of=lambda vitals: score_vitals(session, vitals, guidelines=guidelines, age=age),
    )


def score_vitals(session: InfusionSession, vitals: Vitals, *, guidelines: Guidelines, age: Age) -> Score:
    """The early-warning score of one set, by the score for this age; without points in pregnancy (facts 4.1)."""
    tables = () if session.pregnant else guidelines.score_tables
    return score_of(vitals, age=age, spo2_scale=session.spo2_scale, scores=tables)


def symptoms_of(row: Reaction, guidelines: Guidelines) -> list[SeenReaction]:
    """Each symptom of a reaction; one described by its leading term alone is one symptom.

    Raises DomainError `guideline_unknown_code` for a term that the guidelines do not hold.
    """
    listed = row.symptoms or [{"term": row.term, "severity": row.severity}]
    terms = [(guidelines.reaction_term(symptom["term"]), symptom["severity"]) for symptom in listed]
    return [
        SeenReaction(
            term=term.code,
            name=term.name.as_mapping(),
            organ_groups=term.organ_groups,
            severity=severity,
            onset_at=row.onset_at,
            resolved_at=row.resolved_at,
        )
        for term, severity in terms
    ]
