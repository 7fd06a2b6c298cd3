"""Tables of the watch over the service itself. Nobody outside this app touches them."""

from django.db import models


class Finding(models.Model):
    """Something that is, or was, wrong with the service: open until the watchdog no longer sees it."""

    code = models.CharField(max_length=40)
    numbers = models.JSONField(default=dict, help_text="what fills its sentence; never a patient's data")
    opened_at = models.DateTimeField(help_text="real time")
    closed_at = models.DateTimeField(null=True, help_text="real time")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code"], name="one_open_finding_per_code", condition=models.Q(closed_at__isnull=True)
            ),
        ]
