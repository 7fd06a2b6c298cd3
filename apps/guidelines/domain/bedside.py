"""What the bedside and the follow-up run on: vital signs, rules on them, reactions, delayed-effect checks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol

from apps.guidelines.domain.texts import Citation, LocalText


@dataclass(frozen=True, slots=True)
class SignChoice:
    """One of the words a sign is told in."""

    code: str
    name: LocalText


@dataclass(frozen=True, slots=True)
class VitalSign:
    """A vital sign with its unit and the range a typed value must lie in to be believed.

    `needed_for` names the age groups (adult, child) whose sets are complete only with it.
    """

    code: str
    name: LocalText
    unit: str
    minimum: Decimal
    maximum: Decimal
    decimal_places: int
    needed_for: tuple[str, ...]

    @property
    def step(self) -> Decimal:
        """The smallest difference that can be typed."""
        return Decimal(1).scaleb(-self.decimal_places)


@dataclass(frozen=True, slots=True)
class AssessedSign:
    """A sign that is told in words, such as consciousness (facts 4.1, 4.2)."""

    code: str
    name: LocalText
    needed_for: tuple[str, ...]
    choices: tuple[SignChoice, ...]


class Aged(Protocol):
    """Completed days and completed calendar months of life."""

    @property
    def days(self) -> int: ...
    @property
    def months(self) -> int: ...


@dataclass(frozen=True, slots=True)
class AgeBounds:
    """Whom a rule is for: from the first bound on, below the second; None does not bound."""

    from_days: int | None = None
    below_days: int | None = None
    from_months: int | None = None
    below_months: int | None = None

    def includes(self, age: Aged) -> bool:
        """Whether a person of this age is meant."""
        return all(
            (
                self.from_days is None or age.days >= self.from_days,
                self.below_days is None or age.days < self.below_days,
                self.from_months is None or age.months >= self.from_months,
                self.below_months is None or age.months < self.below_months,
            )
        )


@dataclass(frozen=True, slots=True)
class RuleCondition:
    """What one test asks: of a sign, of open reactions, of other rules, or of parts that must be there together.

    `sign` is a vital sign, an assessed sign or a score, empty where the test asks of none. `threshold` is in
    the unit of the sign; `parameters` are further numbers the test needs. Reactions are named by
    `organ_groups` or `terms`, with `severities` only those so graded; `rules` by their codes.
    """

    test: str
    sign: str = ""
    threshold: Decimal | None = None
    parameters: Mapping[str, Decimal] = field(default_factory=dict)
    organ_groups: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    parts: tuple["RulePart", ...] = ()


@dataclass(frozen=True, slots=True)
class RulePart:
    """One thing that must be there for a combination; any one of its conditions will do."""

    any_of: tuple[RuleCondition, ...]


@dataclass(frozen=True, slots=True)
class ScoreInterval:
    """At this level of an early-warning score or worse, vital signs are due at least this often."""

    level: str
    every_minutes: int


@dataclass(frozen=True, slots=True)
class ObservationSchedule:
    """When vital signs are due, in minutes (facts 3.1). Site policy.

    `after_end_minutes` count from the end of the infusion; 0 is the set at the end.
    """

    code: str
    baseline_max_age_minutes: int
    before_change_max_age_minutes: int
    first_phase_minutes: int
    first_phase_every_minutes: int
    afterwards_every_minutes: int
    overdue_after_minutes: int
    after_end_minutes: tuple[int, ...]
    by_score: tuple[ScoreInterval, ...]
    citation: Citation


@dataclass(frozen=True, slots=True)
class ObservationRule:
    """A bedside rule (facts 3.2, 3.3, 4.1-4.3, 5.4). Rules of one group speak with one voice.

    `spo2_scale` is NEWS2's scale that a patient must be on for the rule to count; None: either.
    """

    code: str
    group: str
    condition: RuleCondition
    ages: AgeBounds
    spo2_scale: int | None
    priority: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class GradeAction:
    """What is proposed for a reaction of this grade (facts 3.2).

    `recheck_minutes`: how soon vital signs are asked for again; None in documents from before this was said.
    """

    severity: str
    action: str
    citation: Citation
    recheck_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class ReactionTerm:
    """A reaction of the sources with its usual grade and the least that is proposed for it (facts 1.6, 1.8).

    `organ_groups` says which organs it shows itself in; empty where it points at none.
    """

    code: str
    name: LocalText
    usual_severity: str
    minimum_action: str
    organ_groups: tuple[str, ...]
    citation: Citation
