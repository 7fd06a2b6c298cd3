"""Pure rules of adverse-event review: onset, severity, causality, seriousness, criteria, safe CSV cells."""

from apps.safety.domain.agreement import Topic, disagreements
from apps.safety.domain.csv_cells import neutralise
from apps.safety.domain.differential import ConditionFound, CriterionFound, Met, differential
from apps.safety.domain.expectedness import Expected, Expectedness, expectedness
from apps.safety.domain.naranjo import Total, total
from apps.safety.domain.onset import NorwegianOnset, Onset, ReviewOnset, classify_onset
from apps.safety.domain.picture import (
    Answer,
    EventPicture,
    HemolysisSeen,
    Judged,
    OtherReaction,
    RateSet,
    Said,
    Signs,
    whole_minutes,
)
from apps.safety.domain.prefill import better_without, came_back, prefill
from apps.safety.domain.review import (
    EXPECTED,
    OPEN_RECHALLENGES,
    ActionTaken,
    Dechallenge,
    Missing,
    Outcome,
    Rechallenge,
    Review,
    ReviewedReaction,
    asked_by_grade,
    missing,
    review_from_json,
)
from apps.safety.domain.signing import fingerprint
from apps.safety.domain.urgency import review_clock, review_due

__all__ = [
    "EXPECTED",
    "OPEN_RECHALLENGES",
    "ActionTaken",
    "Answer",
    "ConditionFound",
    "CriterionFound",
    "Dechallenge",
    "EventPicture",
    "Expected",
    "Expectedness",
    "HemolysisSeen",
    "Judged",
    "Met",
    "Missing",
    "NorwegianOnset",
    "Onset",
    "OtherReaction",
    "Outcome",
    "RateSet",
    "Rechallenge",
    "Review",
    "ReviewOnset",
    "ReviewedReaction",
    "Said",
    "Signs",
    "Topic",
    "Total",
    "asked_by_grade",
    "better_without",
    "came_back",
    "classify_onset",
    "differential",
    "disagreements",
    "expectedness",
    "fingerprint",
    "missing",
    "neutralise",
    "prefill",
    "review_clock",
    "review_due",
    "review_from_json",
    "total",
    "whole_minutes",
]
