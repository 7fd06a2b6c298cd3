"""A small hospital for tests of one process: made with the product's own services, at times the test names.

Nothing here reads the clock; `NOW` is a Monday morning, 08:00 UTC.
"""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from threading import Thread
from typing import Any

from django.db import connections
from rest_framework.test import APIClient

from apps.accounts.domain.roles import Role
from apps.accounts.selectors import Staff, Ward
from apps.accounts.services import Signature, ensure_staff, ensure_ward, set_on_call
from apps.courses.domain import CourseOrder, PatientProfile
from apps.courses.selectors import CourseRecord, access_course, assess_order, assess_revision
from apps.courses.services import (
    open_course,
    record_infection,
    record_response,
    record_trough,
    revise_course,
)
from apps.infusions import services as infusions
from apps.infusions.domain import Consciousness, Vitals
from apps.infusions.selectors import SessionRecord, access_session
from apps.infusions.services.observing import ObservationEntry
from apps.infusions.services.reacting import Symptom
from apps.infusions.services.vials import VialEntry
from apps.laboratory.services import ResultEntry, record_results
from apps.ledger.services.timers import claim_due_timers, fire_timer
from apps.patients.selectors import PatientRecord
from apps.patients.services import register_patient

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
PASSWORD = "a-long-test-password"
QUIET: dict[str, Any] = {
    "systolic_mmhg": 124,
    "diastolic_mmhg": 78,
    "pulse_per_min": 72,
    "respiratory_rate_per_min": 14,
    "spo2_percent": 98,
    "temperature_c": Decimal("36.7"),
    "oxygen_l_per_min": Decimal(0),
    "consciousness": Consciousness.ALERT,
}
VIAL = {"lot_number": "LOT-A1204", "expires_on": "2027-12-31", "volume_ml": "250"}

_numbers = count(1)


@dataclass(frozen=True)
class Hospital:
    """One ward and the people who work on it."""

    ward: Ward
    nurse: Staff
    second_nurse: Staff
    charge_nurse: Staff
    physician: Staff
    second_physician: Staff
    pharmacist: Staff
    safety_officer: Staff
    administrator: Staff
    auditor: Staff


def build_hospital(name: str = "Neurology", *, time_zone: str = "Europe/Oslo") -> Hospital:
    """A ward with a member of staff of each role, and a second nurse."""
    ward = ensure_ward(name=name, time_zone=time_zone)

    def employ(title: str, role: Role) -> Staff:
        return ensure_staff(
            username=f"{title}-{name}".lower().replace(" ", "-"),
            full_name=(title.replace("-", " ").title(), name),
            role=role,
            wards=[ward],
            password=PASSWORD,
        )

    return Hospital(
        ward=ward,
        nurse=employ("nurse", Role.NURSE),
        second_nurse=employ("second-nurse", Role.NURSE),
        charge_nurse=employ("charge-nurse", Role.CHARGE_NURSE),
        physician=employ("physician", Role.PHYSICIAN),
        second_physician=employ("second-physician", Role.PHYSICIAN),
        pharmacist=employ("pharmacist", Role.PHARMACIST),
        safety_officer=employ("safety-officer", Role.PHARMACOVIGILANCE),
        administrator=employ("administrator", Role.ADMINISTRATOR),
        auditor=employ("auditor", Role.AUDITOR),
    )


def admit_patient(hospital: Hospital, *, name: str = "Testperson Gran", now: datetime = NOW) -> PatientRecord:
    """An adult on the ward."""
    number = next(_numbers)
    return register_patient(
        performer=hospital.nurse,
        ward_id=hospital.ward.pk,
        name=name,
        birth_date=date(1980, 5, 17),
        sex="female",
        medical_record_number=f"UNIT-{number}",
        bed=str(number),
        now=now,
    )


