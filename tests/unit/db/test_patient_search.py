"""Looking for a patient: by words, number, day or pseudonym, on one's own wards, and without a trace in an address."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.patients.models import Patient
from apps.patients.selectors import find_patients
from tests.builders import admit_patient

pytestmark = pytest.mark.django_db
NAME = "Kanarifugl Særpreget"


@pytest.fixture
def patient(hospital):
    admit_patient(hospital, name="Testperson Or")
    found = admit_patient(hospital, name=NAME)
    found.birth_date = date(1971, 2, 3)
    found.save()
    return found


def looked_for(client, text):
    return client.post("/patients/", {"q": text})


@pytest.mark.parametrize("text", ["kanari", "saerp kanarifugl", "SÆRPREGET", "1971-02-03", "3.2.1971"])
def test_a_patient_is_found_by_words_and_by_day(hospital, patient, text):
    assert find_patients(hospital.nurse, text) == [patient]


def test_and_by_record_number_and_pseudonym(hospital, patient):
    for text in (
        patient.medical_record_number,
        patient.medical_record_number.lower(),
        patient.pseudonym.lower(),
    ):
        assert find_patients(hospital.nurse, f" {text} ") == [patient]


@pytest.mark.parametrize("text", ["ka", "fugl", "kanari or", "1971-02-04", "UNIT", "%", "", "P-"])
def test_nobody_is_found_by_less(hospital, patient, text):
    assert find_patients(hospital.nurse, text) == []


def test_nobody_of_another_ward_is_found(hospital, elsewhere, patient):
    assert find_patients(elsewhere.nurse, "kanarifugl") == []


def test_what_is_typed_reaches_the_database_as_digests(hospital, patient):
    with CaptureQueriesContext(connection) as taken:
        find_patients(hospital.nurse, NAME)
        find_patients(hospital.nurse, "1971-02-03")
    asked = " ".join(query["sql"] for query in taken).casefold()
    assert not [word for word in ("kanari", "særpreget", "saerpreget", "1971") if word in asked]


def test_the_list_is_in_order_of_ward_bed_and_name(hospital, patient):
    Patient.objects.update(bed="")
    admit_patient(hospital, name="Å sist")
    Patient.objects.update(bed="")
    assert [one.name for one in find_patients(hospital.nurse, "testperson")] == ["Testperson Or"]


def test_on_the_page_the_text_goes_in_the_body_and_comes_back_in_the_field(hospital, patient, client):
    client.force_login(hospital.nurse)
    page = client.get("/patients/").content.decode()
    assert 'method="post"' in page and "Testperson Or" in page and NAME in page
    found = looked_for(client, "kanarifugl")
    text = found.content.decode()
    assert found.status_code == 200 and NAME in text and "Testperson Or" not in text
    assert 'value="kanarifugl"' in text and "no-store" in found["Cache-Control"]
    assert "Testperson Or" in looked_for(client, "  ").content.decode()


def test_a_text_in_the_address_is_not_looked_for(hospital, patient, client):
    client.force_login(hospital.nurse)
    assert "Testperson Or" in client.get("/patients/?q=kanarifugl").content.decode()


def test_a_long_text_is_cut_and_refuses_nothing(hospital, patient, client):
    client.force_login(hospital.nurse)
    assert looked_for(client, "x" * 5000).status_code == 200


def test_without_the_right_or_the_token_nothing_is_looked_for(hospital, patient, client, django_user_model):
    from django.test import Client

    client.force_login(hospital.administrator)
    assert looked_for(client, "kanarifugl").status_code == 403
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(hospital.nurse)
    assert strict.post("/patients/", {"q": "kanarifugl"}).status_code == 403
