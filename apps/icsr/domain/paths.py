"""Paths of the structure, taken apart: what to make on writing, what to look for on reading."""

import re
from dataclasses import dataclass
from functools import cache

from apps.icsr.domain.structure import SINGLE

_STEP = re.compile(r"(?P<new>\+)?(?P<name>\w+)(?:\[(?P<mark>\w+)\])?(?:\{(?P<code>[^}]+)\})?")


@dataclass(frozen=True, slots=True)
class Step:
    """One element on the way. `code` is "29@CL19" or "~NA", `by` that of who said it; `mark` is what stands in []."""

    name: str
    mark: str | None
    code: str | None
    by: str | None
    new: bool

    @property
    def key(self) -> str:
        """What tells this element from its siblings."""
        author = f" by {self.by}" if self.by else ""
        return (
            self.name
            + (f"[{self.mark}]" if self.mark else "")
            + (f"{{{self.code}{author}}}" if self.code else "")
        )


@cache
def steps_of(path: str) -> tuple[Step, ...]:
    """The path as steps; an empty path has none."""
    return tuple(_step(text) for text in path.split("/")) if path else ()


@cache
def joints_of(path: str) -> tuple[tuple[Step, ...], ...]:
    """The steps in groups that are found or made together: a relationship goes with the one thing it holds."""
    groups: list[tuple[Step, ...]] = []
    waiting: tuple[Step, ...] = ()
    for step in steps_of(path):
        waiting = (*waiting, step)
        if step.name not in SINGLE:
            groups.append(waiting)
            waiting = ()
    return (*groups, waiting) if waiting else tuple(groups)


def _step(text: str) -> Step:
    parts = _STEP.fullmatch(text)
    if parts is None:
        raise ValueError(f"no step of a path: {text}")
    code, _, by = (parts["code"] or "").partition(" by ")
    return Step(parts["name"], parts["mark"], code or None, by or None, bool(parts["new"]))
