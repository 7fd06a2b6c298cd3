"""What a patient's pages tell of repeats, replacement and the past."""

import json
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client

from apps.courses.services import mark_entered_in_error
from apps.infusions.selectors import past_reactions, tolerated_rates
from tests.builders import (
    NOW,
    admit_patient,
    climb,
    finish,
    give,
    measure_trough,
    note_infection,
    order_course,
    react,
    respond,
    start_day,
)

pytestmark = pytest.mark.django_db
LANGUAGES = ["en", "nb", "fa"]


@pytest.fixture
def patient(hospital):
    return admit_patient(hospital)


def page_of(user, path, language="en"):
    client = Client(headers={"accept-language": language})
    client.force_login(user)
    answer = client.get(path)
    return answer.status_code, answer.content.decode()


def plot_of(page):
    found = re.search(r'<script id="plot-data" type="application/json">(.*?)</script>', page)
    return json.loads(found.group(1))


def marked(page, name):
    """The elements with this data-test attribute, as `(other attributes)` text."""
    return re.findall(rf'<[^>]*data-test="{name}"[^>]*>', page)


@pytest.fixture
def lowering(hospital, patient, clock):
    """A patient who relapsed after 56 days and was treated again: the dose is to be lowered."""
    first = order_course(hospital, patient, days=2)
    give(hospital, first)
    respond(hospital, first.pk, "relapse", now=NOW + timedelta(days=57))
    second = order_course(hospital, patient, days=2, now=NOW + timedelta(days=58))
    give(hospital, second, first=NOW + timedelta(days=58))
    clock.set(NOW + timedelta(days=90))
    return second


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("address", ["patients/{patient}/", "courses/{course}/"])
def test_both_readings_and_the_source_s_words_are_on_the_page(hospital, patient, lowering, language, address):
    path = "/" + address.format(patient=patient.pk, course=lowering.pk)
    status, page = page_of(hospital.physician, path, language)
    assert status == 200
    assert 'data-step-code="lower_dose"' in page
    assert len(marked(page, "dose-option")) == 2
    assert "Dosen reduseres så med 20% per kur inntil tilbakefall for å bestemme dose" in page
    amount = {"en": "1.6", "nb": "1,6", "fa": "۱٫۶"}[language]
    assert page.count(f"{amount}\u00a0g/kg") >= 2


def test_only_who_may_record_a_response_sees_the_form(hospital, lowering):
    assert marked(page_of(hospital.physician, f"/courses/{lowering.pk}/")[1], "response-form")
    assert not marked(page_of(hospital.nurse, f"/courses/{lowering.pk}/")[1], "response-form")


def test_before_anything_is_given_there_is_no_next_step(hospital, patient):
    course = order_course(hospital, patient)
    page = page_of(hospital.physician, f"/courses/{course.pk}/")[1]
    assert not marked(page, "repeat") and not marked(page, "response-form")


def on_therapy(hospital, patient, now=NOW):
    course = order_course(
        hospital,
        patient,
        indication_code="review_cvid",
        regimen_code="replacement",
        dose_mg_per_kg=Decimal(400),
        days=1,
        now=now,
    )
    give(hospital, course, first=now)
    return course


@pytest.mark.parametrize("language", LANGUAGES)
def test_replacement_shows_doses_troughs_target_and_infections(hospital, patient, clock, language):
    on_therapy(hospital, patient)
    later = NOW + timedelta(days=29)
    clock.set(later)
    measure_trough(hospital, patient.pk, "432.5", unit="mg/dL", now=later)
    note_infection(hospital, patient.pk, "serious", on=NOW.date() + timedelta(days=10), now=later)
    wrong = measure_trough(hospital, patient.pk, "12", now=later)
    mark_entered_in_error(
        performer=hospital.nurse, kind="trough", entry_id=wrong.pk, reason="mixed up", now=later
    )
    status, page = page_of(hospital.nurse, f"/patients/{patient.pk}/replacement/", language)
    assert status == 200
    plot = plot_of(page)
    assert plot["doses"] == [{"on": "2026-03-02", "value": "25"}]
    assert plot["troughs"] == [{"on": "2026-03-31", "value": "4.325"}]
    assert plot["infections"] == [{"on": "2026-03-12", "severity": "serious"}]
    assert plot["targets"][0] == {"minimum": "5", "maximum": None, "own": True}
    assert {"minimum": "4", "maximum": "6", "own": False} in plot["targets"]
    assert len(marked(page, "entry")) == 4, "the table holds what the plot shows, and what was wrong"
    found = re.findall(r'data-finding="([^"]+)"', page)
    assert found == ["replacement_trough_below.5", "replacement_infection_serious"]
    value = {"en": "4.325", "nb": "4,325", "fa": "۴٫۳۲۵"}[language]
    assert f'<bdi dir="ltr">{value} g/L</bdi>' in page


def test_a_patient_without_anything_has_a_page_all_the_same(hospital, patient):
    for address in ("replacement", "history"):
        status, page = page_of(hospital.nurse, f"/patients/{patient.pk}/{address}/")
        assert status == 200 and not marked(page, "plot")


@pytest.mark.parametrize("address", ["replacement", "history"])
def test_pages_are_for_one_s_own_ward(hospital, elsewhere, patient, address):
    assert page_of(elsewhere.nurse, f"/patients/{patient.pk}/{address}/")[0] == 404
    assert page_of(hospital.administrator, f"/patients/{patient.pk}/{address}/")[0] == 403


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_history_holds_rates_reactions_and_the_dose_in_all(hospital, patient, clock, language):
    course = order_course(hospital, patient, days=2)
    session = start_day(hospital, course)
    at = climb(hospital, session.pk, to_step=4)
    react(hospital, session.pk, at + timedelta(minutes=2))
    finish(hospital, session.pk)
    clock.set(NOW + timedelta(days=5))
    status, page = page_of(hospital.nurse, f"/patients/{patient.pk}/history/", language)
    assert status == 200
    assert len(marked(page, "tolerated-rate")) == len(marked(page, "past-reaction")) == 1
    assert plot_of(page)["days"] == [
        {"on": "2026-03-02", "grams": "60", "per_kg": "1"},
        {"on": "2026-03-07", "grams": "60", "per_kg": "1"},
    ]
    grams = {"en": "60", "nb": "60", "fa": "۶۰"}[language]
    assert f"{grams}\u00a0g<" in page


def test_the_rate_of_the_reaction_is_not_called_borne(hospital, patient):
    """60 kg on Kiovig: 0.5, 1, 2, 4 and 6 mL/kg/h; a headache begins at the last."""
    course = order_course(hospital, patient, days=2)
    session = start_day(hospital, course)
    at = climb(hospital, session.pk, to_step=4)
    react(hospital, session.pk, at + timedelta(minutes=2))
    finish(hospital, session.pk)
    (rate,) = tolerated_rates(patient.pk)
    assert (rate.product_code, rate.rate_ml_per_kg_h, rate.rate_ml_per_h) == ("kiovig", 4, 240)
    (reaction,) = past_reactions(patient.pk)
    assert (reaction.rate_ml_per_kg_h, reaction.severity) == (6, "mild")


def test_a_stopped_infusion_says_nothing_of_what_is_borne(hospital, patient):
    course = order_course(hospital, patient, days=2)
    give(hospital, course, days=1, stopped=[1])
    assert tolerated_rates(patient.pk) == []
    second = start_day(hospital, course, day=2, now=NOW + timedelta(days=1))
    finish(hospital, second.pk)
    assert [rate.session_id for rate in tolerated_rates(patient.pk)] == [second.pk]
