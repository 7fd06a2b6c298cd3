"""What an early-warning score says of one set of vital signs."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ScorePart:
    """The points one sign earned; None when it was not measured."""

    sign: str
    points: int | None


@dataclass(frozen=True, slots=True)
class Score:
    """A score by its code (`news2`, `bedside_pews`), its points by sign, and what is missing.

    `total` is None unless every part is known: an incomplete set has no total (clinical facts 9.3 rule 4).
    """

    code: str
    parts: tuple[ScorePart, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """The signs that are needed and were not measured."""
        return tuple(part.sign for part in self.parts if part.points is None)

    @property
    def total(self) -> int | None:
        """The sum, of a complete set only."""
        return None if self.missing else sum(part.points or 0 for part in self.parts)

    @property
    def highest_part(self) -> int:
        """The most points any one measured sign earned."""
        return max((part.points or 0 for part in self.parts), default=0)
