"""How a course worked: who may record it, for which day, and what is proposed then."""

from datetime import timedelta
from decimal import Decimal

import pytest

from apps.courses.models import InfusionDay, TreatmentResponse
from apps.courses.selectors import given_days, repeat_of_course, repeats_of_patient
from apps.kernel.errors import DomainError
from apps.ledger.models import Event
from apps.ledger.selectors import first_broken_event
from tests.builders import NOW, Door, admit_patient, give, order_course, respond, start_day

pytestmark = pytest.mark.django_db
FIRST = NOW.date()


@pytest.fixture
def patient(hospital):
    return admit_patient(hospital)


@pytest.fixture
def course(hospital, patient):
    """Two days of 1 g/kg each, given on the first two days of March."""
    course = order_course(hospital, patient, days=2)
    give(hospital, course)
    course.refresh_from_db()
    return course


def after(days):
    """Noon of a day counted from the first infusion day."""
    return NOW + timedelta(days=days)


def repeat(course, days):
    return repeat_of_course(course, today=after(days).date())


def entry(**changes):
    return {"outcome": "good", "assessed_on": FIRST.isoformat()} | changes


def test_a_day_keeps_when_and_how_much_was_given(course, patient):
    days = given_days(patient.pk)
    assert [(day.number, day.on, day.grams) for day in days] == [
        (1, FIRST, Decimal(60)),
        (2, FIRST + timedelta(days=1), Decimal(60)),
    ]
    assert days[0].g_per_kg == 1


def test_the_day_of_an_infusion_is_the_ward_s(elsewhere):
    late = NOW.replace(hour=21)  # past midnight in Tehran
    course = order_course(elsewhere, admit_patient(elsewhere), days=1, now=late)
    start_day(elsewhere, course, now=late)
    assert InfusionDay.objects.get(course=course).given_on == FIRST + timedelta(days=1)


def test_a_stopped_day_counts_what_went_in_and_cuts_the_course_short(hospital, patient):
    course = order_course(hospital, patient, days=2)
    give(hospital, course, stopped=[2])
    assert [day.grams for day in given_days(patient.pk)] == [Decimal(60), Decimal("0.50")]
    assert repeat(course, 30).proposal.step == "ask"


def test_a_day_from_before_this_was_kept_stands_where_it_was_planned(course, patient):
    InfusionDay.objects.update(given_on=None, given_g=None)
    InfusionDay.objects.filter(number=2).update(status="stopped")
    days = given_days(patient.pk)
    assert [(day.on, day.grams) for day in days] == [(FIRST, Decimal(60)), (FIRST + timedelta(days=1), None)]


def test_the_way_of_a_patient_through_the_algorithm(hospital, patient, course):
    assert repeat(course, 2).proposal.step == "evaluate"
    assert repeat(course, 2).proposal.due_on == FIRST + timedelta(days=22)
    respond(hospital, course.pk, "suboptimal", now=after(22))
    second = repeat(course, 22).proposal
    assert (second.step, second.due_on, second.doses[0].dose_mg_per_kg) == (
        "second_course",
        FIRST + timedelta(days=43),
        2000,
    )
    again = order_course(hospital, patient, days=2, now=after(43))
    assert repeat(course, 43).ordered_on == FIRST + timedelta(days=43)
    give(hospital, again, first=after(43))
    assert repeat(course, 60) is None
    assert repeat(again, 45).proposal.step == "evaluate"
    respond(hospital, again.pk, "none", now=after(65))
    assert repeat(again, 65).proposal.step == "stop_non_responder"


def test_only_courses_of_the_same_disease_make_a_history(hospital, patient, course):
    other = order_course(hospital, patient, indication_code="nel_mmn", days=2, now=after(50))
    give(hospital, other, first=after(50))
    found = repeats_of_patient(patient.pk, today=after(60).date())
    assert [(item.course.pk, item.proposal.step) for item in found] == [
        (other.pk, "evaluate"),
        (course.pk, "evaluate"),
    ]


def test_a_disease_without_an_algorithm_has_no_proposal(hospital, patient):
    course = order_course(hospital, patient, indication_code="nel_high_dose", days=2)
    give(hospital, course)
    found = repeat(course, 30)
    assert (found.proposal, found.algorithm, found.window) == (None, None, None)


def test_nothing_is_proposed_before_anything_was_given(hospital, patient):
    assert repeat(order_course(hospital, patient), 0) is None


