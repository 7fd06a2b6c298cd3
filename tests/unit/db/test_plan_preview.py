"""The rate plan of a day before it starts, as the page and the API show it."""

import json
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client

from apps.courses.domain import PatientProfile
from apps.infusions.models import InfusionSession, RateChange, Reaction
from tests.builders import NOW, Door, admit_patient, approve, course_order, order_course

pytestmark = pytest.mark.django_db


@pytest.fixture
def patient(hospital):
    return admit_patient(hospital)


def preview(hospital, course, day=1):
    return Door(hospital.nurse).get(f"courses/{course.pk}/days/{day}/rate-plan/").json()


def given_before(
    hospital, course, *, days_ago=28, product="kiovig", rates=(30, 60, 120, 240), state="completed"
):
    """An infusion that ended `days_ago`, ten minutes at each of the rates (mL/h, 60 kg)."""
    ended_at = NOW - timedelta(days=days_ago)
    began = ended_at - timedelta(minutes=10 * len(rates))
    session = InfusionSession.objects.create(
        patient_id=course.patient_id,
        ward_id=course.ward_id,
        course_id=course.pk,
        day_number=9,
        days=9,
        guideline_version=course.guideline_version,
        product_code=product,
        rate_table_code=course.rate_table_code,
        concentration_mg_per_ml=Decimal(100),
        weight_kg=Decimal(60),
        volume_total_ml=Decimal(75),
        state=state,
        started_at=began,
        ended_at=ended_at,
    )
    for index, rate in enumerate((*rates, 0)):
        RateChange.objects.create(
            session=session,
            step_index=index,
            rate_ml_per_kg_h=Decimal(rate) / 60,
            rate_ml_per_h=rate,
            started_at=began + timedelta(minutes=10 * index),
            recorded_at=began + timedelta(minutes=10 * index),
            performer=hospital.nurse,
        )
    return session


def reacted(hospital, session, *, minutes_before_end):
    onset = session.ended_at - timedelta(minutes=minutes_before_end)
    Reaction.objects.create(
        session=session,
        term="headache",
        severity="mild",
        onset_at=onset,
        recorded_at=onset,
        action="none",
        performer=hospital.nurse,
    )


def test_the_worked_example_is_laid_out_minute_by_minute(hospital, patient):
    plan = preview(hospital, order_course(hospital, patient))
    columns = (
        "rate_ml_per_h",
        "rate_ml_per_kg_h",
        "rate_mg_per_kg_min",
        "from_minute",
        "to_minute",
        "given_ml",
    )
    assert [tuple(step[column] for column in columns) for step in plan["steps"]] == [
        ("30", "0.5", "0.83", "0", "30", "15"),
        ("60", "1", "1.67", "30", "35", "20"),
        ("120", "2", "3.33", "35", "40", "30"),
        ("240", "4", "6.67", "40", "45", "50"),
        ("360", "6", "10", "45", "78.3", "250"),
    ]
    assert (plan["total_minutes"], plan["volume_ml"], plan["weight_kg"]) == ("78.3", "250", "60")
    assert plan["ceiling"]["reason"] == "Highest rate for Kiovig (EU): 6 mL/kg/h."
    assert plan["ceiling"]["rate_ml_per_h"] == "360"
    assert plan["other_ceilings"] == []
    assert plan["start"]["step_index"] == 0
    assert plan["start"]["reason"] == "First infusion that is known of: starts at the lowest rate."
    assert plan["watch_after"]["minutes"] == 60


def test_every_limit_is_named_and_the_lowest_says_which_step_it_cut(hospital, patient):
    course = order_course(
        hospital,
        patient,
        product_code="privigen",
        risk_factors=["diabetes"],
        rate_table_code="privigen_label",
    )
    plan = preview(hospital, course)
    assert [(step["rate_ml_per_kg_h"], step["limited_by"]) for step in plan["steps"]] == [
        ("0.3", ""),
        ("0.6", ""),
        ("1.2", ""),
        ("2", "Renal risk: not above 2 mL/kg/h."),
    ]
    assert plan["table"]["code"] == "privigen_label"
    assert "clinical sign-off" in plan["table"]["source"]
    assert [limit["reason"] for limit in plan["other_ceilings"]] == [
        "Highest rate for Privigen (EU): 4.8 mL/kg/h.",
        "Highest rate for Privigen in this disease (US): 4.8 mL/kg/h.",
    ]


