"""Readers of patients."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.accounts.selectors import Action, Staff, require, wards_of_now, within_reach
from apps.audit.collecting import note_read
from apps.kernel import clock
from apps.kernel.errors import ConflictError, NotFoundError
from apps.kernel.text import N_
from apps.patients.domain.identity import age_years, generalised_birth_date, initials
from apps.patients.domain.search import asked_day, asked_numbers, asked_pseudonyms
from apps.patients.finding import patient_of_number
from apps.patients.models import NameWord, Patient
from apps.patients.sealing import asked_name_digests, birth_date_digest, open_identity, record_number_digest

PatientRecord = Patient


@dataclass(frozen=True, slots=True)
class PersonInPublic:
    """What a board shows of a patient where visitors can read it: initials, in place of the name, and bed."""

    name: str
    bed: str


def access_patient(user: Staff, patient_id: int, action: Action = Action.SEE_PATIENTS) -> PatientRecord:
    """The patient, if they lie on one of the person's wards; otherwise NotFoundError."""
    patient = (
        Patient.objects.select_related("ward")
        .filter(within_reach(user, action, patient="pk"), pk=patient_id)
        .first()
    )
    if patient is None:
        raise NotFoundError("not_found", N_("There is no such patient on your wards."))
    require(user, action)
    if patient.erased_at is not None and action is Action.OPEN_COURSE:
        raise ConflictError(
            "identity_erased",
            N_("Nobody knows any more who this patient is. Register the person anew."),
        )
    return patient


def ward_today(patient: PatientRecord) -> date:
    """The day it is on the patient's ward."""
    return clock.now().astimezone(ZoneInfo(patient.ward.time_zone)).date()


def patients_for(user: Staff) -> list[PatientRecord]:
    """The patients on the person's wards, by ward, bed and name. Whose identity was erased is nobody's patient."""
    return _in_order(_of_wards(user))


def find_patients(user: Staff, text: str) -> list[PatientRecord]:
    """The patients on the person's wards whom a typed text means, by ward, bed and name.

    It is a record number, a pseudonym, a birth date, or words of the name and beginnings of three letters or more, in
    any order. What is compared are keyed digests: neither the text nor a name reaches the database.
    """
    found = Q(pseudonym__in=asked_pseudonyms(text))
    if numbers := asked_numbers(text):
        found |= Q(record_number_digest__in=[record_number_digest(number) for number in numbers])
    if born := asked_day(text):
        found |= Q(birth_date_digest=birth_date_digest(born))
    if words := asked_name_digests(text):
        of_patient = NameWord.objects.filter(patient=OuterRef("pk"))
        found |= Q(*[Exists(of_patient.filter(digest=word)) for word in words])
    return _in_order(_of_wards(user).filter(found))


def born_on_the_same_day(patient: PatientRecord) -> Q:
    """A condition on rows with a `patient`: born on the same day as this one, who may be somebody else."""
    if patient.birth_date_digest is None:
        return Q(pk__in=[])
    return Q(patient__birth_date_digest=patient.birth_date_digest)


def _of_wards(user: Staff) -> QuerySet[Patient]:
    require(user, Action.SEE_PATIENTS)
    return Patient.objects.select_related("ward").filter(ward__in=wards_of_now(user), erased_at__isnull=True)


def _in_order(patients: Iterable[PatientRecord]) -> list[PatientRecord]:
    return sorted(patients, key=lambda patient: (patient.ward.name, patient.bed, patient.name.casefold()))


_PEOPLE = "SELECT id, pseudonym, identity, bed, birth_year FROM patients_patient WHERE id = ANY(%s)"


def people_as_json(patient_ids: Iterable[int], *, today: date) -> str:
    """Patient id -> name, age, bed and pseudonym, as a JSON object."""
    with connection.cursor() as cursor:
        cursor.execute(_PEOPLE, [list(patient_ids)])
        rows = cursor.fetchall()
    people = {}
    for number, pseudonym, sealed, bed, birth_year in rows:
        person = open_identity(sealed, pseudonym)
        people[number] = {
            "name": person.name or pseudonym,
            "age_years": age_years(person.birth_date or generalised_birth_date(birth_year), today),
            "bed": bed,
            "pseudonym": pseudonym,
        }
    return json.dumps(people, ensure_ascii=False)


def people_in_public(patient_ids: Iterable[int]) -> dict[int, PersonInPublic]:
    """Patient id -> initials and bed; the name itself stays behind."""
    return {
        patient.pk: PersonInPublic(name=initials(patient.name), bed=patient.bed)
        for patient in Patient.objects.filter(pk__in=set(patient_ids))
    }


def patients_with_identity() -> list[PatientRecord]:
    """Everybody whose identity was not erased, for who looks after how long things are kept."""
    return list(Patient.objects.filter(erased_at__isnull=True).order_by("pk"))


def number_of_pseudonym(pseudonym: str) -> int | None:
    """The number of the patient with this pseudonym; None when nobody has it. For commands."""
    return Patient.objects.filter(pseudonym=pseudonym).values_list("pk", flat=True).first()


def any_patient() -> bool:
    """Whether anybody is registered yet."""
    return Patient.objects.exists()


# For the auditor, who sees pseudonyms and no names.


def find_patient(text: str) -> int | None:
    """The number of the patient with this record number or pseudonym. Noted as a reading."""
    patient = patient_of_number(text)
    if patient is None:
        return None
    note_read(patient_id=patient.pk, ward_id=patient.ward_id)
    return patient.pk


def pseudonym_and_ward(patient_id: int) -> tuple[str, int] | None:
    """A patient's pseudonym and ward."""
    return Patient.objects.filter(pk=patient_id).values_list("pseudonym", "ward_id").first()


def pseudonyms(patient_ids: Iterable[int]) -> dict[int, str]:
    """Patient id -> pseudonym."""
    return dict(Patient.objects.filter(pk__in=set(patient_ids)).values_list("pk", "pseudonym"))
