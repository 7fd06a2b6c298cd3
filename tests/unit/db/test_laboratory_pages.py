"""Laboratory results over the API and on the patient's page."""

import json
import re
from datetime import timedelta

import pytest
from django.test import Client

from apps.laboratory.models import LabResult
from apps.ledger.models import Event
from tests.builders import NOW, Door, admit_patient, give, measure, order_course

pytestmark = pytest.mark.django_db
KEY = "5b0f9a52-6c3e-4a1e-8a55-7b7a3c2d1e0f"
LANGUAGES = ["en", "nb", "fa"]


@pytest.fixture
def patient(hospital):
    return admit_patient(hospital)


@pytest.fixture
def nurse(hospital):
    return Door(hospital.nurse)


def answer_of(*results, taken_at="2026-03-02T08:30"):
    return {"taken_at": taken_at, "results": list(results)}


def result(analyte="creatinine", value="90", unit="µmol/L", **more):
    return {"analyte": analyte, "value": value, "unit": unit} | more


def page_of(user, patient, language="en"):
    client = Client(headers={"accept-language": language})
    client.force_login(user)
    answer = client.get(f"/patients/{patient.pk}/laboratory/")
    return answer.status_code, answer.content.decode()


@pytest.mark.parametrize(
    ("value", "unit", "canonical"),
    [
        ("1.1", "mg/dL", "97.24"),
        ("۱٫۱", "mg/dL", "97.24"),
        ("۹۷", "µmol/L", "97"),
        ("97,5", "µmol/L", "97.5"),
    ],
)
def test_a_result_comes_in_in_any_accepted_unit_and_in_persian_digits(nurse, patient, value, unit, canonical):
    sent = nurse.post(f"patients/{patient.pk}/laboratory/", answer_of(result(value=value, unit=unit)))
    assert sent.status_code == 201, sent.json()
    (shown,) = sent.json()["results"]
    assert (shown["canonical_value"], shown["canonical_unit"], shown["unit"]) == (canonical, "µmol/L", unit)
    # The time without an offset is the ward's: Oslo is an hour ahead of UTC.
    assert LabResult.objects.get().taken_at == NOW - timedelta(minutes=30)


def test_an_empty_row_was_not_measured_and_the_refused_one_is_named(nurse, patient):
    path = f"patients/{patient.pk}/laboratory/"
    empty = {"analyte": "sodium", "unit": "mmol/L"}
    sent = nurse.post(path, answer_of(empty, result(), result("hemoglobin", "12", "g/L")))
    assert (sent.status_code, sent.json()["code"]) == (400, "result_implausible")
    assert list(sent.json()["extra"]["fields"]) == ["results.2.value"]
    sent = nurse.post(path, answer_of(empty, result("potassium", "8.1", "mmol/L")))
    assert sent.json()["extra"]["field"] == "results.1.confirmed"
    sent = nurse.post(path, answer_of(empty, result("potassium", "8.1", "mmol/L", confirmed=True)))
    assert sent.status_code == 201
    assert LabResult.objects.get().analyte == "potassium"
    assert nurse.post(path, answer_of(empty)).json()["code"] == "results_missing"


def test_the_same_entry_twice_is_one(nurse, patient):
    path = f"patients/{patient.pk}/laboratory/"
    first = nurse.post(path, answer_of(result()), key=KEY)
    again = nurse.post(path, answer_of(result()), key=KEY)
    assert first.status_code == again.status_code == 201 and first.json() == again.json()
    assert LabResult.objects.count() == 1
    assert Event.objects.filter(name="laboratory.result.recorded").count() == 1


def test_what_lies_beyond_the_method_keeps_its_sign(nurse, patient):
    sent = nurse.post(
        f"patients/{patient.pk}/laboratory/",
        answer_of(result("haptoglobin", "<0.1", "g/L"), {"analyte": "dat", "choice": "grade_2"}),
    )
    shown = {one["analyte"]: one for one in sent.json()["results"]}
    assert (shown["haptoglobin"]["comparator"], shown["haptoglobin"]["value"]) == ("<", "0.1")
    assert shown["dat"]["choice_name"] == "Positive 2+"


def test_findings_say_why_and_correcting_takes_them_back(nurse, hospital, patient):
    measure(hospital, patient.pk, "creatinine", "80", "µmol/L", at=NOW - timedelta(days=2))
    sent = nurse.post(f"patients/{patient.pk}/laboratory/", answer_of(result(value="200")))
    (finding,) = sent.json()["standing"]
    assert (finding["code"], finding["level"], finding["urgency"]) == ("aki", "stage_2", "high")
    assert "KDIGO stage 2" in finding["text"] and "unverified" in {
        one["read"] for one in finding["citations"]
    }
    number = finding["results"][0]
    right = result(value="99") | {"taken_at": "2026-03-02T08:30", "reason": "typed wrongly"}
    corrected = nurse.post(f"laboratory-results/{number}/corrections/", right)
    assert corrected.status_code == 201 and corrected.json()["replaces"] == number
    shown = nurse.get(f"patients/{patient.pk}/laboratory/").json()
    assert shown["standing"] == [] and shown["findings"] == []
    assert [one["status"] for one in shown["results"]] == ["final", "corrected", "final"]
    gone = nurse.post(
        f"laboratory-results/{corrected.json()['id']}/entered-in-error/", {"reason": "not hers"}
    )
    assert gone.json()["status"] == "entered_in_error"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_shows_findings_results_and_the_plot(hospital, patient, language):
    measure(hospital, patient.pk, "creatinine", "80", "µmol/L", at=NOW - timedelta(days=1))
    give(hospital, order_course(hospital, patient, days=2))
    measure(hospital, patient.pk, "creatinine", "1.9", "mg/dL", at=NOW + timedelta(days=3))
    measure(hospital, patient.pk, "dat", "positive", at=NOW + timedelta(days=3))
    status, page = page_of(hospital.nurse, patient, language)
    assert status == 200
    assert 'data-finding="aki" data-level="stage_2"' in page and 'data-test="kidney" data-stage="2"' in page
    assert page.count('data-test="result"') == 3 and page.count('data-test="entry-row"') == 48
    plot = json.loads(
        re.search(r'<script id="laboratory-data" type="application/json">(.*?)</script>', page).group(1)
    )
    (creatinine,) = plot["analytes"]
    assert creatinine["baseline"] == "80" and len(plot["infusions"]) == 2
    assert [point["value"] for point in creatinine["points"]] == ["80", "167.96"]
    assert ("۱۶۷٫۹۶" in page) is (language == "fa")


def test_a_page_without_results_offers_to_enter_some(hospital, patient):
    status, page = page_of(hospital.physician, patient)
    assert status == 200
    assert 'data-test="laboratory-form"' in page and "laboratory-data" not in page


def test_a_missing_baseline_is_unknown_not_normal(hospital, patient):
    measure(hospital, patient.pk, "creatinine", "95", "µmol/L")
    _, page = page_of(hospital.nurse, patient)
    assert 'data-stage="unknown"' in page and "unknown, not normal" in page


def test_the_page_is_for_the_ward(hospital, elsewhere, patient):
    assert page_of(elsewhere.nurse, patient)[0] == 404
    assert page_of(hospital.administrator, patient)[0] == 403


def test_the_patient_s_page_leads_there(hospital, patient):
    client = Client()
    client.force_login(hospital.nurse)
    assert f"/patients/{patient.pk}/laboratory/" in client.get(f"/patients/{patient.pk}/").content.decode()