def test_who_bore_four_last_time_is_offered_to_start_there(hospital, patient):
    course = order_course(hospital, patient)
    given_before(hospital, course)
    plan = preview(hospital, course)
    assert (plan["start"]["step_index"], plan["start"]["rate_ml_per_h"]) == (3, "240")
    assert plan["start"]["reason"] == (
        "Bore 4 mL/kg/h for 10 min last time without a reaction: may start at 4 mL/kg/h."
    )
    assert plan["start"]["total_minutes"] == "43.3"


@pytest.mark.parametrize(
    ("before", "reason"),
    [
        ({"product": "privigen"}, "Another product than last time: starts at the lowest rate."),
        ({"days_ago": 56}, "Long gap since the last infusion: starts at the lowest rate."),
    ],
)
def test_another_product_or_a_long_gap_starts_at_the_bottom(hospital, patient, before, reason):
    course = order_course(hospital, patient)
    given_before(hospital, course, **before)
    plan = preview(hospital, course)
    assert (plan["start"]["step_index"], plan["start"]["reason"]) == (0, reason)
    assert plan["watch_after"]["minutes"] == 60


def test_a_last_infusion_that_was_stopped_offers_nothing_though_the_one_before_was_borne(hospital, patient):
    course = order_course(hospital, patient)
    given_before(hospital, course, days_ago=28)
    InfusionSession.objects.update(day_number=8)
    given_before(hospital, course, days_ago=7, state="stopped")
    assert preview(hospital, course)["start"] is None


@pytest.mark.parametrize(("minutes_before_end", "step"), [(5, 2), (25, None)])
def test_only_what_was_borne_below_every_reaction_is_offered(hospital, patient, minutes_before_end, step):
    """A reaction at 4 mL/kg/h leaves the 2 that was borne; one at 1 leaves nothing, whatever came later."""
    course = order_course(hospital, patient)
    session = given_before(hospital, course)
    reacted(hospital, session, minutes_before_end=minutes_before_end)
    start = preview(hospital, course)["start"]
    assert (start and start["step_index"]) == step


def test_what_the_order_knows_of_before_counts_too(hospital, patient):
    profile = PatientProfile(
        weight_kg=Decimal(60),
        weighed_on=NOW.date(),
        blood_group="O",
        iga="normal",
        prior_ivig="before",
        prior_product="kiovig",
        prior_given_on=NOW.date() - timedelta(days=21),
        conditions=("diabetes",),
    )
    course = approve(hospital, patient, course_order(profile=profile))
    plan = preview(hospital, course)
    assert plan["start"] is None
    assert plan["watch_after"]["minutes"] == 20


def test_the_plan_is_for_one_s_own_ward(hospital, elsewhere, patient):
    course = order_course(hospital, patient)
    path = f"courses/{course.pk}/days/{{}}/rate-plan/"
    assert Door(elsewhere.nurse).get(path.format(1)).status_code == 404
    assert Door(hospital.nurse).get(path.format(6)).status_code == 404
    assert Door(hospital.physician).get(path.format(5)).status_code == 200


@pytest.mark.parametrize(
    ("language", "minutes", "first"), [("en", "78.3", "30"), ("nb", "78,3", "30"), ("fa", "۷۸٫۳", "۳۰")]
)
def test_the_start_page_shows_the_plan_as_a_chart_and_a_table_of_the_same_numbers(
    hospital, patient, language, minutes, first
):
    course = order_course(hospital, patient)
    client = Client(headers={"accept-language": language})
    client.force_login(hospital.nurse)
    page = client.get(f"/courses/{course.pk}/days/1/start/").content.decode()
    assert page.count('data-test="preview-step"') == 5
    assert f'data-test="total-minutes"><bdi dir="ltr">{minutes}\u00a0min</bdi>' in page
    assert f'<td class="number">{first}</td>' in page
    plotted = re.search(r'<script id="rate-plan-data" type="application/json">(.*?)</script>', page)
    assert [step["rate_ml_per_h"] for step in json.loads(plotted.group(1))["steps"]] == [
        "30",
        "60",
        "120",
        "240",
        "360",
    ]
    assert 'data-plot="rate"' in page


def test_the_order_form_offers_every_plan_with_first_rate_time_and_source(hospital, patient):
    client = Client(headers={"accept-language": "en"})
    client.force_login(hospital.physician)
    page = client.get(f"/patients/{patient.pk}/courses/new/nel_cidp/initial/").content.decode()
    assert re.search(
        r'<option value="nel_100mg_per_ml"[^>]*>0.5 to 6 mL/kg/h in 45 min: Norsk elektronisk', page
    )
    assert re.search(r'<option value="kiovig_label"[^>]*>0.5 to 6 mL/kg/h in 120 min: Derived here', page)
