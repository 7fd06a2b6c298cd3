"""Carry rates, lots, infusions and reactions of before over into the bedside's columns."""

from datetime import UTC, datetime
from typing import Any

from django.db import migrations, models


def ends_as_changes(apps: Any, schema_editor: Any) -> None:
    """Where a rate ended and no other began, nothing ran from then on: a change to 0 mL/h."""
    change_model = apps.get_model("infusions", "RateChange")
    change_model.objects.update(recorded_at=models.F("started_at"))
    begun = {(change.session_id, change.started_at) for change in change_model.objects.all()}
    for change in change_model.objects.filter(ended_at__isnull=False):
        if (change.session_id, change.ended_at) not in begun:
            change_model.objects.create(
                session_id=change.session_id,
                step_index=change.step_index,
                rate_ml_per_kg_h=0,
                rate_ml_per_h=0,
                started_at=change.ended_at,
                recorded_at=change.ended_at,
                performer_id=change.performer_id,
            )


def vials_from_lots(apps: Any, schema_editor: Any) -> None:
    """Lots of before were hung at the start, by whoever started; nobody wrote down how much of each."""
    for vial in apps.get_model("infusions", "HungVial").objects.select_related("session"):
        started_at = vial.session.started_at or datetime(2000, 1, 1, tzinfo=UTC)
        vial.hung_at = vial.recorded_at = started_at
        vial.performer_id = vial.session.started_by_id
        vial.save(update_fields=["hung_at", "recorded_at", "performer"])


def watched_and_described(apps: Any, schema_editor: Any) -> None:
    """Infusions of before were not watched after their end; their reactions were described when recorded."""
    sessions = apps.get_model("infusions", "InfusionSession").objects
    sessions.filter(ended_at__isnull=False).update(watched_until=models.F("ended_at"))
    sessions.update(responsible_id=models.F("started_by_id"))
    for reaction in apps.get_model("infusions", "Reaction").objects.all():
        reaction.symptoms = [{"term": reaction.term, "severity": reaction.severity}]
        reaction.described_at = reaction.recorded_at
        reaction.save(update_fields=["symptoms", "described_at"])


class Migration(migrations.Migration):
    dependencies = [("infusions", "0004_at_the_bedside")]

    operations = [
        migrations.RunPython(ends_as_changes, migrations.RunPython.noop),
        migrations.RunPython(vials_from_lots, migrations.RunPython.noop),
        migrations.RunPython(watched_and_described, migrations.RunPython.noop),
    ]
