"""The call: what the patient answers is kept, judged, told to whom it concerns, and never taken for a no."""

from datetime import timedelta

import pytest

from apps.alerts.models import Alert
from apps.followups.models import FollowUpAttempt, FollowUpCheck
from apps.followups.selectors import access_check, worklist_in_parts
from apps.followups.services import answer_check, give_up_as_lost, record_outcome, take_check
from apps.guidelines.domain import symptoms_by_code
from apps.guidelines.selectors import current_guidelines
from apps.kernel.errors import ConflictError, DomainError, NotFoundError
from apps.ledger.models import Event, Timer
from apps.safety.models import AdverseEvent
from tests.builders import Door, finish, running_session, watch

pytestmark = pytest.mark.django_db
CALL = "aseptic_meningitis_call"


@pytest.fixture
def ended(hospital):
    session = running_session(hospital)
    at = finish(hospital, session.pk)
    watch(hospital, session.pk)
    return at


@pytest.fixture
def called_at(ended, clock):
    """Thirty hours after the end, in the afternoon; the call is due."""
    at = ended + timedelta(hours=30)
    clock.fire(at)
    return at


def check():
    return FollowUpCheck.objects.exclude(status="superseded").get(code=CALL)


def asked(hospital):
    script = Door(hospital.nurse).get(f"follow-ups/{check().pk}/script/").json()
    return [symptom["code"] for question in script["questions"] for symptom in question["symptoms"]]


def say(hospital, at, answers, *, performer="nurse", source="call", note="", complete=True):
    return answer_check(
        check_id=check().pk,
        answers=answers,
        note=note,
        source=source,
        performer=getattr(hospital, performer) if performer else None,
        now=at,
        complete=complete,
    )


def all_no(hospital, **others):
    return dict.fromkeys(asked(hospital), "no") | others


def about_check(**more):
    return Alert.objects.filter(subject=f"check:{check().pk}", **more)


def names():
    events = Event.objects.filter(subject=f"check:{check().pk}").order_by("position")
    return [name.removeprefix("followup.check.") for name in events.values_list("name", flat=True)]


def test_every_answer_no_ends_the_check_as_no_effect(hospital, called_at):
    say(hospital, called_at, all_no(hospital), note="Feels well.")
    assert check().status == "done" and names()[-1] == "no_effect"
    attempt = FollowUpAttempt.objects.get(check_done=check())
    assert (attempt.outcome, attempt.recorded_by, attempt.note) == (
        "no_effect",
        hospital.nurse,
        "Feels well.",
    )
    assert set(attempt.answers.values()) == {"no"} and attempt.flags == []
    assert not about_check().exists() and not AdverseEvent.objects.exists()


def test_a_red_flag_is_told_with_effect_reason_and_what_to_do_and_opens_the_event(hospital, called_at):
    say(hospital, called_at, all_no(hospital, bad_headache="yes", stiff_neck="yes"), note="Since noon.")
    alert = about_check().get()
    assert (alert.code, alert.priority) == ("red_flag_aseptic_meningitis", "medium")
    assert alert.params["effect"]["en"] == "aseptic meningitis"
    assert alert.params["symptoms"]["en"] == "bad headache, stiff neck"
    assert "today" in alert.params["advice"]["en"] and alert.source
    event = AdverseEvent.objects.get()
    assert (event.term, event.note, event.reported_by) == (
        "aseptic_meningitis",
        "Since noon.",
        hospital.nurse,
    )
    assert [item["term"] for item in event.details["symptoms"]] == ["bad_headache", "stiff_neck"]
    assert event.lots and event.onset_at == called_at
    body = Door(hospital.physician).get(f"adverse-events/{event.pk}/").json()
    assert body["term_name"] == "Aseptic meningitis"
    assert [item["name"] for item in body["symptoms"]] == ["Bad headache", "Stiff neck"]
    assert check().status == "done" and names()[-1] == "suspected"


