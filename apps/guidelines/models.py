"""Guideline releases."""

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
