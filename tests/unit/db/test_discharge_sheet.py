"""The sheet for the patient: what it holds, that each printing gives out a new link, and that it can be drawn."""

from datetime import date, timedelta

import pytest

from apps.courses.selectors import access_course
from apps.discharge.services import print_sheet
from apps.discharge.sheet import discharge_sheet, render_sheet
from apps.kernel.errors import ConflictError, DomainError, ForbiddenError, NotFoundError
from apps.ledger.models import Event
from apps.selfreport.models import SelfReportLink
from apps.selfreport.services import issue_link
from tests.builders import NOW, Door, admit_patient, finish, order_course, running_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def ended(hospital, clock):
    session = running_session(hospital)
    end = finish(hospital, session.pk)
    clock.set(end + timedelta(hours=1))
    return session, end


def sheet_of(hospital, session, now, replaces=False):
    course = access_course(hospital.nurse, session.course_id)
    issued = issue_link(performer=hospital.nurse, course_id=course.pk, language="fa", now=now)
    return discharge_sheet(course, issued, replaces_another=replaces, printed_by=hospital.nurse, now=now)


def printed(hospital, session, language, person=None):
    return Door(person or hospital.nurse).client.post(
        f"/courses/{session.course_id}/discharge/sheet.pdf", {"language": language}
    )


def test_it_holds_lots_with_their_day_the_longest_vaccine_date_and_both_antibody_windows(hospital, ended):
    session, end = ended
    sheet = sheet_of(hospital, session, end + timedelta(hours=1))
    (given,) = sheet.given
    assert (given.on, given.lots) == (date(2026, 3, 2), ("LOT-A1204",)) and "Kiovig" in given.product
    assert {vaccine.release.blocked_until for vaccine in sheet.vaccines} == {
        date(2027, 3, 2),
        date(2027, 2, 2),
    }
    assert sheet.antibodies_until == end + timedelta(days=60)
    assert sheet.anti_hbc_until == end + timedelta(days=90)
    assert sheet.url.rstrip("/").count("/r/") == 1


def test_it_asks_the_patient_to_watch_for_what_may_still_begin_and_no_longer(hospital, ended):
    session, end = ended
    soon = sheet_of(hospital, session, end + timedelta(hours=1))
    titles = {watch.title.en: watch.until for watch in soon.watch}
    assert titles["Head and neck"] == end + timedelta(days=14)  # fever: white cells, after the meninges
    assert "Breathing" in titles
    later = sheet_of(hospital, session, end + timedelta(days=15))
    assert {watch.title.en for watch in later.watch} < set(titles)
    over = sheet_of(hospital, session, end + timedelta(days=40))
    assert over.watch == () and over.emergencies


def test_emergencies_stand_on_every_sheet_also_when_the_early_time_is_over(hospital, ended):
    session, end = ended
    texts = [text.en for text in sheet_of(hospital, session, end + timedelta(days=5)).emergencies]
    assert any("face" in text.lower() for text in texts) and any("chest" in text.lower() for text in texts)


def test_hard_to_breathe_is_an_emergency_for_a_day_after_the_last_dose_and_of_the_same_day_later(
    hospital, ended
):
    session, end = ended
    breathe = "Is it hard to breathe?"
    soon = sheet_of(hospital, session, end + timedelta(hours=23))
    assert soon.early_until == end + timedelta(hours=24)
    assert breathe in [text.en for text in soon.early_emergencies]
    later = sheet_of(hospital, session, end + timedelta(hours=24))
    assert later.early_until is None and not later.early_emergencies
    assert breathe in [text.en for watch in later.watch for text in watch.questions]


def test_what_is_an_emergency_is_never_also_something_for_the_same_day(hospital, ended):
    session, end = ended
    sheet = sheet_of(hospital, session, end + timedelta(hours=1))
    same_day = [text for watch in sheet.watch for text in watch.questions]
    assert not set(sheet.emergencies) & set(same_day) and len(same_day) == len(set(same_day))
    assert not set(sheet.emergencies) & set(sheet.early_emergencies)