def test_an_emergency_is_high_and_calls_the_physician_at_once(hospital, called_at, clock):
    say(hospital, called_at, {"face_drooping": "yes"})
    alert = about_check().get()
    assert (alert.code, alert.priority) == ("red_flag_arterial_thrombosis", "high")
    clock.fire(called_at)
    alert.refresh_from_db()
    assert alert.level == 2 and [hop.level for hop in alert.hops.all()] == [2]


def test_the_same_breathlessness_is_an_emergency_within_a_day_and_for_the_same_day_later(hospital, ended):
    say(hospital, ended + timedelta(hours=23), {"new_cough": "yes"}, complete=False)
    assert about_check().get().priority == "high"


def test_later_it_is_for_the_same_day(hospital, called_at):
    say(hospital, called_at, {"new_cough": "yes"}, complete=False)
    assert about_check().get().priority == "medium"


def test_what_is_not_known_leaves_the_check_waiting(hospital, called_at, clock):
    say(hospital, called_at, all_no(hospital, dark_urine="unknown"))
    assert check().status == "due" and names()[-1] == "incomplete"
    say(hospital, called_at, {"fever": "no"})
    assert check().status == "due"
    clock.fire(called_at + timedelta(hours=40))
    assert check().status == "overdue" and about_check(code="follow_up_overdue").exists()


def test_a_symptom_without_a_flag_is_an_event_but_no_alarm_of_the_one_who_called(hospital, called_at):
    say(hospital, called_at, all_no(hospital, hives="yes"))
    assert check().status == "done" and names()[-1] == "symptoms"
    assert AdverseEvent.objects.get().term == "hives" and not about_check().exists()


def test_a_patient_s_own_report_of_a_symptom_is_told_to_somebody(hospital, called_at):
    say(hospital, called_at, all_no(hospital, hives="yes"), performer=None, source="self_report")
    alert = about_check().get()
    assert (alert.code, alert.priority) == ("symptoms_reported", "low")
    event = AdverseEvent.objects.get()
    assert event.reported_by is None and event.term == "hives"
    body = Door(hospital.nurse).get(f"follow-ups/{check().pk}/").json()
    assert (body["recorded_by"], body["attempts"][0]["source"]) == (None, "self_report")
    assert Door(hospital.physician).get(f"adverse-events/{event.pk}/").status_code == 200


def test_a_self_report_grows_answer_by_answer_and_raises_a_red_flag_once(hospital, called_at):
    report = {"performer": None, "source": "self_report", "complete": False}
    say(hospital, called_at, {"bad_headache": "yes"}, **report)
    assert not about_check().exists() and names()[-1] == "answered"
    say(hospital, called_at, {"stiff_neck": "yes"}, **report)
    say(hospital, called_at, {"light_hurts": "no"}, **report)
    say(hospital, called_at, {"light_hurts": "no"}, **report)
    assert about_check().get().code == "red_flag_aseptic_meningitis"
    assert Event.objects.filter(name="alert.repeated").count() == 0
    assert names().count("suspected") == 1 and check().status == "due"
    attempt = FollowUpAttempt.objects.get(check_done=check())
    assert attempt.answers == {"bad_headache": "yes", "stiff_neck": "yes", "light_hurts": "no"}
    assert attempt.outcome == "partial" and AdverseEvent.objects.count() == 1


def test_an_answer_taken_back_does_not_unsay_the_flag(hospital, called_at):
    report = {"performer": None, "source": "self_report"}
    say(hospital, called_at, {"seizure": "yes"}, complete=False, **report)
    say(hospital, called_at, all_no(hospital), **report)
    assert about_check(priority="high").exists()
    assert FollowUpAttempt.objects.get(check_done=check()).flags == ["brain_affected"]
    assert AdverseEvent.objects.count() == 1


def test_the_call_after_a_self_report_is_an_attempt_of_its_own(hospital, called_at):
    say(hospital, called_at, {"fever": "yes"}, performer=None, source="self_report", complete=False)
    say(hospital, called_at, all_no(hospital))
    assert list(FollowUpAttempt.objects.order_by("pk").values_list("source", "outcome")) == [
        ("self_report", "partial"), ("call", "no_effect"),
    ]  # fmt: skip