def order_course(
    hospital: Hospital,
    patient: PatientRecord,
    *,
    weight_kg: str = "60",
    days: int = 5,
    risk_factors: Sequence[str] = (),
    now: datetime = NOW,
    **changes: Any,
) -> CourseRecord:
    """2 g/kg of Kiovig. With the defaults the Norwegian page's worked example: 240 mL a day, 250 mL in vials.

    Every finding that a tick or a reason answers is answered.
    """
    profile = PatientProfile(
        weight_kg=Decimal(weight_kg),
        weighed_on=now.date(),
        blood_group="O",
        iga="normal",
        conditions=tuple(risk_factors),
    )
    order = course_order(profile=profile, days=days, starts_on=now.date(), **changes)
    return approve(hospital, patient, order, now=now)


def course_order(**changes: Any) -> CourseOrder:
    """An order of the worked example, with changes."""
    standard: dict[str, Any] = {
        "indication_code": "nel_cidp",
        "regimen_code": "initial",
        "product_code": "kiovig",
        "profile": PatientProfile(
            weight_kg=Decimal(60), weighed_on=NOW.date(), blood_group="O", iga="normal"
        ),
        "dose_mg_per_kg": Decimal(2000),
        "days": 5,
        "starts_on": NOW.date(),
        "setting": "inpatient",
    }
    return CourseOrder(**(standard | changes))


def approve(
    hospital: Hospital,
    patient: PatientRecord,
    order: CourseOrder,
    *,
    signature: Signature | None = None,
    now: datetime = NOW,
) -> CourseRecord:
    """Approve an order with every finding answered."""
    assessment = assess_order(user=hospital.physician, patient_id=patient.pk, order=order, today=now.date())
    return open_course(
        performer=hospital.physician,
        patient_id=patient.pk,
        order=order,
        answers={finding.code: "seen and decided" for finding in assessment.findings},
        signature=signature,
        now=now,
    )


def revise(
    hospital: Hospital,
    course: CourseRecord,
    *,
    reason: str = "changed",
    based_on: int | None = None,
    **changes: Any,
) -> CourseRecord:
    """Change a course to the worked example with `changes`, every finding answered and signed by two."""
    order = course_order(**changes)
    current = access_course(hospital.physician, course.pk)
    assessment = assess_revision(user=hospital.physician, course=current, order=order, today=NOW.date())
    return revise_course(
        performer=hospital.physician,
        course_id=course.pk,
        based_on_version=based_on or current.version,
        order=order,
        answers={finding.code: "seen and decided" for finding in assessment.findings},
        signature=signed_by(hospital.nurse),
        reason=reason,
        now=NOW,
    )


def signed_by(second: Staff) -> Signature:
    """Both passwords, typed right."""
    return Signature(own_password=PASSWORD, second_username=second.username, second_password=PASSWORD)


def vitals(at: datetime, **changes: Any) -> Vitals:
    """A full, quiet set taken at `at`; a sign set to None was not measured."""
    return Vitals(effective_at=at, **(QUIET | changes))


def vitals_entry(**changes: Any) -> dict[str, str]:
    """A full, quiet set as a tablet sends it."""
    return {sign: str(value) for sign, value in (QUIET | changes).items()}


def start_day(
    hospital: Hospital,
    course: CourseRecord,
    *,
    day: int = 1,
    now: datetime = NOW,
    baseline: Vitals | None = None,
    vials: Sequence[VialEntry] | None = None,
    **changes: Any,
) -> SessionRecord:
    """Start a day of a course with a baseline taken two minutes before."""
    return infusions.start_session(
        performer=hospital.nurse,
        course_id=course.pk,
        day_number=day,
        baseline=baseline or vitals(now - timedelta(minutes=2)),
        vials=[_whole_day(course, day)] if vials is None else vials,
        now=now,
        **changes,
    )


def _whole_day(course: CourseRecord, number: int) -> VialEntry:
    day = next((day for day in course.infusion_days.all() if day.number == number), None)
    return vial(volume_ml=day.volume_ml) if day else vial()


