"""Guideline releases, and what people agreed about what a source means."""

from django.conf import settings
from django.db import models


class GuidelineRelease(models.Model):
    """All guideline documents as they stood together; a course pins the one it was planned with."""

    version = models.CharField(max_length=64, unique=True, help_text="SHA-256 over all documents")
    documents = models.JSONField(help_text="file name -> content")
    document_hashes = models.JSONField(help_text="file name -> SHA-256 of the file")
    loaded_at = models.DateTimeField()
    is_current = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_current"], condition=models.Q(is_current=True), name="one_current_release"
            ),
        ]


class RegimenReading(models.Model):
    """How a physician and a second person read a regimen under query. Never changed; a newer one replaces it.

    `fingerprint` is of the regimen as printed: when the source's words or numbers change, the reading lapses.
    """

    indication_slug = models.CharField(max_length=80)
    regimen_code = models.CharField(max_length=80)
    fingerprint = models.CharField(max_length=64)
    amount_mg_per_kg_min = models.DecimalField(max_digits=9, decimal_places=2)
    amount_mg_per_kg_max = models.DecimalField(max_digits=9, decimal_places=2)
    basis = models.CharField(max_length=20)
    days_min = models.PositiveSmallIntegerField(null=True)
    days_max = models.PositiveSmallIntegerField(null=True)
    reason = models.TextField()
    physician = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    second_person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                fields=["indication_slug", "regimen_code", "fingerprint"], name="reading_of_regimen"
            )
        ]
        ordering = ["-accepted_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(physician=models.F("second_person")), name="reading_needs_two_people"
            ),
            models.CheckConstraint(
                condition=models.Q(amount_mg_per_kg_min__lte=models.F("amount_mg_per_kg_max")),
                name="reading_amounts_in_order",
            ),
        ]
