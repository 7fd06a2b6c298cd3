"""What is proposed for a reaction during the infusion. A proposal for a person: nothing is done by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol, TypeVar

from apps.infusions.domain.bedside_rules import Cited
from apps.kernel.errors import DomainError
from apps.kernel.text import N_

_G = TypeVar("_G", bound="Guidance")


class Action(IntEnum):
    """Proposed actions, from the least to the most."""

    SLOW = 1
    STOP = 2
    STOP_EMERGENCY = 3

    @property
    def code(self) -> str:
        """The word used in guideline data and messages: slow, stop, stop_emergency."""
        return self.name.lower()


class Term(Protocol):
    """A reaction term, as the guidelines hold it."""

    @property
    def minimum_action(self) -> str: ...
    @property
    def citation(self) -> Cited: ...


class Guidance(Protocol):
    """What to do for reactions that call for an action, narrowed by terms and organ groups."""

    @property
    def action(self) -> str: ...
    @property
    def terms(self) -> tuple[str, ...]: ...
    @property
    def organ_groups(self) -> tuple[str, ...]: ...


class Grade(Protocol):
    """What a grade of severity calls for, as the guidelines hold it."""

    @property
    def severity(self) -> str: ...
    @property
    def action(self) -> str: ...
    @property
    def citation(self) -> Cited: ...


@dataclass(frozen=True, slots=True)
class Proposal:
    """The proposed action with its reason.

    `restart_allowed`: after a clinician's review the infusion may go on at a lower rate; never after an
    emergency stop.
    """

    action: str
    message: str
    restart_allowed: bool
    source: str
    quote: str

    @property
    def needs_physician(self) -> bool:
        """Whether only a physician may say that it has passed, or that it was less (clinical facts 3.2)."""
        return not self.restart_allowed

    @property
    def strength(self) -> Action:
        """How much is proposed."""
        return Action[self.action.upper()]


SEVERITIES = ("mild", "moderate", "severe")
_MESSAGES = {
    Action.SLOW: N_("Lower the rate. Measure vital signs until the symptoms are gone."),
    Action.STOP: N_(
        "Stop the infusion and keep the line open. A clinician decides on restarting, at a lower rate."
    ),
    Action.STOP_EMERGENCY: N_("Stop the infusion, do not restart it, and call for help now."),
}


def propose_action(*, term: Term, severity: str, grades: Sequence[Grade]) -> Proposal:
    """The stronger of what the term and what the grade (mild, moderate, severe) call for.

    Raises DomainError `reaction_grade_unknown` for a severity without a grade. Source: NEL page, Tiltak ved
    bivirkninger; clinical facts 1.8, 3.2, 9.1 C11 (hypotension: stop), 9.2 L10 (urticaria: stop).
    """
    grade = next((grade for grade in grades if grade.severity == severity), None)
    if grade is None:
        raise DomainError(
            "reaction_grade_unknown", N_("The severity “%(severity)s” is not known."), severity=severity
        )
    by_term, by_grade = Action[term.minimum_action.upper()], Action[grade.action.upper()]
    action = max(by_term, by_grade)
    citation = term.citation if by_term >= by_grade else grade.citation
    return Proposal(
        action=action.code,
        message=_MESSAGES[action],
        restart_allowed=action is not Action.STOP_EMERGENCY,
        source=citation.label,
        quote=citation.quote,
    )


def leading_index(proposals: Sequence[Proposal], severities: Sequence[str]) -> int:
    """Which of several symptoms speaks for them all: for which most is proposed, then the worst, then the first."""
    worst = {severity: rank for rank, severity in enumerate(SEVERITIES)}
    ranks = [
        (proposal.strength, worst[severity]) for proposal, severity in zip(proposals, severities, strict=True)
    ]
    return ranks.index(max(ranks))


def guidance_for(*, term: str, organ_groups: Sequence[str], action: str, guidance: Sequence[_G]) -> _G:
    """Of the guidance for an action that for the term, else that for one of its organ groups, else the general one.

    Raises DomainError `guidance_missing` when the guidelines hold none.
    """
    fitting = [item for item in guidance if item.action == action]
    by_term = [item for item in fitting if term in item.terms]
    by_organ = [item for item in fitting if set(organ_groups) & set(item.organ_groups)]
    general = [item for item in fitting if not item.terms and not item.organ_groups]
    chosen = [*by_term, *by_organ, *general]
    if not chosen:
        raise DomainError("guidance_missing", N_("The guidelines do not say what to do for this reaction."))
    return chosen[0]


def refuse_going_on_slower(
    *, described: bool, proposals: Sequence[Proposal], measured_since: bool, alert_waits: bool
) -> None:
    """Raise a DomainError unless the infusion may go on at a lower rate while a mild reaction is still there.

    `reaction_not_described`, `reaction_needs_pause`, `vitals_needed` (a mild reaction is one with stable vital
    signs), `alert_untaken`. Source: clinical facts 1.8, 3.2.
    """
    if not described:
        raise DomainError("reaction_not_described", N_("Say first what you see."))
    if any(proposal.strength is not Action.SLOW for proposal in proposals):
        raise DomainError(
            "reaction_needs_pause",
            N_("This reaction calls for a stop, not for a lower rate. Wait until it has passed."),
        )
    if not measured_since:
        raise DomainError(
            "vitals_needed", N_("Record vital signs first: they must be stable before the infusion goes on.")
        )
    if alert_waits:
        raise DomainError(
            "alert_untaken", N_("A high-priority alert waits. Look at the patient and acknowledge it first.")
        )
