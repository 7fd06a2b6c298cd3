"""One result as it is entered, checked and turned into a row."""

from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from apps.accounts.selectors import Staff
from apps.courses.selectors import courses_of_patient
from apps.guidelines.domain import Analyte, Guidelines
from apps.kernel.errors import ConflictError, DomainError
from apps.kernel.text import N_
from apps.laboratory.domain.measuring import canonical_value, read_titre
from apps.laboratory.models import LabResult
from apps.patients.selectors import PatientRecord


@dataclass(frozen=True, slots=True)
class ResultEntry:
    """A result as somebody reads it from the laboratory's answer: a number with its unit, or a choice.

    `period_h`: hours over which it was collected. `confirmed`: the unusual number was compared and is right.
    `titre`: beside the choice of an antibody test, as the laboratory prints it.
    `place`: where it stands in what was sent, for a refusal to point to.
    """

    analyte: str
    taken_at: datetime
    value: Decimal | None = None
    unit: str = ""
    comparator: str = ""
    choice: str = ""
    titre: str = ""
    period_h: Decimal | None = None
    note: str = ""
    confirmed: bool = False
    place: str = ""


def row_of(
    entry: ResultEntry,
    *,
    patient: PatientRecord,
    guidelines: Guidelines,
    performer: Staff,
    source: str,
    now: datetime,
    replaces: LabResult | None = None,
) -> LabResult:
    """The row of a checked entry, not saved yet.

    Raises DomainError `analyte_unknown`, `result_missing`, `choice_unknown`, `titre_invalid`, `titre_not_taken`,
    `result_in_future`, `result_before_birth`, ConflictError `result_there_already`, and the refusals of
    `canonical_value`.
    """
    analyte = _analyte(guidelines, entry.analyte)
    _refuse_time(entry, patient, now)
    _refuse_second(entry, analyte, patient, replaces)
    row = LabResult(
        patient=patient,
        analyte=analyte.code,
        taken_at=entry.taken_at,
        recorded_at=now,
        recorded_by=performer,
        source=source,
        note=entry.note.strip(),
        replaces=replaces,
    )
    if entry.titre and analyte.antibody is None:
        raise DomainError(
            "titre_not_taken",
            N_("Only antibody tests have a titre. Enter %(name)s without one."),
            extra={"field": "titre"},
            name=analyte.name.as_mapping(),
        )
    if analyte.in_words:
        _fill_in_words(row, analyte, entry)
    else:
        _fill_in_numbers(row, analyte, entry, patient)
    return row


def _fill_in_words(row: LabResult, analyte: Analyte, entry: ResultEntry) -> None:
    if not entry.choice:
        raise _missing(analyte, "choice")
    if analyte.choice(entry.choice) is None:
        raise DomainError(
            "choice_unknown",
            N_("%(name)s has no result of this kind. Choose one of those offered."),
            extra={"field": "choice"},
            name=analyte.name.as_mapping(),
        )
    row.choice, row.titre = entry.choice, read_titre(entry.titre)


def _fill_in_numbers(row: LabResult, analyte: Analyte, entry: ResultEntry, patient: PatientRecord) -> None:
    if entry.value is None:
        raise _missing(analyte, "value")
    accepted = analyte.accepted(entry.unit)
    weight_kg = _weight_kg(patient) if accepted is not None and accepted.per_kg_and_hour else None
    row.canonical_value = canonical_value(
        analyte,
        value=entry.value,
        unit=entry.unit,
        period_h=entry.period_h,
        weight_kg=weight_kg,
        confirmed=entry.confirmed,
    )
    row.value, row.unit, row.comparator = entry.value, entry.unit, entry.comparator
    row.canonical_unit, row.weight_kg = analyte.unit, weight_kg
    row.period_h = entry.period_h if analyte.collected else None


def _weight_kg(patient: PatientRecord) -> Decimal | None:
    """The actual weight of the newest course; no other weight is known with its day."""
    courses = courses_of_patient(patient.pk)
    return courses[0].weight_kg if courses else None


def _analyte(guidelines: Guidelines, code: str) -> Analyte:
    found = next((analyte for analyte in guidelines.analytes if analyte.code == code), None)
    if found is None:
        raise DomainError(
            "analyte_unknown",
            N_("“%(analyte)s” is none of the analytes of the guideline. Choose one of those offered."),
            extra={"field": "analyte"},
            analyte=code,
        )
    return found


def _missing(analyte: Analyte, field: str) -> DomainError:
    return DomainError(
        "result_missing",
        N_("Give a result of %(name)s."),
        extra={"field": field},
        name=analyte.name.as_mapping(),
    )


def _refuse_time(entry: ResultEntry, patient: PatientRecord, now: datetime) -> None:
    if entry.taken_at > now:
        raise DomainError(
            "result_in_future",
            N_("The sample cannot have been taken in the future. Check the date and the time."),
            extra={"field": "taken_at"},
        )
    born = datetime.combine(patient.birth_date, time.min, tzinfo=ZoneInfo(patient.ward.time_zone))
    if entry.taken_at < born:
        raise DomainError(
            "result_before_birth",
            N_("The patient was not born when this sample was taken. Check the date."),
            extra={"field": "taken_at"},
        )


def _refuse_second(
    entry: ResultEntry, analyte: Analyte, patient: PatientRecord, replaces: LabResult | None
) -> None:
    there = LabResult.objects.filter(
        patient=patient, analyte=analyte.code, taken_at=entry.taken_at, status=LabResult.Status.FINAL
    )
    if replaces is not None:
        there = there.exclude(pk=replaces.pk)
    if there.exists():
        raise ConflictError(
            "result_there_already",
            N_(
                "A result of %(name)s from this very time is there already. Correct that one, or check the time."
            ),
            extra={"field": "taken_at"},
            name=analyte.name.as_mapping(),
        )
