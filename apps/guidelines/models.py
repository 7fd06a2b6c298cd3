"""Guideline releases, and what people agreed about what a source means."""

from typing import Any

import pgtrigger
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
            models.Index(fields=["indication_slug", "regimen_code", "fingerprint"], name="reading_of_regimen")
        ]
        ordering = ["-accepted_at", "-pk"]
        triggers = [pgtrigger.Protect(name="kept_as_accepted", operation=pgtrigger.Update | pgtrigger.Delete)]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(physician=models.F("second_person")), name="reading_needs_two_people"
            ),
            models.CheckConstraint(
                condition=models.Q(amount_mg_per_kg_min__lte=models.F("amount_mg_per_kg_max")),
                name="reading_amounts_in_order",
            ),
        ]


class SiteDocument(models.Model):
    """One version of a document of the site. The newest approved one of a code that is not withdrawn counts."""

    code = models.CharField(max_length=80)
    number = models.PositiveIntegerField()
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    note = models.TextField(blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    approved_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    withdrawn_at = models.DateTimeField(null=True)
    withdrawal_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["code", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["code", "number"], name="one_site_document_of_each_number"),
            models.CheckConstraint(
                condition=~models.Q(author=models.F("approver")), name="site_document_needs_two_people"
            ),
        ]

    def as_released(self) -> dict[str, Any]:
        """The content with who stands for it, as a release keeps it."""
        assert self.approver is not None and self.approved_at is not None
        return {
            **self.content,
            "site": {
                "author": self.author.display_name,
                "approver": self.approver.display_name,
                "approved_on": self.approved_at.date().isoformat(),
                "number": self.number,
            },
        }
