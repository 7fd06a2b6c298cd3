"""What a program may ever be allowed, and for how long. Site policy; deny by default."""

from collections.abc import Iterable
from datetime import timedelta

from apps.kernel.errors import DomainError
from apps.kernel.text import N_

LONGEST = timedelta(days=365)
MACHINE_ACTIONS = frozenset(
    {
        "see_board",
        "see_patients",
        "register_patient",
        "read_guideline",
        "see_on_call",
        "see_follow_ups",
        "see_adverse_events",
        "export_adverse_events",
        "see_lots",
        "see_signals",
        "search_terminology",
        "see_cases",
    }
)
"""Reading, and telling who was admitted. Whatever starts, changes, judges, signs or silences is a person's to do."""


def check_scope(actions: Iterable[str]) -> tuple[str, ...]:
    """The actions in order, each once. Raises DomainError `scope_empty`, `scope_not_a_machines`."""
    wanted = sorted(set(actions))
    if not wanted:
        raise DomainError(
            "scope_empty",
            N_("Choose at least one thing that the program may do."),
            extra={"field": "actions"},
        )
    refused = [action for action in wanted if action not in MACHINE_ACTIONS]
    if refused:
        raise DomainError(
            "scope_not_a_machines",
            N_("A program may not do this: %(action)s. It is a person's to do."),
            extra={"field": "actions"},
            action=refused[0],
        )
    return tuple(wanted)


def check_life(days: int) -> timedelta:
    """How long the token lives. Raises DomainError `token_life_implausible`."""
    if not 1 <= days <= LONGEST.days:
        raise DomainError(
            "token_life_implausible",
            N_("A token lives from one day to %(days)s days."),
            extra={"field": "days"},
            days=LONGEST.days,
        )
    return timedelta(days=days)
