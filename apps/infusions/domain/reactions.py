"""What is proposed for a reaction during the infusion. A proposal for a person: nothing is done by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

from apps.infusions.domain.bedside_rules import Cited
from apps.kernel.errors import DomainError
from apps.kernel.text import N_


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
