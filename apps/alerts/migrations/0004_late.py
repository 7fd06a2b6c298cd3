from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("alerts", "0003_carry_over_levels")]

    operations = [
        migrations.AddField(
            model_name="alert",
            name="was_due_at",
            field=models.DateTimeField(
                null=True, help_text="when it should have been raised, where it came late"
            ),
        ),
    ]