def vial(**changes: Any) -> VialEntry:
    """A vial with the whole volume of the worked example's day."""
    standard: dict[str, Any] = {
        "lot_number": "LOT-A1204",
        "expires_on": date(2027, 12, 31),
        "volume_ml": Decimal(250),
    }
    return VialEntry(**(standard | changes))


def running_session(
    hospital: Hospital, *, now: datetime = NOW, name: str = "Testperson Gran"
) -> SessionRecord:
    """A new patient's first day, just started: 60 kg, steps of 30, 60, 120, 240 and 360 mL/h, 250 mL."""
    patient = admit_patient(hospital, name=name, now=now)
    return start_day(hospital, order_course(hospital, patient, now=now), now=now)


def observe(hospital: Hospital, session_id: int, at: datetime, **changes: Any) -> Any:
    """A set of vital signs taken and typed at `at`."""
    return infusions.record_observation(
        performer=hospital.nurse,
        session_id=session_id,
        entry=ObservationEntry(vitals=vitals(at, **changes)),
        now=at,
    )


def climb(hospital: Hospital, session_id: int, *, to_step: int) -> datetime:
    """Observe and confirm each step on the minute it falls due. Returns when the last one was confirmed."""
    session = access_session(hospital.nurse, session_id)
    at = session.step_entered_at
    while session.step_index < to_step:
        at = session.step_due_at
        assert at is not None
        observe(hospital, session_id, at)
        infusions.confirm_step(
            performer=hospital.nurse, session_id=session_id, version=session.version, now=at
        )
        session = access_session(hospital.nurse, session_id)
    assert at is not None
    return at


def react(
    hospital: Hospital, session_id: int, at: datetime, *, onset_at: datetime | None = None, **changes: Any
) -> Any:
    """A mild headache that led to nothing, unless the test says otherwise."""
    entry = {"term": "headache", "severity": "mild", "action": "none", "note": ""} | changes
    symptom = Symptom(term=entry.pop("term"), severity=entry.pop("severity"))
    return infusions.record_reaction(
        performer=hospital.nurse,
        session_id=session_id,
        symptoms=[symptom],
        onset_at=onset_at or at,
        now=at,
        **entry,
    )


def finish(hospital: Hospital, session_id: int) -> datetime:
    """Climb to the last step, run until the volume is in, complete. Returns when that was."""
    climb(hospital, session_id, to_step=4)
    session = access_session(hospital.nurse, session_id)
    assert session.finish_at is not None
    infusions.complete_session(
        performer=hospital.nurse,
        session_id=session_id,
        version=session.version,
        reason="",
        now=session.finish_at,
    )
    return session.finish_at


def watch(hospital: Hospital, session_id: int) -> datetime:
    """Measure what is due after the end, on the minute, until the watch is over. Returns when that was."""
    session = access_session(hospital.nurse, session_id)
    while session.observation_due_at is not None:
        observe(hospital, session_id, session.observation_due_at)
        session = access_session(hospital.nurse, session_id)
    assert session.watched_until is not None
    return session.watched_until


def give(
    hospital: Hospital,
    course: CourseRecord,
    *,
    days: int | None = None,
    first: datetime = NOW,
    stopped: Sequence[int] = (),
) -> datetime:
    """Give the first `days` days of a course (all of them by default), one each day from `first`.

    Days in `stopped` are stopped as soon as they run. Returns when the last one ended.
    """
    ended = first
    for number in range(1, (days or course.days) + 1):
        now = first + timedelta(days=number - 1)
        session = start_day(hospital, course, day=number, now=now)
        if number in stopped:
            ended = now + timedelta(minutes=10)
            infusions.stop_session(performer=hospital.nurse, session_id=session.pk, reason="test", now=ended)
        else:
            ended = finish(hospital, session.pk)
    return ended


def respond(
    hospital: Hospital,
    course_id: int,
    outcome: str = "good",
    *,
    on: date | None = None,
    now: datetime = NOW,
) -> Any:
    """A response to a course as a physician records it."""
    return record_response(
        performer=hospital.physician,
        course_id=course_id,
        outcome=outcome,
        assessed_on=on or now.date(),
        note="",
        now=now,
    )


