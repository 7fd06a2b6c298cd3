"""The only table with names, birth dates and record numbers."""

from django.db import models


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
