from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.AddField(
            "user",
            "specialty",
            models.CharField(
                blank=True,
                default="",
                help_text="code of a prescriber's specialty, as in the guideline documents",
                max_length=60,
            ),
            preserve_default=False,
        ),
    ]