def measure_trough(
    hospital: Hospital,
    patient_id: int,
    value: str = "6.5",
    *,
    unit: str = "g/L",
    on: date | None = None,
    now: datetime = NOW,
) -> Any:
    """Serum IgG as a nurse records it."""
    return record_trough(
        performer=hospital.nurse,
        patient_id=patient_id,
        measured_on=on or now.date(),
        value=Decimal(value),
        unit=unit,
        note="",
        now=now,
    )


def measure(
    hospital: Hospital,
    patient_id: int,
    analyte: str,
    value: str,
    unit: str = "",
    *,
    at: datetime = NOW,
    now: datetime | None = None,
    **changes: Any,
) -> Any:
    """One laboratory result as a nurse records it when it was taken; without a unit it is one in words."""
    said = {"value": Decimal(value), "unit": unit} if unit else {"choice": value}
    entry = ResultEntry(analyte=analyte, taken_at=at, **(said | changes))
    (row,) = record_results(performer=hospital.nurse, patient_id=patient_id, entries=[entry], now=now or at)
    return row


def note_infection(
    hospital: Hospital,
    patient_id: int,
    severity: str = "mild",
    *,
    on: date | None = None,
    now: datetime = NOW,
) -> Any:
    """An infection as a nurse records it."""
    return record_infection(
        performer=hospital.nurse,
        patient_id=patient_id,
        occurred_on=on or now.date(),
        severity=severity,
        note="",
        now=now,
    )


def put_on_call(
    hospital: Hospital,
    physician: Staff | None = None,
    *,
    since: datetime = NOW,
    until: datetime | None = None,
) -> Any:
    """A duty of twelve hours for the ward, entered by the charge nurse at its beginning."""
    return set_on_call(
        performer=hospital.charge_nurse,
        ward_id=hospital.ward.pk,
        physician_id=(physician or hospital.physician).pk,
        starts_at=since,
        ends_at=until or since + timedelta(hours=12),
        now=since,
    )


def fire_due_timers(now: datetime) -> int:
    """What beat and a worker would do at `now`; the clock must stand there. Returns how many timers fired."""
    claimed = claim_due_timers(now=now, wall_now=now)
    for timer_id, attempt in claimed:
        fire_timer(timer_id=timer_id, attempt=attempt)
    return len(claimed)


class Door:
    """The API as one person meets it, signed in by session. Every POST has a fresh Idempotency-Key."""

    def __init__(
        self, user: Staff | None, *, language: str = "en", enforce_csrf_checks: bool = False
    ) -> None:
        self.client = APIClient(enforce_csrf_checks=enforce_csrf_checks)
        self.client.credentials(HTTP_ACCEPT_LANGUAGE=language)
        if user is not None:
            self.client.force_login(user)

    def get(self, path: str, **query: Any) -> Any:
        """GET below /api/v1/."""
        return self.client.get(f"/api/v1/{path}", query)

    def post(self, path: str, body: Any = None, *, key: str | None = None, headers: Any = None) -> Any:
        """POST as JSON below /api/v1/; `key` replaces the fresh key, the empty one sends none."""
        key = str(uuid.uuid4()) if key is None else key
        headers = {**({"Idempotency-Key": key} if key else {}), **(headers or {})}
        content = {} if body is None else body
        return self.client.post(f"/api/v1/{path}", content, format="json", headers=headers)


def in_parallel(*jobs: Callable[[], Any]) -> list[Any]:
    """Run the jobs in threads of their own, each on its own connection; an exception is its job's result."""
    results: list[Any] = [None] * len(jobs)

    def run(index: int, job: Callable[[], Any]) -> None:
        try:
            results[index] = job()
        except Exception as error:
            results[index] = error
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(index, job), daemon=True) for index, job in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads), "a thread hangs"
    return results
