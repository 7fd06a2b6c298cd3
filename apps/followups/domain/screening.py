"""What a patient's answers mean: how urgent, which effect, and what is still not known. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import IntEnum, StrEnum

from apps.guidelines.domain import (
    Citation,
    RedFlagRule,
    ScreeningQuestion,
    Symptom,
    symptoms_by_code,
)
from apps.guidelines.domain.bedside import Aged
from apps.kernel.errors import DomainError
from apps.kernel.text import N_

# A baby is a child of less than a year; derived, for the source speaks of newborns (clinical facts 5.1 D-15).
_BABY_BELOW_MONTHS = 12


class Answer(StrEnum):
    """What a patient says of one symptom. Unknown was asked and not known; it is never no."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Urgency(IntEnum):
    """How soon somebody must look."""

    NONE = 0
    SAME_DAY = 1
    EMERGENCY = 2


_ANSWERS = frozenset(answer.value for answer in Answer)
_URGENCY = {"notice": Urgency.NONE, "same_day": Urgency.SAME_DAY, "emergency": Urgency.EMERGENCY}


@dataclass(frozen=True, slots=True)
class RedFlag:
    """A rule that holds, and the symptoms with yes that made it so.

    `urgency` NONE is a notice: nothing to be done at once, but somebody must know.
    """

    code: str
    urgency: Urgency
    effects: tuple[str, ...]
    symptom_codes: tuple[str, ...]
    citation: Citation
    rule: RedFlagRule


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the answers come to.

    `flags` are red flags, most urgent first; `notices` hold but ask for nothing at once. `reported` are the symptoms
    with yes that may be an effect. `unanswered` are required symptoms nobody has asked yet, `unknown` those answered
    with "don't know": neither ever counts as no.
    """

    urgency: Urgency
    flags: tuple[RedFlag, ...]
    notices: tuple[RedFlag, ...]
    reported: tuple[str, ...]
    unanswered: tuple[str, ...]
    unknown: tuple[str, ...]

    @property
    def is_complete(self) -> bool:
        """Whether every required symptom has a yes or a no."""
        return not self.unanswered and not self.unknown

    @property
    def shows_no_effect(self) -> bool:
        """Whether it is known that there is no sign of an effect: all asked, all answered, none with yes."""
        return self.is_complete and not self.reported and not self.flags


def judge_answers(
    *,
    questions: Sequence[ScreeningQuestion],
    answers: Mapping[str, Answer],
    hours_since_last_dose: Decimal | float,
    also: Sequence[ScreeningQuestion] = (),
) -> Judgement:
    """Judge a patient's answers by symptom code; `hours_since_last_dose` from the end of the last infusion.

    `questions` are those this patient is asked and must answer; the answers to `also` are judged too, but none of
    them is missed. A further yes never makes it less urgent. Source: clinical facts 8.1, each rule with its citation.
    """
    hours = Decimal(str(hours_since_last_dose))
    every = (*questions, *(question for question in also if question not in questions))
    yes = frozenset(code for code, answer in answers.items() if answer is Answer.YES)
    fired = sorted(
        (
            _flag(rule, yes)
            for question in every
            for rule in question.red_flags
            if rule.holds_at(hours)
            and all(len(yes.intersection(part.any_of)) >= part.at_least for part in rule.parts)
        ),
        key=lambda flag: -flag.urgency,
    )
    required = symptoms_by_code(tuple(question for question in questions if question.required))
    return Judgement(
        urgency=max((flag.urgency for flag in fired), default=Urgency.NONE),
        flags=tuple(flag for flag in fired if flag.urgency),
        notices=tuple(flag for flag in fired if not flag.urgency),
        reported=tuple(
            code for code, symptom in symptoms_by_code(every).items() if code in yes and _is_effect(symptom)
        ),
        unanswered=tuple(code for code in required if code not in answers),
        unknown=tuple(code for code in required if answers.get(code) is Answer.UNKNOWN),
    )


def questions_for(
    questions: Iterable[ScreeningQuestion], *, age: Aged, diabetes_on_maltose: bool
) -> tuple[ScreeningQuestion, ...]:
    """The questions this patient is asked, without what a small child cannot tell.

    `diabetes_on_maltose`: has diabetes and was given a product with maltose (clinical facts 2.4).
    """
    audiences = {"everyone"}
    if age.months < _BABY_BELOW_MONTHS:
        audiences.add("babies")
    if diabetes_on_maltose:
        audiences.add("diabetes_on_maltose")
    return tuple(
        narrowed
        for question in questions
        if question.audience in audiences and (narrowed := _narrowed(question, age)).symptoms
    )


def parse_answers(answers: Mapping[str, str], questions: Sequence[ScreeningQuestion]) -> dict[str, Answer]:
    """Answers as they were sent, by symptom code.

    Raises DomainError `symptom_unknown` or `answer_unknown`: a misspelt code would lose a yes.
    """
    known = symptoms_by_code(tuple(questions))
    parsed = {}
    for code, answer in answers.items():
        if code not in known:
            raise DomainError("symptom_unknown", N_("“%(code)s” is not among the questions."), code=code)
        if answer not in _ANSWERS:
            raise DomainError("answer_unknown", N_("Answer “%(code)s” with yes, no or unknown."), code=code)
        parsed[code] = Answer(answer)
    return parsed


def _flag(rule: RedFlagRule, yes: frozenset[str]) -> RedFlag:
    return RedFlag(
        code=rule.code,
        urgency=_URGENCY[rule.urgency],
        effects=rule.effects,
        symptom_codes=tuple(code for code in rule.symptom_codes if code in yes),
        citation=rule.citation,
        rule=rule,
    )


def _is_effect(symptom: Symptom) -> bool:
    return symptom.kind == "symptom"


def _narrowed(question: ScreeningQuestion, age: Aged) -> ScreeningQuestion:
    told = tuple(symptom for symptom in question.symptoms if symptom.ages.includes(age))
    return question if told == question.symptoms else replace(question, symptoms=told)
