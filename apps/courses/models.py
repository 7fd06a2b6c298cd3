"""Courses and their infusion days."""

from django.conf import settings
from django.db import models


class Course(models.Model):
    """One ordered course of IVIG: indication, product, dose, split over days."""

    class Status(models.TextChoices):
        ACTIVE = "active"
        COMPLETED = "completed"

    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="+")
    ward = models.ForeignKey("accounts.Ward", on_delete=models.PROTECT, related_name="+")
    guideline_version = models.CharField(max_length=64)
    indication_code = models.CharField(max_length=80)
    product_code = models.CharField(max_length=80)
    weight_kg = models.DecimalField(max_digits=6, decimal_places=2)
    dose_mg_per_kg = models.DecimalField(max_digits=8, decimal_places=2)
    days = models.PositiveSmallIntegerField()
    volume_per_day_ml = models.DecimalField(
        max_digits=9, decimal_places=3, help_text="whole vials, as hung each day"
    )
    risk_factors = models.JSONField(default=list)
    contraindications = models.JSONField(default=list)
    missing_tests = models.JSONField(default=list)
    override_reason = models.TextField(blank=True)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.ACTIVE)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()


class InfusionDay(models.Model):
    """One day of a course, with its infusion once it was started."""

    class Status(models.TextChoices):
        PLANNED = "planned"
        RUNNING = "running"
        DONE = "done"
        STOPPED = "stopped"

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="infusion_days")
    number = models.PositiveSmallIntegerField()
    planned_on = models.DateField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PLANNED)
    session_id = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["course", "number"], name="one_day_of_each_number"),
        ]
