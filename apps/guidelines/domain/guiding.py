"""What is to be done for a reaction, what can have been done, and what the sources say of adrenaline."""

from dataclasses import dataclass
from decimal import Decimal

from apps.guidelines.domain.bedside import AgeBounds
from apps.guidelines.domain.texts import Citation, LocalText


@dataclass(frozen=True, slots=True)
class GuidanceStep:
    """One thing to do. `intervention`: what is recorded when it is done; `measure`: the vital signs it asks for."""

    code: str
    text: LocalText
    intervention: str | None
    measure: tuple[str, ...]
    citation: Citation


@dataclass(frozen=True, slots=True)
class RestartRule:
    """When an infusion may go on after such a reaction, in words."""

    text: LocalText
    citation: Citation


@dataclass(frozen=True, slots=True)
class ReactionGuidance:
    """The steps for reactions that call for `action`, narrowed by terms and organ groups (facts 1.8, 3.2, 3.3)."""

    code: str
    action: str
    terms: tuple[str, ...]
    organ_groups: tuple[str, ...]
    title: LocalText
    steps: tuple[GuidanceStep, ...]
    restart: RestartRule

    @property
    def general(self) -> bool:
        """Whether it is for every reaction that calls for its action."""
        return not self.terms and not self.organ_groups


@dataclass(frozen=True, slots=True)
class InterventionKind:
    """Something that is done or given for a reaction; `repeat_after_minutes` asks for a second look (facts 3.3)."""

    code: str
    name: LocalText
    repeat_after_minutes: int | None
    citation: Citation


@dataclass(frozen=True, slots=True)
class AdrenalineRule:
    """What one source says of the dose into the muscle, in mg (facts 3.3).

    By weight (`mg_per_kg`, at most `max_mg`) or fixed for an age (`dose_mg`, where the source gives a span also
    `up_to_mg`). `rule` is a %-template of these figures.
    """

    code: str
    ages: AgeBounds
    concentration_mg_per_ml: Decimal
    mg_per_kg: Decimal | None
    max_mg: Decimal | None
    dose_mg: Decimal | None
    up_to_mg: Decimal | None
    rule: LocalText
    citation: Citation
