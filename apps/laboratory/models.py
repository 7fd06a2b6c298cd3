"""Laboratory results of a patient, in the unit they came in and in the canonical one."""

import pgtrigger
from django.conf import settings
from django.db import models


class LaboratoryChart(models.Model):
    """One for each patient with results. Whoever enters one locks it, so that judging sees every entry."""

    patient = models.OneToOneField("patients.Patient", on_delete=models.PROTECT, related_name="+")


class LabResult(models.Model):
    """One result as it was entered. It is never changed but for its status; a wrong one stays, marked."""

    class Status(models.TextChoices):
        FINAL = "final"
        CORRECTED = "corrected"
        ENTERED_IN_ERROR = "entered_in_error"

    class Source(models.TextChoices):
        MANUAL = "manual"
        IMPORT = "import"

    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="+")
    analyte = models.CharField(max_length=80)
    value = models.DecimalField(max_digits=12, decimal_places=4, null=True, help_text="as entered")
    unit = models.CharField(max_length=24, blank=True, help_text="as entered")
    comparator = models.CharField(
        max_length=1, blank=True, help_text="< or > for what lies beyond the method"
    )
    canonical_value = models.DecimalField(max_digits=20, decimal_places=8, null=True)
    canonical_unit = models.CharField(max_length=24, blank=True)
    choice = models.CharField(max_length=40, blank=True, help_text="a result in words")
    titre = models.CharField(max_length=30, blank=True, help_text="beside the result of an antibody test")
    period_h = models.DecimalField(
        max_digits=5, decimal_places=2, null=True, help_text="hours over which it was collected"
    )
    weight_kg = models.DecimalField(max_digits=6, decimal_places=2, null=True, help_text="it was counted per")
    taken_at = models.DateTimeField(help_text="when the sample was taken, or the collection ended")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.MANUAL)
    note = models.TextField(blank=True)
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, related_name="replaced_by", null=True)
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.FINAL)
    status_reason = models.CharField(max_length=300, blank=True)
    status_changed_at = models.DateTimeField(null=True)
    status_changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )

    class Meta:
        ordering = ["taken_at", "id"]
        indexes = [models.Index(fields=["patient", "taken_at"], name="results_of_patient")]
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "analyte", "taken_at"],
                condition=models.Q(status="final"),
                name="one_final_result_of_a_moment",
            ),
            models.CheckConstraint(
                condition=models.Q(canonical_value__isnull=False, choice="")
                | (models.Q(canonical_value__isnull=True) & ~models.Q(choice="")),
                name="result_in_numbers_or_words",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="result_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="result_kept_as_entered",
                exclude=["status", "status_reason", "status_changed_at", "status_changed_by"],
            ),
        ]
