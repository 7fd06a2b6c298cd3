"""Tokens of programs."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models


class ServiceToken(models.Model):
    """A program's key. Times are real time; of the token itself only a digest is kept.

    `person` acts for the program in records: an account that nobody can sign in to, inactive in the database, so
    that no list of staff and no call holds it. It lives for the length of a request that brings the token.
    """

    name = models.CharField(max_length=80)
    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    prefix = models.CharField(max_length=12, help_text="the beginning of the token, to tell it from others")
    sha256 = models.CharField(max_length=64, unique=True)
    actions = ArrayField(models.CharField(max_length=40))
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        help_text="null: a command",
    )
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, help_text="to an hour")
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at")), name="service_token_expires_later"
            ),
        ]
