"""What the order form offers and what it starts with."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from apps.courses.domain.regimen_dose import course_dose
from apps.courses.selectors import CourseRecord
from apps.edge.fields import plain
from apps.edge.wording import number_text, separator
from apps.guidelines.choices import named, products, rate_tables
from apps.guidelines.domain import DoseRegimen, Guidelines
from apps.guidelines.selectors import guidelines_version

# Asked for in fields of their own, so not offered again as ticks.
_ASKED_ELSEWHERE = {"iga_deficiency", "anti_iga", "diabetes", "age_over_65", "age_under_2", "pregnant"}
_FROM_LAST_COURSE = (
    "height_cm",
    "blood_group",
    "iga",
    "anti_iga",
    "allergies",
    "diabetes",
    "glucose_meter",
    "conditions",
)


def order_choices(guidelines: Guidelines) -> dict[str, Any]:
    """Products, conditions, tests, premedication, settings and rate plans of a guideline."""
    return {
        "products": products(),
        "rate_tables": rate_tables(),
        "conditions": _conditions(guidelines),
        "tests_before": named(guidelines.tests_before),
        "premedications": named(guidelines.premedications),
        "settings": [*named(guidelines.settings), {"code": "home", "name": _("At home or outside hospital")}],
        "blood_groups": ["O", "A", "B", "AB"],
    }


def starting_values(regimen: DoseRegimen, last: CourseRecord | None, *, today: date) -> dict[str, Any]:
    """The form for a new course: the regimen's dose, and what the last course knew of the patient."""
    values: dict[str, Any] = {
        "starts_on": today.isoformat(),
        "profile": {"weighed_on": today.isoformat(), "conditions": []},
        "setting": "inpatient",
        "premedication": [],
        "missing_tests": [],
        **_dose(regimen),
    }
    if last:
        before = last.order["profile"]
        values["profile"] |= {name: before[name] for name in _FROM_LAST_COURSE if name in before}
        values["profile"] |= {
            "prior_ivig": "before",
            "prior_product": last.product_code,
            "prior_given_on": max(day.planned_on for day in last.infusion_days.all()).isoformat(),
        }
        values["product_code"] = last.product_code
    return values


def values_of(course: CourseRecord) -> dict[str, Any]:
    """The form for changing a course: the order as it stands."""
    dose = Decimal(course.order["dose_mg_per_kg"]) / 1000
    return {**course.order, "dose_g_per_kg": plain(dose), "rate_table_code": course.rate_table_code}


def _dose(regimen: DoseRegimen) -> dict[str, Any]:
    """The dose is filled in only where the source leaves no choice and nothing is under query.

    Of several days the most are offered: smaller daily doses are the safer reading.
    """
    if regimen.queried:
        return {}
    days = regimen.days_max or (None if regimen.basis == "per_day" else 1)
    dose = course_dose(regimen, days=days) if days else None
    fixed = dose and dose.min_mg_per_kg == dose.max_mg_per_kg
    return {"days": days, "dose_g_per_kg": plain(dose.min_mg_per_kg / 1000) if dose and fixed else ""}


def _conditions(guidelines: Guidelines) -> list[dict[str, str]]:
    """Risk factors, contraindications and intolerances as one list of ticks, each once."""
    ticks = {item["code"]: item for item in named(guidelines.risk_factors)}
    for contraindication in guidelines.contraindications:
        for code in contraindication.when:
            ticks.setdefault(code, {"code": code, "name": named([contraindication])[0]["name"]})
    for code, name in (
        ("hyperprolinemia", _("Hyperprolinemia type I or II")),
        ("hereditary_fructose_intolerance", _("Hereditary fructose intolerance")),
        ("corn_allergy", _("Allergy to corn")),
        ("heart_failure", _("Heart failure")),
    ):
        ticks.setdefault(code, {"code": code, "name": name})
    return [tick for code, tick in ticks.items() if code not in _ASKED_ELSEWHERE]


def profile_shown(course: CourseRecord) -> list[dict[str, str]]:
    """What was known of the patient at approval, as label and text; what was not asked or not known is left out."""
    profile = course.order["profile"]
    guidelines = guidelines_version(course.guideline_version)
    names = {item["code"]: item["name"] for item in _conditions(guidelines)}
    products_by_code = {product.code: product.name for product in guidelines.products}
    prior = products_by_code.get(profile["prior_product"]) or _("Yes")
    told = (
        (_("Height"), f"{number_text(Decimal(profile['height_cm']))} cm" if profile["height_cm"] else ""),
        (_("Blood group"), _known(profile["blood_group"], {})),
        ("IgA", _known(profile["iga"], {"normal": _("Normal"), "deficient": _("Deficient")})),
        (
            _("Antibodies to IgA"),
            _known(profile["anti_iga"], {"negative": _("Negative"), "positive": _("Positive")}),
        ),
        (_("IVIG before"), _known(profile["prior_ivig"], {"never": _("Never"), "before": prior})),
        (_("Reaction then"), profile["prior_reaction"]),
        (_("Allergies"), profile.get("allergies", "")),
        (_("Pregnant"), _("Yes") if profile["pregnant"] else ""),
        (_("Diabetes"), _("Yes") if profile["diabetes"] else ""),
        (
            _("Risks, contraindications, intolerances"),
            separator().join(names.get(code, code) for code in profile["conditions"]),
        ),
    )
    return [{"label": label, "text": text} for label, text in told if text]


def _known(code: str, words: Mapping[str, str]) -> str:
    return "" if code == "unknown" else words.get(code, code)
