"""What a physician says of an adverse event, as one value, and what is still missing before it can be signed."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from dataclasses import field as made_by
from enum import StrEnum
from typing import Any

from apps.guidelines.domain import Guidelines
from apps.kernel.text import N_, Param, Params
from apps.safety.domain.picture import Answer

WORST_GRADE = 5
DEATH = "death"


class ActionTaken(StrEnum):
    """What was done with the product because of it."""

    STOPPED = "stopped"
    PAUSED = "paused"
    SLOWED = "slowed"
    UNCHANGED = "unchanged"
    NOT_APPLICABLE = "not_applicable"
    UNKNOWN = "unknown"


class Dechallenge(StrEnum):
    """Whether it improved when less or nothing was given."""

    IMPROVED = "improved"
    NOT_IMPROVED = "not_improved"
    NOT_DONE = "not_done"
    UNKNOWN = "unknown"


class Rechallenge(StrEnum):
    """What came of giving the product again. Where it is not known, the next course asks."""

    RECURRED = "recurred"
    NOT_RECURRED = "not_recurred"
    OUTCOME_UNKNOWN = "outcome_unknown"
    NOT_DONE = "not_done"
    UNKNOWN = "unknown"


OPEN_RECHALLENGES = frozenset({Rechallenge.OUTCOME_UNKNOWN, Rechallenge.NOT_DONE, Rechallenge.UNKNOWN})


class Outcome(StrEnum):
    """How a reaction stands (E2B E.i.7)."""

    RECOVERED = "recovered"
    RECOVERING = "recovering"
    NOT_RECOVERED = "not_recovered"
    RECOVERED_WITH_SEQUELAE = "recovered_with_sequelae"
    FATAL = "fatal"
    UNKNOWN = "unknown"


EXPECTED = ("expected", "unexpected", "not_decided")


@dataclass(frozen=True, slots=True)
class ReviewedReaction:
    """One reaction. `verbatim`: in the site's own language, kept as it was said; `term`: what the ward recorded.

    `grade` 0 is not graded yet. `seriousness`: the criteria that are met; `not_serious` says that none is.
    `grade_asked`: criteria that the grade asked about and that were answered with no.
    """

    verbatim: str = ""
    term: str = ""
    severity_term: str = ""
    grade: int = 0
    seriousness: tuple[str, ...] = ()
    not_serious: bool = False
    grade_asked: tuple[str, ...] = ()
    expectedness: str = ""
    expectedness_reason: str = ""
    outcome: str = ""

    @property
    def serious(self) -> bool | None:
        """Whether it is serious; None until somebody has said so."""
        if self.seriousness:
            return True
        return False if self.not_serious else None


@dataclass(frozen=True, slots=True)
class Review:
    """A review, complete or not. `language`: of the verbatim terms. `criteria`: "condition.criterion" -> yes or no."""

    language: str = "en"
    severity_scale: str = ""
    reactions: tuple[ReviewedReaction, ...] = (ReviewedReaction(),)
    who_umc: str = ""
    who_umc_criteria: tuple[str, ...] = ()
    naranjo: tuple[tuple[str, str], ...] = ()
    action_taken: str = ""
    dechallenge: str = ""
    rechallenge: str = ""
    suspected: tuple[str, ...] = ()
    criteria: tuple[tuple[str, str], ...] = ()
    comment: str = ""

    @property
    def naranjo_answers(self) -> dict[str, Answer]:
        """Question code -> answer."""
        return {code: Answer(answer) for code, answer in self.naranjo}

    @property
    def by_hand(self) -> dict[str, Answer]:
        """Criterion -> what the physician says."""
        return {code: Answer(answer) for code, answer in self.criteria}

    @property
    def serious(self) -> bool | None:
        """Whether any reaction is serious; None while one is undecided and none is serious."""
        said = [reaction.serious for reaction in self.reactions]
        if True in said:
            return True
        return None if None in said else False

    def as_json(self) -> dict[str, Any]:
        """The review as it is kept and signed."""
        return asdict(self) | {"naranjo": dict(self.naranjo), "criteria": dict(self.criteria)}


def review_from_json(data: Mapping[str, Any]) -> Review:
    """A kept review as a value; what it does not hold stays unsaid."""
    names = {"language", "severity_scale", "who_umc", "action_taken", "dechallenge", "rechallenge", "comment"}
    return Review(
        **{name: data[name] for name in names & set(data)},
        reactions=tuple(_reaction(one) for one in data.get("reactions", ())) or (ReviewedReaction(),),
        who_umc_criteria=tuple(data.get("who_umc_criteria", ())),
        naranjo=tuple(sorted(data.get("naranjo", {}).items())),
        suspected=tuple(data.get("suspected", ())),
        criteria=tuple(sorted(data.get("criteria", {}).items())),
    )


def _reaction(data: Mapping[str, Any]) -> ReviewedReaction:
    lists = {name: tuple(data.get(name, ())) for name in ("seriousness", "grade_asked")}
    return ReviewedReaction(**{**data, **lists})


@dataclass(frozen=True, slots=True)
class Missing:
    """What keeps a review from being signed: the field it stands at, and a sentence."""

    field: str
    message: str
    params: Params = made_by(default_factory=dict)


VERBATIM = N_("Say what happened, in your own words.")
TERM = N_("Choose the term for the severity.")
GRADE = N_("Choose the grade.")
NO_SUCH_GRADE = N_("“%(term)s” has no grade %(grade)s.")
SERIOUS = N_("Say which criterion of seriousness is met, or that none is.")
BOTH = N_("A criterion is met and “not serious” is chosen as well. Only one can be true.")
ASKED = N_(
    "Grade %(grade)s: is “%(criterion)s” true? Choose it, or say that it is not. The grade does not decide."
)
FATAL = N_("Death is chosen: the outcome must be fatal. A fatal outcome needs death among the criteria.")
EXPECTED_MISSING = N_("Say whether it was expected.")
WHY_UNDECIDED = N_("Say why this cannot be decided.")
OUTCOME_MISSING = N_("Say how it stands now.")
ALLERGIC_TWICE = N_("CTCAE: “%(first)s” and “%(second)s” are not reported for one event. Keep one.")
TWICE = N_("This term is there twice. Put both into one.")
CATEGORY = N_("Choose a category of causality.")
CRITERIA = N_(
    "Not every criterion of “%(category)s” is ticked. Choose another category, or say in the comment why."
)
ACTION = N_("Say what was done with the product.")
DECHALLENGE = N_("Say whether it improved when less or nothing was given.")
RECHALLENGE = N_("Say what came of giving it again.")
_NOT_BOTH = ("infusion_related_reaction", "allergic_reaction")


def missing(review: Review, guidelines: Guidelines) -> tuple[Missing, ...]:
    """Everything that keeps the review from being signed, in the order of the form. Empty: it may be signed."""
    found: list[Missing] = []
    for number, reaction in enumerate(review.reactions):
        found.extend(_of_reaction(reaction, f"reactions.{number}.", guidelines))
    found.extend(_of_terms(review.reactions, guidelines))
    found.extend(_of_causality(review, guidelines))
    for name, message in (
        ("action_taken", ACTION),
        ("dechallenge", DECHALLENGE),
        ("rechallenge", RECHALLENGE),
    ):
        if not getattr(review, name):
            found.append(Missing(name, message))
    return tuple(found)


def asked_by_grade(reaction: ReviewedReaction, guidelines: Guidelines) -> tuple[str, ...]:
    """The criteria of seriousness that the grade makes the review ask about and that nobody has answered."""
    return tuple(
        criterion.code
        for criterion in guidelines.seriousness_criteria
        if criterion.asked_by_grade == reaction.grade
        and criterion.code not in reaction.seriousness
        and criterion.code not in reaction.grade_asked
    )


def _of_reaction(reaction: ReviewedReaction, at: str, guidelines: Guidelines) -> list[Missing]:
    found: list[Missing] = []

    def lacks(name: str, message: str, **params: Param) -> None:
        found.append(Missing(at + name, message, params))

    if not reaction.verbatim.strip():
        lacks("verbatim", VERBATIM)
    if not reaction.severity_term:
        lacks("severity_term", TERM)
    elif not reaction.grade:
        lacks("grade", GRADE)
    else:
        term = guidelines.severity_term(reaction.severity_term)
        if term.grade(reaction.grade) is None:
            lacks("grade", NO_SUCH_GRADE, term=term.name.as_mapping(), grade=reaction.grade)
    if reaction.serious is None:
        lacks("seriousness", SERIOUS)
    elif reaction.seriousness and reaction.not_serious:
        lacks("seriousness", BOTH)
    names = {criterion.code: criterion.name for criterion in guidelines.seriousness_criteria}
    for code in asked_by_grade(reaction, guidelines):
        lacks("seriousness", ASKED, grade=reaction.grade, criterion=names[code].as_mapping())
    if not reaction.expectedness:
        lacks("expectedness", EXPECTED_MISSING)
    elif reaction.expectedness == "not_decided" and not reaction.expectedness_reason.strip():
        lacks("expectedness_reason", WHY_UNDECIDED)
    if not reaction.outcome:
        lacks("outcome", OUTCOME_MISSING)
    elif (reaction.outcome == Outcome.FATAL) != (DEATH in reaction.seriousness):
        lacks("outcome", FATAL)
    return found


def _of_terms(reactions: Sequence[ReviewedReaction], guidelines: Guidelines) -> list[Missing]:
    terms = [reaction.severity_term for reaction in reactions]
    if set(_NOT_BOTH) <= set(terms):
        first, second = (guidelines.severity_term(code).name.as_mapping() for code in _NOT_BOTH)
        at = max(terms.index(code) for code in _NOT_BOTH)
        return [Missing(f"reactions.{at}.severity_term", ALLERGIC_TWICE, {"first": first, "second": second})]
    return [
        Missing(f"reactions.{number}.severity_term", TWICE)
        for number, term in enumerate(terms)
        if term and term in terms[:number]
    ]


def _of_causality(review: Review, guidelines: Guidelines) -> list[Missing]:
    if not review.who_umc:
        return [Missing("who_umc", CATEGORY)]
    category = guidelines.causality_category(review.who_umc)
    unticked = {criterion.code for criterion in category.criteria} - set(review.who_umc_criteria)
    if unticked and not review.comment.strip():
        return [Missing("who_umc_criteria", CRITERIA, {"category": category.name.as_mapping()})]
    return []
