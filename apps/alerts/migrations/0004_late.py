from datetime import timedelta

from django.db import migrations, models

# After how long the top of a high alert is called again, as it was when this was written.
AGAIN = timedelta(hours=1)
TOP = 3


def call_again(apps, schema_editor):
    """High alerts that nobody has taken and everybody was called for are called for again like new ones."""
    timers = apps.get_model("ledger", "Timer").objects
    alerts = apps.get_model("alerts", "Alert").objects
    for alert in alerts.filter(state="raised", priority="high", level=TOP, next_level__isnull=True):
        called_at = alert.hops.filter(level=TOP).order_by("-climb").values_list("called_at", flat=True).first()
        alert.climb, alert.next_level = alert.climb + 1, TOP
        alert.save(update_fields=["climb", "next_level"])
        timers.get_or_create(
            kind="alert.escalate",
            subject=f"alert:{alert.pk}",
            occurrence=f"{alert.climb}.{TOP}",
            defaults={
                "due_at": (called_at or alert.raised_at) + AGAIN,
                "ward_id": alert.ward_id,
                "priority": 1,
                "payload": {"climb": alert.climb, "level": TOP},
            },
        )


class Migration(migrations.Migration):
    dependencies = [("alerts", "0003_carry_over_levels"), ("ledger", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="alert",
            name="was_due_at",
            field=models.DateTimeField(
                null=True, help_text="when it should have been raised, where it came late"
            ),
        ),
        migrations.RunPython(call_again, migrations.RunPython.noop),
    ]
