"""The Naranjo scale: total and band from ten answers. Source: Clin Pharmacol Ther 1981;30:239, in naranjo_1981.yaml."""

from collections.abc import Mapping
from dataclasses import dataclass

from apps.guidelines.domain import CausalityQuestion, CausalityScale
from apps.safety.domain.picture import Answer


@dataclass(frozen=True, slots=True)
class Total:
    """What ten answers amount to; `unanswered` counts those that nobody knows and that do not apply."""

    score: int
    band: str
    unanswered: int


def score(question: CausalityQuestion, answer: Answer) -> int:
    """What an answer counts; what is not known or does not apply counts nothing."""
    return {Answer.YES: question.yes, Answer.NO: question.no}.get(answer, 0)


def total(scale: CausalityScale, answers: Mapping[str, Answer]) -> Total:
    """The sum and its band. A question without an answer is not known."""
    given = {question.code: answers.get(question.code, Answer.UNKNOWN) for question in scale.questions}
    added = sum(score(question, given[question.code]) for question in scale.questions)
    band = next(band for band in scale.bands if band.at_least is None or added >= band.at_least)
    silent = sum(answer in (Answer.UNKNOWN, Answer.NOT_APPLICABLE) for answer in given.values())
    return Total(score=added, band=band.code, unanswered=silent)


def limits(scale: CausalityScale) -> tuple[int, int]:
    """The lowest and the highest total the scale can give."""
    lowest = sum(min(question.yes, question.no, 0) for question in scale.questions)
    return lowest, sum(max(question.yes, question.no, 0) for question in scale.questions)
