"""The weight a dose is calculated with: actual, ideal or adjusted."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol

from apps.kernel.errors import DomainError
from apps.kernel.text import N_

_TENTH = Decimal("0.1")


class Formula(Protocol):
    """A body weight formula, as the guidelines hold it; coefficients in kg and cm."""

    @property
    def base_male_kg(self) -> Decimal: ...
    @property
    def base_female_kg(self) -> Decimal: ...
    @property
    def per_cm_kg(self) -> Decimal: ...
    @property
    def base_height_cm(self) -> Decimal: ...
    @property
    def adjustment(self) -> Decimal: ...


@dataclass(frozen=True, slots=True)
class DosingWeight:
    """The weight used (`kg`), with the ideal weight it came from where one was calculated; both to 0.1 kg."""

    basis: str
    kg: Decimal
    ideal_kg: Decimal | None


def dosing_weight(
    *, actual_kg: Decimal, basis: str, sex: str, height_cm: Decimal | None, formula: Formula | None
) -> DosingWeight:
    """The weight to calculate with; never more than the actual weight.

    Raises DomainError `height_needed`, `sex_needed` or `height_below_formula` where the formula cannot say.
    """
    if basis == "actual" or formula is None:
        return DosingWeight(basis=basis, kg=actual_kg, ideal_kg=None)
    if height_cm is None:
        raise DomainError(
            "height_needed",
            N_("Ideal and adjusted weight need the height. Enter it in cm."),
            extra={"field": "profile.height_cm"},
        )
    if height_cm < formula.base_height_cm:
        raise DomainError(
            "height_below_formula",
            N_("The formula for ideal weight holds from %(minimum)s cm. Use the actual weight."),
            minimum=formula.base_height_cm,
        )
    if sex not in ("female", "male"):
        raise DomainError("sex_needed", N_("Ideal weight needs the patient's sex. Use the actual weight."))
    base = formula.base_female_kg if sex == "female" else formula.base_male_kg
    ideal = base + formula.per_cm_kg * (height_cm - formula.base_height_cm)
    adjusted = ideal + formula.adjustment * (actual_kg - ideal)
    chosen = ideal if basis == "ideal" else adjusted
    return DosingWeight(basis=basis, kg=_round(min(chosen, actual_kg)), ideal_kg=_round(ideal))


def _round(value: Decimal) -> Decimal:
    return value.quantize(_TENTH, rounding=ROUND_HALF_UP)
