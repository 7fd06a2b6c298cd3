"""Three checks or sixty: the worklist, the board and a patient's timeline ask the database as often."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.followups.models import CourseFact, FollowUpAttempt, FollowUpCheck
from apps.followups.selectors import planned_checks, worklist
from apps.followups.timeline import follow_up_timeline
from tests.builders import NOW, Door, admit_patient, finish, running_session

pytestmark = pytest.mark.django_db
FEW, MANY = 3, 60


@pytest.fixture
def session(hospital):
    session = running_session(hospital)
    finish(hospital, session.pk)
    return session


def more_checks(hospital, count, *, of_one_patient, status):
    """Copies of a call, each tried twice in vain by two people and taken on by one."""
    pattern = FollowUpCheck.objects.filter(code="day_7_call").earliest("pk")
    for number in range(count):
        patient_id = pattern.patient_id if of_one_patient else admit_patient(hospital).pk
        check = FollowUpCheck.objects.create(
            **{
                field.attname: getattr(pattern, field.attname)
                for field in FollowUpCheck._meta.concrete_fields
                if field.attname not in ("id", "patient_id", "status", "day_number", "responsible_id")
            },
            patient_id=patient_id,
            status=status,
            day_number=100 + FollowUpCheck.objects.count(),
            responsible=hospital.second_nurse if number % 2 else hospital.nurse,
        )
        for person in (hospital.nurse, hospital.physician):
            FollowUpAttempt.objects.create(
                check_done=check,
                outcome="unreachable",
                answers={"fever": "no"},
                recorded_by=person,
                recorded_at=NOW,
                next_attempt_at=NOW + timedelta(hours=number),
            )


def cost(job):
    job()  # what a process reads once, such as the guidelines
    with CaptureQueriesContext(connection) as taken:
        shown = job()
    return len(taken), shown


@pytest.mark.parametrize("path", ["/follow-ups/", "/follow-ups/?mine=1", "/api/v1/follow-ups/"])
def test_the_worklist(hospital, session, path):
    door = Door(hospital.nurse)

    def opened():
        return door.client.get(path).content.decode()

    for status in ("due", "overdue", "planned"):
        more_checks(hospital, 1, of_one_patient=False, status=status)
    few, _ = cost(opened)
    for status in ("due", "overdue", "planned"):
        more_checks(hospital, (MANY - FEW) // 3, of_one_patient=False, status=status)
    many, page = cost(opened)
    assert page.count("unreachable") + page.count("Not reached") >= 15
    assert (many, many <= 20) == (few, True)


def test_its_selectors(hospital, session):
    for selector in (worklist, planned_checks):
        few, _ = cost(lambda selector=selector: selector(hospital.nurse))
        status = "due" if selector is worklist else "planned"
        more_checks(hospital, 30, of_one_patient=False, status=status)
        many, found = cost(lambda selector=selector: [one.attempts.all() for one in selector(hospital.nurse)])
        assert (few, len(found) >= 30) == (few, True)
        assert many <= few + 1  # the attempts, once there is a check


@pytest.mark.parametrize("path", ["/patients/{}/", "/patients/{}/history/"])
def test_the_page_of_a_patient(hospital, session, path):
    door = Door(hospital.physician)

    def opened():
        return door.client.get(path.format(session.patient_id)).content.decode()

    more_checks(hospital, FEW, of_one_patient=True, status="due")
    few, _ = cost(opened)
    more_checks(hospital, MANY - FEW, of_one_patient=True, status="due")
    for number in range(20):
        CourseFact.objects.create(
            course_id=session.course_id,
            fact="sepsis",
            holds=bool(number % 2),
            reason="x",
            noted_by=hospital.nurse,
            noted_at=NOW,
        )
    many, page = cost(opened)
    assert page.count('data-test="check-row"') >= MANY or "history" in path
    assert many == few


def test_the_timeline(hospital, session):
    def drawn():
        return follow_up_timeline(session.patient_id)

    more_checks(hospital, FEW, of_one_patient=True, status="due")
    few, _ = cost(drawn)
    more_checks(hospital, MANY - FEW, of_one_patient=True, status="due")
    many, [shown] = cost(drawn)
    assert len(shown.checks) > MANY
    assert many == few <= 10


def test_one_check_with_many_attempts(hospital, session):
    check = FollowUpCheck.objects.get(code="day_7_call")
    FollowUpCheck.objects.filter(pk=check.pk).update(status="due")
    door = Door(hospital.nurse)

    def opened():
        return door.client.get(f"/follow-ups/{check.pk}/").content.decode()

    def tried(times):
        for _ in range(times):
            FollowUpAttempt.objects.create(
                check_done=check, outcome="unreachable", recorded_by=hospital.nurse, recorded_at=NOW
            )

    tried(1)
    few, _ = cost(opened)
    tried(30)
    many, _ = cost(opened)
    assert many == few


def test_a_long_list_of_what_is_planned_says_that_it_is_cut(hospital, session):
    more_checks(hospital, 120, of_one_patient=False, status="planned")
    door = Door(hospital.nurse)
    listed = door.client.get("/follow-ups/")
    planned = listed.context["planned_in_all"]
    assert planned >= 120
    assert f"Listed are the 100 checks due soonest, of {planned}." in listed.content.decode()
    assert len(listed.context["planned"]) == 100
    everything = door.client.get("/follow-ups/?planned=all")
    assert len(everything.context["planned"]) == planned
    assert "Listed are" not in everything.content.decode()
