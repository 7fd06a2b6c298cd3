"""What was written down in an infusion, as its record shows it: each line with its time and its person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TypeAlias

from apps.infusions.domain import Vitals
from apps.infusions.domain.scores.score import Score
from apps.kernel.text import Params, Phrase

# A guideline's wording in every language, a text of the product, or words that stay as they are.
Name: TypeAlias = Mapping[str, str] | Phrase | str

# Site policy: what is typed this long after its bedside time says when it was typed.
LATE_AFTER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Sentence:
    """An English %-template with what fills it (see `apps.kernel.text.Param`)."""

    message: str
    params: Params


@dataclass(frozen=True, slots=True)
class Written:
    """When something was at the bedside, when it was typed, and by whom."""

    at: datetime
    recorded_at: datetime
    by: str

    @property
    def late(self) -> bool:
        """Whether it was typed well after its bedside time."""
        return self.recorded_at - self.at >= LATE_AFTER


@dataclass(frozen=True, slots=True)
class Correction:
    """That an entry was marked as wrong."""

    at: datetime
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class RateLine:
    """From `written.at` on the pump ran at this rate, until the next line.

    `kind`: started, raised, lowered, unchanged, paused, resumed or ended.
    """

    written: Written
    kind: str
    rate_ml_per_h: Decimal
    rate_ml_per_kg_h: Decimal
    rate_mg_per_kg_min: Decimal
    reason: str


@dataclass(frozen=True, slots=True)
class VialLine:
    """A vial or bag that was hung."""

    number: int
    written: Written
    lot_number: str
    expires_on: date
    gtin: str
    serial: str
    volume_ml: Decimal | None
    correction: Correction | None


@dataclass(frozen=True, slots=True)
class NotDone:
    """Why a sign was not measured: `code` is refused or not_possible."""

    sign: Name
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class ObservationLine:
    """One set of vital signs. `told` names the signs that are told in words, such as consciousness.

    `replaced_by_at` and `replaces_at` are the bedside times of the sets that correct it and that it corrects.
    """

    written: Written
    vitals: Vitals
    is_baseline: bool
    score: Score | None
    told: Mapping[str, Name]
    not_done: tuple[NotDone, ...]
    note: str
    correction: Correction | None
    replaced_by_at: datetime | None
    replaces_at: datetime | None


@dataclass(frozen=True, slots=True)
class Symptom:
    """What was seen, and how bad; `severity` is mild, moderate or severe."""

    term: Name
    severity: str


@dataclass(frozen=True, slots=True)
class ReactionLine:
    """A reaction; `action` is the code of what was done with the infusion at once."""

    number: int
    written: Written
    symptoms: tuple[Symptom, ...]
    action: str
    note: str
    resolved_at: datetime | None
    resolved_by: str


@dataclass(frozen=True, slots=True)
class InterventionLine:
    """What was done or given for the patient; `reaction_number` says because of which reaction."""

    number: int
    written: Written
    name: Name
    detail: str
    reaction_number: int | None
    correction: Correction | None


@dataclass(frozen=True, slots=True)
class AlertLine:
    """An alert of this infusion, who was called (when, names) while nobody had taken it, and who took it."""

    number: int
    raised_at: datetime
    priority: str
    text: Sentence
    calls: tuple[tuple[datetime, str], ...]
    acknowledged_at: datetime | None
    acknowledged_by: str
    resolved_at: datetime | None


@dataclass(frozen=True, slots=True)
class HandoverLine:
    """The patient passed from one nurse to another."""

    offered_at: datetime
    given_by: str
    given_to: str
    note: str
    accepted_at: datetime | None
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened, as a sentence."""

    at: datetime
    text: Sentence
    by: str


def rate_kind(before_ml_per_h: Sequence[Decimal], rate_ml_per_h: Decimal, *, ended: bool) -> str:
    """What a rate is after the earlier ones: started, raised, lowered, unchanged, paused, resumed or ended."""
    if not rate_ml_per_h:
        return "ended" if ended else "paused"
    if not before_ml_per_h:
        return "started"
    last = before_ml_per_h[-1]
    if not last:
        return "resumed"
    if rate_ml_per_h == last:
        return "unchanged"
    return "raised" if rate_ml_per_h > last else "lowered"
