"""Approving a course: who answers for what, what is kept, and how it is changed."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from apps.accounts.services import Signature
from apps.courses.domain import PatientProfile
from apps.courses.models import Course, CourseVersion, InfusionDay
from apps.courses.services import mark_day, open_course
from apps.edge.models import IdempotentAnswer
from apps.kernel.errors import ConflictError, DomainError
from apps.ledger.models import Event
from tests.builders import (
    NOW,
    PASSWORD,
    Door,
    admit_patient,
    approve,
    course_order,
    order_course,
    revise,
    signed_by,
    start_day,
)
from tests.entries import answered, course_entry

pytestmark = pytest.mark.django_db
HEAVY = Decimal(2500)


def profile(**changes):
    standard = {"weight_kg": Decimal(60), "weighed_on": NOW.date(), "blood_group": "O", "iga": "normal"}
    return PatientProfile(**(standard | changes))


def refusal(action):
    with pytest.raises(DomainError) as raised:
        action()
    return raised.value


def test_an_approved_course_has_days_with_dose_vials_and_plan(hospital):
    course = order_course(
        hospital, admit_patient(hospital), premedication=("paracetamol",), hydration="500 mL before"
    )
    days = list(course.infusion_days.all())
    assert [day.number for day in days] == [1, 2, 3, 4, 5]
    assert [day.planned_on for day in days] == [NOW.date() + timedelta(days=n) for n in range(5)]
    assert {(day.dose_g, day.volume_ml) for day in days} == {(Decimal(25), Decimal(250))}
    assert days[0].vials == [[200, 1], [50, 1]]
    assert (days[0].premedication, days[0].hydration) == (["paracetamol"], "500 mL before")
    assert course.rate_table_code == "nel_100mg_per_ml"
    (version,) = CourseVersion.objects.filter(course=course)
    assert (version.number, version.approved_by, version.second_person) == (1, hospital.physician, None)
    assert version.order["dose_mg_per_kg"] == "2000"


def test_what_is_not_answered_stops_the_course_and_nothing_is_stored(hospital):
    patient = admit_patient(hospital)
    error = refusal(
        lambda: open_course(
            performer=hospital.physician,
            patient_id=patient.pk,
            order=course_order(profile=profile(blood_group="A")),
            answers={},
            signature=None,
            now=NOW,
        )
    )
    assert error.code == "findings_unanswered"
    assert "hemolysis_risk" in error.extra["findings"]
    assert not Course.objects.exists() and not InfusionDay.objects.exists()


def test_a_reason_of_blanks_is_no_reason(hospital):
    error = refusal(
        lambda: open_course(
            performer=hospital.physician,
            patient_id=admit_patient(hospital).pk,
            order=course_order(dose_mg_per_kg=Decimal(1000)),
            answers={"dose_outside_regimen": "  "},
            signature=None,
            now=NOW,
        )
    )
    assert error.extra["findings"] == ["dose_outside_regimen"]


def test_above_a_ceiling_needs_a_second_person_who_signs(hospital):
    patient, order = admit_patient(hospital), course_order(dose_mg_per_kg=HEAVY)
    assert refusal(lambda: approve(hospital, patient, order)).code == "second_person_needed"
    course = approve(hospital, patient, order, signature=signed_by(hospital.nurse))
    version = CourseVersion.objects.get(course=course)
    assert version.second_person == hospital.nurse
    ceiling = next(item for item in version.findings if item["code"] == "ceiling.course_2_g_per_kg")
    assert ceiling["answer"] == "seen and decided"
    event = Event.objects.get(name="course.opened", subject=f"course:{course.pk}")
    assert event.payload["second_person"] == f"user:{hospital.nurse.pk}"
    assert PASSWORD not in str(event.payload)


@pytest.mark.parametrize(
    ("own", "second", "password", "code"),
    [
        ("wrong", "nurse", PASSWORD, "own_password_wrong"),
        (PASSWORD, "nurse", "wrong", "second_person_refused"),
        (PASSWORD, "nobody", PASSWORD, "second_person_refused"),
        (PASSWORD, "physician", PASSWORD, "second_person_same"),
        (PASSWORD, "safety_officer", PASSWORD, "second_person_not_allowed"),
        (PASSWORD, "administrator", PASSWORD, "second_person_not_allowed"),
    ],
)
def test_a_signature_that_does_not_hold(hospital, own, second, password, code):
    username = getattr(hospital, second).username if second != "nobody" else "nobody"
    signature = Signature(own_password=own, second_username=username, second_password=password)
    patient = admit_patient(hospital)
    order = course_order(dose_mg_per_kg=HEAVY)
    error = refusal(lambda: approve(hospital, patient, order, signature=signature))
    assert error.code == code
    assert error.extra["field"].startswith("signature.")
    assert not Course.objects.exists()


def test_the_second_person_must_work_on_the_ward(hospital, elsewhere):
    error = refusal(
        lambda: approve(
            hospital,
            admit_patient(hospital),
            course_order(dose_mg_per_kg=HEAVY),
            signature=signed_by(elsewhere.nurse),
        )
    )
    assert error.code == "second_person_not_allowed"


def test_what_the_label_forbids_cannot_be_overridden(hospital):
    order = course_order(profile=profile(anti_iga="positive"))
    error = refusal(
        lambda: approve(hospital, admit_patient(hospital), order, signature=signed_by(hospital.nurse))
    )
    assert error.code == "course_blocked"
    assert "contraindication.anti_iga" in error.extra["findings"]


def test_changing_a_course_makes_a_version_and_leaves_what_began(hospital):
    course = order_course(hospital, admit_patient(hospital))
    start_day(hospital, course)
    changed = revise(hospital, course, reason="weighed again", profile=profile(weight_kg=Decimal(66)))
    assert changed.version == 2
    first, *rest = changed.infusion_days.all()
    assert (first.status, first.dose_g) == ("running", Decimal(25))
    assert {day.status for day in rest} == {"planned"} and len(rest) == 4
    # 132 g less the 25 g of day 1 over four days is 26.75 g: 267.5 mL.
    assert {day.volume_ml for day in rest} == {Decimal(275)}
    versions = CourseVersion.objects.filter(course=course)
    assert [version.order["profile"]["weight_kg"] for version in versions] == ["60", "66"]
    assert versions[1].reason == "weighed again"


def test_a_version_is_never_rewritten(hospital):
    course = order_course(hospital, admit_patient(hospital))
    for rewrite in (CourseVersion.objects.filter(course=course).delete, _forge(course)):
        with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
            rewrite()


def _forge(course):
    return lambda: CourseVersion.objects.filter(course=course).update(reason="forged")


def test_somebody_else_changed_it_meanwhile(hospital):
    course = order_course(hospital, admit_patient(hospital))
    revise(hospital, course, reason="first")
    with pytest.raises(ConflictError) as raised:
        revise(hospital, course, reason="second", based_on=1)
    assert (raised.value.code, raised.value.extra["version"]) == ("course_changed", 2)


def test_a_change_needs_its_reason_and_a_course_that_is_still_open(hospital):
    course = order_course(hospital, admit_patient(hospital), days=2)
    assert refusal(lambda: revise(hospital, course, reason=" ")).code == "revision_reason_needed"
    for day in (1, 2):
        mark_day(course_id=course.pk, day_number=day, status="done", session_id=day)
    assert refusal(lambda: revise(hospital, course, reason="late")).code in {
        "course_completed",
        "nothing_left_to_give",
    }


def test_a_second_course_is_asked_about_and_not_refused(hospital):
    patient = admit_patient(hospital)
    order_course(hospital, patient)
    second = order_course(hospital, patient)
    assert "other_course_open" in [finding["code"] for finding in second.findings]


def test_a_child_is_planned_and_its_infusion_asks_for_a_childs_signs(hospital):
    patient = admit_patient(hospital)
    patient.birth_date = NOW.date() - timedelta(days=3000)
    patient.save()
    patient.refresh_from_db()
    course = order_course(hospital, patient, weight_kg="25")
    assert refusal(lambda: start_day(hospital, course)).code == "baseline_incomplete"


def test_over_the_api_errors_stand_beside_their_fields(hospital):
    door, patient = Door(hospital.physician), admit_patient(hospital)

    def fields(**changes):
        answer = door.post("course-assessments/", course_entry(patient.pk, "2026-03-02", **changes))
        assert answer.status_code == 400, answer.json()
        return answer.json()["extra"]["fields"]

    assert "weight_kg" in fields(profile={"weight_kg": "-4"})["profile"]
    assert "weight_kg" in fields(profile={"weight_kg": "600"})["profile"]
    assert "weight_kg" in fields(profile={"weight_kg": "0"})["profile"]
    assert "۲/۴" in fields(dose_g_per_kg="۲/۴")["dose_g_per_kg"][0]
    assert "2 g/kg" in fields(dose_g_per_kg="2000")["dose_g_per_kg"][0]
    assert fields(days=11)["days"]
    assert fields(profile={"weighed_on": "2026-03-03"})["profile.weighed_on"]


def test_over_the_api_persian_digits_are_read(hospital):
    patient = admit_patient(hospital)
    entry = course_entry(patient.pk, "2026-03-02", dose_g_per_kg="۲", profile={"weight_kg": "۶۰٫۵"})
    assessment = Door(hospital.physician).post("course-assessments/", entry).json()
    assert assessment["dose"]["total_g"] == "121"


def test_no_password_enters_the_stored_request(hospital):
    patient, door = admit_patient(hospital), Door(hospital.physician)
    entry = course_entry(patient.pk, "2026-03-02", dose_g_per_kg="2.5")
    entry = answered(entry, door.post("course-assessments/", entry).json())
    signature = {"own_password": PASSWORD, "second_username": hospital.nurse.username}
    key = "5f0c7d5e-4a53-4a0e-9f0e-6f4c5b1c2d3e"
    first = door.post("courses/", entry | {"signature": signature | {"second_password": PASSWORD}}, key=key)
    assert first.status_code == 201, first.json()
    again = door.post("courses/", entry | {"signature": signature | {"second_password": "x"}}, key=key)
    assert again.json()["id"] == first.json()["id"]
    assert IdempotentAnswer.objects.count() == 1


def test_the_history_is_readable_over_the_api(hospital):
    course = order_course(hospital, admit_patient(hospital))
    revise(hospital, course, reason="weighed again", profile=profile(weight_kg=Decimal(66)))
    versions = Door(hospital.nurse).get(f"courses/{course.pk}/versions/").json()
    assert [(item["number"], item["weight_kg"], item["reason"]) for item in versions] == [
        (1, "60", ""),
        (2, "66", "weighed again"),
    ]


def test_the_course_page_says_what_was_known_of_the_patient(hospital):
    known = profile(
        height_cm=Decimal(172), prior_ivig="never", allergies="penicillin", conditions=("sepsis",)
    )
    course = approve(hospital, admit_patient(hospital), course_order(profile=known))
    page = Door(hospital.nurse).client.get(f"/courses/{course.pk}/").content.decode()
    shown = page[page.index('data-test="profile"') : page.index('id="history-title"')]
    for text in ("172 cm", "Never", "penicillin", "Sepsis"):
        assert text in shown, text
    assert "Antibodies" not in shown


def test_the_administrator_chooses_a_specialty_the_guideline_names(hospital):
    door = Door(hospital.administrator)
    page = door.client.get(f"/admin/accounts/user/{hospital.physician.pk}/change/").content.decode()
    field = page[page.index('name="specialty"') :]
    field = field[: field.index("</select>")]
    assert 'value="neurology"' in field and "Neurologist" in field
