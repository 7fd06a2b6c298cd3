"""From what a laboratory's answer says to a number in one unit: conversion, and what is believed."""

import re
from decimal import ROUND_HALF_EVEN, Decimal

from apps.guidelines.domain import Analyte, AnalyteUnit
from apps.kernel.errors import DomainError
from apps.kernel.numbers import fold_digits, parse_decimal
from apps.kernel.text import N_, Params

COMPARATORS = ("", "<", ">")
_LARGEST = Decimal(999_999)
_PLACES = 4
_EXACT = Decimal("0.00000001")
_SHOWN = Decimal("0.0001")
# Hours over which urine is collected: a reading of minutes says nothing, two days are two collections.
MIN_PERIOD_H, MAX_PERIOD_H = Decimal("0.5"), Decimal(48)


def read_value(typed: object, *, unit: str) -> tuple[str, Decimal]:
    """A typed result as comparator and number: "<0.1" is ("<", 0.1).

    A laboratory reports what lies beyond its method so. Raises the refusals of `parse_decimal`.
    """
    comparator = ""
    if isinstance(typed, str):
        text = typed.strip()
        if text[:1] in ("<", ">"):
            comparator, typed = text[0], text[1:].strip()
    number = parse_decimal(
        typed, minimum=Decimal(0), maximum=_LARGEST, max_decimal_places=_PLACES, unit=unit or "-"
    )
    return comparator, number


_TITRE = re.compile(r"[<>]?(\d{1,6}:\d{1,7}|\d{1,7}(\.\d{1,4})?( ?[A-Za-zµ/]{1,12})?)")


def read_titre(typed: str) -> str:
    """A titre or index beside a result in words, in Latin digits: "1:160", "<1:40", "12.5 IU/L"; empty stays empty.

    It is kept as the laboratory prints it and compared with nothing. Raises DomainError `titre_invalid`.
    """
    text = " ".join(fold_digits(typed).replace(",", ".").split())
    if text and not _TITRE.fullmatch(text):
        raise DomainError(
            "titre_invalid",
            N_("Enter a titre as the laboratory prints it, for example 1:160 or 12.5 IU/L."),
            extra={"field": "titre"},
        )
    return text


def converted(value: Decimal, unit: AnalyteUnit) -> Decimal:
    """A value in the canonical unit, exactly; 1 mg/dL of creatinine is 88.4 µmol/L."""
    return value * unit.factor


def canonical_value(
    analyte: Analyte,
    *,
    value: Decimal,
    unit: str,
    period_h: Decimal | None = None,
    weight_kg: Decimal | None = None,
    confirmed: bool = False,
) -> Decimal:
    """A result in the analyte's canonical unit.

    `period_h`: hours over which it was collected; `weight_kg`: for an amount that counts per kg. Raises DomainError
    `unit_needed`, `unit_unknown`, `period_needed`, `weight_needed`, `result_implausible`; and, unless `confirmed`,
    `result_unusual`. A wrong unit that would explain the number is named.
    """
    accepted = _accepted(analyte, unit)
    _refuse_period(analyte, period_h)
    exact = _canonical(accepted, value, period_h, weight_kg)
    # A value of none at all, such as no urine, is a finding and no slip.
    if not analyte.refuse_below <= exact <= analyte.refuse_above:
        raise _doubted(
            analyte,
            accepted,
            value,
            exact,
            ("result_implausible", _IMPLAUSIBLE, _IMPLAUSIBLE_UNLESS),
            field="value",
            period_h=period_h,
            weight_kg=weight_kg,
        )
    if not confirmed and not analyte.ask_below <= exact <= analyte.ask_above:
        raise _doubted(
            analyte,
            accepted,
            value,
            exact,
            ("result_unusual", _UNUSUAL, _UNUSUAL_UNLESS),
            field="confirmed",
            period_h=period_h,
            weight_kg=weight_kg,
        )
    return exact


