"""A course keeps its whole order and every version; a day keeps what it holds.

Courses of before are carried over with what was known of them: their version 1 says so by having no findings.
"""

from decimal import Decimal
from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def carry_over(apps: Any, schema_editor: Any) -> None:
    """Fill the new columns of every course, its days and its first version."""
    releases = {
        release.version: release.documents
        for release in apps.get_model("guidelines", "GuidelineRelease").objects.all()
    }
    version_model = apps.get_model("courses", "CourseVersion")
    for course in apps.get_model("courses", "Course").objects.prefetch_related("infusion_days"):
        documents = releases[course.guideline_version]
        product = _item(documents, "products", course.product_code)
        concentration = Decimal(product["concentration_mg_per_ml"])
        course.regimen_code = "initial"
        course.rate_table_code = _rate_table(documents, course.product_code, concentration)
        course.weighed_on = course.opened_at.date()
        course.dosing_weight_kg = course.weight_kg
        course.order = _order(course)
        course.findings = []
        course.save()
        for day in course.infusion_days.all():
            day.volume_ml = course.volume_per_day_ml
            day.dose_g = course.volume_per_day_ml * concentration / 1000
            day.vials = []
            day.save()
        version_model.objects.create(
            course=course,
            number=1,
            guideline_version=course.guideline_version,
            order=course.order,
            findings=[],
            reason="",
            approved_by_id=course.opened_by_id,
            approved_at=course.opened_at,
        )


def _order(course: Any) -> dict[str, Any]:
    first = min(day.planned_on for day in course.infusion_days.all())
    return {
        "indication_code": course.indication_code,
        "regimen_code": course.regimen_code,
        "product_code": course.product_code,
        "profile": {
            "weight_kg": str(course.weight_kg),
            "weighed_on": course.weighed_on.isoformat(),
            "height_cm": None,
            "blood_group": "unknown",
            "iga": "deficient" if "iga_deficiency" in course.contraindications else "unknown",
            "anti_iga": "unknown",
            "prior_ivig": "unknown",
            "prior_product": "",
            "prior_given_on": None,
            "prior_reaction": "",
            "pregnant": False,
            "diabetes": "diabetes" in course.risk_factors,
            "glucose_meter": "unknown",
            "conditions": sorted({*course.risk_factors, *course.contraindications}),
        },
        "dose_mg_per_kg": str(course.dose_mg_per_kg),
        "days": course.days,
        "starts_on": first.isoformat(),
        "setting": "inpatient",
        "weight_basis": "actual",
        "vial_choice": "rounded",
        "rate_table_code": course.rate_table_code,
        "missing_tests": course.missing_tests,
        "premedication": [],
        "hydration": "",
    }


def _rate_table(documents: dict[str, Any], product_code: str, concentration: Decimal) -> str:
    """The plan these courses ran by: made for the product, else the general one for its concentration."""
    tables = [
        table
        for document in documents.values()
        for table in document.get("rate_tables", [])
        if Decimal(table["concentration_mg_per_ml"]) == concentration
        and (not table["product_codes"] or product_code in table["product_codes"])
    ]
    return min(tables, key=lambda table: product_code not in table["product_codes"])["code"]


def _item(documents: dict[str, Any], section: str, code: str) -> Any:
    return next(
        item for document in documents.values() for item in document.get(section, []) if item["code"] == code
    )


def _day(name: str, field: models.Field) -> migrations.AddField:
    return migrations.AddField("infusionday", name, field)


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0001_initial"),
        ("guidelines", "0003_regimenreading"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField("course", "version", models.PositiveIntegerField(default=1)),
        migrations.AddField("course", "regimen_code", models.CharField(default="", max_length=80)),
        migrations.AddField("course", "rate_table_code", models.CharField(default="", max_length=80)),
        migrations.AddField("course", "weighed_on", models.DateField(null=True)),
        migrations.AddField(
            "course", "dosing_weight_kg", models.DecimalField(decimal_places=2, max_digits=6, null=True)
        ),
        migrations.AddField("course", "order", models.JSONField(default=dict)),
        migrations.AddField("course", "findings", models.JSONField(default=list)),
        _day("dose_g", models.DecimalField(decimal_places=2, max_digits=8, null=True)),
        _day("volume_ml", models.DecimalField(decimal_places=3, max_digits=9, null=True)),
        _day("vials", models.JSONField(default=list)),
        _day("premedication", models.JSONField(default=list)),
        _day("hydration", models.TextField(blank=True, default="")),
        migrations.CreateModel(
            name="CourseVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("guideline_version", models.CharField(max_length=64)),
                ("order", models.JSONField()),
                ("findings", models.JSONField()),
                (
                    "reason",
                    models.TextField(blank=True, help_text="why it was changed; empty for the first version"),
                ),
                ("approved_at", models.DateTimeField()),
                (
                    "approved_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="courses.course",
                    ),
                ),
                (
                    "second_person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(fields=("course", "number"), name="one_version_of_each_number"),
                    models.CheckConstraint(
                        condition=models.Q(("approved_by", models.F("second_person")), _negated=True),
                        name="course_needs_two_people",
                    ),
                ],
            },
        ),
        migrations.RunPython(carry_over, migrations.RunPython.noop),
        migrations.RemoveField("course", "volume_per_day_ml"),
        migrations.RemoveField("course", "contraindications"),
        migrations.RemoveField("course", "missing_tests"),
        migrations.RemoveField("course", "override_reason"),
    ]
