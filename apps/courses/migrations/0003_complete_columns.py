"""Once every course is carried over, nothing may be missing any more."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("courses", "0002_versions_and_days")]

    operations = [
        migrations.AlterField("course", "regimen_code", models.CharField(max_length=80)),
        migrations.AlterField("course", "rate_table_code", models.CharField(max_length=80)),
        migrations.AlterField("course", "weighed_on", models.DateField()),
        migrations.AlterField(
            "course",
            "weight_kg",
            models.DecimalField(decimal_places=2, help_text="actual weight", max_digits=6),
        ),
        migrations.AlterField(
            "course", "dosing_weight_kg", models.DecimalField(decimal_places=2, max_digits=6)
        ),
        migrations.AlterField(
            "course",
            "dose_mg_per_kg",
            models.DecimalField(decimal_places=2, help_text="of the whole course", max_digits=8),
        ),
        migrations.AlterField(
            "course",
            "order",
            models.JSONField(help_text="the order as given, see apps/courses/records.py"),
        ),
        migrations.AlterField(
            "course",
            "findings",
            models.JSONField(help_text="what was shown at approval, with the answers"),
        ),
        migrations.AlterField(
            "infusionday",
            "dose_g",
            models.DecimalField(decimal_places=2, help_text="in the day's whole vials", max_digits=8),
        ),
        migrations.AlterField(
            "infusionday",
            "volume_ml",
            models.DecimalField(decimal_places=3, help_text="whole vials, as hung", max_digits=9),
        ),
        migrations.AlterField(
            "infusionday",
            "vials",
            models.JSONField(help_text="[[size in mL, count], …], largest first"),
        ),
        migrations.AlterField("infusionday", "hydration", models.TextField(blank=True)),
    ]
