"""A session names the rate plan it runs by and the disease it is for, as its course did."""

from typing import Any

from django.db import migrations, models


def from_course(apps: Any, schema_editor: Any) -> None:
    """Sessions of before ran by the plan of their course."""
    plans = dict(apps.get_model("courses", "Course").objects.values_list("pk", "rate_table_code"))
    for session in apps.get_model("infusions", "InfusionSession").objects.all():
        session.rate_table_code = plans[session.course_id]
        session.save(update_fields=["rate_table_code"])


class Migration(migrations.Migration):
    dependencies = [("infusions", "0001_initial"), ("courses", "0003_complete_columns")]

    operations = [
        migrations.AddField(
            "infusionsession", "rate_table_code", models.CharField(default="", max_length=80)
        ),
        migrations.AddField(
            "infusionsession", "disease", models.CharField(blank=True, default="", max_length=80)
        ),
        migrations.RunPython(from_course, migrations.RunPython.noop),
    ]
