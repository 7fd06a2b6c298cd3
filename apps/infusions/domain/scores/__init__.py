"""Early-warning scores: NEWS2 for adults, Bedside PEWS for children, reference ranges by age."""

from apps.infusions.domain.scores.adults import NEWS2, NEWS2_SIGNS, news2
from apps.infusions.domain.scores.children import BEDSIDE_PEWS, BEDSIDE_PEWS_SIGNS, bedside_pews
from apps.infusions.domain.scores.choosing import Trend, score_of, trend
from apps.infusions.domain.scores.levels import LEVEL_MESSAGES, ScoreLevel, level
from apps.infusions.domain.scores.reference_ranges import child_hypotension_limit_mmhg, reference_range_for
from apps.infusions.domain.scores.score import Score, ScorePart

__all__ = [
    "BEDSIDE_PEWS",
    "BEDSIDE_PEWS_SIGNS",
    "LEVEL_MESSAGES",
    "NEWS2",
    "NEWS2_SIGNS",
    "Score",
    "ScoreLevel",
    "ScorePart",
    "Trend",
    "bedside_pews",
    "child_hypotension_limit_mmhg",
    "level",
    "news2",
    "reference_range_for",
    "score_of",
    "trend",
]
