"""The pages of cases: what an officer reads and does, what a physician reads, what a ward answers."""

from datetime import timedelta

import pytest
from django.test import Client

from apps.cases.domain.versions import Kind
from apps.cases.services import ask_ward
from tests.builders import NOW, Door
from tests.unit.db.case_stories import anaphylaxis, describe_site, headache, keep, load_terms, open_for

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=6)
TABS = ("events", "patient", "narrative", "clocks", "questions", "versions")
NAME = "Særpreget Navn"


@pytest.fixture(autouse=True)
def site(settings):
    describe_site(settings)


@pytest.fixture
def case(hospital):
    return open_for(hospital, anaphylaxis(hospital, name=NAME))


def page(person, path, language="en"):
    client = Client(headers={"accept-language": language})
    client.force_login(person)
    answer = client.get(path)
    return answer.status_code, answer.content.decode()


@pytest.mark.parametrize("language", ["en", "nb", "fa"])
@pytest.mark.parametrize("tab", TABS)
def test_every_tab_opens_in_every_language_and_names_nobody(hospital, case, tab, language):
    status, text = page(hospital.safety_officer, f"/cases/{case.pk}/?tab={tab}", language)
    assert status == 200 and case.patient.pseudonym in text
    assert NAME not in text and case.patient.medical_record_number not in text


def test_the_queue_shows_cases_clocks_and_what_belongs_to_none(hospital, case):
    loose = headache(hospital, name="Testperson Alm")
    status, text = page(hospital.safety_officer, "/cases/")
    assert status == 200
    assert f'data-case="{case.pk}"' in text and 'data-test="calendar"' in text
    assert f'value="{loose.pk}"' in text and 'data-test="open-case"' in text
    status, text = page(hospital.physician, "/cases/")
    assert status == 200 and 'data-test="open-case"' not in text


@pytest.mark.parametrize("role", ["nurse", "charge_nurse", "administrator"])
def test_who_sees_no_case_is_told_so(hospital, case, role):
    for path in ("/cases/", f"/cases/{case.pk}/"):
        assert page(getattr(hospital, role), path)[0] == 403


def test_another_wards_officer_finds_nothing(elsewhere, case):
    assert page(elsewhere.safety_officer, f"/cases/{case.pk}/")[0] == 404
    assert f'data-case="{case.pk}"' not in page(elsewhere.safety_officer, "/cases/")[1]


def test_without_meddra_the_case_says_so_and_with_it_terms_are_found(hospital, case):
    path = f"/cases/{case.pk}/?tab=events"
    assert 'data-test="no-meddra"' in page(hospital.safety_officer, path)[1]
    load_terms()
    event = case.events.get().event_id
    Door(hospital.safety_officer).post(f"cases/{case.pk}/meddra-version/", {"version": "99.0"})
    text = page(hospital.safety_officer, f"{path}&about=event:{event}&q=shock")[1]
    assert 'value="90000002"' in text and 'data-test="choose-term"' in text


def test_what_is_missing_leads_to_where_it_is_filled(hospital, case):
    gaps = Door(hospital.safety_officer).get(f"cases/{case.pk}/").json()["completeness"]["gaps"]
    addresses = {gap["code"]: gap["address"] for gap in gaps}
    event = case.events.get().event_id
    assert addresses["reaction_not_coded"] == f"/cases/{case.pk}/?tab=events"
    assert addresses["seriousness_not_decided"] == f"/adverse-events/{event}/"


def test_what_an_officer_may_not_open_they_ask_the_ward_about(hospital, case):
    from apps.cases.screens import address_of

    officer, physician = hospital.safety_officer, hospital.physician
    for screen in ("patient", "course", "session", "laboratory"):
        assert address_of(screen, case=case, user=officer) == f"/cases/{case.pk}/?tab=questions"
    assert address_of("laboratory", case=case, user=physician) == f"/patients/{case.patient_id}/laboratory/"
    assert address_of("site.settings", case=case, user=officer) == ""


def test_a_question_reaches_the_ward_and_its_answer_the_case(hospital, case):
    assert "questions-link" not in page(hospital.nurse, "/patients/")[1]
    query = ask_ward(
        performer=hospital.safety_officer,
        case_id=case.pk,
        question="When did it pass?",
        event_id=None,
        now=LATER,
    )
    assert "questions-link" in page(hospital.nurse, "/patients/")[1]
    status, text = page(hospital.nurse, "/cases/questions/")
    assert status == 200 and "When did it pass?" in text and NAME in text
    answer = Door(hospital.nurse).post(f"case-queries/{query.pk}/answer/", {"answer": "At noon."})
    assert answer.status_code == 200
    assert 'data-test="no-question"' in page(hospital.nurse, "/cases/questions/")[1]
    assert "At noon." in page(hospital.safety_officer, f"/cases/{case.pk}/?tab=questions")[1]
    assert page(hospital.safety_officer, "/cases/questions/")[0] == 403


def test_the_newest_version_says_which_rules_it_breaks(hospital, case):
    first = keep(hospital, case, Kind.INITIAL, now=LATER)
    text = page(hospital.safety_officer, f"/cases/{case.pk}/?tab=versions")[1]
    assert 'data-test="faults"' in text and first.sha256 in text and first.case.report_id in text
    found = Door(hospital.safety_officer).get(f"cases/{case.pk}/versions/1/faults/").json()
    assert {one["element"] for one in found} == {"E.i.1.2.1a", "E.i.1.2.1b"}
    assert {one["address"] for one in found} == {f"/cases/{case.pk}/?tab=events"}


def test_a_narrative_is_saved_once_and_a_stale_page_is_told(hospital, case, clock):
    door, path = Door(hospital.safety_officer), f"cases/{case.pk}/narrative/"
    answer = door.post(path, {"revision": 1, "text": "What I know."})
    assert (answer.status_code, answer.json()["narrative"]["drafted"]) == (200, False)
    stale = door.post(path, {"revision": 1, "text": "What I knew."})
    assert (stale.status_code, stale.json()["code"]) == (409, "case_changed")
    again = door.post(path + "draft/", {"revision": 2}).json()
    assert again["narrative"]["drafted"] is True and "anaphylaxis" in again["narrative"]["text"]
