"""What is open when a patient goes home is listed, seen by somebody, and kept; nothing of it is closed silently."""

from datetime import timedelta

import pytest

from apps.alerts.models import Alert
from apps.discharge.models import Discharge
from apps.followups.models import FollowUpCheck
from apps.infusions.models import InfusionSession
from apps.ledger.models import Event
from tests.builders import Door, finish, measure, react, running_session

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def ended(hospital, clock):
    session = running_session(hospital)
    end = finish(hospital, session.pk)
    clock.set(end + timedelta(hours=1))
    return session, end


def matters(hospital, session):
    answer = Door(hospital.nurse).get(f"courses/{session.course_id}/open-matters/")
    assert answer.status_code == 200
    return answer.json()


def discharge(hospital, session, seen=(), person=None):
    door = Door(person or hospital.nurse)
    return door.post(f"courses/{session.course_id}/discharges/", {"note": "home", "seen": list(seen)})


def creatinine_doubles(hospital, session, end):
    measure(hospital, session.patient_id, "creatinine", "80", "µmol/L", at=end - DAY, now=end)
    measure(
        hospital,
        session.patient_id,
        "creatinine",
        "170",
        "µmol/L",
        at=end + timedelta(minutes=30),
        now=end + timedelta(minutes=40),
    )


def test_with_nothing_open_nobody_is_asked_to_tick_anything(hospital, ended):
    session, _ = ended
    assert matters(hospital, session) == []
    assert discharge(hospital, session).status_code == 201


def test_a_laboratory_finding_must_be_seen_and_stays_open_for_the_follow_up(hospital, ended):
    session, end = ended
    creatinine_doubles(hospital, session, end)
    [finding] = matters(hospital, session)
    assert (finding["kind"], finding["stays_open"]) == ("finding", True)
    assert finding["page"] == f"/patients/{session.patient_id}/laboratory/"
    refused = discharge(hospital, session)
    assert (refused.status_code, refused.json()["code"]) == (409, "open_matters_unseen")
    assert refused.json()["extra"]["open"] == [finding["key"]]
    assert not Discharge.objects.exists() and InfusionSession.objects.get().watched_until is None

    assert discharge(hospital, session, [finding["key"]]).status_code == 201
    alert = Alert.objects.get(subject=f"laboratory:{session.patient_id}")
    assert alert.state == "raised", "who takes it is not who went past it"
    [kept] = Discharge.objects.get().open_matters
    assert kept["key"] == finding["key"] and kept["stays_open"] and "170" in kept["text"]
    event = Event.objects.get(name="discharge.patient.discharged")
    assert event.payload["open_matters"] == [kept]
    assert [one["kind"] for one in matters(hospital, session)] == ["finding"], "it is open still"


def test_an_alert_of_the_bedside_that_was_seen_ends_with_the_stay_and_so_does_the_watch(hospital, clock):
    session = running_session(hospital)
    react(hospital, session.pk, session.started_at + timedelta(minutes=1), severity="moderate")
    Alert.objects.filter(subject=f"session:{session.pk}").exclude(priority="medium").delete()
    InfusionSession.objects.filter(pk=session.pk).update()
    from apps.infusions.services import stop_session

    end = session.started_at + timedelta(minutes=5)
    stop_session(performer=hospital.nurse, session_id=session.pk, reason="Hives.", now=end)
    clock.set(end + timedelta(hours=1))
    waiting = Alert.objects.filter(subject=f"session:{session.pk}", state="raised")
    assert waiting.exists()
    listed = matters(hospital, session)
    assert {(one["kind"], one["stays_open"]) for one in listed} == {("alert", False)}
    assert discharge(hospital, session).status_code == 409
    assert discharge(hospital, session, [one["key"] for one in listed]).status_code == 201
    assert not waiting.exists()
    assert InfusionSession.objects.get(pk=session.pk).watched_until is not None
    taken = Alert.objects.filter(subject=f"session:{session.pk}").first()
    assert (taken.state, taken.acknowledged_by) == ("resolved", hospital.nurse)


def test_an_overdue_check_is_named_once_and_stays_on_the_worklist(hospital, ended, clock):
    session, end = ended
    clock.set(end + 3 * DAY)
    clock.fire()
    listed = matters(hospital, session)
    overdue = FollowUpCheck.objects.filter(status="overdue")
    assert {one["key"] for one in listed if one["kind"] == "check"} == {f"check:{one.pk}" for one in overdue}
    assert overdue.exists()
    assert len({one["page"] for one in listed if one["kind"] == "check"}) == overdue.count()
    assert not [one for one in listed if one["kind"] == "alert" and one["page"].startswith("/follow-ups/")]
    assert discharge(hospital, session, [one["key"] for one in listed]).status_code == 201
    call = FollowUpCheck.objects.get(code="aseptic_meningitis_call")
    assert call.status == "overdue"


def test_what_came_up_after_the_page_was_read_must_be_seen_too(hospital, ended):
    session, end = ended
    listed = matters(hospital, session)
    creatinine_doubles(hospital, session, end)
    refused = discharge(hospital, session, [one["key"] for one in listed])
    assert refused.json()["code"] == "open_matters_unseen"


@pytest.mark.parametrize("language", ["en", "nb", "fa"])
def test_the_page_lists_them_with_their_links_and_afterwards_what_was_seen(hospital, ended, language):
    session, end = ended
    creatinine_doubles(hospital, session, end)
    [finding] = matters(hospital, session)
    client = Door(hospital.nurse, language=language).client
    path = f"/courses/{session.course_id}/discharge/"
    page = client.get(path).content.decode()
    assert f'name="seen" value="{finding["key"]}" required' in page
    assert f'href="/patients/{session.patient_id}/laboratory/"' in page
    discharge(hospital, session, [finding["key"]])
    page = client.get(path).content.decode()
    assert 'data-test="matter-seen"' in page and 'data-test="open-matter"' not in page
