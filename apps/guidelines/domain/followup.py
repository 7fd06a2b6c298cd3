"""What is asked of a patient after immunoglobulin: when, of whom, and why (clinical facts 5, 8)."""

from dataclasses import dataclass
from decimal import Decimal

from apps.guidelines.domain.texts import Citation, LocalText

# What a check counts from: the first dose of the course, the last one, or each infusion day after the first.
ANCHORS = ("first_dose", "last_dose", "each_day")
# What somebody is asked to do; a hold only runs out, a look-back never does.
ASKED_KINDS = ("observation", "call", "visit", "laboratory")
KINDS = (*ASKED_KINDS, "hold", "look_back")


@dataclass(frozen=True, slots=True)
class FollowUpItem:
    """A question to the patient, or a laboratory test."""

    code: str
    text: LocalText


@dataclass(frozen=True, slots=True)
class FollowUpRule:
    """A check for delayed effects; hours count from its anchor (facts 5.1, 8).

    `first_dose` counts from the start of the first infusion, `last_dose` from the end of the last one so far,
    `each_day` from midnight, in the ward's time, before each infusion day after the first. `for_facts`: any one
    of these facts about the patient calls for the check; none named means everybody. `question_codes` are
    screening questions, `analyte_codes` laboratory tests. A hold lasts as long as the longest of the live-vaccine
    intervals `interval_codes` names, where it names any. `closes_after_h` is None where nothing ever closes.
    What is `urgent` is asked at once after an outage, and first.
    """

    code: str
    effect: str
    kind: str
    name: LocalText
    opens_after_h: int
    due_after_h: int
    closes_after_h: int | None
    items: tuple[FollowUpItem, ...]
    citation: Citation
    anchor: str = "last_dose"
    for_facts: tuple[str, ...] = ()
    question_codes: tuple[str, ...] = ()
    analyte_codes: tuple[str, ...] = ()
    interval_codes: tuple[str, ...] = ()
    urgent: bool = False

    @property
    def is_asked(self) -> bool:
        """Whether somebody is asked to do something, so that it falls due and can be overdue."""
        return self.kind in ASKED_KINDS


@dataclass(frozen=True, slots=True)
class FactCondition:
    """Facts that must all hold, with at least this dose of the whole course (None: any dose).

    `short_of_mg_per_kg`: only where at least that was ordered and the course comes to less (None: always), and at
    least `given_mg_per_kg_min` went in.
    """

    facts: tuple[str, ...]
    dose_mg_per_kg_min: Decimal | None
    short_of_mg_per_kg: Decimal | None = None
    given_mg_per_kg_min: Decimal | None = None


@dataclass(frozen=True, slots=True)
class FollowUpFact:
    """A fact about the course that calls for checks; any one of its conditions brings it (facts 2.3, 5.1).

    Without conditions it holds only where somebody noted it, or where it is known of the order.
    """

    code: str
    name: LocalText
    any_of: tuple[FactCondition, ...]
    citation: Citation


@dataclass(frozen=True, slots=True)
class RiskWindow:
    """When an effect may begin, shown as a band (facts 5.1).

    From `from_h` after the anchor until `to_h` after the last dose so far: each dose opens the window anew.
    """

    code: str
    effect: str
    name: LocalText
    anchor: str
    from_h: int
    to_h: int
    citation: Citation


@dataclass(frozen=True, slots=True)
class LearnedLate:
    """What becomes of a check whose window had closed before it was called for.

    It is done `within_h` of that moment while its effect may still begin, else kept as `missed`. `name` and `missed`
    are the words for it.
    """

    code: str
    within_h: int
    name: LocalText
    missed: LocalText
    citation: Citation


@dataclass(frozen=True, slots=True)
class CallingHours:
    """When a kind of check may fall due, in the ward's time; hours of the day, `until_hour` not included.

    `spread_minutes`: after an outage the checks of this kind that are late enter the worklist this far apart.
    """

    code: str
    kind: str
    from_hour: int
    until_hour: int
    spread_minutes: int
    citation: Citation
