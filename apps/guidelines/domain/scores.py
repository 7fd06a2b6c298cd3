"""Early-warning scores and reference ranges as published: points by sign, thresholds, ranges by age."""

from dataclasses import dataclass
from decimal import Decimal

from apps.guidelines.domain.texts import Citation, LocalText


@dataclass(frozen=True, slots=True)
class PointBand:
    """Points for values from `lowest` to `highest`, both included; None is open.

    `verified` is False where the cell stood in no source that could be read.
    """

    lowest: Decimal | None
    highest: Decimal | None
    points: int
    verified: bool


@dataclass(frozen=True, slots=True)
class PointChoice:
    """Points for one of the words a sign is told in."""

    code: str
    points: int


@dataclass(frozen=True, slots=True)
class ScoredSign:
    """One row of a score: a sign, when the row holds, and its points.

    None under `spo2_scale`, `on_oxygen` or `age_band` means the row holds whatever that is. A number is rounded
    to `step` before it is looked up in `bands`; a sign told in words has `choices` instead.
    """

    sign: str
    spo2_scale: int | None
    on_oxygen: bool | None
    age_band: str | None
    step: Decimal
    bands: tuple[PointBand, ...]
    choices: tuple[PointChoice, ...]
    citation: Citation

    def fits(self, *, spo2_scale: int | None, on_oxygen: bool | None, age_band: str | None) -> bool:
        """Whether the row may hold; with oxygen unknown (None) the rows for air and for oxygen both may."""
        return (
            self.spo2_scale in (None, spo2_scale)
            and (on_oxygen is None or self.on_oxygen in (None, on_oxygen))
            and self.age_band in (None, age_band)
        )

    @property
    def points(self) -> tuple[int, ...]:
        """The points of every cell, in data order."""
        return (*(band.points for band in self.bands), *(choice.points for choice in self.choices))


@dataclass(frozen=True, slots=True)
class ScoreAgeBand:
    """An age band in completed calendar months, half-open: `from_months` is in it, `until_months` is not."""

    code: str
    name: LocalText
    from_months: int
    until_months: int | None


@dataclass(frozen=True, slots=True)
class ScoreThreshold:
    """From which total, or which points of any one sign, a level is reached, and what it calls for."""

    level: str
    total_from: int | None
    part_from: int | None
    response: LocalText
    citation: Citation


@dataclass(frozen=True, slots=True)
class ScoreTable:
    """A published score (facts 4.1, 4.2). `maximum` is its highest total; `age_bands` empty: one for all."""

    code: str
    name: LocalText
    maximum: int
    age_bands: tuple[ScoreAgeBand, ...]
    rows: tuple[ScoredSign, ...]
    thresholds: tuple[ScoreThreshold, ...]
    citation: Citation

    @property
    def signs(self) -> tuple[str, ...]:
        """The scored signs, each once, in data order."""
        return tuple(dict.fromkeys(row.sign for row in self.rows))


@dataclass(frozen=True, slots=True)
class AgePoint:
    """An age in completed days or completed calendar months of life; the one not used is 0."""

    days: int
    months: int


@dataclass(frozen=True, slots=True)
class Span:
    """From `low` to `high`, both included."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class HypotensionLimit:
    """Systolic pressure below which a child is hypotensive, mmHg: `base` + `per_year` x completed years."""

    base_mmhg: int
    per_year_mmhg: int


@dataclass(frozen=True, slots=True)
class ReferenceRange:
    """Usual vital signs of one age (facts 4.3). Ages and weights are half-open; a weight of None is open."""

    code: str
    name: LocalText
    from_age: AgePoint
    until_age: AgePoint
    weight_from_kg: Decimal | None
    weight_until_kg: Decimal | None
    pulse_awake_per_min: Span
    pulse_asleep_per_min: Span
    respiratory_rate_per_min: Span
    systolic_mmhg: Span
    diastolic_mmhg: Span
    hypotension: HypotensionLimit
    citation: Citation
