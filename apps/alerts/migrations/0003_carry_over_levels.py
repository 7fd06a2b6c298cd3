from datetime import timedelta

from django.db import migrations

# How long the charge nurse may let it lie, as it was when this was written.
SECOND_WAIT = {"high": timedelta(minutes=2), "medium": timedelta(minutes=10), "low": timedelta(hours=1)}


def carry_over(apps, schema_editor):
    """Untaken alerts climb on: their timer is the first hop, or they had made it and get the second."""
    alerts = apps.get_model("alerts", "Alert").objects
    timers = apps.get_model("ledger", "Timer").objects
    alerts.filter(state="raised", escalated_at__isnull=True).update(next_level=1)
    alerts.filter(escalated_at__isnull=False).update(level=1)
    for alert in alerts.filter(state="raised", escalated_at__isnull=False):
        alert.next_level = 2
        alert.save(update_fields=["next_level"])
        timers.get_or_create(
            kind="alert.escalate",
            subject=f"alert:{alert.pk}",
            occurrence="1.2",
            defaults={
                "due_at": alert.escalated_at + SECOND_WAIT[alert.priority],
                "ward_id": alert.ward_id,
                "priority": 1,
                "payload": {"climb": 1, "level": 2},
            },
        )


class Migration(migrations.Migration):
    dependencies = [("alerts", "0002_climbing"), ("ledger", "0001_initial")]

    operations = [migrations.RunPython(carry_over, migrations.RunPython.noop)]
