"""A written-up infusion, row by row as the bedside leaves it: steps, a pause, a new vial, a wrong entry, a reaction.

The rows are made through the models, so that the paper's tests do not lean on the services that write them.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from apps.alerts.models import Alert
from apps.infusions.models import (
    Handover,
    HungVial,
    InfusionSession,
    Intervention,
    Observation,
    RateChange,
    Reaction,
)
from tests.builders import NOW, QUIET, Hospital, admit_patient, order_course

CHANGES = [  # minutes, step, mL/h, mL/kg/h, reason
    (0, 0, "30", "0.5", ""),
    (30, 1, "60", "1", ""),
    (60, 2, "120", "2", ""),
    (75, 2, "0", "0", "reaction: headache, chills"),
    (95, 1, "60", "1", "after review by the physician on call"),
    (125, 2, "120", "2", ""),
    (165, 3, "240", "4", ""),
    (183, 3, "0", "0", "the volume is in"),
]


def minutes(count: float) -> datetime:
    """So long after the start."""
    return NOW + timedelta(minutes=count)


def prepared(hospital: Hospital, *, name: str = "Testperson Gran") -> InfusionSession:
    """A session that was started, with nothing written down yet."""
    patient = admit_patient(hospital, name=name)
    course = order_course(hospital, patient)
    return InfusionSession.objects.create(
        patient=patient,
        ward=hospital.ward,
        course_id=course.pk,
        day_number=1,
        days=5,
        guideline_version=course.guideline_version,
        product_code=course.product_code,
        rate_table_code=course.rate_table_code,
        disease="cidp",
        concentration_mg_per_ml=Decimal(100),
        weight_kg=Decimal(60),
        volume_total_ml=Decimal(250),
        state="running",
        started_at=NOW,
        started_by=hospital.nurse,
        responsible=hospital.nurse,
    )


def written_up(hospital: Hospital, *, name: str = "Testperson Gran") -> InfusionSession:
    """A session that ended 10 mL short of its order, with everything a record can show."""
    session = prepared(hospital, name=name)
    for at, step, rate, per_kg, reason in CHANGES:
        set_rate(hospital, session, at, rate, step=step, per_kg=per_kg, reason=reason)
    hang(hospital, session, -5, "LOT-A1204", "100", gtin="05712345678905", serial="SN7731A")
    hang(hospital, session, 118, "LOT-B0077", "150", typed_after=9)
    _vital_signs(hospital, session)
    _a_reaction(hospital, session)
    _alerts(hospital, session)
    Handover.objects.create(
        session=session,
        given_by=hospital.nurse,
        given_to=hospital.second_nurse,
        offered_at=minutes(110),
        accepted_at=minutes(112),
        note="Headache passed. Next vital signs at 11:00.",
    )
    InfusionSession.objects.filter(pk=session.pk).update(
        state="completed",
        ended_at=minutes(183),
        residual_ml=Decimal("10"),
        watched_until=minutes(243),
        responsible=hospital.second_nurse,
    )
    session.refresh_from_db()
    return session


def set_rate(
    hospital: Hospital,
    session: InfusionSession,
    at: float,
    ml_per_h: str,
    *,
    step: int = 0,
    per_kg: str = "1",
    reason: str = "",
) -> RateChange:
    """The pump set at so many minutes."""
    return RateChange.objects.create(
        session=session,
        step_index=step,
        rate_ml_per_h=Decimal(ml_per_h),
        rate_ml_per_kg_h=Decimal(per_kg),
        started_at=minutes(at),
        recorded_at=minutes(at),
        reason=reason,
        performer=hospital.nurse,
    )


def hang(
    hospital: Hospital,
    session: InfusionSession,
    at: float,
    lot: str,
    volume_ml: str | None,
    *,
    typed_after: float = 0,
    **more: Any,
) -> HungVial:
    """A vial hung at so many minutes."""
    return HungVial.objects.create(
        session=session,
        lot_number=lot,
        expires_on=date(2027, 12, 31),
        volume_ml=volume_ml and Decimal(volume_ml),
        hung_at=minutes(at),
        recorded_at=minutes(at + typed_after),
        performer=hospital.nurse,
        **more,
    )


def measure(
    hospital: Hospital, session: InfusionSession, at: float, *, typed_after: float = 0, **changes: Any
) -> Observation:
    """A quiet set of vital signs at so many minutes, with changes."""
    values = QUIET | {"oxygen_l_per_min": Decimal(0), "consciousness": "alert"} | changes
    return Observation.objects.create(
        session=session,
        effective_at=minutes(at),
        recorded_at=minutes(at + typed_after),
        performer=hospital.nurse,
        **values,
    )


def _vital_signs(hospital: Hospital, session: InfusionSession) -> None:
    measure(hospital, session, -2, is_baseline=True)
    measure(hospital, session, 15, systolic_mmhg=126)
    wrong = measure(hospital, session, 30, pulse_per_min=172)
    Observation.objects.filter(pk=wrong.pk).update(
        status="entered_in_error",
        status_reason="typed 172 for 72",
        status_changed_at=minutes(33),
        status_changed_by=hospital.nurse,
    )
    measure(hospital, session, 30, typed_after=3, replaces=wrong)
    measure(hospital, session, 45, systolic_mmhg=131, pulse_per_min=78)
    measure(
        hospital, session, 60, typed_after=12, systolic_mmhg=128, note="Asleep, woken for the measurement."
    )
    worse = {
        "systolic_mmhg": 104,
        "diastolic_mmhg": 62,
        "pulse_per_min": 112,
        "temperature_c": Decimal("38.1"),
    }
    measure(hospital, session, 76, respiratory_rate_per_min=22, spo2_percent=94, **worse)
    measure(hospital, session, 90, systolic_mmhg=118, pulse_per_min=88, temperature_c=Decimal("37.6"))
    not_done = {"temperature_c": {"code": "refused", "reason": "asked not to be woken"}}
    measure(hospital, session, 120, temperature_c=None, not_done=not_done)
    measure(hospital, session, 150)
    measure(hospital, session, 183, systolic_mmhg=122)
    measure(hospital, session, 243)


def _a_reaction(hospital: Hospital, session: InfusionSession) -> None:
    reaction = Reaction.objects.create(
        session=session,
        term="headache",
        severity="moderate",
        symptoms=[{"term": "headache", "severity": "moderate"}, {"term": "chills", "severity": "mild"}],
        onset_at=minutes(74),
        recorded_at=minutes(75),
        action="pause",
        note="Says it feels like the last time. Physician called.",
        performer=hospital.nurse,
        resolved_at=minutes(94),
        resolved_by=hospital.physician,
    )
    doings = [
        (76, "analgesic", "paracetamol 1 g by mouth", {}),
        (78, "antihistamine", "cetirizine 10 mg by mouth", {}),
        (79, "fluid", "Ringer's acetate 250 mL i.v.", {"status": "entered_in_error"}),
    ]
    for at, code, detail, more in doings:
        if more:
            more |= {
                "status_reason": "not given",
                "status_changed_at": minutes(84),
                "status_changed_by": hospital.nurse,
            }
        Intervention.objects.create(
            session=session,
            reaction=reaction,
            code=code,
            detail=detail,
            given_at=minutes(at),
            recorded_at=minutes(at + 1),
            performer=hospital.nurse,
            **more,
        )


def _alerts(hospital: Hospital, session: InfusionSession) -> None:
    subject = f"session:{session.pk}"
    Alert.objects.create(
        ward=hospital.ward,
        patient=session.patient,
        subject=subject,
        code="systolic_fall_20_mmhg",
        priority="medium",
        message="Systolic blood pressure %(value)s mmHg, fallen by %(change)s mmHg from baseline %(baseline)s mmHg.",
        params={"value": {"number": "104"}, "change": {"number": "20"}, "baseline": {"number": "124"}},
        state="resolved",
        raised_at=minutes(76),
        escalated_at=minutes(79),
        acknowledged_at=minutes(80),
        acknowledged_by=hospital.physician,
        resolved_at=minutes(90),
    )
    Alert.objects.create(
        ward=hospital.ward,
        patient=session.patient,
        subject=subject,
        code="observation_overdue",
        priority="medium",
        message="Vital signs are overdue: they were due %(minutes)s minutes ago.",
        params={"minutes": {"number": "10"}},
        raised_at=minutes(145),
    )
