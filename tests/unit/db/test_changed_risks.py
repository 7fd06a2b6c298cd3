"""A risk that changes after the order plans the follow-up again, whoever or whatever learned of it."""

from datetime import timedelta
from decimal import Decimal

import pytest

from apps.courses.domain.profile import PatientProfile
from apps.followups.models import CourseFact, FollowUpCheck
from apps.followups.services import answer_check, record_outcome
from apps.followups.wording import planned_because
from apps.ledger.models import Event
from apps.safety.models import AdverseEvent
from apps.safety.services import reinstate_adverse_event, withdraw_adverse_event
from tests.builders import (
    NOW,
    Door,
    admit_patient,
    approve,
    course_order,
    finish,
    in_parallel,
    measure,
    revise,
    signed_by,
    start_day,
)

pytestmark = pytest.mark.django_db
KIDNEYS = {"renal_function_lab", "kidney_lab_day_7"}
RED_CELLS = {"hemoglobin_lab", "hemolysis_lab"}


def given(hospital, *, blood_group="O", dose_mg_per_kg=Decimal(2000), days=1):
    """A course of which the one day was given, and when it ended."""
    patient = admit_patient(hospital)
    profile = PatientProfile(
        weight_kg=Decimal(60), weighed_on=NOW.date(), blood_group=blood_group, iga="normal"
    )
    order = course_order(profile=profile, days=days, dose_mg_per_kg=dose_mg_per_kg)
    course = approve(hospital, patient, order, signature=signed_by(hospital.nurse))
    return course, finish(hospital, start_day(hospital, course).pk)


def codes(course):
    checks = FollowUpCheck.objects.filter(course_id=course.pk).exclude(status="superseded")
    return set(checks.values_list("code", flat=True))


def check_of(course, code):
    return FollowUpCheck.objects.exclude(status="superseded").get(course_id=course.pk, code=code)


def note(person, course, fact, holds=True, reason="seen on the round", **more):
    entry = {"fact": fact, "holds": holds, "reason": reason}
    return Door(person).post(f"courses/{course.pk}/follow-up-facts/", entry, **more)


def test_a_nurse_notes_a_risk_and_hears_what_is_planned(hospital, clock):
    course, ended = given(hospital)
    clock.set(ended + timedelta(hours=3))
    answer = note(hospital.nurse, course, "nephrotoxic_drugs", reason="started on gentamicin")
    assert answer.status_code == 200
    body = answer.json()
    assert {check["code"] for check in body["planned"]} == KIDNEYS
    assert (body["moved"], body["superseded"]) == ([], [])
    assert body["planned"][0]["name"] == "Laboratory: kidney function" and body["planned"][0]["due_at"]
    assert planned_because(check_of(course, "renal_function_lab")) == "Planned because: Renal risk."
    [told] = Door(hospital.physician).get(f"courses/{course.pk}/follow-up-facts/").json()
    assert (told["fact"], told["name"], told["holds"], told["reason"]) == (
        "nephrotoxic_drugs", "Nephrotoxic drugs", True, "started on gentamicin",
    )  # fmt: skip
    assert told["noted_by"] == hospital.nurse.display_name
    assert told["planned"] == ["Laboratory: kidney function", "Laboratory: kidney function on day 7"]


def test_the_same_word_twice_is_noted_once_and_changes_nothing(hospital, clock):
    course, ended = given(hospital)
    clock.set(ended)
    note(hospital.nurse, course, "sepsis")
    again = note(hospital.second_nurse, course, "sepsis")
    assert again.json() == {"planned": [], "moved": [], "superseded": []}
    assert CourseFact.objects.get().noted_by == hospital.nurse
    assert Event.objects.filter(name="followup.fact.noted").count() == 1


def test_a_retry_with_the_same_key_is_one_entry(hospital, clock):
    course, ended = given(hospital)
    clock.set(ended)
    door, entry = Door(hospital.nurse), {"fact": "sepsis", "holds": True, "reason": "fever"}
    path, key = f"courses/{course.pk}/follow-up-facts/", "00000000-0000-4000-8000-000000000001"
    first, second = door.post(path, entry, key=key), door.post(path, entry, key=key)
    assert first.json() == second.json() and first.json()["planned"]


