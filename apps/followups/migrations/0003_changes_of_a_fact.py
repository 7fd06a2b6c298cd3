from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("followups", "0002_answers")]

    operations = [
        migrations.AddField(
            model_name="coursefact",
            name="changes",
            field=models.JSONField(
                default=dict, help_text="codes of the rules whose checks were planned, moved or superseded by it"
            ),
        ),
    ]
