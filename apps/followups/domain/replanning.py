"""What a new plan changes: each check is kept, moved, superseded or added. Nothing twice, nothing lost."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from apps.followups.domain.planner import PlannedCheck
from apps.followups.domain.reasons import Reason
from apps.followups.domain.windows import Window

PLANNED, SUPERSEDED = "planned", "superseded"


@dataclass(frozen=True, slots=True)
class ExistingCheck:
    """A check that is there. `status` is `planned`, `superseded`, or anything that came of it."""

    number: int
    rule_code: str
    day_number: int
    status: str
    window: Window
    reasons: tuple[Reason, ...]
    anchored_at: datetime | None

    @property
    def key(self) -> tuple[str, int]:
        """As `PlannedCheck.key`."""
        return self.rule_code, self.day_number


@dataclass(frozen=True, slots=True)
class Move:
    """A check takes another's place; the old row stays, superseded."""

    old: ExistingCheck
    new: PlannedCheck


@dataclass(frozen=True, slots=True)
class Changes:
    """What is to be written. `explained`: kept where they are, with the reasons of today."""

    kept: tuple[ExistingCheck, ...]
    explained: tuple[Move, ...]
    moved: tuple[Move, ...]
    superseded: tuple[ExistingCheck, ...]
    added: tuple[PlannedCheck, ...]

    @property
    def is_nothing(self) -> bool:
        """Whether nothing is to be written."""
        return not (self.explained or self.moved or self.superseded or self.added)


def replan(existing: Sequence[ExistingCheck], plan: Sequence[PlannedCheck]) -> Changes:
    """What brings the checks of a course in line with its plan.

    Only a check that is still planned gives way. One that was asked for stays until somebody answers it,
    even where a later dose calls for another: its question was real, and silence is not an answer. So of each
    rule at most one check is planned, and it counts from the last dose the rule knows; in-course checks are
    one for each day, and asked anew when the day was put off after the answer.
    """
    waiting = [check for check in existing if check.status == PLANNED]
    asked = [check for check in existing if check.status not in (PLANNED, SUPERSEDED)]
    wanted = [check for check in plan if not any(_covers(one, check) for one in asked)]
    keys = {check.key for check in wanted}
    kept = list(asked)
    added, moved, explained = [], [], []
    for check in wanted:
        old = _stand_in(check, waiting, keys)
        if old is not None:
            waiting.remove(old)
        if old is None:
            if not check.settled_by_time:
                added.append(check)
        elif old.key != check.key or old.window != check.window:
            moved.append(Move(old, check))
        else:
            kept.append(old)
            if old.reasons != check.reasons:
                explained.append(Move(old, check))
    return Changes(tuple(kept), tuple(explained), tuple(moved), tuple(waiting), tuple(added))


def _covers(asked: ExistingCheck, check: PlannedCheck) -> bool:
    """Whether what was asked already is this check, and not one for an earlier dose."""
    return asked.key == check.key and (asked.anchored_at is None or asked.anchored_at >= check.anchored_at)


def _stand_in(
    check: PlannedCheck, waiting: Sequence[ExistingCheck], keys: set[tuple[str, int]]
) -> ExistingCheck | None:
    """The waiting check that this one is, or else one of its rule that nothing in the plan asks for any more."""
    same = [one for one in waiting if one.key == check.key]
    left = [one for one in waiting if one.rule_code == check.rule_code and one.key not in keys]
    found = same or left
    return found[-1] if found else None
