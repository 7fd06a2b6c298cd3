"""Rate plans and rate ceilings. A mL/kg/h figure is never without the concentration it holds for."""

from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from apps.guidelines.domain.texts import Citation, LocalText


@dataclass(frozen=True, slots=True)
class RateTableStep:
    """One rate with its shortest and longest time; None where the source sets no bound."""

    rate_ml_per_kg_h: Decimal
    min_duration_minutes: int | None
    max_duration_minutes: int | None
    quote: str


@dataclass(frozen=True, slots=True)
class RateTable:
    """An escalation for one concentration; `product_codes` empty means any product of it (facts 1.5, 2.2).

    `from_label`: the steps of the product's label, or derived from its first rate, hold and highest rate.
    """

    code: str
    concentration_mg_per_ml: Decimal
    product_codes: tuple[str, ...]
    from_label: bool
    steps: tuple[RateTableStep, ...]
    citation: Citation

    @property
    def minutes_to_full_rate(self) -> int:
        """The shortest time from the start to the last step."""
        return sum(step.min_duration_minutes or 0 for step in self.steps)


@dataclass(frozen=True, slots=True)
class RateRule:
    """What a ward does around a plan, such as watching after the end; `figures` by name (facts 3.1, 3.2)."""

    code: str
    figures: tuple[tuple[str, Decimal], ...]
    citation: Citation

    def figure(self, name: str) -> Decimal:
        """The figure of this name."""
        return dict(self.figures)[name]


@dataclass(frozen=True, slots=True)
class RiskCeiling:
    """The highest rate for patients at a risk, given at one concentration (facts 2.3)."""

    code: str
    name: LocalText
    rate_ml_per_kg_h: Decimal
    concentration_mg_per_ml: Decimal
    citation: Citation

    def rate_ml_per_kg_h_at(self, concentration_mg_per_ml: Decimal) -> Decimal:
        """The same grams per hour at another concentration, in mL/kg/h, rounded down to 0.001 as rates are kept."""
        rate = self.rate_ml_per_kg_h * self.concentration_mg_per_ml / concentration_mg_per_ml
        return rate.quantize(Decimal("0.001"), rounding=ROUND_FLOOR).normalize() + 0


@dataclass(frozen=True, slots=True)
class RiskFactor:
    """A patient's risk factor and the codes of the ceilings it brings (facts 1.3 S2-10, 2.3)."""

    code: str
    ceiling_codes: tuple[str, ...]
    name: LocalText
    citation: Citation


@dataclass(frozen=True, slots=True)
class RateLimit:
    """What one label says about the rate in one region for some diseases (empty: all) (facts 2.2).

    With a `condition` ("tolerated 4.8 before") the limit is shown and never raises a ceiling by itself. One that
    names a `risk` (the code of a risk ceiling) lowers the ceiling of patients at that risk (facts 2.3).
    """

    code: str
    product_code: str
    region: str
    diseases: tuple[str, ...]
    initial_rate_ml_per_kg_h: Decimal | None
    hold_minutes: int | None
    step_minutes: int | None
    max_rate_ml_per_kg_h: Decimal | None
    condition: LocalText | None
    risk: str | None
    citation: Citation
