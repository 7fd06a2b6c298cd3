"""What an attempt with answers comes to. Pure."""

from enum import StrEnum

from apps.followups.domain.screening import Judgement


class AnswerOutcome(StrEnum):
    """What answers come to.

    PARTIAL is still being filled in; INCOMPLETE was handed in, but something is not known, so that the check waits on.
    SYMPTOMS may be an effect but none is a red flag; SUSPECTED holds a red flag.
    """

    NO_EFFECT = "no_effect"
    SYMPTOMS = "symptoms"
    SUSPECTED = "suspected"
    INCOMPLETE = "incomplete"
    PARTIAL = "partial"

    @property
    def settles(self) -> bool:
        """Whether the check is done with it."""
        return self in (AnswerOutcome.NO_EFFECT, AnswerOutcome.SYMPTOMS, AnswerOutcome.SUSPECTED)


def outcome_of(judgement: Judgement, *, handed_in: bool) -> AnswerOutcome:
    """What the answers come to; `handed_in` when nothing more is to be expected of this attempt.

    What is not known never ends a check as "no effect" (clinical facts 8, overdue rule). A red flag does end it: from
    there on the adverse event carries it.
    """
    if not handed_in:
        return AnswerOutcome.PARTIAL
    if judgement.flags:
        return AnswerOutcome.SUSPECTED
    if not judgement.is_complete:
        return AnswerOutcome.INCOMPLETE
    return AnswerOutcome.NO_EFFECT if judgement.shows_no_effect else AnswerOutcome.SYMPTOMS
