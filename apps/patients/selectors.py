"""Readers of patients."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Q

from apps.accounts.selectors import Action, Staff, require, wards_of_now, within_reach
from apps.audit.collecting import note_read
from apps.kernel import clock
from apps.kernel.errors import NotFoundError
from apps.kernel.text import N_
from apps.patients.domain.identity import initials
from apps.patients.models import Patient

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
    return patient


def ward_today(patient: PatientRecord) -> date:
    """The day it is on the patient's ward."""
    return clock.now().astimezone(ZoneInfo(patient.ward.time_zone)).date()


def patients_for(user: Staff) -> list[PatientRecord]:
    """The patients on the person's wards, by ward and bed."""
    require(user, Action.SEE_PATIENTS)
    found = Patient.objects.select_related("ward").filter(ward__in=wards_of_now(user))
    return list(found.order_by("ward__name", "bed", "name"))


_PEOPLE = """
SELECT coalesce(json_object_agg(id, json_build_object(
    'name', name, 'age_years', date_part('year', age(%s::date, birth_date))::int, 'bed', bed, 'pseudonym', pseudonym
))::text, '{}')
FROM patients_patient WHERE id = ANY(%s)
"""


def people_as_json(patient_ids: Iterable[int], *, today: date) -> str:
    """Patient id -> name, age, bed and pseudonym, as a JSON object made by the database."""
    with connection.cursor() as cursor:
        cursor.execute(_PEOPLE, [today, list(patient_ids)])
        text: str = cursor.fetchone()[0]
    return text


def people_in_public(patient_ids: Iterable[int]) -> dict[int, PersonInPublic]:
    """Patient id -> initials and bed; the name itself stays behind."""
    return {
        patient.pk: PersonInPublic(name=initials(patient.name), bed=patient.bed)
        for patient in Patient.objects.filter(pk__in=set(patient_ids))
    }


def any_patient() -> bool:
    """Whether anybody is registered yet."""
    return Patient.objects.exists()


# For the auditor, who sees pseudonyms and no names.


def find_patient(text: str) -> int | None:
    """The number of the patient with this record number or pseudonym. Noted as a reading."""
    found = Patient.objects.filter(Q(medical_record_number=text.strip()) | Q(pseudonym=text.strip()))
    row = found.values_list("pk", "ward_id").first()
    if row is None:
        return None
    note_read(patient_id=row[0], ward_id=row[1])
    return int(row[0])


def pseudonym_and_ward(patient_id: int) -> tuple[str, int] | None:
    """A patient's pseudonym and ward."""
    return Patient.objects.filter(pk=patient_id).values_list("pseudonym", "ward_id").first()


def pseudonyms(patient_ids: Iterable[int]) -> dict[int, str]:
    """Patient id -> pseudonym."""
    return dict(Patient.objects.filter(pk__in=set(patient_ids)).values_list("pk", "pseudonym"))
