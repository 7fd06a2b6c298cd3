"""Answers already given, so that a tablet may safely ask again."""

from django.conf import settings
from django.db import models

from apps.edge.sealing import sealed_column

# An answer shows what the page shows: names, birth dates, notes.
ANSWERS = sealed_column("edge_idempotentanswer", "body", row_name="key")


class IdempotentAnswer(models.Model):
    """The first answer to a write, kept under the client's own key."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    key = models.UUIDField()
    request_hash = models.CharField(max_length=64, help_text="keyed: nobody can try out what was sent")
    status_code = models.PositiveSmallIntegerField(default=0)
    body = models.TextField(blank=True, default="", help_text="JSON, sealed")
    created_at = models.DateTimeField(help_text="real time")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="idempotent_key_per_user"),
        ]
