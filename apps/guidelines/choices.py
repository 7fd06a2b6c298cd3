"""The current guideline as the pages show it, in the reader's language."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.edge.messages import fill
from apps.guidelines import words
from apps.guidelines.domain import Anomaly, DoseRegimen, Guidelines, Indication, Target
from apps.guidelines.domain.search import IndicationFilter, find_indications
from apps.guidelines.selectors import (
    RegimenReadingRecord,
    current_guidelines,
    in_reader_language,
    readings_of,
)
from apps.kernel import clock
from apps.kernel.errors import DomainError
from apps.kernel.text import N_


def search_page(query: Mapping[str, str]) -> dict[str, Any]:
    """What a search of the indications shows: the filters as chosen, and what matches."""
    wanted = IndicationFilter(
        text=query.get("q", "").strip()[:200],
        category=query.get("category", ""),
        evidence=query.get("evidence", ""),
        population=query.get("population", ""),
        document=query.get("document", ""),
    )
    guidelines = current_guidelines()
    found = find_indications(guidelines.indications, wanted)
    return {
        "wanted": wanted,
        "found": [indication_shown(guidelines, item) for item in found],
        "filters": {
            "category": _options(words.CATEGORY),
            "evidence": _options(words.EVIDENCE),
            "population": _options(words.POPULATION),
            "document": [
                {"code": document.code, "name": document.title}
                for document in guidelines.documents
                if any(item.document == document.code for item in guidelines.indications)
            ],
        },
    }


def indication_page(indication: Indication, regimen_code: str = "") -> dict[str, Any]:
    """One indication with its document and, when one is chosen, the regimen in question."""
    guidelines = current_guidelines()
    shown = indication_shown(guidelines, indication, with_readings=True)
    chosen = (
        _regimen(indication, indication.regimen(regimen_code), with_readings=True) if regimen_code else None
    )
    return {
        "indication": shown,
        "regimen": chosen,
        "document": document_shown(guidelines, indication.document),
    }


def indication_shown(
    guidelines: Guidelines, indication: Indication, *, with_readings: bool = False
) -> dict[str, Any]:
    """An indication in words, with its regimens, cautions and the same disease elsewhere."""
    return {
        "slug": indication.slug,
        "row": indication.row,
        "name": in_reader_language(indication.name),
        "name_fa": indication.name_fa,
        "name_fa_inferred": indication.name_fa_inferred,
        "name_en": indication.name_en,
        "name_nb": indication.name_nb,
        "document": document_shown(guidelines, indication.document),
        "category": words.CATEGORY[indication.category],
        "evidence": indication.evidence,
        "evidence_word": words.EVIDENCE[indication.evidence],
        "population": [words.POPULATION[code] for code in indication.population],
        "conditions": [in_reader_language(text) for text in indication.conditions],
        "targets": [_target(target) for target in indication.targets],
        "regimens": [_regimen(indication, item, with_readings) for item in indication.regimens],
        "anomalies": [_anomaly(guidelines, anomaly) for anomaly in indication.anomalies],
        "quotes": list(indication.quotes),
        "elsewhere": [
            {
                "slug": other.slug,
                "name": in_reader_language(other.name),
                "document": guidelines.document(other.document).title,
                "row": other.row,
            }
            for other in guidelines.indications
            if other.disease == indication.disease and other.slug != indication.slug
        ],
    }


def document_shown(guidelines: Guidelines, code: str) -> dict[str, Any]:
    """A document's header, and whether it is past its own validity."""
    document = guidelines.document(code)
    letter = document.letter
    return {
        "code": document.code,
        "title": document.title,
        "language": document.language,
        "direction": "rtl" if document.language == "fa" else "ltr",
        "letter": letter,
        "site": document.site,
        "valid_until": letter.valid_until if letter else None,
        "expired": bool(letter and letter.expired(clock.now().date())),
    }


def products() -> list[dict[str, Any]]:
    """Products with concentration, vial sizes, hazards, and what is missing to plan with them."""
    return [
        {
            "code": product.code,
            "name": product.name,
            "concentration_mg_per_ml": product.concentration_mg_per_ml
            and f"{product.concentration_mg_per_ml:f}",
            "vial_sizes_ml": list(product.vial_sizes_ml),
            "hazards": [in_reader_language(hazard.text) for hazard in product.hazards],
            "missing": list(product.missing),
        }
        for product in current_guidelines().products
    ]


def rate_tables() -> list[dict[str, Any]]:
    """Rate plans with the products they fit; the name tells first and full rate, the time between, and the source."""
    guidelines = current_guidelines()
    return [
        {
            "code": table.code,
            "name": fill(
                N_("%(first)s to %(full)s mL/kg/h in %(minutes)s min: %(source)s"),
                {
                    "first": table.steps[0].rate_ml_per_kg_h,
                    "full": table.steps[-1].rate_ml_per_kg_h,
                    "minutes": table.minutes_to_full_rate,
                    "source": table.citation.label,
                },
            ),
            "products": [p.code for p in guidelines.products if table in guidelines.rate_tables_for(p)],
        }
        for table in guidelines.rate_tables
    ]


def named(items: Any) -> list[dict[str, str]]:
    """Code and name of guideline items such as risk factors or contraindications."""
    return [{"code": item.code, "name": in_reader_language(item.name)} for item in items]


