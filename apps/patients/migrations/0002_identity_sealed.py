"""Room for sealed identities; what lay open may be empty from here on."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("patients", "0001_initial")]

    operations = [
        migrations.AddField("patient", "identity", models.TextField(blank=True, default="", help_text="sealed; empty once it was erased")),
        migrations.AddField("patient", "record_number_digest", models.CharField(max_length=32, null=True, unique=True)),
        migrations.AddField("patient", "birth_date_digest", models.CharField(db_index=True, max_length=32, null=True)),
        migrations.AddField("patient", "erased_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "patient",
            "birth_year",
            models.PositiveSmallIntegerField(help_text="all that is left once it was erased", null=True),
        ),
        migrations.AlterField("patient", "name", models.CharField(max_length=200, null=True)),
        migrations.AlterField("patient", "birth_date", models.DateField(null=True)),
        migrations.AlterField("patient", "medical_record_number", models.CharField(max_length=40, null=True, unique=True)),
        migrations.CreateModel(
            name="NameWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=32)),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="name_words",
                        to="patients.patient",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("digest", "patient"), name="one_digest_of_a_name")
                ],
            },
        ),
    ]
