"""IgG troughs and infections as they are recorded, and what they come to."""

from datetime import timedelta
from decimal import Decimal

import pytest

from apps.courses.models import InfectionEpisode, TroughLevel
from apps.courses.selectors import replacement_of
from apps.ledger.models import Event
from tests.builders import (
    NOW,
    Door,
    admit_patient,
    give,
    measure_trough,
    note_infection,
    order_course,
)

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
KEY = "6f9d2c1e-4f4b-4a7e-9d5e-0a1b2c3d4e5f"


@pytest.fixture
def patient(hospital):
    return admit_patient(hospital)


@pytest.fixture
def nurse(hospital):
    return Door(hospital.nurse)


def trough_entry(**changes):
    return {"measured_on": TODAY.isoformat(), "value": "6.5", "unit": "g/L"} | changes


def infection_entry(**changes):
    return {"occurred_on": TODAY.isoformat(), "severity": "mild"} | changes


def on_therapy(hospital, patient):
    """One dose of 0.4 g/kg for a deficiency of which the review says: IgG above 500 mg/dL. Given today."""
    course = order_course(
        hospital,
        patient,
        indication_code="review_cvid",
        regimen_code="replacement",
        dose_mg_per_kg=Decimal(400),
        days=1,
    )
    give(hospital, course)
    return course


@pytest.mark.parametrize(
    ("value", "unit", "stored"),
    [
        ("6.5", "g/L", "6.5"),
        ("650", "mg/dL", "6.5"),
        ("۶٫۵", "g/L", "6.5"),
        ("۶۵۰", "mg/dL", "6.5"),
        ("6,5", "g/L", "6.5"),
        ("512.25", "mg/dL", "5.1225"),
        ("0", "g/L", "0"),
    ],
)
def test_igg_is_stored_in_g_per_l_however_it_was_typed(nurse, patient, value, unit, stored):
    answer = nurse.post(f"patients/{patient.pk}/troughs/", trough_entry(value=value, unit=unit))
    assert answer.status_code == 201, answer.json()
    assert answer.json()["igg_g_per_l"] == stored
    row = TroughLevel.objects.get()
    assert (row.igg_g_per_l, row.entered_unit) == (Decimal(stored), unit)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"value": "650"}, "value"),
        ({"value": "6001", "unit": "mg/dL"}, "value"),
        ({"value": "-1"}, "value"),
        ({"value": "6/5"}, "value"),
        ({"value": "۶/۵"}, "value"),
        ({"value": "6.555"}, "value"),
        ({"value": ""}, "value"),
        ({"value": True}, "value"),
        ({"unit": "g/dL"}, "unit"),
        ({"unit": None}, "unit"),
        ({"measured_on": "2026-03-03"}, "measured_on"),
        ({"measured_on": "1970-01-01"}, "measured_on"),
        ({"measured_on": "yesterday"}, "measured_on"),
    ],
)
def test_what_cannot_be_meant_is_refused_beside_its_field(nurse, patient, change, field):
    answer = nurse.post(f"patients/{patient.pk}/troughs/", trough_entry(**change))
    assert answer.status_code == 400
    assert list(answer.json()["extra"]["fields"]) == [field]
    assert not TroughLevel.objects.exists()


def test_the_unit_is_never_guessed(nurse, patient):
    entry = trough_entry()
    del entry["unit"]
    answer = nurse.post(f"patients/{patient.pk}/troughs/", entry)
    assert list(answer.json()["extra"]["fields"]) == ["unit"]


@pytest.mark.parametrize(
    ("change", "field"),
    [({"severity": "bad"}, "severity"), ({"occurred_on": "2026-03-03"}, "occurred_on")],
)
def test_infections_that_cannot_be_are_refused(nurse, patient, change, field):
    answer = nurse.post(f"patients/{patient.pk}/infections/", infection_entry(**change))
    assert list(answer.json()["extra"]["fields"]) == [field]


