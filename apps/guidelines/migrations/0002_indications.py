"""Brings stored releases into the shape of today's documents, so that courses planned with them still open.

What an old release did not say is left unsaid: nothing here adds a rule, a figure or a warning.
"""

from typing import Any

from django.db import migrations


def upgraded_documents(documents: dict[str, Any]) -> dict[str, Any]:
    """The documents of a release with every section in the new shape; what is new already stays as it is."""
    return {name: _upgraded(document) for name, document in documents.items()}


def _upgraded(document: dict[str, Any]) -> dict[str, Any]:
    shape = {
        "contraindications": _contraindication,
        "tests_before": _test_before,
        "hazards": _hazard,
        "products": _product,
    }
    new = {
        section: [shape[section](item) for item in content] if section in shape else content
        for section, content in document.items()
        if section != "regimens"
    }
    if "regimens" in document:
        new["indications"] = [_indication(regimen) for regimen in document["regimens"]]
    return new


def _indication(regimen: dict[str, Any]) -> dict[str, Any]:
    """A regimen as an indication; its code stays its slug, as courses name it."""
    quote = regimen["cite"]["quote"] or regimen["cite"]["section"] or regimen["name"]["en"]
    return {
        "row": None,
        "slug": regimen["code"],
        "disease": regimen["code"],
        "name": regimen["name"],
        "name_fa_inferred": False,
        "category": "neurology",
        "evidence": "recommended",
        "population": ["any"],
        "conditions": [],
        "targets": [],
        "regimens": [
            {
                "code": "initial",
                "phase": "initial",
                "amount_mg_per_kg_min": regimen["dose_mg_per_kg"],
                "amount_mg_per_kg_max": regimen["dose_mg_per_kg"],
                "probable_amount_mg_per_kg_min": None,
                "probable_amount_mg_per_kg_max": None,
                "basis": "total_course",
                "probable_basis": None,
                "days_min": min(regimen["days_options"]),
                "days_max": max(regimen["days_options"]),
                "interval_days_min": None,
                "interval_days_max": None,
                "infusion_hours_min": None,
                "infusion_hours_max": None,
                "repeats_max": None,
                "max_cumulative_mg_per_kg": None,
                "queried": False,
                "quote": quote,
            }
        ],
        "anomalies": [],
        "quotes": [words for words in (quote, regimen["maintenance_quote"]) if words],
    }


def _contraindication(item: dict[str, Any]) -> dict[str, Any]:
    if "cites" in item:
        return item
    remark = item["remark"]
    return _with_cites(item) | {
        "remark": {"en": remark, "nb": remark, "fa": remark} if remark else None,
        "when": [item["code"]],
    }


def _test_before(item: dict[str, Any]) -> dict[str, Any]:
    if "cites" in item:
        return item
    return _with_cites(item) | {"before_first_dose_only": False, "remark": None}


def _hazard(item: dict[str, Any]) -> dict[str, Any]:
    return {"handling": "caution", "when": []} | item


def _product(item: dict[str, Any]) -> dict[str, Any]:
    return {"sugar": "", "sodium": "", "unverified": []} | item


def _with_cites(item: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in item.items() if key != "cite"} | {"cites": [item["cite"]]}


def upgrade_releases(apps: Any, schema_editor: Any) -> None:
    """Every stored release; the version stays, as courses pin it."""
    for release in apps.get_model("guidelines", "GuidelineRelease").objects.all():
        release.documents = upgraded_documents(release.documents)
        release.save(update_fields=["documents"])


class Migration(migrations.Migration):
    dependencies = [("guidelines", "0001_initial")]

    operations = [migrations.RunPython(upgrade_releases, migrations.RunPython.noop)]
