"""The alert table."""

from django.conf import settings
from django.db import models


class Alert(models.Model):
    """A condition somebody must look at. Repeats of an open condition join the same row."""

    class State(models.TextChoices):
        RAISED = "raised"
        ACKNOWLEDGED = "acknowledged"
        RESOLVED = "resolved"

    ward = models.ForeignKey("accounts.Ward", on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="+", null=True)
    subject = models.CharField(max_length=80, help_text="what it is about, such as session:12")
    code = models.CharField(max_length=80)
    priority = models.CharField(max_length=10)
    message = models.TextField(help_text="English %-template")
    params = models.JSONField(default=dict)
    source = models.TextField(blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.RAISED)
    raised_at = models.DateTimeField()
    repeated_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "code"],
                condition=~models.Q(state="resolved"),
                name="one_open_alert_per_condition",
            ),
        ]
