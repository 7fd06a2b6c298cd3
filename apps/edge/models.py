"""Answers already given, so that a tablet may safely ask again."""

from django.conf import settings
from django.db import models


class IdempotentAnswer(models.Model):
    """The first answer to a write, kept under the client's own key."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    key = models.UUIDField()
    request_hash = models.CharField(max_length=64)
    status_code = models.PositiveSmallIntegerField(default=0)
    body = models.JSONField(null=True)
    created_at = models.DateTimeField(help_text="real time")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="idempotent_key_per_user"),
        ]
