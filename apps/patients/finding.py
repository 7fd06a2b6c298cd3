"""Finding somebody by the number on their wristband, wherever they lie: for an emergency, and for nothing else."""

from collections.abc import Iterable

from django.db.models import Q

from apps.patients.models import Patient


def patient_of_number(number: str) -> Patient | None:
    """The patient with exactly this record number or pseudonym, on whichever ward."""
    wanted = number.strip()
    return Patient.objects.filter(Q(medical_record_number=wanted) | Q(pseudonym=wanted.upper())).first()


def pseudonyms(patient_ids: Iterable[int]) -> dict[int, str]:
    """Patient id -> pseudonym."""
    return dict(Patient.objects.filter(pk__in=set(patient_ids)).values_list("pk", "pseudonym"))
