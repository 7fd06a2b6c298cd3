"""Writers of patients."""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from apps.accounts.selectors import Action, Staff, access_ward
from apps.kernel.errors import ConflictError, DomainError
from apps.kernel.text import N_
from apps.ledger.services import actor_of, record_event, unit_of_work
from apps.patients.domain.identity import kept_birth_year, new_pseudonym
from apps.patients.models import Patient


def wipe_identity(*, patient_id: int, now: datetime) -> None:
    """Wipe name, birth date and record number of a patient for good, with all by which they are found.

    The year of birth stays, of the very old a later one. To be called within a unit of work.
    Raises ConflictError `already_erased`.
    """
    patient = Patient.objects.select_for_update().get(pk=patient_id)
    if patient.erased_at is not None:
        raise ConflictError("already_erased", N_("This patient's identity was erased before."))
    patient.birth_year, patient.erased_at = kept_birth_year(patient.birth_date, now.date()), now
    patient.identity, patient.record_number_digest, patient.birth_date_digest = "", None, None
    patient.save()
    patient.name_words.all().delete()


def register_patient(
    *,
    performer: Staff,
    ward_id: int,
    name: str,
    birth_date: date,
    sex: str,
    medical_record_number: str,
    bed: str,
    now: datetime,
) -> Patient:
    """Take a patient onto a ward of the performer.

    Raises DomainError `birth_date_implausible`, ConflictError `record_number_taken`.
    """
    ward = access_ward(performer, ward_id, Action.REGISTER_PATIENT)
    if not date(now.year - 120, 1, 1) <= birth_date <= now.date():
        raise DomainError(
            "birth_date_implausible", N_("The birth date lies in the future or more than 120 years back.")
        )
    with unit_of_work():
        try:
            with transaction.atomic():
                patient = Patient(pseudonym=new_pseudonym(), sex=sex, ward=ward, bed=bed)
                patient.name, patient.birth_date = name, birth_date
                patient.medical_record_number = medical_record_number
                patient.save()
        except IntegrityError as error:
            raise ConflictError(
                "record_number_taken",
                N_("A patient with this record number is already registered. Search for them instead."),
            ) from error
        record_event(
            name="patient.registered",
            subject=f"patient:{patient.pk}",
            ward_id=ward.pk,
            actor=actor_of(performer),
            now=now,
            payload={"pseudonym": patient.pseudonym},
        )
    return patient
