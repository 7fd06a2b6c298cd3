"""What the record proposes for a review: a first draft, with why. The physician says what is true."""

from dataclasses import dataclass

from django.utils.translation import get_language

from apps.guidelines.domain import Guidelines, SeverityTerm
from apps.guidelines.selectors import current_guidelines
from apps.safety.domain import (
    ActionTaken,
    Answer,
    ConditionFound,
    Dechallenge,
    Expectedness,
    Judged,
    Outcome,
    Rechallenge,
    Review,
    ReviewedReaction,
    better_without,
    came_back,
    differential,
    expectedness,
    prefill,
)
from apps.safety.models import AdverseEvent
from apps.safety.selectors.picture import Surroundings, surroundings_of
from apps.safety.selectors.reviews import NARANJO

CTCAE = "ctcae"
_ACTIONS = {
    "stop": ActionTaken.STOPPED,
    "pause": ActionTaken.PAUSED,
    "slow": ActionTaken.SLOWED,
    "none": ActionTaken.UNCHANGED,
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """Everything a review page shows beside the answers: what is proposed, and what the record says."""

    guidelines: Guidelines
    around: Surroundings
    first: Review
    naranjo: dict[str, Judged]
    expected: Expectedness
    dechallenge: Judged
    rechallenge: Judged
    likely_terms: tuple[SeverityTerm, ...]


def proposal_for(event: AdverseEvent) -> Proposal:
    """What today's guidelines and the record propose for an event."""
    guidelines = current_guidelines()
    around = surroundings_of(event)
    picture = around.picture
    label = guidelines.reaction_label(event.product_code)
    answers = prefill(guidelines.causality_scale(NARANJO), picture, label)
    expected = expectedness(event.term, label)
    likely = tuple(term for term in guidelines.severity_terms if picture.among(term.for_terms))
    gone, back = better_without(picture), came_back(picture)
    leading = [term for term in likely if event.term in term.for_terms]
    first = Review(
        language=(get_language() or "en").split("-")[0],
        severity_scale=CTCAE,
        reactions=(
            ReviewedReaction(
                term=event.term,
                severity_term=leading[0].code if len(leading) == 1 else "",
                expectedness=expected.expected.value,
                outcome=Outcome.RECOVERED.value if picture.resolved_at else "",
            ),
        ),
        naranjo=tuple((code, judged.answer.value) for code, judged in sorted(answers.items())),
        action_taken=_action(event, around),
        dechallenge=Dechallenge.IMPROVED.value if gone.answer is Answer.YES else "",
        rechallenge=Rechallenge.RECURRED.value if back.answer is Answer.YES else "",
    )
    return Proposal(guidelines, around, first, answers, expected, gone, back, likely)


def conditions_of(proposal: Proposal, review: Review) -> tuple[ConditionFound, ...]:
    """What the event may be, with what the physician has looked at."""
    return differential(proposal.guidelines.suspected_conditions, proposal.around.picture, review.by_hand)


def _action(event: AdverseEvent, around: Surroundings) -> str:
    """What was tapped at the bedside; nothing is said where nothing was."""
    if around.picture.running is None:
        return ActionTaken.NOT_APPLICABLE.value
    known = _ACTIONS.get(event.action)
    return known.value if known else ""
