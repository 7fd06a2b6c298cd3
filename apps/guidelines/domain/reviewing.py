"""What a physician's review of an adverse event goes by: severity, causality, seriousness, labels, criteria."""

from dataclasses import dataclass
from decimal import Decimal

from apps.guidelines.domain.texts import Citation, LocalText

FREQUENCIES = (
    "very_common",
    "common",
    "uncommon",
    "rare",
    "very_rare",
    "not_known",
    "isolated",
    "warning",
    "stated",
)
DENOMINATORS = ("patient", "infusion")
# What of the record is read to propose an answer to a question on causality.
PREFILLS = (
    "listed",
    "after_drug",
    "better_without",
    "came_back",
    "none",
    "placebo",
    "toxic_level",
    "followed_dose",
    "similar_before",
    "measured",
)
# What a criterion looks at, and the figure it cannot do without.
TESTS = {
    "while_running": None,
    "after_increase": "minutes",
    "onset_within": "hours",
    "symptoms": None,
    "severe_symptoms": None,
    "no_symptoms": None,
    "passed_after_less": None,
    "low_pressure": "fall_percent",
    "low_oxygen": "below_percent",
    "low_oxygen_on_air": "below_percent",
    "laboratory_fall": "by",
    "laboratory_abnormal": None,
    "laboratory_markers": "count",
    "ask": None,
}


@dataclass(frozen=True, slots=True)
class SeverityScale:
    """A grading scale and its version, such as CTCAE 5.0."""

    code: str
    version: str
    name: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class SeverityTerm:
    """A term with its grades in the source's words; a grade that is not there does not exist for it.

    `for_terms`: codes the ward records under that are looked for here first. `note` is the source's own.
    """

    code: str
    scale: str
    term: str
    organ_class: str
    name: LocalText
    for_terms: tuple[str, ...]
    grades: tuple[tuple[int, str], ...]
    note: str
    caution: LocalText | None
    citation: Citation

    def grade(self, number: int) -> str | None:
        """The source's words for a grade; None where the term has no such grade."""
        return dict(self.grades).get(number)


@dataclass(frozen=True, slots=True)
class CausalityBand:
    """What a total means; `at_least` None is the lowest band."""

    code: str
    at_least: int | None
    name: LocalText


@dataclass(frozen=True, slots=True)
class CausalityQuestion:
    """A question with what "yes" and "no" score; not known and not applicable score nothing."""

    code: str
    text: LocalText
    yes: int
    no: int
    prefill: str


@dataclass(frozen=True, slots=True)
class CausalityScale:
    """A scale of questions, its bands from the highest down."""

    code: str
    version: str
    name: str
    bands: tuple[CausalityBand, ...]
    questions: tuple[CausalityQuestion, ...]
    citation: Citation


@dataclass(frozen=True, slots=True)
class Criterion:
    """One point that is met or not."""

    code: str
    text: LocalText


@dataclass(frozen=True, slots=True)
class CausalityCategory:
    """A category with the points all of which should reasonably be met; `e2b_word` is at most 60 characters."""

    code: str
    scale: str
    name: LocalText
    e2b_word: str
    criteria: tuple[Criterion, ...]
    citation: Citation


@dataclass(frozen=True, slots=True)
class SeriousnessCriterion:
    """One of the six; `letter` as in E.i.3.2. `asked_by_grade` only makes the review ask."""

    code: str
    letter: str
    name: LocalText
    help: LocalText
    asked_by_grade: int | None
    citation: Citation


@dataclass(frozen=True, slots=True)
class LabelledReaction:
    """What a label lists under these words, and in which band."""

    terms: tuple[str, ...]
    words: str
    frequency: str


@dataclass(frozen=True, slots=True)
class ReactionLabel:
    """One version of one label. `not_listed`: looked for in it and not found."""

    code: str
    product_codes: tuple[str, ...]
    title: str
    version: str
    denominator: str
    complete: bool
    reactions: tuple[LabelledReaction, ...]
    not_listed: tuple[str, ...]
    citation: Citation

    def listed(self, term: str) -> LabelledReaction | None:
        """The entry that holds this term; None when none does."""
        return next((one for one in self.reactions if term in one.terms), None)


@dataclass(frozen=True, slots=True)
class CriterionTest:
    """What is looked at in the record: one of `TESTS`, its terms, its analyte, its figure."""

    test: str
    terms: tuple[str, ...]
    analyte: str
    figure: Decimal | None


@dataclass(frozen=True, slots=True)
class ConditionCriterion:
    """A criterion of a condition; one test that is met meets it."""

    code: str
    text: LocalText
    tests: tuple[CriterionTest, ...]


@dataclass(frozen=True, slots=True)
class SuspectedCondition:
    """What an event may be: all of `needs`, all of one of `sets`, and `at_least` of `among`, one `of_which`."""

    code: str
    name: LocalText
    criteria: tuple[ConditionCriterion, ...]
    needs: tuple[str, ...]
    sets: tuple[tuple[str, ...], ...]
    at_least: int
    among: tuple[str, ...]
    of_which: tuple[str, ...]
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class ReviewClock:
    """How soon an event is to be reviewed, and when one that nobody reviewed calls."""

    code: str
    name: LocalText
    severities: tuple[str, ...]
    terms: tuple[str, ...]
    alert_after_hours: Decimal
    priority: str
    citation: Citation
