"""The current guideline as lists to choose from, in the reader's language."""

from typing import Any

from apps.guidelines.domain import DoseRegimen, Guidelines, Indication
from apps.guidelines.selectors import current_guidelines, in_reader_language


def indications() -> list[dict[str, Any]]:
    """Indications that come with a dose, each with the source's words.

    Dose and days are filled in only where the source leaves no choice: one dose for the whole course, and
    the shortest and longest course it names. A queried regimen is never offered.
    """
    guidelines = current_guidelines()
    return [
        {
            "code": indication.slug,
            "name": in_reader_language(indication.name),
            "quote": _quote(indication),
            "source": guidelines.document(indication.document).title,
            **_offered_dose(indication),
        }
        for indication in guidelines.indications
        if indication.regimens
    ]


def products() -> list[dict[str, Any]]:
    """Products that can be planned with, as figures and rate plan are known: concentration, vials, hazards."""
    guidelines = current_guidelines()
    return [
        {
            "code": product.code,
            "name": product.name,
            "concentration_mg_per_ml": f"{product.concentration_mg_per_ml:f}",
            "vial_sizes_ml": list(product.vial_sizes_ml),
            "hazards": [in_reader_language(hazard.text) for hazard in product.hazards],
        }
        for product in guidelines.products
        if not product.missing and guidelines.rate_tables_for(product)
    ]


def named(items: Any) -> list[dict[str, str]]:
    """Code and name of guideline items such as risk factors or contraindications."""
    return [{"code": item.code, "name": in_reader_language(item.name)} for item in items]


def vital_signs(guidelines: Guidelines) -> list[dict[str, Any]]:
    """The vital signs of an observation set with unit and plausible range."""
    return [
        {
            "name": sign.code,
            "label": in_reader_language(sign.name),
            "unit": sign.unit,
            "minimum": f"{sign.minimum:f}",
            "maximum": f"{sign.maximum:f}",
            "decimal_places": sign.decimal_places,
            "step": f"{sign.step:f}",
        }
        for sign in guidelines.vital_signs
    ]


def _quote(indication: Indication) -> str:
    regimen = _usable_regimen(indication)
    return regimen.quote if regimen else indication.quotes[0]


def _offered_dose(indication: Indication) -> dict[str, Any]:
    regimen = _usable_regimen(indication)
    nothing: dict[str, Any] = {"dose_g_per_kg": "", "days_options": []}
    if regimen is None or regimen.amount_mg_per_kg_max is None:
        return nothing
    days = {regimen.days_min, regimen.days_max} - {None}
    if not days or regimen.amount_mg_per_kg_min != regimen.amount_mg_per_kg_max:
        return nothing
    dose = regimen.amount_mg_per_kg_max / 1000
    if regimen.basis == "per_day":
        if regimen.days_min != regimen.days_max or regimen.days_max is None:
            return nothing
        dose *= regimen.days_max
    return {"dose_g_per_kg": f"{dose.normalize():f}", "days_options": sorted(days, reverse=True)}


def _usable_regimen(indication: Indication) -> DoseRegimen | None:
    usable = (
        regimen
        for regimen in indication.regimens
        if not regimen.queried and regimen.basis in ("total_course", "per_day")
    )
    return next(usable, None)
