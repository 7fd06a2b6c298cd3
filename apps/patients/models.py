"""The only table with names, birth dates and record numbers."""

from collections.abc import Collection, Sequence
from typing import Any, Self

from django.db import models

from apps.audit.collecting import note_read

_IDENTIFYING = frozenset({"name", "birth_date", "medical_record_number"})


class Patient(models.Model):
    """A person in our care."""

    class Sex(models.TextChoices):
        FEMALE = "female"
        MALE = "male"
        UNKNOWN = "unknown"

    pseudonym = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=200)
    birth_date = models.DateField()
    sex = models.CharField(max_length=10, choices=Sex.choices, default=Sex.UNKNOWN)
    medical_record_number = models.CharField(max_length=40, unique=True)
    ward = models.ForeignKey("accounts.Ward", on_delete=models.PROTECT, related_name="+")
    bed = models.CharField(max_length=20, blank=True)

    def __str__(self) -> str:
        return self.pseudonym

    @classmethod
    def from_db(cls, db: str | None, field_names: Collection[str], values: Sequence[Any]) -> Self:
        """A row as it was loaded. Whoever loads who a patient is has read it: the audit is told here, for all rooms."""
        patient = super().from_db(db, field_names, values)
        if not _IDENTIFYING.isdisjoint(field_names):
            note_read(patient_id=patient.pk, ward_id=patient.__dict__.get("ward_id"))
        return patient
