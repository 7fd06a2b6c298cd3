"""Once everything is carried over, nothing may be missing any more, and a rate change stays as it is."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("infusions", "0005_bedside_rows")]

    operations = [
        migrations.RemoveField("ratechange", "ended_at"),
        migrations.AlterField("ratechange", "recorded_at", models.DateTimeField(help_text="typed")),
        migrations.AlterField("hungvial", "gtin", models.CharField(blank=True, max_length=14)),
        migrations.AlterField("hungvial", "serial", models.CharField(blank=True, max_length=40)),
        migrations.AlterField("hungvial", "hung_at", models.DateTimeField()),
        migrations.AlterField("hungvial", "recorded_at", models.DateTimeField()),
        migrations.AlterField(
            "hungvial",
            "performer",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
    ]