def test_that_less_is_asked_is_a_physicians_to_say(hospital, clock):
    course, ended = given(hospital)
    clock.set(ended)
    note(hospital.nurse, course, "diabetes")
    refused = note(hospital.nurse, course, "diabetes", holds=False, reason="mixed up with the neighbour")
    assert (refused.status_code, refused.json()["code"]) == (403, "not_your_role")
    assert codes(course) >= KIDNEYS
    body = note(hospital.physician, course, "diabetes", holds=False, reason="a mistake").json()
    assert {check["code"] for check in body["superseded"]} == KIDNEYS
    assert not codes(course) & KIDNEYS


def test_of_two_risks_that_call_for_the_same_the_other_still_does(hospital, clock):
    course, ended = given(hospital)
    clock.set(ended)
    note(hospital.nurse, course, "diabetes")
    note(hospital.nurse, course, "sepsis")
    note(hospital.physician, course, "diabetes", holds=False)
    assert codes(course) >= KIDNEYS


@pytest.mark.parametrize(
    "fact", ["age_over_65", "disease_cidp", "kidneys_at_risk", "renal_risk", "left_handed"]
)
def test_what_nobody_can_note_is_refused_and_nothing_is_kept(hospital, clock, fact):
    course, ended = given(hospital)
    clock.set(ended)
    answer = note(hospital.physician, course, fact)
    assert (answer.status_code, answer.json()["code"]) == (400, "fact_unknown")
    assert not CourseFact.objects.exists()


def test_a_reason_is_asked_for(hospital, clock):
    course, _ = given(hospital)
    assert note(hospital.nurse, course, "sepsis", reason=" ").status_code == 400


def test_what_was_answered_stays(hospital, clock):
    course, ended = given(hospital)
    clock.set(ended)
    note(hospital.nurse, course, "sepsis")
    lab = check_of(course, "renal_function_lab")
    record_outcome(performer=hospital.nurse, check_id=lab.pk, outcome="no_effect", note="", now=ended)
    note(hospital.physician, course, "sepsis", holds=False)
    lab.refresh_from_db()
    assert lab.status == "done" and "kidney_lab_day_7" not in codes(course)


def test_the_page_has_the_control_and_says_what_was_noted(hospital, clock):
    course, ended = given(hospital)
    clock.set(ended)
    note(hospital.nurse, course, "diabetes", reason="known since <2019>")

    def page(person):
        return Door(person).client.get(f"/patients/{course.patient_id}/").content.decode()

    shown = page(hospital.nurse)
    row = shown.split('data-test="noted-row"')[1].split("</tr>")[0]
    for words in (
        "Diabetes mellitus",
        hospital.nurse.display_name,
        "known since &lt;2019&gt;",
        "kidney function",
    ):
        assert words in row
    form = shown.split('data-test="note-fact"')[1].split("</form>")[0]
    assert 'value="sepsis"' in form and 'value="false"' not in form and 'value="renal_risk"' not in form
    form = page(hospital.physician).split('data-test="note-fact"')[1].split("</form>")[0]
    assert 'name="holds" value="false"' in form


def test_a_blood_group_from_the_laboratory_plans_for_red_cells(hospital, clock):
    course, ended = given(hospital, blood_group="O")
    assert not codes(course) & RED_CELLS
    clock.set(ended + timedelta(hours=1))
    result = measure(hospital, course.patient_id, "abo_group", "a")
    assert codes(course) >= RED_CELLS
    assert planned_because(check_of(course, "hemolysis_lab")).startswith(
        "Planned because: Blood group A, B or AB (A);"
    )
    answer = Door(hospital.nurse).post(
        f"laboratory-results/{result.pk}/entered-in-error/", {"reason": "another patient's"}
    )
    assert answer.status_code == 200
    assert not codes(course) & RED_CELLS


def test_a_blood_group_nobody_knew_is_found_to_be_o(hospital, clock):
    course, ended = given(hospital, blood_group="unknown")
    assert codes(course) >= RED_CELLS
    clock.set(ended + timedelta(hours=1))
    measure(hospital, course.patient_id, "abo_group", "o")
    assert not codes(course) & RED_CELLS


def test_one_word_that_it_is_not_o_is_enough(hospital, clock):
    course, ended = given(hospital, blood_group="A")
    clock.set(ended + timedelta(hours=1))
    measure(hospital, course.patient_id, "abo_group", "o")
    assert codes(course) >= RED_CELLS


def changed_order(hospital, course, **profile):
    known = {"weight_kg": Decimal(60), "weighed_on": NOW.date(), "blood_group": "O", "iga": "normal"}
    return revise(hospital, course, days=2, profile=PatientProfile(**(known | profile)))


