"""The current guideline as lists to choose from, in the reader's language."""

from typing import Any

from apps.guidelines.domain import Guidelines
from apps.guidelines.selectors import current_guidelines, in_reader_language


def indications() -> list[dict[str, Any]]:
    """Indications with dose, days and quote."""
    return [
        {
            "code": regimen.code,
            "name": in_reader_language(regimen.name),
            "dose_g_per_kg": f"{(regimen.dose_mg_per_kg / 1000).normalize():f}",
            "days_options": list(regimen.days_options),
            "quote": regimen.citation.quote,
            "source": regimen.citation.label,
        }
        for regimen in current_guidelines().regimens
    ]


def products() -> list[dict[str, Any]]:
    """Products with concentration, vial sizes and hazards."""
    return [
        {
            "code": product.code,
            "name": product.name,
            "concentration_mg_per_ml": f"{product.concentration_mg_per_ml:f}",
            "vial_sizes_ml": list(product.vial_sizes_ml),
            "hazards": [in_reader_language(hazard.text) for hazard in product.hazards],
        }
        for product in current_guidelines().products
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
