"""Adverse events."""

from django.conf import settings
from django.db import models


class AdverseEvent(models.Model):
    """Something that happened to a patient after IVIG, with what was running when it began."""

    class Status(models.TextChoices):
        NEW = "new"
        ENTERED_IN_ERROR = "entered_in_error"

    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="+")
    ward = models.ForeignKey("accounts.Ward", on_delete=models.PROTECT, related_name="+")
    origin = models.CharField(max_length=80, unique=True, help_text="reaction:4 or check:7: one event each")
    session_id = models.BigIntegerField()
    course_id = models.BigIntegerField()
    term = models.CharField(max_length=80)
    severity = models.CharField(max_length=10, blank=True)
    onset_at = models.DateTimeField()
    infusion_started_at = models.DateTimeField(null=True)
    infusion_ended_at = models.DateTimeField(null=True)
    rate_ml_per_kg_h = models.DecimalField(max_digits=7, decimal_places=3, null=True)
    rate_ml_per_h = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    step_index = models.PositiveSmallIntegerField(null=True)
    volume_given_ml = models.DecimalField(max_digits=9, decimal_places=3, null=True)
    product_code = models.CharField(max_length=80)
    lots = models.JSONField(default=list)
    action = models.CharField(max_length=20, blank=True)
    note = models.TextField(blank=True)
    details = models.JSONField(
        default=dict,
        help_text="symptoms, what was done, vital signs around the onset, as recorded at the bedside",
    )
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.NEW)
    guideline_version = models.CharField(max_length=64)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["-onset_at", "-id"]