@pytest.mark.parametrize(
    ("path", "body", "model"),
    [("troughs", trough_entry(), TroughLevel), ("infections", infection_entry(), InfectionEpisode)],
)
def test_an_entry_sent_twice_is_recorded_once(nurse, patient, path, body, model):
    first = nurse.post(f"patients/{patient.pk}/{path}/", body, key=KEY)
    again = nurse.post(f"patients/{patient.pk}/{path}/", body, key=KEY)
    assert (first.status_code, first.json()) == (again.status_code, again.json()) == (201, again.json())
    assert model.objects.count() == 1
    assert [row["id"] for row in nurse.get(f"patients/{patient.pk}/{path}/").json()] == [first.json()["id"]]


@pytest.mark.parametrize("role", ["safety_officer", "administrator"])
def test_only_the_bedside_records(hospital, patient, role):
    door = Door(getattr(hospital, role))
    for path, body in (("troughs", trough_entry()), ("infections", infection_entry())):
        answer = door.post(f"patients/{patient.pk}/{path}/", body)
        assert (answer.status_code, answer.json()["code"]) == (403, "not_your_role")


@pytest.mark.parametrize("kind", ["trough", "infection"])
def test_an_entry_in_error_stays_with_its_reason(hospital, nurse, patient, kind):
    entry = (measure_trough if kind == "trough" else note_infection)(hospital, patient.pk)
    path = f"{kind}s/{entry.pk}/entered-in-error/"
    assert list(nurse.post(path, {}).json()["extra"]["fields"]) == ["reason"]
    answer = nurse.post(path, {"reason": "another patient's"})
    assert (answer.status_code, answer.json()["entered_in_error"]) == (200, True)
    assert answer.json()["error_marked_by"]
    (row,) = nurse.get(f"patients/{patient.pk}/{kind}s/").json()
    assert row["error_reason"] == "another patient's"
    assert nurse.post(path, {"reason": "again"}).json()["code"] == "already_in_error"
    names = set(Event.objects.filter(subject=f"{kind}:{entry.pk}").values_list("name", flat=True))
    assert names == {f"patient.{kind}.recorded", f"patient.{kind}.entered_in_error"}


def test_infections_on_therapy_suggest_a_review_until_one_was_a_mistake(hospital, nurse, patient):
    on_therapy(hospital, patient)
    later = NOW + timedelta(days=20)
    infection = note_infection(hospital, patient.pk, "serious", now=later)
    found = replacement_of(patient.pk, today=later.date())
    assert [finding.code for finding in found.reviews] == ["replacement_infection_serious"]
    nurse.post(f"infections/{infection.pk}/entered-in-error/", {"reason": "another patient's"})
    assert replacement_of(patient.pk, today=later.date()).reviews == ()


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [("4.99", "g/L", ["replacement_trough_below.5"]), ("500", "mg/dL", []), ("5", "g/L", [])],
)
def test_a_trough_is_held_against_the_source_s_target_in_either_unit(
    hospital, patient, value, unit, expected
):
    on_therapy(hospital, patient)
    later = NOW + timedelta(days=30)
    measure_trough(hospital, patient.pk, value, unit=unit, now=later)
    found = replacement_of(patient.pk, today=later.date())
    assert [finding.code for finding in found.reviews] == expected


def test_a_gap_is_seen(hospital, patient):
    on_therapy(hospital, patient)
    found = replacement_of(patient.pk, today=TODAY + timedelta(days=31))
    assert [finding.code for finding in found.reviews] == ["replacement_gap"]


def test_without_replacement_therapy_nothing_is_reviewed(hospital, patient):
    give(hospital, order_course(hospital, patient, days=2))
    for _ in range(3):
        note_infection(hospital, patient.pk, "serious")
    found = replacement_of(patient.pk, today=TODAY)
    assert (found.reviews, found.indication, found.therapy.targets) == ((), None, ())


def test_the_newest_course_says_which_regimen_is_followed(hospital, patient):
    on_therapy(hospital, patient)
    found = replacement_of(patient.pk, today=TODAY)
    assert (found.indication.slug, found.regimen.code) == ("review_cvid", "replacement")
    assert found.therapy.infusion_days == (TODAY,)
