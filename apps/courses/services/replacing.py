"""Recording IgG troughs and infections."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from apps.accounts.selectors import Action, Staff
from apps.courses.domain.replacement import measured_igg
from apps.courses.models import InfectionEpisode, TroughLevel
from apps.kernel.errors import DomainError
from apps.kernel.text import N_
from apps.ledger.services import actor_of, record_event, unit_of_work
from apps.patients.selectors import PatientRecord, access_patient


def record_trough(
    *,
    performer: Staff,
    patient_id: int,
    measured_on: date,
    value: Decimal,
    unit: str,
    note: str,
    now: datetime,
) -> TroughLevel:
    """Record serum IgG in g/L or mg/dL.

    Raises the refusals of `measured_igg` and DomainError `day_in_future`, `day_before_birth`.
    """
    patient = access_patient(performer, patient_id, Action.RECORD_FOLLOW_UP)
    _refuse_day(patient, "measured_on", measured_on, now)
    igg_g_per_l = measured_igg(value, unit)
    with unit_of_work():
        trough = TroughLevel.objects.create(
            patient=patient,
            measured_on=measured_on,
            igg_g_per_l=igg_g_per_l,
            entered_value=value,
            entered_unit=unit,
            note=note.strip(),
            recorded_by=performer,
            recorded_at=now,
        )
        _record(
            "patient.trough.recorded",
            f"trough:{trough.pk}",
            patient,
            performer,
            now,
            {"measured_on": measured_on.isoformat(), "value": str(value), "unit": unit, "note": trough.note},
        )
    return trough


def record_infection(
    *, performer: Staff, patient_id: int, occurred_on: date, severity: str, note: str, now: datetime
) -> InfectionEpisode:
    """Record an infection, `mild` or `serious`. Raises DomainError `day_in_future`, `day_before_birth`."""
    patient = access_patient(performer, patient_id, Action.RECORD_FOLLOW_UP)
    _refuse_day(patient, "occurred_on", occurred_on, now)
    with unit_of_work():
        infection = InfectionEpisode.objects.create(
            patient=patient,
            occurred_on=occurred_on,
            severity=severity,
            note=note.strip(),
            recorded_by=performer,
            recorded_at=now,
        )
        _record(
            "patient.infection.recorded",
            f"infection:{infection.pk}",
            patient,
            performer,
            now,
            {"occurred_on": occurred_on.isoformat(), "severity": severity, "note": infection.note},
        )
    return infection


def _refuse_day(patient: PatientRecord, field: str, day: date, now: datetime) -> None:
    if day > now.astimezone(ZoneInfo(patient.ward.time_zone)).date():
        raise DomainError(
            "day_in_future", N_("The date lies in the future. Check it."), extra={"field": field}
        )
    if day < patient.birth_date:
        raise DomainError(
            "day_before_birth",
            N_("The patient was not born on this day. Check the date."),
            extra={"field": field},
        )


def _record(
    name: str, subject: str, patient: PatientRecord, performer: Staff, now: datetime, payload: dict[str, Any]
) -> None:
    record_event(
        name=name,
        subject=subject,
        ward_id=patient.ward_id,
        actor=actor_of(performer),
        now=now,
        payload={"patient_id": patient.pk, **payload},
    )
