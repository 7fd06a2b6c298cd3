"""What physicians' signed reviews say of an adverse event, as cases read it: one entry for each reaction in it."""

from dataclasses import dataclass

from apps.cases.domain.content import Assessed
from apps.cases.domain.units import LANGUAGES
from apps.guidelines.selectors import guidelines_version
from apps.safety.domain import Outcome, Rechallenge, Review, ReviewedReaction
from apps.safety.selectors import AdverseEventRecord, SignedReview, outcome_now, standing_reviews

# E2B knows no pause: what went on afterwards counts as given less of at the time.
_ACTIONS = {
    "stopped": "withdrawn",
    "paused": "dose_reduced",
    "slowed": "dose_reduced",
    "unchanged": "not_changed",
    "not_applicable": "not_applicable",
}
_RECHALLENGES = {
    Rechallenge.RECURRED: "recurred",
    Rechallenge.NOT_RECURRED: "did_not_recur",
    Rechallenge.OUTCOME_UNKNOWN: "outcome_unknown",
    Rechallenge.NOT_DONE: "not_done",
}
_EXPECTED = {"expected": True, "unexpected": False}
REPORTER = "reporter"


@dataclass(frozen=True, slots=True)
class ReviewedPart:
    """One reaction as it was reviewed. Of an event nobody has reviewed everything is undecided.

    `english` is empty where the ward's own term says it; `language` is ISO 639-2.
    """

    reviewed: bool = False
    english: str = ""
    verbatim: str = ""
    language: str = ""
    seriousness: tuple[str, ...] | None = None
    expected: bool | None = None
    outcome: str = "unknown"
    action_taken: str = "unknown"
    rechallenge: str = ""
    assessments: tuple[Assessed, ...] = ()


NOT_REVIEWED = (ReviewedPart(),)


def reviewed_parts(event: AdverseEventRecord) -> tuple[ReviewedPart, ...]:
    """What counts now, at least one entry: the newest review's reactions, the stricter word where physicians differ.

    A criterion of seriousness counts when any of them sees it met, an unexpected reaction when any calls it so.
    """
    reviews = standing_reviews(event)
    if not reviews:
        return NOT_REVIEWED
    newest = reviews[0]
    assessments = _assessments(reviews)
    return tuple(
        _part(event, number, newest, [one.review for one in reviews], assessments)
        for number in range(len(newest.review.reactions))
    )


def _part(
    event: AdverseEventRecord,
    number: int,
    newest: SignedReview,
    reviews: list[Review],
    assessments: tuple[Assessed, ...],
) -> ReviewedPart:
    review, reaction = newest.review, newest.review.reactions[number]
    same = [
        other
        for one in reviews
        for other in one.reactions
        if other is reaction or (other.severity_term and other.severity_term == reaction.severity_term)
    ]
    term = guidelines_version(newest.guideline_version).severity_term(reaction.severity_term)
    outcome = outcome_now(event, reaction.severity_term) or Outcome(reaction.outcome or Outcome.UNKNOWN)
    return ReviewedPart(
        reviewed=True,
        english="" if number == 0 and reaction.term else term.name.en,
        verbatim=reaction.verbatim.strip(),
        language=LANGUAGES.get(review.language, "eng"),
        seriousness=_seriousness(same),
        expected=_expected(same),
        outcome=outcome.value,
        action_taken=_ACTIONS.get(review.action_taken, "unknown"),
        rechallenge=_RECHALLENGES.get(Rechallenge(review.rechallenge or Rechallenge.UNKNOWN), ""),
        assessments=assessments,
    )


def _seriousness(same: list[ReviewedReaction]) -> tuple[str, ...] | None:
    met = tuple(dict.fromkeys(code for one in same for code in one.seriousness))
    return met or (() if all(one.not_serious for one in same) else None)


def _expected(same: list[ReviewedReaction]) -> bool | None:
    said = [_EXPECTED.get(one.expectedness) for one in same]
    return False if False in said else True if all(said) else None


def _assessments(reviews: list[SignedReview]) -> tuple[Assessed, ...]:
    """Each physician's, WHO-UMC and Naranjo; the sources are numbered where there are several."""
    found = []
    for number, one in enumerate(reversed(reviews), start=1):
        guidelines = guidelines_version(one.guideline_version)
        source = REPORTER if len(reviews) == 1 else f"{REPORTER} {number}"
        category = guidelines.causality_category(one.review.who_umc)
        found.append(Assessed(source, "WHO-UMC", category.name.en))
        if one.review.naranjo:
            band = next(
                band
                for scale in guidelines.causality_scales
                for band in scale.bands
                if band.code == one.naranjo.band
            )
            found.append(Assessed(source, "Naranjo", f"{band.name.en} ({one.naranjo.score})"))
    return tuple(found)
