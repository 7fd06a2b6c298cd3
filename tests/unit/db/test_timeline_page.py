"""The patient page shows follow-up in time: bands, checks, now; and the same in words."""

import re
from datetime import timedelta

import pytest

from apps.followups.models import FollowUpCheck
from tests.builders import Door, admit_patient, finish, running_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def ended(hospital):
    session = running_session(hospital)
    return session, finish(hospital, session.pk)


def page_of(person, session, language="en"):
    answer = Door(person, language=language).client.get(f"/patients/{session.patient_id}/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_patient_without_an_infusion_has_no_timeline(hospital):
    patient = admit_patient(hospital)
    answer = Door(hospital.nurse).client.get(f"/patients/{patient.pk}/")
    assert answer.status_code == 200 and b"follow-line" not in answer.content.replace(b"timeline.css", b"")


def test_each_effect_has_a_band_and_each_check_a_lane_with_its_status_in_words(hospital, ended, clock):
    session, end = ended
    clock.set(end + timedelta(hours=1))
    page = page_of(hospital.nurse, session)
    effects = set(re.findall(r'data-lane="band" data-effect="(\w+)"', page))
    assert {"aseptic_meningitis", "acute_renal_failure", "hemolysis", "venous_thrombosis"} <= effects
    asked = FollowUpCheck.objects.filter(kind__in=["call", "visit", "laboratory", "observation"])
    lanes = re.findall(r'data-lane="check" data-code="(\w+)" data-status="(\w+)"', page)
    assert sorted(lanes) == sorted(asked.values_list("code", "status"))
    rows = re.findall(r'data-test="check-row" data-code="(\w+)"', page)
    assert sorted(rows) == sorted(FollowUpCheck.objects.values_list("code", flat=True))
    assert "may begin now" in page and 'class="follow-now"' in page


def test_overdue_is_a_shape_and_a_word_not_only_a_colour(hospital, ended, clock):
    session, end = ended
    clock.set(end + timedelta(days=4))
    clock.fire()
    page = page_of(hospital.nurse, session)
    lane = page.split('data-code="aseptic_meningitis_call" data-status="overdue"')[1].split("</div>")[0]
    assert "Overdue" in lane and "M0 4l8 15h-16z" in lane


def test_what_gave_way_stands_in_the_table_only(hospital, ended, clock):
    session, _ = ended
    FollowUpCheck.objects.filter(code="day_7_call").update(status="superseded", reason="moved to check 9: x")
    page = page_of(hospital.nurse, session)
    assert not re.search(r'data-lane="check" data-code="day_7_call"', page)
    assert "moved to check 9" in page


def test_after_everything_it_says_so_and_marks_no_now(hospital, ended, clock):
    session, end = ended
    clock.set(end + timedelta(days=200))
    page = page_of(hospital.nurse, session)
    assert "All of this lies in the past." in page and "follow-now" not in page


def test_places_are_numbers_a_browser_reads_in_every_language_and_time_runs_from_left_to_right(
    hospital, ended
):
    session, _ = ended
    for language in ("en", "nb", "fa"):
        page = page_of(hospital.nurse, session, language)
        places = re.findall(r' (?:x|x1|width)="([^"%]+)%"', page)
        assert places and all(re.fullmatch(r"\d{1,3}(\.\d+)?", place) for place in places), language
        assert 'class="follow-space" dir="ltr"' in page


def test_the_drawing_needs_neither_script_nor_inline_style(hospital, ended):
    page = page_of(hospital.nurse, ended[0])
    section = page.split('data-test="follow-line"')[1].split("</section>")[0]
    assert "style=" not in section and "<script" not in section
