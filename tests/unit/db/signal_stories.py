"""Many infusions at once, as rows: a ward's years in which some lots were worse than others."""

from datetime import datetime, timedelta
from decimal import Decimal

from apps.courses.models import InfusionDay
from apps.infusions.models import HungVial, InfusionSession, RateChange
from apps.ledger.services import record_event, unit_of_work
from apps.patients.models import Patient
from apps.safety import services as safety
from apps.safety.models import AdverseEvent
from tests.builders import NOW, admit_patient, order_course, start_day


def infusions(hospital, number, *, lot, product="kiovig", since=NOW - timedelta(days=400), patients=5):
    """So many ended infusions with one lot, one a day, each of a course of its own, 25 g, two steps reached."""
    first = order_course(hospital, admit_patient(hospital, now=since), now=since)
    model = start_day(hospital, first, now=since)
    day, drip = InfusionDay.objects.get(course=first, number=1), model.vials.get()
    InfusionDay.objects.filter(pk=day.pk).update(given_g=Decimal(25))
    HungVial.objects.filter(pk=drip.pk).update(lot_number=lot)
    InfusionSession.objects.filter(pk=model.pk).update(state="completed", product_code=product)
    people = Patient.objects.bulk_create(_copy_of_patient(model.patient, lot, n) for n in range(1, patients))
    people = [model.patient, *people]
    started = [since + timedelta(days=n) for n in range(1, number)]
    courses = type(first).objects.bulk_create(
        _copy(first, patient=people[n % patients]) for n in range(1, number)
    )
    sessions = InfusionSession.objects.bulk_create(
        _copy(
            model,
            patient=people[(n + 1) % patients],
            course_id=courses[n].pk,
            started_at=at,
            state="completed",
            product_code=product,
        )
        for n, at in enumerate(started)
    )
    InfusionDay.objects.bulk_create(
        _copy(day, course=course, session_id=one.pk, given_g=Decimal(25))
        for course, one in zip(courses, sessions, strict=True)
    )
    HungVial.objects.bulk_create(
        _copy(drip, session=one, lot_number=lot, hung_at=one.started_at) for one in sessions
    )
    RateChange.objects.bulk_create(
        _copy(model.rate_changes.first(), session=one, step_index=step) for one in sessions for step in (0, 1)
    )
    return [model, *sessions]


def event(hospital, session, *, term="headache", at: datetime | None = None, lots=None, step=1):
    """An adverse event of an infusion half an hour after its start, told to the ledger."""
    onset = session.started_at + timedelta(minutes=30)
    hung = list(HungVial.objects.filter(session=session).values_list("lot_number", flat=True))
    with unit_of_work():
        row = AdverseEvent.objects.create(
            patient_id=session.patient_id,
            ward_id=session.ward_id,
            origin=f"story:{session.pk}:{term}",
            session_id=session.pk,
            course_id=session.course_id,
            term=term,
            severity="moderate",
            onset_at=onset,
            infusion_started_at=session.started_at,
            step_index=step,
            product_code=session.product_code
            if lots is None
            else InfusionSession.objects.get(pk=session.pk).product_code,
            lots=[
                {"lot_number": lot, "expires_on": "2027-01-01"} for lot in (hung if lots is None else lots)
            ],
            guideline_version=session.guideline_version,
            recorded_at=onset,
            review_due_at=onset + timedelta(hours=24),
        )
        record_event(
            name="safety.adverse_event.opened",
            subject=f"adverse_event:{row.pk}",
            ward_id=row.ward_id,
            actor="system",
            now=at or onset,
            payload={"origin": row.origin, "term": term, "severity": row.severity},
        )
    return row


def sign(performer, told, review, *, now=NOW):
    """A review of an adverse event, signed at once."""
    draft = safety.save_review(performer=performer, event_id=told.pk, review=review, revision=0, now=now)
    safety.sign_review(
        performer=performer,
        event_id=told.pk,
        revision=draft.revision,
        meaning="medical_review",
        now=now,
    )


def _copy(row, **changes):
    kept = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    kept.pop(row._meta.pk.attname)
    changed = {}
    for name, value in changes.items():
        field = row._meta.get_field(name)
        changed[field.attname] = value.pk if field.is_relation else value
    return type(row)(**(kept | changed))


def _copy_of_patient(patient, lot, number):
    return Patient(
        pseudonym=f"{lot[-4:]}{patient.pk}-{number}"[:12],
        name=patient.name,
        birth_date=patient.birth_date,
        medical_record_number=f"{lot}-{patient.pk}-{number}",
        sex=patient.sex,
        ward=patient.ward,
        bed=patient.bed,
    )