@pytest.mark.parametrize(
    ("on", "now", "code"),
    [
        (FIRST - timedelta(days=1), after(22), "response_before_course"),
        (FIRST + timedelta(days=23), after(22), "response_in_future"),
        (FIRST + timedelta(days=50), after(60), "response_after_next_course"),
    ],
)
def test_days_that_cannot_be_are_refused(hospital, patient, course, on, now, code):
    again = order_course(hospital, patient, days=2, now=after(43))
    give(hospital, again, first=after(43))
    with pytest.raises(DomainError) as refusal:
        respond(hospital, course.pk, on=on, now=now)
    assert (refusal.value.code, refusal.value.extra) == (code, {"field": "assessed_on"})
    assert not TreatmentResponse.objects.exists()


def test_the_day_of_the_next_course_still_belongs_to_this_one(hospital, patient, course):
    again = order_course(hospital, patient, days=2, now=after(43))
    give(hospital, again, first=after(43))
    assert respond(hospital, course.pk, on=FIRST + timedelta(days=43), now=after(60))


def test_a_course_that_has_not_begun_has_no_response(hospital, patient):
    with pytest.raises(DomainError) as refusal:
        respond(hospital, order_course(hospital, patient).pk)
    assert refusal.value.code == "course_not_begun"


def test_only_who_orders_courses_records_how_they_worked(hospital, course, clock):
    clock.set(after(22))
    for role in ("nurse", "safety_officer", "administrator"):
        answer = Door(getattr(hospital, role)).post(f"courses/{course.pk}/responses/", entry())
        assert (answer.status_code, answer.json()["code"]) == (403, "not_your_role")
    answer = Door(hospital.physician).post(f"courses/{course.pk}/responses/", entry())
    assert answer.status_code == 201
    seen = Door(hospital.nurse).get(f"courses/{course.pk}/responses/").json()
    assert [(row["outcome"], row["assessed_on"]) for row in seen] == [("good", "2026-03-02")]


def test_a_response_sent_twice_is_recorded_once(hospital, course, clock):
    clock.set(after(22))
    door, key = Door(hospital.physician), "6f9d2c1e-4f4b-4a7e-9d5e-0a1b2c3d4e5f"
    first = door.post(f"courses/{course.pk}/responses/", entry(), key=key)
    again = door.post(f"courses/{course.pk}/responses/", entry(), key=key)
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert TreatmentResponse.objects.count() == 1
    other = door.post(f"courses/{course.pk}/responses/", entry(outcome="none"), key=key)
    assert other.json()["code"] == "idempotency_key_reused"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"outcome": "better"}, "outcome"),
        ({"outcome": None}, "outcome"),
        ({"assessed_on": "31.02.2026"}, "assessed_on"),
        ({"assessed_on": "2026-03-01"}, "assessed_on"),
        ({"assessed_on": "2099-01-01"}, "assessed_on"),
        ({"note": "x" * 1001}, "note"),
    ],
)
def test_errors_name_the_field(hospital, course, clock, change, field):
    clock.set(after(22))
    answer = Door(hospital.physician).post(f"courses/{course.pk}/responses/", entry(**change))
    assert answer.status_code == 400
    assert list(answer.json()["extra"]["fields"]) == [field]


def test_a_response_in_error_stays_but_counts_no_more(hospital, course, clock):
    clock.set(after(22))
    door = Door(hospital.physician)
    response = respond(hospital, course.pk, "suboptimal", now=after(22))
    assert repeat(course, 22).proposal.step == "second_course"
    answer = door.post(f"responses/{response.pk}/entered-in-error/", {"reason": "the wrong patient"})
    assert answer.status_code == 200 and answer.json()["error_reason"] == "the wrong patient"
    assert repeat(course, 22).proposal.step == "evaluate"
    assert door.get(f"courses/{course.pk}/responses/").json()[0]["entered_in_error"] is True
    twice = door.post(f"responses/{response.pk}/entered-in-error/", {"reason": "again"})
    assert (twice.status_code, twice.json()["code"]) == (409, "already_in_error")
    assert TreatmentResponse.objects.get().error_reason == "the wrong patient"


def test_marking_needs_a_reason_and_the_right(hospital, course, clock):
    clock.set(after(22))
    response = respond(hospital, course.pk, now=after(22))
    path = f"responses/{response.pk}/entered-in-error/"
    empty = Door(hospital.physician).post(path, {"reason": "  "})
    assert list(empty.json()["extra"]["fields"]) == ["reason"]
    assert Door(hospital.nurse).post(path, {"reason": "x"}).status_code == 403
    assert not TreatmentResponse.objects.get().entered_in_error


def test_what_was_recorded_is_in_the_chain_of_the_course(hospital, course):
    respond(hospital, course.pk, "relapse", now=after(60))
    event = Event.objects.get(name="course.response.recorded")
    assert event.subject == f"course:{course.pk}"
    assert (event.payload["outcome"], event.payload["assessed_on"]) == ("relapse", "2026-05-01")
    assert first_broken_event(f"course:{course.pk}") is None
