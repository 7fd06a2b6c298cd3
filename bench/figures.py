"""Figures: what was measured, against what, and whether the limit was reached."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any


@dataclass(slots=True)
class Figure:
    """One number of the table. `most` and `least` are limits; without one the number only informs."""

    row: str
    what: str
    value: float
    unit: str
    most: float | None = None
    least: float | None = None
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def verdict(self) -> str:
        """`reached`, `missed`, or empty without a limit."""
        if self.most is None and self.least is None:
            return ""
        above = self.most is not None and not self.value <= self.most
        below = self.least is not None and not self.value >= self.least
        return "missed" if above or below else "reached"

    @property
    def limit(self) -> str:
        """The limit in words."""
        if self.most is not None:
            return "0" if self.most == 0 else f"at most {shown(self.most)}"
        return f"at least {shown(self.least)}" if self.least is not None else ""

    def as_json(self) -> dict[str, Any]:
        """For results.json."""
        return asdict(self) | {"verdict": self.verdict, "limit": self.limit}


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that `share` of all values do not exceed; nan without values."""
    if not values:
        return math.nan
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def spread(values: Sequence[float]) -> dict[str, float]:
    """Median, lowest and highest of several rounds."""
    return {"median": median(values), "min": min(values), "max": max(values), "rounds": len(values)}


def shown(value: float) -> str:
    """A number with three figures that matter."""
    if value == 0 or not math.isfinite(value):
        return f"{value:g}"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def table(figures: Sequence[Figure]) -> str:
    """The figures as a Markdown table."""
    lines = ["| work | figure | measured | limit | |", "|---|---|---:|---|---|"]
    lines += [
        f"| {one.row} | {one.what} | {shown(one.value)} {one.unit} | {one.limit} | {one.verdict} |"
        for one in figures
    ]
    return "\n".join(lines)
