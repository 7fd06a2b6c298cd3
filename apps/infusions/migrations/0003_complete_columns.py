"""Once every session is carried over, nothing may be missing any more."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("infusions", "0002_rate_table_and_disease")]

    operations = [
        migrations.AlterField("infusionsession", "rate_table_code", models.CharField(max_length=80)),
        migrations.AlterField("infusionsession", "disease", models.CharField(blank=True, max_length=80)),
    ]
