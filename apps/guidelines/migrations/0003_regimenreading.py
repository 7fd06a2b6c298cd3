import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def _person() -> models.ForeignKey:
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
    )


class Migration(migrations.Migration):
    dependencies = [
        ("guidelines", "0002_indications"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RegimenReading",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("indication_slug", models.CharField(max_length=80)),
                ("regimen_code", models.CharField(max_length=80)),
                ("fingerprint", models.CharField(max_length=64)),
                ("amount_mg_per_kg_min", models.DecimalField(decimal_places=2, max_digits=9)),
                ("amount_mg_per_kg_max", models.DecimalField(decimal_places=2, max_digits=9)),
                ("basis", models.CharField(max_length=20)),
                ("days_min", models.PositiveSmallIntegerField(null=True)),
                ("days_max", models.PositiveSmallIntegerField(null=True)),
                ("reason", models.TextField()),
                ("accepted_at", models.DateTimeField()),
                ("physician", _person()),
                ("second_person", _person()),
            ],
            options={
                "ordering": ["-accepted_at", "-pk"],
                "indexes": [
                    models.Index(
                        fields=["indication_slug", "regimen_code", "fingerprint"],
                        name="reading_of_regimen",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("physician", models.F("second_person")), _negated=True),
                        name="reading_needs_two_people",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount_mg_per_kg_min__lte", models.F("amount_mg_per_kg_max"))),
                        name="reading_amounts_in_order",
                    ),
                ],
            },
        ),
    ]
