"""What the sources say of adrenaline for this weight and age. A reference for a clinician, never an order."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from typing import Protocol

from apps.infusions.domain.age import Age
from apps.infusions.domain.bedside_rules import Cited
from apps.kernel.text import Params

_SYRINGE_MG = Decimal("0.01")


class Ages(Protocol):
    """Whom a rule is for."""

    def includes(self, age: Age, /) -> bool: ...


class Wording(Protocol):
    """A wording in every language."""

    def as_mapping(self) -> dict[str, str]: ...


class Rule(Protocol):
    """What one source says, as the guidelines hold it: mg per kg with its maximum, or mg for an age."""

    @property
    def ages(self) -> Ages: ...
    @property
    def concentration_mg_per_ml(self) -> Decimal: ...
    @property
    def mg_per_kg(self) -> Decimal | None: ...
    @property
    def max_mg(self) -> Decimal | None: ...
    @property
    def dose_mg(self) -> Decimal | None: ...
    @property
    def up_to_mg(self) -> Decimal | None: ...
    @property
    def rule(self) -> Wording: ...
    @property
    def citation(self) -> Cited: ...


@dataclass(frozen=True, slots=True)
class Reference:
    """One source's dose into the muscle, with the same in mL of the named strength; `up_to_*` where it gives a span.

    `rule` and `params` make the sentence that says how the dose comes about.
    """

    dose_mg: Decimal
    up_to_mg: Decimal | None
    volume_ml: Decimal
    up_to_ml: Decimal | None
    concentration_mg_per_ml: Decimal
    rule: dict[str, str]
    params: Params
    source: str


def adrenaline_references(weight_kg: Decimal, age: Age, rules: Iterable[Rule]) -> tuple[Reference, ...]:
    """What every rule for this age gives, in their order; doses by weight are rounded down to 0.01 mg.

    They may differ, and none is preferred. Source: clinical facts 3.3.
    """
    return tuple(_reference(weight_kg, rule) for rule in rules if rule.ages.includes(age))


def _reference(weight_kg: Decimal, rule: Rule) -> Reference:
    figures = {name: getattr(rule, name) for name in ("mg_per_kg", "max_mg", "dose_mg", "up_to_mg")}
    if rule.mg_per_kg is not None and rule.max_mg is not None:
        dose = min(weight_kg * rule.mg_per_kg, rule.max_mg).quantize(_SYRINGE_MG, rounding=ROUND_FLOOR)
    else:
        assert rule.dose_mg is not None
        dose = rule.dose_mg
    up_to = rule.up_to_mg
    return Reference(
        dose_mg=dose,
        up_to_mg=up_to,
        volume_ml=_volume(dose, rule),
        up_to_ml=None if up_to is None else _volume(up_to, rule),
        concentration_mg_per_ml=rule.concentration_mg_per_ml,
        rule=rule.rule.as_mapping(),
        params={name: figure for name, figure in figures.items() if figure is not None},
        source=rule.citation.label,
    )


def _volume(dose_mg: Decimal, rule: Rule) -> Decimal:
    return (dose_mg / rule.concentration_mg_per_ml).quantize(_SYRINGE_MG, rounding=ROUND_FLOOR)