_IMPLAUSIBLE = N_(
    "%(name)s of %(value)s %(unit)s (%(canonical)s %(canonical_unit)s) cannot be meant. Check the value and its unit."
)
_IMPLAUSIBLE_UNLESS = N_(
    "%(name)s of %(value)s %(unit)s (%(canonical)s %(canonical_unit)s) cannot be meant. In %(other)s it would be"
    " plausible: check the unit."
)
_UNUSUAL = N_(
    "%(name)s of %(value)s %(unit)s is possible but unusual. Compare it with the laboratory's answer, then confirm it."
)
_UNUSUAL_UNLESS = N_(
    "%(name)s of %(value)s %(unit)s is possible but unusual, and in %(other)s it would be usual. Check the unit, then"
    " confirm it."
)


def _accepted(analyte: Analyte, unit: str) -> AnalyteUnit:
    units = ", ".join(one.unit for one in analyte.units)
    params: Params = {"name": analyte.name.as_mapping(), "units": units}
    if not unit:
        raise DomainError(
            "unit_needed",
            N_("Give the unit of %(name)s: %(units)s."),
            extra={"field": "unit"},
            **params,
        )
    accepted = analyte.accepted(unit)
    if accepted is None:
        raise DomainError(
            "unit_unknown",
            N_("%(name)s is not taken in %(unit)s. Give it in %(units)s."),
            extra={"field": "unit"},
            unit=unit,
            **params,
        )
    return accepted


def _refuse_period(analyte: Analyte, period_h: Decimal | None) -> None:
    if not analyte.collected:
        return
    if period_h is None or not MIN_PERIOD_H <= period_h <= MAX_PERIOD_H:
        raise DomainError(
            "period_needed",
            N_("Say over how many hours it was collected: %(minimum)s to %(maximum)s hours."),
            extra={"field": "period_h"},
            minimum=MIN_PERIOD_H,
            maximum=MAX_PERIOD_H,
        )


def _canonical(
    unit: AnalyteUnit, value: Decimal, period_h: Decimal | None, weight_kg: Decimal | None
) -> Decimal:
    if not unit.per_kg_and_hour:
        return converted(value, unit)
    if weight_kg is None or not weight_kg:
        raise DomainError(
            "weight_needed",
            N_("There is no course with a weight, so mL cannot be counted per kg. Give it in mL/kg/h."),
            extra={"field": "unit"},
        )
    assert period_h is not None  # such an analyte is collected
    per_kg_and_hour = converted(value, unit) / period_h / weight_kg
    return per_kg_and_hour.quantize(_EXACT, rounding=ROUND_HALF_EVEN)


def _doubted(
    analyte: Analyte,
    unit: AnalyteUnit,
    value: Decimal,
    exact: Decimal,
    words: tuple[str, str, str],
    *,
    field: str,
    period_h: Decimal | None,
    weight_kg: Decimal | None,
) -> DomainError:
    code, plainly, unless = words
    other = _other_unit(analyte, unit, value, period_h, weight_kg)
    params: Params = {
        "name": analyte.name.as_mapping(),
        "value": value,
        "unit": unit.unit,
        "canonical": exact.quantize(_SHOWN).normalize() + 0,
        "canonical_unit": analyte.unit,
        **({"other": other} if other else {}),
    }
    return DomainError(code, unless if other else plainly, extra={"field": field}, **params)


def _other_unit(
    analyte: Analyte,
    given: AnalyteUnit,
    value: Decimal,
    period_h: Decimal | None,
    weight_kg: Decimal | None,
) -> str | None:
    """A unit in which the same number would be nothing unusual."""
    for unit in analyte.units:
        if unit.factor == given.factor and unit.per_kg_and_hour == given.per_kg_and_hour:
            continue
        if unit.per_kg_and_hour and weight_kg is None:
            continue
        if analyte.ask_below <= _canonical(unit, value, period_h, weight_kg) <= analyte.ask_above:
            return unit.unit
    return None
