"""How urgent a score is."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Protocol

from apps.infusions.domain.scores.score import Score
from apps.kernel.text import N_


class ScoreLevel(StrEnum):
    """Levels of response, mildest first; `single` is one sign with 3 points below the urgent total."""

    NONE = "none"
    LOW = "low"
    SINGLE = "single"
    URGENT = "urgent"
    EMERGENCY = "emergency"

    @property
    def sentence(self) -> str:
        """What the level calls for, in English, for the board."""
        return _SENTENCES[self]


_SENTENCES = {
    ScoreLevel.NONE: N_("No warning points: observe as planned."),
    ScoreLevel.LOW: N_("Warning points below the threshold for calling help: a nurse assesses the patient."),
    ScoreLevel.SINGLE: N_("One vital sign is far outside its range: tell the treating team."),
    ScoreLevel.URGENT: N_("Urgent: tell the treating team at once, the patient must be assessed now."),
    ScoreLevel.EMERGENCY: N_("Emergency: call the critical care team to the patient now."),
}
LEVEL_MESSAGES = tuple(_SENTENCES.values())
_INCOMPLETE_FROM = (ScoreLevel.SINGLE, ScoreLevel.URGENT, ScoreLevel.EMERGENCY)


class Threshold(Protocol):
    """From which total, or which points of any one sign, a level is reached."""

    @property
    def level(self) -> str: ...
    @property
    def total_from(self) -> int | None: ...
    @property
    def part_from(self) -> int | None: ...


def level(score: Score, thresholds: Iterable[Threshold]) -> ScoreLevel | None:
    """The highest level that a score reaches (clinical facts 4.1, 4.2).

    An incomplete set is never called mild: its level is None, until what was measured already reaches
    `single` or more by itself; what is missing could only add to it (facts 9.3 rule 4).
    """
    reached = [ScoreLevel(threshold.level) for threshold in thresholds if _reaches(score, threshold)]
    highest = max(reached, key=list(ScoreLevel).index, default=None)
    return None if score.missing and highest not in _INCOMPLETE_FROM else highest


def _reaches(score: Score, threshold: Threshold) -> bool:
    known = sum(part.points or 0 for part in score.parts)
    if threshold.part_from is not None:
        return score.highest_part >= threshold.part_from
    return threshold.total_from is not None and known >= threshold.total_from