def test_what_a_changed_order_newly_says_is_the_newest_word(hospital, clock):
    course, ended = given(hospital, days=2)
    clock.set(ended)
    note(hospital.physician, course, "diabetes", holds=False, reason="not in the letter")
    changed = changed_order(hospital, course, diabetes=True)
    assert codes(changed) >= {"renal_function_lab"}
    assert CourseFact.objects.last().reason == "version 2 of the order says so"


def test_a_changed_order_that_says_nothing_of_it_leaves_what_was_noted(hospital, clock):
    course, ended = given(hospital, days=2)
    clock.set(ended)
    note(hospital.nurse, course, "sepsis")
    changed = changed_order(hospital, course, iga="unknown")
    assert codes(changed) >= {"renal_function_lab"}
    assert CourseFact.objects.count() == 1


def answers(course, hospital, told, at, code="aseptic_meningitis_call"):
    return answer_check(
        check_id=check_of(course, code).pk,
        answers=told,
        note="",
        source="call",
        performer=hospital.nurse,
        now=at,
    )


def test_dark_urine_told_at_the_call_is_watched_with_the_laboratory(hospital):
    course, ended = given(hospital)
    answers(course, hospital, {"dark_urine": "yes"}, ended + timedelta(hours=25))
    event = AdverseEvent.objects.get()
    assert event.term == "hemolysis"
    assert codes(course) >= RED_CELLS
    assert planned_because(check_of(course, "hemolysis_lab")) == "Planned because: Hemolysis suspected."
    fact = CourseFact.objects.get()
    assert (fact.fact, fact.noted_by) == ("hemolysis_suspected", None)
    assert fact.reason == f"adverse event {event.pk}: hemolysis is suspected"


def test_a_swollen_leg_is_asked_about_again_on_day_30(hospital):
    course, ended = given(hospital)
    assert "thrombosis_call" not in codes(course)
    answers(course, hospital, {"limb_swollen": "yes"}, ended + timedelta(hours=25))
    assert "thrombosis_call" in codes(course)


def test_an_event_that_was_a_mistake_takes_back_what_it_told(hospital):
    course, ended = given(hospital)
    answers(course, hospital, {"dark_urine": "yes"}, ended + timedelta(hours=25))
    event, later = AdverseEvent.objects.get(), ended + timedelta(hours=26)
    withdraw_adverse_event(origin=event.origin, actor="", reason="beetroot", now=later)
    assert not codes(course) & RED_CELLS
    reinstate_adverse_event(origin=event.origin, actor="", now=later)
    assert codes(course) >= RED_CELLS


def test_another_event_of_the_same_kind_keeps_it(hospital):
    course, ended = given(hospital)
    answers(course, hospital, {"dark_urine": "yes"}, ended + timedelta(hours=25))
    answers(course, hospital, {"dark_urine": "yes"}, ended + timedelta(days=6), code="day_7_call")
    first, _ = AdverseEvent.objects.order_by("pk")
    withdraw_adverse_event(origin=first.origin, actor="", reason="beetroot", now=ended + timedelta(days=7))
    assert codes(course) >= RED_CELLS


def test_what_a_physician_took_back_stays_taken_back_when_more_is_told(hospital, clock):
    course, ended = given(hospital)
    clock.set(ended + timedelta(hours=25))
    call = check_of(course, "aseptic_meningitis_call")
    told = {"source": "call", "note": "", "performer": hospital.nurse, "complete": False}
    answer_check(check_id=call.pk, answers={"dark_urine": "yes"}, now=clock.now, **told)
    note(hospital.physician, course, "hemolysis_suspected", holds=False, reason="urine dip is clean")
    assert not codes(course) & RED_CELLS
    answer_check(check_id=call.pk, answers={"fever": "yes"}, now=clock.now, **told)
    assert not codes(course) & RED_CELLS


@pytest.mark.django_db(transaction=True)
def test_an_answer_and_a_noted_risk_at_the_same_moment_do_not_wait_for_each_other(hospital, clock):
    course, ended = given(hospital)
    clock.set(ended + timedelta(hours=25))
    call = check_of(course, "aseptic_meningitis_call")
    told = {"source": "call", "note": "", "performer": hospital.nurse, "complete": False}
    in_parallel(
        lambda: answer_check(check_id=call.pk, answers={"dark_urine": "yes"}, now=clock.now, **told),
        lambda: note(hospital.physician, course, "sepsis"),
    )
    assert codes(course) >= RED_CELLS | KIDNEYS