def specialty_choices() -> list[tuple[str, str]]:
    """Prescribers' specialties, for choosing a member of staff's; the first is none.

    Before a guideline is loaded there is nothing to choose from, and staff can be employed all the same.
    """
    try:
        items = named(current_guidelines().specialties)
    except DomainError:
        items = []
    return [
        ("", "–"),
        *((item["code"], item["name"]) for item in items),
        ("other", str(_("Another specialty"))),
    ]


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


def entry_signs(guidelines: Guidelines, needed: Iterable[str]) -> list[dict[str, Any]]:
    """The signs of `needed` as a form asks for them: numbers, then oxygen, then those told in words (`choices`)."""
    wanted = set(needed)
    numbers = [
        {**sign, "kind": "oxygen" if sign["name"] == "oxygen_l_per_min" else "number"}
        for sign in vital_signs(guidelines)
    ]
    numbers.sort(key=lambda sign: bool(sign["kind"] == "oxygen"))
    told = [
        {
            "name": sign.code,
            "label": in_reader_language(sign.name),
            "kind": "choice",
            "choices": [{"code": item.code, "name": in_reader_language(item.name)} for item in sign.choices],
        }
        for sign in guidelines.assessed_signs
    ]
    return [sign for sign in (*numbers, *told) if sign["name"] in wanted]


def _regimen(indication: Indication, regimen: DoseRegimen, with_readings: bool) -> dict[str, Any]:
    readings = readings_of(indication, regimen) if with_readings and regimen.queried else []
    return {
        "code": regimen.code,
        "phase": words.PHASE[regimen.phase],
        "basis": words.BASIS[regimen.basis] if regimen.basis else None,
        "probable_basis": words.BASIS[regimen.probable_basis] if regimen.probable_basis else None,
        "printed": regimen,
        "queried": regimen.queried,
        "readings": [_reading(item) for item in readings],
        "quote": regimen.quote,
    }


def _reading(reading: RegimenReadingRecord) -> dict[str, Any]:
    return {
        "amount_mg_per_kg_min": reading.amount_mg_per_kg_min,
        "amount_mg_per_kg_max": reading.amount_mg_per_kg_max,
        "basis": words.BASIS[reading.basis],
        "days_min": reading.days_min,
        "days_max": reading.days_max,
        "reason": reading.reason,
        "physician": reading.physician.display_name,
        "second_person": reading.second_person.display_name,
        "accepted_at": reading.accepted_at,
    }


def _anomaly(guidelines: Guidelines, anomaly: Anomaly) -> dict[str, Any]:
    related = [guidelines.indication(slug) for slug in anomaly.related]
    return {
        "kind": anomaly.kind,
        "kind_word": words.ANOMALY[anomaly.kind],
        "text": in_reader_language(anomaly.text),
        "regimens": list(anomaly.regimen_codes),
        "related": [
            {"slug": other.slug, "name": in_reader_language(other.name), "row": other.row}
            for other in related
        ],
    }


def _target(target: Target) -> dict[str, Any]:
    return {
        "name": words.TARGET.get(target.code, target.code),
        "minimum": target.minimum,
        "maximum": target.maximum,
        "unit": target.unit,
        "quote": target.quote,
    }


def _options(texts: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"code": code, "name": name} for code, name in texts.items()]


def document_page(code: str) -> dict[str, Any]:
    """A document with what it states, by topic, and its indications."""
    guidelines = current_guidelines()
    topics: dict[str, list[dict[str, Any]]] = {}
    for statement in guidelines.statements:
        if statement.document == code:
            topics.setdefault(statement.topic, []).append(
                {
                    "text": in_reader_language(statement.text),
                    "remark": in_reader_language(statement.remark) if statement.remark else "",
                    "figures": statement.figures,
                    "quote": statement.citation.quote,
                    "read": statement.citation.read,
                }
            )
    return {
        "document": document_shown(guidelines, code),
        "topics": [{"name": words.TOPIC[topic], "statements": items} for topic, items in topics.items()],
        "indications": [
            indication_shown(guidelines, item) for item in guidelines.indications if item.document == code
        ],
        "specialties": named(guidelines.specialties) if guidelines.document(code).letter else [],
        "settings": named(guidelines.settings) if guidelines.document(code).letter else [],
    }


def documents_page() -> dict[str, Any]:
    """Every document of the current guideline."""
    guidelines = current_guidelines()
    return {"documents": [document_shown(guidelines, item.code) for item in guidelines.documents]}


def products_page() -> dict[str, Any]:
    """Every product with composition, hazards and what each label says about the rate."""
    guidelines = current_guidelines()
    return {
        "products": [
            {
                "item": product,
                "hazards": [in_reader_language(hazard.text) for hazard in product.hazards],
                "source": product.citation.label,
                "read": product.citation.read,
                "missing": list(product.missing),
                "unverified": [
                    {"name": words.PRODUCT_FIGURE[item.field], "value": item.value}
                    for item in product.unverified
                ],
                "limits": [
                    {
                        "item": limit,
                        "diseases": [_disease(guidelines, code) for code in limit.diseases],
                        "condition": in_reader_language(limit.condition) if limit.condition else "",
                        "source": limit.citation.label,
                        "read": limit.citation.read,
                    }
                    for limit in guidelines.rate_limits
                    if limit.product_code == product.code
                ],
            }
            for product in guidelines.products
        ]
    }


def _disease(guidelines: Guidelines, code: str) -> str:
    """What readers call a disease: the name of the shortest indication about it."""
    names = [in_reader_language(item.name) for item in guidelines.indications if item.disease == code]
    return min(names, key=len, default=code.replace("_", " "))
