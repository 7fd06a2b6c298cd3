"""A patient answers from home: kept as it goes, judged at once, in the check that is open, and never lost."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client

from apps.alerts.models import Alert
from apps.followups.models import FollowUpAttempt, FollowUpCheck
from apps.followups.services import answer_check, record_outcome
from apps.ledger.models import Event
from apps.safety.models import AdverseEvent
from apps.selfreport.models import SelfReport, SelfReportEntry
from apps.selfreport.services import issue_link
from tests.builders import Door, finish, running_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(hospital):
    return running_session(hospital)


@pytest.fixture
def ended(hospital, session):
    return finish(hospital, session.pk)


def calls():
    """The alerts that self-report calls with; others are about the infusion and about what nobody did."""
    return Alert.objects.filter(code__regex="^(red_flag|self_report|symptoms_reported)")


class Phone:
    """What a patient holds: a link and nothing else."""

    def __init__(self, token):
        self.client = Client(enforce_csrf_checks=True)
        self.path = f"/r/{token}/"

    def page(self, query=""):
        return self.client.get(self.path + query)

    def send(self, key=None, **entry):
        body = {"key": key or str(uuid.uuid4()), "answers": {}, **entry}
        return self.client.post(self.path + "answers/", body, content_type="application/json")

    def submit(self, answers, **more):
        fields = {f"a.{code}": answer for code, answer in answers.items()}
        return self.client.post(self.path, {"key": str(uuid.uuid4()), "complete": "1", **fields, **more})


@pytest.fixture
def phone(hospital, session, ended, clock):
    clock.set(ended)
    return Phone(
        issue_link(performer=hospital.nurse, course_id=session.course_id, language="en", now=ended).token
    )


@pytest.fixture
def first_call(ended):
    return FollowUpCheck.objects.filter(kind="call").order_by("due_at")[0]


def asked(phone):
    """Every symptom of the form, in the order in which it is asked."""
    context_free = phone.page("?new=1").content.decode()
    names = [part.split('"')[0] for part in context_free.split('name="a.')[1:]]
    return list(dict.fromkeys(names))


def all_no(phone):
    return dict.fromkeys(asked(phone), "no")


def at(clock, ended, hours):
    clock.fire(ended + timedelta(hours=hours))
    clock.fire()


def test_complete_and_without_a_sign_it_is_the_check_itself(phone, first_call, ended, clock):
    at(clock, ended, 30)
    answer = phone.send(answers=all_no(phone), complete=True)
    assert (answer.status_code, answer.json()) == (200, {"urgency": "none", "tell": [], "completed": True})
    first_call.refresh_from_db()
    assert first_call.status == "done"
    attempt = FollowUpAttempt.objects.get()
    assert (attempt.source, attempt.outcome, attempt.recorded_by) == ("self_report", "no_effect", None)
    assert not calls().exists()
    assert "Thank you" in phone.page().content.decode()


def test_stiff_neck_and_headache_at_thirty_hours(phone, first_call, ended, clock, session, settings):
    """The patient hears what to do with the very answer that makes it a red flag, and the ward hears it too."""
    settings.HOSPITAL_NUMBER = "+47 22 00 00 00"
    at(clock, ended, 30)
    assert phone.send(answers={"bad_headache": "yes"}).json()["urgency"] == "none"
    assert not calls().exists()
    answer = phone.send(answers={"stiff_neck": "yes"}).json()
    assert answer["urgency"] == "same_day"
    alert = calls().get()
    assert (alert.priority, alert.subject, alert.patient_id) == (
        "medium", f"check:{first_call.pk}", session.patient_id,
    )  # fmt: skip
    event = AdverseEvent.objects.get()
    assert (event.term, event.reported_by) == ("aseptic_meningitis", None)
    page = phone.page().content.decode()
    assert "Call the hospital today" in page and 'href="tel:+4722000000"' in page


def test_an_emergency_says_whom_to_call_and_calls_the_physician(phone, hospital, ended, clock, settings):
    settings.EMERGENCY_NUMBER = "115"
    at(clock, ended, 20)
    assert phone.send(answers={"chest_pain": "yes"}).json()["urgency"] == "emergency"
    page = phone.page("?lang=fa").content.decode()
    assert 'data-urgency="emergency"' in page and 'href="tel:115"' in page and "۱۱۵" in page
    alert = calls().get()
    assert (alert.priority, alert.state) == ("high", "raised")
    assert "tel:" not in (_without_numbers := _page_without_numbers(phone, settings))
    assert "emergency services" in _without_numbers


def _page_without_numbers(phone, settings):
    settings.EMERGENCY_NUMBER = settings.HOSPITAL_NUMBER = ""
    return phone.page("?lang=en").content.decode()


def test_a_red_flag_calls_once_and_a_worse_one_again(phone, ended, clock):
    at(clock, ended, 30)
    phone.send(answers={"bad_headache": "yes", "stiff_neck": "yes"})
    phone.send(answers={"hives": "no"})
    phone.send(answers={"new_cough": "no"})
    assert calls().count() == 1
    assert phone.send(answers={"fainted": "yes"}).json()["urgency"] == "emergency"
    assert sorted(calls().values_list("priority", flat=True)) == ["high", "medium"]
    assert phone.send(answers={"fainted": "no"}).json()["urgency"] == "emergency", "a slip stays a call"


def test_half_a_form_is_kept_and_settles_nothing(phone, first_call, ended, clock):
    at(clock, ended, 30)
    phone.send(answers={"bad_headache": "no"})
    phone.send(answers={"stiff_neck": "unknown"})
    first_call.refresh_from_db()
    assert first_call.status == "due"
    assert SelfReport.objects.get().answers == {"bad_headache": "no", "stiff_neck": "unknown"}
    page = phone.page().content.decode()
    assert 'name="a.bad_headache" value="no" checked' in page
    at(clock, ended, 49)
    first_call.refresh_from_db()
    assert first_call.status == "overdue"


def test_sent_off_with_gaps_it_stays_unknown_and_is_called(phone, first_call, ended, clock):
    at(clock, ended, 30)
    answers = all_no(phone)
    del answers["stiff_neck"]
    phone.send(answers=answers, complete=True)
    first_call.refresh_from_db()
    assert first_call.status == "due"
    assert "ward will ask you" in phone.page().content.decode()
    at(clock, ended, 49)
    first_call.refresh_from_db()
    assert first_call.status == "overdue"


def test_dont_know_is_not_no(phone, first_call, ended, clock):
    at(clock, ended, 30)
    phone.send(answers=all_no(phone) | {"fever": "unknown"}, complete=True)
    first_call.refresh_from_db()
    assert first_call.status == "due"


def test_nobody_answers_and_nothing_changes(phone, first_call, ended, clock):
    phone.page()
    at(clock, ended, 60)
    first_call.refresh_from_db()
    assert first_call.status == "overdue"
    assert Alert.objects.filter(code="follow_up_overdue").exists()


def test_a_phone_that_heard_no_answer_sends_again_and_it_counts_once(phone, ended, clock):
    at(clock, ended, 30)
    key = str(uuid.uuid4())
    first = phone.send(key=key, answers={"chest_pain": "yes"})
    again = phone.send(key=key, answers={"chest_pain": "yes"})
    assert first.json() == again.json()
    assert SelfReportEntry.objects.count() == 1 and calls().count() == 1
    assert phone.send(key=key, answers={"chest_pain": "no"}).status_code == 409
    assert SelfReport.objects.get().answers == {"chest_pain": "yes"}


def test_the_sending_off_twice_begins_no_second_form(phone, first_call, ended, clock):
    at(clock, ended, 30)
    key, answers = str(uuid.uuid4()), all_no(phone)
    phone.send(key=key, answers=answers, complete=True)
    phone.send(key=key, answers=answers, complete=True)
    assert SelfReport.objects.count() == 1 and FollowUpAttempt.objects.count() == 1


def test_without_scripts_it_is_a_plain_form(phone, first_call, ended, clock):
    at(clock, ended, 30)
    answer = phone.submit(all_no(phone))
    assert (answer.status_code, answer["Location"]) == (303, "?lang=en")
    first_call.refresh_from_db()
    assert first_call.status == "done"


def test_a_nurse_was_faster_and_the_answers_are_kept_all_the_same(phone, first_call, hospital, ended, clock):
    at(clock, ended, 30)
    phone.send(answers={"bad_headache": "no"})
    record_outcome(
        performer=hospital.nurse, check_id=first_call.pk, outcome="no_effect", note="", now=clock.now
    )
    assert phone.send(answers={"stiff_neck": "no"}).status_code == 200
    assert phone.send(answers={"blue_lips": "yes"}).json()["urgency"] == "emergency"
    alert = calls().get(state="raised")
    assert (alert.code, alert.priority) == ("self_report_red_flag", "high")
    assert SelfReport.objects.get().answers == {"bad_headache": "no", "stiff_neck": "no", "blue_lips": "yes"}


def test_the_alert_beside_any_check_closes_when_somebody_takes_it(phone, first_call, hospital, ended, clock):
    test_a_nurse_was_faster_and_the_answers_are_kept_all_the_same(phone, first_call, hospital, ended, clock)
    alert = calls().get(state="raised")
    assert Door(hospital.physician).post(f"alerts/{alert.pk}/acknowledge/").status_code == 200
    alert.refresh_from_db()
    assert (alert.state, alert.acknowledged_by) == ("resolved", hospital.physician)


def test_before_the_window_opens_no_answer_settles_what_is_still_to_come(phone, first_call, ended, clock):
    at(clock, ended, 3)
    phone.send(answers=all_no(phone), complete=True)
    first_call.refresh_from_db()
    assert first_call.status == "planned"
    assert SelfReport.objects.get().check_id == first_call.pk
    at(clock, ended, 30)
    answers = all_no(phone)
    del answers["stiff_neck"]
    phone.send(answers=answers, complete=True)
    first_call.refresh_from_db()
    assert first_call.status == "due", "the no of three hours after the infusion is none of thirty hours"


def test_before_the_window_opens_a_red_flag_waits_for_nobody(phone, first_call, ended, clock):
    at(clock, ended, 3)
    assert phone.send(answers={"hard_to_breathe": "yes"}).json()["urgency"] == "emergency"
    assert calls().get().priority == "high"
    assert AdverseEvent.objects.exists()


def test_symptoms_without_a_red_flag_are_heard_before_the_window_too(phone, ended, clock):
    at(clock, ended, 3)
    phone.send(answers={"bad_headache": "yes"}, complete=True)
    alert = calls().get()
    assert (alert.code, alert.priority) == ("self_report_symptoms", "low")
    assert "headache" in alert.params["symptoms"]["en"]


def test_somebody_reads_what_the_patient_wrote(phone, first_call, ended, clock, session, hospital):
    at(clock, ended, 30)
    phone.send(answers=all_no(phone), note="My hands tingle since last night.", complete=True)
    assert FollowUpAttempt.objects.get().note == "My hands tingle since last night."
    assert calls().get().code == "self_report_note"
    client = Client()
    client.force_login(hospital.nurse)
    staff_page = client.get(f"/courses/{session.course_id}/self-report/").content.decode()
    assert "My hands tingle" in staff_page


def test_a_form_left_for_a_night_is_begun_anew(phone, first_call, ended, clock):
    at(clock, ended, 26)
    phone.send(answers=dict.fromkeys(asked(phone)[:5], "no"))
    at(clock, ended, 40)
    assert " checked" not in phone.page().content.decode()
    phone.send(answers=dict.fromkeys(asked(phone)[5:], "no"), complete=True)
    first_call.refresh_from_db()
    assert first_call.status == "due", "half of it was how the patient was a day before"
    assert SelfReport.objects.count() == 2


def test_the_same_link_asks_anew_at_the_next_check(phone, first_call, ended, clock):
    at(clock, ended, 30)
    phone.send(answers={"chest_pain": "yes"}, complete=True)
    assert 'data-urgency="emergency"' in phone.page().content.decode().partition("<template")[0]
    at(clock, ended, 44)
    page = phone.page().content.decode()
    assert 'data-urgency="emergency"' not in page.partition("<template")[0] and "<legend>" in page


def test_something_new_after_it_was_sent_off(phone, first_call, ended, clock):
    at(clock, ended, 30)
    phone.send(answers=all_no(phone), complete=True)
    assert " checked" not in phone.page("?new=1").content.decode()
    assert phone.send(answers={"face_swelling": "yes"}).json()["urgency"] == "emergency"
    assert calls().get().priority == "high"


@pytest.mark.parametrize(
    ("entry", "status", "code"),
    [
        ({"answers": {"no_such_symptom": "yes"}}, 400, "answer_unknown"),
        ({"answers": {"fever": "perhaps"}}, 400, "answer_unknown"),
        ({"answers": {"fever": True}}, 400, "answers_unreadable"),
        ({"answers": ["fever"]}, 400, "answers_unreadable"),
        ({"key": "1"}, 400, "answers_unreadable"),
        ({"complete": "yes"}, 400, "answers_unreadable"),
        ({"patient": 1}, 400, "answers_unreadable"),
        ({"note": "x" * 2001}, 400, "note_too_long"),
        ({"note": "a\u0000b"}, 400, "entries_invalid"),
        ({"note": "x" * 40_000}, 413, "body_too_large"),
    ],
)
def test_what_is_no_answer_is_refused_whole(phone, ended, clock, entry, status, code):
    at(clock, ended, 30)
    answer = phone.send(**entry)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not SelfReport.objects.exists()


def test_what_a_plain_form_got_wrong_is_said_on_the_page(phone, ended, clock):
    at(clock, ended, 30)
    answer = phone.submit({"fever": "perhaps"})
    assert answer.status_code == 400 and 'role="alert"' in answer.content.decode()
    assert phone.client.put(phone.path).status_code == 405
    assert phone.client.get(phone.path + "answers/").status_code == 405


def test_every_entry_is_an_event_of_nobody_signed_in(phone, ended, clock):
    at(clock, ended, 30)
    phone.send(answers=all_no(phone), complete=True)
    names = (
        Event.objects.filter(name__startswith="selfreport.form.").order_by("id").values_list("name", "actor")
    )
    assert list(names) == [("selfreport.form.begun", "patient"), ("selfreport.form.completed", "patient")]


def test_only_the_patients_own_report_comes_without_a_person(first_call, ended):
    from apps.kernel.errors import NotFoundError

    with pytest.raises(NotFoundError):
        answer_check(
            check_id=first_call.pk, answers={"fever": "no"}, note="", source="call", performer=None, now=ended
        )
