"""Finding somebody by the number on their wristband, wherever they lie: for an emergency and for the auditor."""

from django.db.models import Q

from apps.patients.domain.search import asked_pseudonyms, comparable_number
from apps.patients.models import Patient
from apps.patients.sealing import record_number_digest


def patient_of_number(number: str) -> Patient | None:
    """The patient with exactly this record number or pseudonym, on whichever ward."""
    meant = Q(pseudonym__in=asked_pseudonyms(number))
    if wanted := comparable_number(number):
        meant |= Q(record_number_digest=record_number_digest(wanted))
    return Patient.objects.filter(meant).first()
