"""Checks know what they count from and why they are planned; a course has one set of them, not each session."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def count_from_their_session(apps, schema_editor):
    """A check of before followed one infusion: its day, and its end, are what the hours counted from."""
    checks = apps.get_model("followups", "FollowUpCheck")
    sessions = apps.get_model("infusions", "InfusionSession")
    followed = set(checks.objects.values_list("session_id", flat=True))
    for session in sessions.objects.filter(pk__in=followed).iterator():
        checks.objects.filter(session_id=session.pk).update(
            day_number=session.day_number, anchored_at=session.ended_at
        )
    for status in ("due", "overdue"):
        entered = checks.objects.filter(status=status)
        entered.update(entered_at=models.F("due_at"))
    checks.objects.filter(status="overdue").update(alerted_at=models.F("closes_at"))


class Migration(migrations.Migration):
    dependencies = [
        ("followups", "0001_initial"),
        ("infusions", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CourseFact",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("course_id", models.BigIntegerField()),
                ("fact", models.CharField(max_length=80)),
                ("holds", models.BooleanField()),
                ("reason", models.CharField(max_length=200)),
                ("noted_at", models.DateTimeField()),
                (
                    "noted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "indexes": [models.Index(fields=["course_id"], name="followups_fact_of_course")],
            },
        ),
        migrations.AlterField(
            model_name="followupcheck",
            name="closes_at",
            field=models.DateTimeField(help_text="null where nothing ever closes", null=True),
        ),
        migrations.AddField(
            model_name="followupcheck",
            name="day_number",
            field=models.PositiveSmallIntegerField(
                default=1, help_text="the infusion day it counts from, or before which it is asked"
            ),
        ),
        migrations.AddField(
            model_name="followupcheck",
            name="anchored_at",
            field=models.DateTimeField(help_text="what its hours count from", null=True),
        ),
        migrations.AddField(
            model_name="followupcheck",
            name="reasons",
            field=models.JSONField(
                default=list, help_text="the facts that call for it, see apps/followups/records.py"
            ),
        ),
        migrations.AddField(
            model_name="followupcheck",
            name="urgent",
            field=models.BooleanField(default=False, help_text="asked at once after an outage, and first"),
        ),
        migrations.AddField(
            model_name="followupcheck",
            name="replaces",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="replaced_by",
                to="followups.followupcheck",
            ),
        ),
        migrations.AddField(
            model_name="followupcheck",
            name="entered_at",
            field=models.DateTimeField(help_text="when it entered the worklist", null=True),
        ),
        migrations.AddField(
            model_name="followupcheck",
            name="alerted_at",
            field=models.DateTimeField(help_text="when the ward was told that it is overdue", null=True),
        ),
        migrations.RunPython(count_from_their_session, migrations.RunPython.noop, elidable=True),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.RemoveConstraint(model_name="followupcheck", name="one_check_per_session_and_rule"),
        migrations.AddConstraint(
            model_name="followupcheck",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "planned")),
                fields=("course_id", "code", "day_number"),
                name="one_planned_check_per_rule_and_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="followupcheck",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "superseded"), _negated=True),
                fields=("course_id", "code", "day_number", "anchored_at"),
                name="one_check_per_rule_and_anchor",
            ),
        ),
    ]