def test_a_second_answer_comes_too_late(hospital, called_at):
    say(hospital, called_at, all_no(hospital))
    with pytest.raises(ConflictError) as refused:
        say(hospital, called_at, all_no(hospital), performer="second_nurse")
    assert refused.value.code == "check_closed"


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({}, "nothing_answered"),
        ({"headake": "yes"}, "symptom_unknown"),
        ({"swollen_belly": "no"}, "symptom_unknown"),
    ],
)
def test_answers_that_nobody_asked_for_are_refused(hospital, called_at, answers, code):
    with pytest.raises(DomainError) as refused:
        say(hospital, called_at, answers)
    assert refused.value.code == code and not FollowUpAttempt.objects.exists()


def test_only_a_self_report_comes_without_a_person(hospital, called_at):
    with pytest.raises(NotFoundError):
        say(hospital, called_at, {"fever": "no"}, performer=None, source="call")


def test_a_laboratory_check_has_nothing_to_ask(hospital, called_at):
    FollowUpCheck.objects.filter(pk=check().pk).update(code="renal_function_lab", kind="laboratory")
    laboratory = FollowUpCheck.objects.get(code="renal_function_lab")
    body = Door(hospital.nurse).post(f"follow-ups/{laboratory.pk}/answers/", {"answers": {"fever": "no"}})
    assert body.json()["code"] == "nothing_to_ask"
    assert Door(hospital.nurse).get(f"follow-ups/{laboratory.pk}/script/").json()["questions"] == []


def test_the_script_asks_each_thing_once_in_the_reader_s_language(hospital, called_at):
    codes = asked(hospital)
    assert (
        len(codes) == len(set(codes)) and "swollen_belly" not in codes and "low_sugar_feelings" not in codes
    )
    persian = Door(hospital.nurse, language="fa").get(f"follow-ups/{check().pk}/script/").json()
    assert all(item["text"].endswith("؟") for group in persian["questions"] for item in group["symptoms"])
    flags = {flag["code"] for flag in persian["flags"]}
    assert "breathing_later" in flags and "breathing_within_a_day" not in flags


def test_answers_over_the_api(hospital, called_at):
    door = Door(hospital.nurse)
    path = f"follow-ups/{check().pk}/answers/"
    assert door.post(path, {"answers": {"fever": "maybe"}}).status_code == 400
    body = door.post(path, {"answers": all_no(hospital, confused="yes"), "source": "call"}).json()
    assert (body["status"], body["outcome"]) == ("done", "suspected")
    (attempt,) = body["attempts"]
    assert attempt["answers"][0] == {"code": "confused", "name": "confused", "answer": "yes"}
    assert (attempt["flags"][0]["urgency"], attempt["recorded_by"]) == (
        "emergency",
        hospital.nurse.display_name,
    )


def in_vain(hospital, at, **more):
    return record_outcome(
        performer=hospital.nurse, check_id=check().pk, outcome="unreachable", note="", now=at, **more
    )


def test_not_reached_the_patient_is_tried_again_by_day_and_the_list_says_when(hospital, called_at, clock):
    in_vain(hospital, called_at)
    again = check().next_attempt_at
    assert called_at < again <= called_at + timedelta(hours=24)
    parts = worklist_in_parts(hospital.nurse, now=called_at)
    assert [one.code for one in parts.waiting] == [CALL] and CALL not in [one.code for one in parts.due]
    assert Timer.objects.get(kind="followup.attempt.due").due_at == again
    clock.fire(again)
    assert "attempt_due" in names()
    parts = worklist_in_parts(hospital.nurse, now=again)
    assert CALL in [one.code for one in (*parts.due, *parts.overdue)]


def test_somebody_may_say_when_but_not_in_the_past(hospital, called_at):
    in_vain(hospital, called_at, next_attempt_at=called_at + timedelta(hours=2))
    assert check().next_attempt_at == called_at + timedelta(hours=2)
    with pytest.raises(DomainError) as refused:
        in_vain(hospital, called_at, next_attempt_at=called_at)
    assert refused.value.code == "next_attempt_past"