def test_calls_and_blood_tests_ahead_are_named_in_order_and_what_is_over_is_not(hospital, ended):
    session, end = ended
    sheet = sheet_of(hospital, session, end + timedelta(days=3))
    assert [one.due_at for one in sheet.appointments] == sorted(one.due_at for one in sheet.appointments)
    names = [one.name.en for one in sheet.appointments]
    assert "Call on day 7" in names and "Call: aseptic meningitis" not in names


def test_each_printing_gives_out_a_new_link_and_says_so_on_the_next(hospital, ended):
    session, _ = ended
    assert (
        b"an older sheet"
        not in Door(hospital.nurse).client.get(f"/courses/{session.course_id}/discharge/").content
    )
    first = printed(hospital, session, "nb")
    assert first.status_code == 200 and first["Content-Type"] == "application/pdf"
    assert first["Cache-Control"] == "no-store" and first.content.startswith(b"%PDF")
    page = Door(hospital.nurse).client.get(f"/courses/{session.course_id}/discharge/").content.decode()
    assert "stops working at once" in page
    assert printed(hospital, session, "fa").status_code == 200
    assert list(SelfReportLink.objects.order_by("pk").values_list("language", "revocation")) == [
        ("nb", "reissued"),
        ("fa", ""),
    ]
    assert Event.objects.filter(name="discharge.sheet.printed").count() == 2


def test_looking_gives_out_nothing(hospital, ended):
    session, _ = ended
    assert (
        Door(hospital.nurse).client.get(f"/courses/{session.course_id}/discharge/sheet.pdf").status_code
        == 405
    )
    assert not SelfReportLink.objects.exists()


def test_a_paper_that_cannot_be_drawn_leaves_the_old_link_working(hospital, ended, monkeypatch):
    session, end = ended
    issue_link(performer=hospital.nurse, course_id=session.course_id, language="en", now=end)

    def broken(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("apps.discharge.services.render_sheet", broken)
    with pytest.raises(RuntimeError):
        print_sheet(performer=hospital.nurse, course_id=session.course_id, language="en", now=end)
    assert SelfReportLink.objects.get().revoked_at is None


def test_who_may_print_it_and_for_what(hospital, elsewhere, ended):
    session, end = ended
    asked = {"course_id": session.course_id, "language": "en", "now": end}
    for person, error in [
        (hospital.safety_officer, ForbiddenError),
        (hospital.administrator, ForbiddenError),
        (elsewhere.nurse, NotFoundError),
    ]:
        with pytest.raises(error):
            print_sheet(performer=person, **asked)
    with pytest.raises(DomainError):
        print_sheet(performer=hospital.nurse, **(asked | {"language": "de"}))
    course = order_course(hospital, admit_patient(hospital))
    with pytest.raises(ConflictError):
        print_sheet(performer=hospital.nurse, **(asked | {"course_id": course.pk}))
    assert not SelfReportLink.objects.exists()


@pytest.mark.parametrize("language", ["en", "nb", "fa"])
def test_it_can_be_drawn_with_and_without_numbers_to_call(hospital, ended, settings, language):
    session, end = ended
    settings.EMERGENCY_NUMBER, settings.HOSPITAL_NUMBER = "113", "+47 55 00 00 00"
    with_numbers = sheet_of(hospital, session, end + timedelta(hours=1), replaces=True)
    settings.EMERGENCY_NUMBER = settings.HOSPITAL_NUMBER = ""
    without = sheet_of(hospital, session, end + timedelta(days=400))
    for sheet in (with_numbers, without):
        paper = render_sheet(sheet, language=language)
        assert paper.startswith(b"%PDF") and len(paper) < 400_000


def test_the_day_of_the_infusion_is_the_wards(hospital, ended):
    sheet = sheet_of(hospital, ended[0], NOW + timedelta(hours=5))
    assert sheet.time_zone == "Europe/Oslo"
