"""What a patient is asked for delayed effects, what an answer speaks for, and how often somebody tries."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from apps.guidelines.domain.bedside import AgeBounds
from apps.guidelines.domain.texts import Citation, LocalText

# How soon somebody must look, least first. `notice` asks for nothing now; it must be known.
URGENCIES = ("notice", "same_day", "emergency")
# Whom a question is for. Everyone hears it, or babies only, or people with diabetes on a product with maltose.
AUDIENCES = ("everyone", "babies", "diabetes_on_maltose")
# A symptom may be an effect; a circumstance (little to drink, a water tablet) only makes one likelier.
SYMPTOM_KINDS = ("symptom", "circumstance")


@dataclass(frozen=True, slots=True)
class Symptom:
    """One thing that is answered with yes, no or "don't know" (facts 8.1).

    `text` asks the patient, `name` is what staff read. `effects` are the codes of what a yes speaks for.
    `ages`: whom it can be asked; of a small child nobody knows whether light hurts.
    """

    code: str
    text: LocalText
    name: LocalText
    kind: str
    effects: tuple[str, ...]
    ages: AgeBounds


@dataclass(frozen=True, slots=True)
class FlagPart:
    """So many (`at_least`) of these symptoms."""

    any_of: tuple[str, ...]
    at_least: int


@dataclass(frozen=True, slots=True)
class RedFlagRule:
    """Answers that must not wait: all `parts` hold, and the time since the last dose is within bounds.

    `until_h` and `after_h` count hours from the end of the last infusion: up to and with the one, beyond the
    other; None does not bound. `name` says what it may be, `advice` tells staff what to do; `tell_patient` is what
    the patient must hear beyond what the urgency says, None for nothing more.
    """

    code: str
    urgency: str
    name: LocalText
    effects: tuple[str, ...]
    parts: tuple[FlagPart, ...]
    until_h: int | None
    after_h: int | None
    advice: LocalText
    tell_patient: LocalText | None
    citation: Citation

    @property
    def symptom_codes(self) -> tuple[str, ...]:
        """Every symptom the rule asks about, each once."""
        return tuple(dict.fromkeys(code for part in self.parts for code in part.any_of))

    def holds_at(self, hours_since_last_dose: Decimal) -> bool:
        """Whether the rule speaks at this time at all."""
        early = self.until_h is None or hours_since_last_dose <= self.until_h
        return early and (self.after_h is None or hours_since_last_dose > self.after_h)


@dataclass(frozen=True, slots=True)
class ScreeningQuestion:
    """A question of the call script in patient words, split into symptoms (facts 8.1 Q1-Q14)."""

    code: str
    title: LocalText
    audience: str
    required: bool
    symptoms: tuple[Symptom, ...]
    red_flags: tuple[RedFlagRule, ...]
    citation: Citation


@dataclass(frozen=True, slots=True)
class AttemptPlan:
    """How somebody who was not reached is tried again. Site policy.

    `wait_h` are the hours after the first, second, ... attempt in vain; the last counts for all that follow.
    After `escalate_after` attempts in vain an alert tells the ward. Nobody is called outside the calling hours.
    """

    code: str
    wait_h: tuple[int, ...]
    escalate_after: int
    citation: Citation


def symptoms_by_code(questions: tuple[ScreeningQuestion, ...]) -> Mapping[str, Symptom]:
    """Each symptom once, in the order in which it is first asked."""
    return {symptom.code: symptom for question in reversed(questions) for symptom in question.symptoms}