def test_three_attempts_in_vain_tell_the_ward_and_an_answer_ends_it(hospital, called_at):
    for hour in range(2):
        in_vain(hospital, called_at + timedelta(hours=hour))
    assert not about_check().exists()
    in_vain(hospital, called_at + timedelta(hours=3))
    alert = about_check().get()
    assert (alert.code, alert.priority) == ("follow_up_unreachable", "medium")
    assert alert.params["count"] == {"number": "3"}
    say(hospital, called_at + timedelta(hours=4), all_no(hospital))
    assert about_check().get().state == "resolved" and check().next_attempt_at is None


def test_attempts_in_vain_never_end_a_check_by_themselves(hospital, called_at, clock):
    for hour in range(6):
        in_vain(hospital, called_at + timedelta(hours=hour))
    clock.fire(called_at + timedelta(days=10))
    assert check().status == "overdue"


def test_lost_is_a_physician_s_decision_with_a_reason(hospital, called_at, clock):
    path = f"follow-ups/{check().pk}/lost/"
    assert Door(hospital.nurse).post(path, {"reason": "No answer."}).status_code == 403
    assert Door(hospital.physician).post(path, {"reason": " "}).status_code == 400
    clock.fire(called_at + timedelta(hours=20))
    assert about_check(code="follow_up_overdue").exists()
    body = Door(hospital.physician).post(path, {"reason": "Moved abroad, no number."}).json()
    assert (body["status"], body["note"]) == ("lost", "Moved abroad, no number.")
    assert names()[-1] == "lost" and about_check().get().state == "resolved"
    assert CALL not in [one["code"] for one in Door(hospital.nurse).get("follow-ups/").json()]
    assert not AdverseEvent.objects.exists()
    with pytest.raises(ConflictError) as refused:
        give_up_as_lost(performer=hospital.physician, check_id=check().pk, reason="Again.", now=clock.now)
    assert refused.value.code == "check_lost"


def test_a_lost_patient_who_turns_up_is_heard(hospital, called_at):
    give_up_as_lost(performer=hospital.physician, check_id=check().pk, reason="Moved.", now=called_at)
    say(hospital, called_at + timedelta(hours=5), all_no(hospital))
    assert check().status == "done"


def test_somebody_takes_a_check_on_and_finds_it_under_their_name(hospital, called_at):
    door = Door(hospital.nurse)
    take_check(performer=hospital.nurse, check_id=check().pk, now=called_at)
    take_check(performer=hospital.nurse, check_id=check().pk, now=called_at)
    assert names().count("taken") == 1
    assert [one["code"] for one in door.get("follow-ups/", mine="1").json()] == [CALL]
    assert Door(hospital.second_nurse).get("follow-ups/", mine="1").json() == []
    body = Door(hospital.second_nurse).post(f"follow-ups/{check().pk}/take/").json()
    assert body["responsible"] == hospital.second_nurse.display_name
    assert door.post(f"follow-ups/{check().pk}/give-back/").json()["responsible"] is None


def test_the_page_asks_and_the_list_shows(hospital, called_at, client):
    client.force_login(hospital.nurse)
    page = client.get(f"/follow-ups/{check().pk}/").content.decode()
    assert "Is your neck stiff" in page and 'name="answers.stiff_neck"' in page
    assert "lost/" not in page
    in_vain(hospital, called_at)
    listed = client.get("/follow-ups/").content.decode()
    assert 'data-test="waiting-follow-ups"' in listed
    client.force_login(hospital.physician)
    assert f"follow-ups/{check().pk}/lost/" in client.get(f"/follow-ups/{check().pk}/").content.decode()
    for query in ("?ward=abc", f"?ward={10**30}", "?mine=1", "?ward="):
        assert client.get(f"/follow-ups/{query}").status_code == 200


def test_every_symptom_the_shipped_release_asks_is_in_the_database_s(hospital):
    assert len(symptoms_by_code(current_guidelines().screening_questions)) > 40
    with pytest.raises(NotFoundError):
        access_check(hospital.nurse, 10**6)
