"""Rates as append-only changes, vials with volume and time, corrected entries, what was given, handovers."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def _person(**changes: Any) -> models.ForeignKey:
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to=settings.AUTH_USER_MODEL,
        **changes,
    )


def _correctable() -> list[tuple[str, models.Field]]:
    return [
        (
            "status",
            models.CharField(
                choices=[("final", "Final"), ("entered_in_error", "Entered In Error")],
                default="final",
                max_length=20,
            ),
        ),
        ("status_reason", models.CharField(blank=True, max_length=300)),
        ("status_changed_at", models.DateTimeField(null=True)),
        ("status_changed_by", _person(null=True)),
    ]


def _id() -> tuple[str, models.Field]:
    return "id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("infusions", "0003_complete_columns"),
    ]

    operations = [
        migrations.AddField("infusionsession", "responsible", _person(null=True)),
        migrations.AddField(
            "infusionsession",
            "pregnant",
            models.BooleanField(default=False, help_text="NEWS2 does not hold then"),
        ),
        migrations.AddField(
            "infusionsession",
            "watch_minutes_after",
            models.PositiveSmallIntegerField(default=60, help_text="watched after the end"),
        ),
        migrations.AddField(
            "infusionsession",
            "watched_until",
            models.DateTimeField(help_text="when watching after the end was over", null=True),
        ),
        migrations.AddField(
            "infusionsession",
            "residual_ml",
            models.DecimalField(
                decimal_places=2,
                help_text="measured at the end in what was hung",
                max_digits=8,
                null=True,
            ),
        ),
        migrations.AddField(
            "infusionsession",
            "spo2_scale",
            models.PositiveSmallIntegerField(default=1, help_text="of NEWS2; 2 on a clinician's decision"),
        ),
        migrations.AddField(
            "infusionsession",
            "vial_due_at",
            models.DateTimeField(help_text="when what hangs will be in", null=True),
        ),
        migrations.AlterField(
            "infusionsession",
            "step_index",
            models.SmallIntegerField(default=0, help_text="-1 below the plan's first rate"),
        ),
        migrations.RemoveConstraint("infusionsession", "one_session_per_day"),
        migrations.AddConstraint(
            "infusionsession",
            models.UniqueConstraint(
                condition=models.Q(("state", "abandoned"), _negated=True),
                fields=("course_id", "day_number"),
                name="one_session_per_day",
            ),
        ),
        migrations.RemoveConstraint("ratechange", "one_open_rate"),
        migrations.AddField(
            "ratechange", "recorded_at", models.DateTimeField(help_text="typed", null=True)
        ),
        migrations.AlterField(
            "ratechange", "started_at", models.DateTimeField(help_text="at the bedside")
        ),
        migrations.AlterField("ratechange", "step_index", models.SmallIntegerField()),
        *(migrations.AddField("observation", name, field) for name, field in _correctable()),
        migrations.AddField(
            "observation",
            "oxygen_l_per_min",
            models.DecimalField(decimal_places=1, help_text="0 is room air", max_digits=4, null=True),
        ),
        migrations.AddField("observation", "consciousness", models.CharField(max_length=12, null=True)),
        migrations.AddField(
            "observation",
            "capillary_refill_s",
            models.DecimalField(decimal_places=1, max_digits=3, null=True),
        ),
        migrations.AddField("observation", "respiratory_effort", models.CharField(max_length=10, null=True)),
        migrations.AddField(
            "observation",
            "not_done",
            models.JSONField(default=dict, help_text="sign to {code: refused or not_possible, reason}"),
        ),
        migrations.AddField(
            "observation",
            "replaces",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="replaced_by",
                to="infusions.observation",
            ),
        ),
        migrations.AddField("reaction", "symptoms", models.JSONField(default=list)),
        migrations.AddField("reaction", "described_at", models.DateTimeField(null=True)),
        migrations.AddField("reaction", "recheck_due_at", models.DateTimeField(null=True)),
        migrations.RenameModel("InfusedLot", "HungVial"),
        migrations.AlterField(
            "hungvial",
            "session",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="vials",
                to="infusions.infusionsession",
            ),
        ),
        *(migrations.AddField("hungvial", name, field) for name, field in _correctable()),
        migrations.AddField(
            "hungvial", "volume_ml", models.DecimalField(decimal_places=2, max_digits=8, null=True)
        ),
        migrations.AddField("hungvial", "gtin", models.CharField(blank=True, default="", max_length=14)),
        migrations.AddField("hungvial", "serial", models.CharField(blank=True, default="", max_length=40)),
        migrations.AddField("hungvial", "scanned", models.BooleanField(default=False)),
        migrations.AddField("hungvial", "hung_at", models.DateTimeField(null=True)),
        migrations.AddField("hungvial", "recorded_at", models.DateTimeField(null=True)),
        migrations.AddField("hungvial", "performer", _person(null=True)),
        migrations.AlterModelOptions("hungvial", {"ordering": ["hung_at", "id"]}),
        migrations.CreateModel(
            "Intervention",
            [
                _id(),
                *_correctable(),
                ("code", models.CharField(max_length=80)),
                (
                    "detail",
                    models.CharField(blank=True, help_text="drug, dose and route as typed", max_length=300),
                ),
                ("given_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("performer", _person()),
                (
                    "reaction",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="interventions",
                        to="infusions.reaction",
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="interventions",
                        to="infusions.infusionsession",
                    ),
                ),
            ],
            options={"ordering": ["given_at", "id"]},
        ),
        migrations.CreateModel(
            "KnownPackage",
            [
                _id(),
                ("gtin", models.CharField(max_length=14, unique=True)),
                ("product_code", models.CharField(max_length=80)),
                ("confirmed_at", models.DateTimeField()),
                ("confirmed_by", _person()),
            ],
        ),
        migrations.CreateModel(
            "Handover",
            [
                _id(),
                ("offered_at", models.DateTimeField()),
                ("note", models.TextField(blank=True)),
                ("accepted_at", models.DateTimeField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("given_by", _person()),
                ("given_to", _person()),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handovers",
                        to="infusions.infusionsession",
                    ),
                ),
            ],
            options={
                "ordering": ["offered_at", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("accepted_at__isnull", True), ("withdrawn_at__isnull", True)),
                        fields=("session",),
                        name="one_open_handover",
                    )
                ],
            },
        ),
    ]
