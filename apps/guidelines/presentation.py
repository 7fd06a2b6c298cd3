"""Guideline items as plain records: for review as JSON, for the API, and for the pages."""

from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from apps.guidelines.domain import DoseRegimen, Guidelines, Indication

_REGIMEN_FIELDS = (
    "code",
    "phase",
    "amount_mg_per_kg_min",
    "amount_mg_per_kg_max",
    "probable_amount_mg_per_kg_min",
    "probable_amount_mg_per_kg_max",
    "basis",
    "probable_basis",
    "days_min",
    "days_max",
    "interval_days_min",
    "interval_days_max",
    "infusion_hours_min",
    "infusion_hours_max",
    "repeats_max",
    "max_cumulative_mg_per_kg",
    "queried",
    "quote",
)


def document_records(
    documents: Mapping[str, Mapping[str, Any]], hashes: Mapping[str, str], guidelines: Guidelines
) -> list[dict[str, Any]]:
    """Every document with everything it holds, for review.

    Indications are spelled out with all their fields, numbers as numbers; other sections stand as they are
    kept. Each document carries the SHA-256 of its file.
    """
    return [
        {
            **document,
            "document": document["code"],
            "sha256": hashes[name],
            "valid_until": _valid_until(guidelines, document["code"]),
            "indications": [
                indication_record(item)
                for item in guidelines.indications
                if item.document == document["code"]
            ],
        }
        for name, document in sorted(documents.items())
    ]


def indication_record(indication: Indication) -> dict[str, Any]:
    """One indication as it is reviewed: what is printed, what is probably meant, what must be queried."""
    return {
        "document": indication.document,
        "row": indication.row,
        "slug": indication.slug,
        "disease": indication.disease,
        "name_fa": indication.name_fa,
        "name_fa_inferred": indication.name_fa_inferred,
        "name_en": indication.name_en,
        "name_nb": indication.name_nb,
        "category": indication.category,
        "evidence": indication.evidence,
        "population": list(indication.population),
        "conditions": [asdict(condition) for condition in indication.conditions],
        "targets": [
            {name: _plain(value) for name, value in asdict(target).items()} for target in indication.targets
        ],
        "regimens": [_regimen_record(regimen) for regimen in indication.regimens],
        "anomalies": [
            {
                "kind": anomaly.kind,
                "text": anomaly.text.en,
                "text_nb": anomaly.text.nb,
                "text_fa": anomaly.text.fa,
                "regimens": list(anomaly.regimen_codes),
                "related": list(anomaly.related),
            }
            for anomaly in indication.anomalies
        ],
        "quotes": list(indication.quotes),
    }


def _regimen_record(regimen: DoseRegimen) -> dict[str, Any]:
    return {name: _plain(getattr(regimen, name)) for name in _REGIMEN_FIELDS}


def _valid_until(guidelines: Guidelines, code: str) -> str | None:
    letter = guidelines.document(code).letter
    return letter.valid_until.isoformat() if letter else None


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value
