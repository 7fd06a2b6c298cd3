"""An infusion starts once, with a baseline worth comparing to and vials that may be hung."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils.translation import override

from apps.courses.selectors import access_course
from apps.edge.messages import translated
from apps.infusions.domain import MEASURED_SIGNS
from apps.infusions.models import HungVial, InfusionSession, Observation, RateChange
from apps.infusions.services import stop_session
from apps.kernel.errors import ConflictError, DomainError, NotFoundError
from apps.ledger.models import Event, Timer
from tests.builders import (
    NOW,
    VIAL,
    Door,
    admit_patient,
    build_hospital,
    in_parallel,
    order_course,
    start_day,
    vial,
    vitals,
    vitals_entry,
)

pytestmark = pytest.mark.django_db
ADULT_SIGNS = (*MEASURED_SIGNS, "oxygen_l_per_min", "consciousness")


@pytest.fixture
def patient(hospital):
    return admit_patient(hospital)


@pytest.fixture
def course(hospital, patient):
    return order_course(hospital, patient)


def refusal(hospital, course, **entry):
    with pytest.raises(DomainError) as refused:
        start_day(hospital, course, **entry)
    return refused.value


def nothing_was_started(course, hospital):
    assert not InfusionSession.objects.exists()
    assert not Observation.objects.exists() and not HungVial.objects.exists()
    assert not Event.objects.filter(name__startswith="infusion.").exists()
    assert not Timer.objects.exists()
    days = access_course(hospital.nurse, course.pk).infusion_days.all()
    assert {day.status for day in days} == {"planned"}


def test_the_norwegian_example_starts_at_half_a_millilitre_per_kilogram_and_hour(hospital, course):
    session = start_day(hospital, course)
    session.refresh_from_db()
    assert (session.state, session.step_index, session.started_at) == ("running", 0, NOW)
    assert (session.volume_total_ml, session.weight_kg) == (250, 60)
    rate = RateChange.objects.get()
    assert (rate.rate_ml_per_kg_h, rate.rate_ml_per_h, rate.started_at) == (Decimal("0.5"), 30, NOW)
    assert session.step_due_at == NOW + timedelta(minutes=30)
    assert session.observation_due_at == NOW + timedelta(minutes=15)
    assert session.finish_at == NOW + timedelta(hours=250 / 30)
    assert Observation.objects.get().is_baseline
    vial = HungVial.objects.get()
    assert (vial.lot_number, vial.volume_ml, vial.hung_at) == ("LOT-A1204", 250, NOW)
    assert session.vial_due_at is None, "the whole day hangs"
    assert (session.responsible, session.watch_minutes_after) == (hospital.nurse, 60)
    first_day = access_course(hospital.nurse, course.pk).infusion_days.first()
    assert (first_day.status, first_day.session_id) == ("running", session.pk)
    timers = dict(Timer.objects.filter(kind__startswith="infusion.").values_list("kind", "due_at"))
    assert timers == {
        "infusion.step.due": session.step_due_at,
        "infusion.observation.due": session.observation_due_at,
        "infusion.observation.overdue": session.observation_due_at + timedelta(minutes=10),
        "infusion.volume.due": session.finish_at,
    }


@pytest.mark.parametrize("sign", ADULT_SIGNS)
def test_a_baseline_with_a_gap_is_no_baseline(hospital, course, sign):
    error = refusal(hospital, course, baseline=vitals(NOW, **{sign: None}))
    assert error.code == "baseline_incomplete"
    assert set(error.extra["fields"]) == {f"baseline.{sign}"}
    nothing_was_started(course, hospital)


def test_a_baseline_from_before_breakfast_is_too_old(hospital, course):
    stale = NOW - timedelta(minutes=15, microseconds=1)
    assert refusal(hospital, course, baseline=vitals(stale)).code == "baseline_too_old"
    nothing_was_started(course, hospital)
    start_day(hospital, course, baseline=vitals(NOW - timedelta(minutes=15)))


def test_an_expired_lot_is_not_hung_even_beside_a_fresh_one(hospital, course):
    error = refusal(hospital, course, vials=[vial(), vial(lot_number="LOT-OLD", expires_on=date(2026, 3, 1))])
    assert error.code == "lot_expired"
    assert "LOT-OLD" in str(error) and "2026-03-01" in str(error)
    nothing_was_started(course, hospital)


@pytest.mark.parametrize("language", ["en", "nb", "fa"])
def test_an_expired_lot_is_named_as_its_vial_names_it(hospital, course, language):
    error = refusal(hospital, course, vials=[vial(lot_number="00417", expires_on=date(2026, 3, 1))])
    with override(language):
        assert "00417" in translated(error)


def test_a_lot_may_be_hung_on_its_last_day(hospital, course):
    assert start_day(hospital, course, vials=[vial(expires_on=date(2026, 3, 2))]).state == "running"


def test_the_last_day_ends_by_the_wards_own_clock(release):
    tehran = build_hospital("Tehran ward", time_zone="Asia/Tehran")
    late = datetime(2026, 3, 2, 20, 45, tzinfo=UTC)  # 00:15 on 3 March in Tehran
    course = order_course(tehran, admit_patient(tehran, now=late), now=late)
    yesterday, today = vial(expires_on=date(2026, 3, 2)), vial(expires_on=date(2026, 3, 3))
    assert refusal(tehran, course, now=late, vials=[yesterday]).code == "lot_expired"
    assert start_day(tehran, course, now=late, vials=[today]).state == "running"


def test_without_a_vial_nothing_starts(hospital, course):
    assert refusal(hospital, course, vials=[]).code == "vials_missing"
    nothing_was_started(course, hospital)


def test_a_day_is_started_once(hospital, course):
    first = start_day(hospital, course)
    error = refusal(hospital, course, now=NOW + timedelta(minutes=1))
    assert isinstance(error, ConflictError) and error.code == "day_already_started"
    stop_session(performer=hospital.nurse, session_id=first.pk, reason="", now=NOW + timedelta(minutes=2))
    assert refusal(hospital, course, now=NOW + timedelta(minutes=3)).code == "day_already_started"
    assert InfusionSession.objects.count() == 1


def test_a_patient_has_one_open_infusion(hospital, patient, course):
    first = start_day(hospital, course)
    other_course = order_course(hospital, patient)
    for next_course, day in ((course, 2), (other_course, 1)):
        error = refusal(hospital, next_course, day=day)
        assert isinstance(error, ConflictError) and error.code == "patient_already_infusing"
    stop_session(performer=hospital.nurse, session_id=first.pk, reason="", now=NOW)
    assert start_day(hospital, course, day=2).state == "running"


def test_there_is_no_sixth_day(hospital, course):
    assert isinstance(refusal(hospital, course, day=6), NotFoundError)


def test_nobody_starts_without_looking_at_the_wristband(hospital, course):
    entry = {"day_number": 1, "identity_confirmed": False, "baseline": vitals_entry(), "vials": [VIAL]}
    answer = Door(hospital.nurse).post(f"courses/{course.pk}/sessions/", entry)
    assert answer.status_code == 400
    nothing_was_started(course, hospital)


def test_a_risk_factor_lowers_the_last_step(hospital, patient):
    course = order_course(hospital, patient, risk_factors=["diabetes"])
    start_day(hospital, course)
    session = InfusionSession.objects.get()
    plan = Door(hospital.nurse).get(f"sessions/{session.pk}/").json()["plan"]
    assert [step["rate_ml_per_kg_h"] for step in plan["steps"]] == ["0.5", "1", "2"]
    assert plan["ceiling"]["rate_ml_per_kg_h"] == "2"
    assert plan["ceiling"]["reason"] and plan["ceiling"]["source"]


@pytest.mark.django_db(transaction=True)
def test_two_nurses_starting_the_same_day_at_once_start_it_once(hospital, course):
    results = in_parallel(*[lambda: start_day(hospital, course)] * 5)
    started = [result for result in results if isinstance(result, InfusionSession)]
    refused = [result for result in results if isinstance(result, ConflictError)]
    assert (len(started), {error.code for error in refused}) == (1, {"day_already_started"})
    assert len(refused) == 4


@pytest.mark.django_db(transaction=True)
def test_two_days_of_one_patient_at_once_start_one(hospital, patient, course):
    other_course = order_course(hospital, patient)
    results = in_parallel(
        lambda: start_day(hospital, course),
        lambda: start_day(hospital, course, day=2),
        lambda: start_day(hospital, other_course),
    )
    refused = [result for result in results if isinstance(result, ConflictError)]
    assert [error.code for error in refused] == ["patient_already_infusing"] * 2
    assert InfusionSession.objects.count() == 1
