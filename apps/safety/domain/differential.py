"""What an event may be: criterion by criterion met, not met, or not known from the record. Diagnoses nothing.

Rules and sources: suspected_conditions.yaml (clinical facts 3.3, 5.1, 5.3, 5.4).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from apps.guidelines.domain import ConditionCriterion, SuspectedCondition
from apps.safety.domain.criteria import judge_test
from apps.safety.domain.picture import Answer, EventPicture, Judged, Said


class Met(StrEnum):
    """How far a condition's criteria are fulfilled."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class CriterionFound:
    """A criterion, what is known of it, and whether a physician said so (`by_hand`)."""

    code: str
    answer: Answer
    why: tuple[Said, ...]
    by_hand: bool


@dataclass(frozen=True, slots=True)
class ConditionFound:
    """A condition with its criteria; `met` is about the criteria, not a diagnosis."""

    code: str
    met: Met
    criteria: tuple[CriterionFound, ...]


def differential(
    conditions: Iterable[SuspectedCondition], picture: EventPicture, by_hand: Mapping[str, Answer]
) -> tuple[ConditionFound, ...]:
    """Every condition. `by_hand`: "condition.criterion" -> what a physician says where the record is silent."""
    return tuple(_condition(condition, picture, by_hand) for condition in conditions)


def _condition(
    condition: SuspectedCondition, picture: EventPicture, by_hand: Mapping[str, Answer]
) -> ConditionFound:
    criteria = tuple(
        _criterion(one, picture, by_hand.get(f"{condition.code}.{one.code}")) for one in condition.criteria
    )
    answers = {found.code: found.answer for found in criteria}
    return ConditionFound(condition.code, _met(condition, answers), criteria)


def _criterion(criterion: ConditionCriterion, picture: EventPicture, said: Answer | None) -> CriterionFound:
    judged = [judge_test(test, picture) for test in criterion.tests]
    answer = _any([one.answer for one in judged])
    if said in (Answer.YES, Answer.NO):
        return CriterionFound(criterion.code, said, tuple(one.why for one in judged), by_hand=True)
    speaking = [one for one in judged if one.answer is answer] or judged
    return CriterionFound(criterion.code, answer, _unique(speaking), by_hand=False)


def _unique(judged: Sequence[Judged]) -> tuple[Said, ...]:
    found: list[Said] = []
    for one in judged:
        if one.why not in found:
            found.append(one.why)
    return tuple(found)


def _met(condition: SuspectedCondition, answers: Mapping[str, Answer]) -> Met:
    parts = [answers[code] for code in condition.needs]
    if condition.sets:
        parts.append(_any([_all([answers[code] for code in one]) for one in condition.sets]))
    if condition.among:
        parts.append(_enough(condition.at_least, [answers[code] for code in condition.among]))
    if condition.of_which:
        parts.append(_any([answers[code] for code in condition.of_which]))
    return {Answer.YES: Met.MET, Answer.NO: Met.NOT_MET}.get(_all(parts), Met.UNKNOWN)


def _enough(at_least: int, answers: Sequence[Answer]) -> Answer:
    sure = sum(answer is Answer.YES for answer in answers)
    open_still = sum(answer is Answer.UNKNOWN for answer in answers)
    if sure >= at_least:
        return Answer.YES
    return Answer.UNKNOWN if sure + open_still >= at_least else Answer.NO


def _any(answers: Sequence[Answer]) -> Answer:
    """One yes is enough; "no" needs every one of them."""
    if Answer.YES in answers:
        return Answer.YES
    return Answer.NO if all(answer is Answer.NO for answer in answers) else Answer.UNKNOWN


def _all(answers: Sequence[Answer]) -> Answer:
    """One no is enough; "yes" needs every one of them."""
    if Answer.NO in answers:
        return Answer.NO
    return Answer.YES if all(answer is Answer.YES for answer in answers) else Answer.UNKNOWN
