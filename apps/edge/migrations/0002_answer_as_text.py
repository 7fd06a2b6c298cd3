"""A stored answer becomes text, so that it can be sealed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("edge", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE edge_idempotentanswer ALTER COLUMN body TYPE text USING coalesce(body::text, ''),"
            " ALTER COLUMN body SET NOT NULL",
            "ALTER TABLE edge_idempotentanswer ALTER COLUMN body DROP NOT NULL,"
            " ALTER COLUMN body TYPE jsonb USING nullif(body, '')::jsonb",
            state_operations=[
                migrations.AlterField(
                    "idempotentanswer",
                    "body",
                    models.TextField(blank=True, default="", help_text="JSON, sealed"),
                ),
                migrations.AlterField(
                    "idempotentanswer",
                    "request_hash",
                    models.CharField(help_text="keyed: nobody can try out what was sent", max_length=64),
                ),
            ],
        ),
    ]
