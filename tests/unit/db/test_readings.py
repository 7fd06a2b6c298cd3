"""A dose under query is not calculated from until a physician and a second person accept a reading of it."""

from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from apps.courses.models import Course
from apps.guidelines.domain.accepting import StatedReading
from apps.guidelines.models import RegimenReading
from apps.guidelines.selectors import current_guidelines
from apps.guidelines.services import accept_reading
from apps.kernel.errors import DomainError
from apps.ledger.models import Event
from tests.builders import NOW, PASSWORD, Door, admit_patient, approve, course_order, signed_by

pytestmark = pytest.mark.django_db
SLUG = "relapsing_ms"
MEANT = StatedReading(
    amount_mg_per_kg_min=Decimal(2000),
    amount_mg_per_kg_max=Decimal(2000),
    basis="total_course",
    days_min=5,
    days_max=5,
)


def regimen_code():
    return current_guidelines().indication(SLUG).regimens[0].code


def accept(hospital, *, reading=MEANT, reason="2 g/kg in all is what the form prints elsewhere", second=None):
    return accept_reading(
        performer=hospital.physician,
        signature=signed_by(second or hospital.nurse),
        indication_slug=SLUG,
        regimen_code=regimen_code(),
        reading=reading,
        reason=reason,
        now=NOW,
    )


def order():
    return course_order(indication_code=SLUG, regimen_code=regimen_code())


def test_nobody_calculates_from_it_before_and_one_can_after(hospital):
    patient = admit_patient(hospital)
    with pytest.raises(DomainError) as raised:
        approve(hospital, patient, order(), signature=signed_by(hospital.nurse))
    assert raised.value.code == "regimen_under_query"
    assert not Course.objects.exists()
    accept(hospital)
    course = approve(hospital, patient, order(), signature=signed_by(hospital.nurse))
    used = next(finding for finding in course.findings if finding["code"] == "reading_used")
    assert used["params"]["second"] == hospital.nurse.display_name


def test_two_people_and_the_reason_are_kept(hospital):
    reading = accept(hospital)
    assert (reading.physician, reading.second_person) == (hospital.physician, hospital.nurse)
    event = Event.objects.get(name="guideline.reading.accepted")
    assert event.payload["reason"].startswith("2 g/kg in all")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"amount_mg_per_kg_min": Decimal(3000)}, "reading_amounts_reversed"),
        ({"basis": "per_moon"}, "reading_basis_unknown"),
        ({"basis": "per_day"}, "reading_too_high"),
        ({"days_min": 6}, "reading_days_reversed"),
    ],
)
def test_what_cannot_be_a_reading(hospital, changes, code):
    parts = {name: getattr(MEANT, name) for name in StatedReading.__slots__} | changes
    with pytest.raises(DomainError) as raised:
        accept(hospital, reading=StatedReading(**parts))
    assert raised.value.code == code
    assert not RegimenReading.objects.exists()


def test_a_reading_needs_a_reason_and_somebody_else(hospital):
    for attempt, code in (
        (lambda: accept(hospital, reason=" "), "reading_reason_needed"),
        (lambda: accept(hospital, second=hospital.physician), "second_person_same"),
    ):
        with pytest.raises(DomainError) as raised:
            attempt()
        assert raised.value.code == code
    reading = accept(hospital)
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        RegimenReading.objects.filter(pk=reading.pk).update(second_person=hospital.second_nurse)
    alone = {"physician": hospital.physician, "second_person": hospital.physician}
    reading.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        RegimenReading.objects.bulk_create([replaced(reading, **alone)])


def replaced(reading, **changes):
    for name, value in changes.items():
        setattr(reading, name, value)
    return reading


def test_a_regimen_that_is_clear_takes_no_reading(hospital):
    with pytest.raises(DomainError) as raised:
        accept_reading(
            performer=hospital.physician,
            signature=signed_by(hospital.nurse),
            indication_slug="nel_cidp",
            regimen_code="initial",
            reading=MEANT,
            reason="why",
            now=NOW,
        )
    assert raised.value.code == "regimen_not_queried"


def test_a_reading_lapses_when_the_words_change(hospital, monkeypatch):
    monkeypatch.setattr("apps.guidelines.services.readings.fingerprint", lambda *_: "of another print")
    accept(hospital)
    with pytest.raises(DomainError) as raised:
        approve(hospital, admit_patient(hospital), order(), signature=signed_by(hospital.nurse))
    assert raised.value.code == "regimen_under_query"


def test_over_the_api_a_nurse_may_not_state_it_and_a_physician_may(hospital):
    path = f"indications/{SLUG}/regimens/{regimen_code()}/readings/"
    entry = {
        "amount_mg_per_kg_min": "۲۰۰۰",
        "amount_mg_per_kg_max": "2000",
        "basis": "total_course",
        "days_min": 5,
        "days_max": 5,
        "reason": "as elsewhere",
        "signature": {
            "own_password": PASSWORD,
            "second_username": hospital.nurse.username,
            "second_password": PASSWORD,
        },
    }
    assert Door(hospital.nurse).post(path, entry).json()["code"] == "not_your_role"
    answer = Door(hospital.physician).post(path, entry)
    assert (answer.status_code, answer.json()["amount_mg_per_kg_max"]) == (201, "2000")
