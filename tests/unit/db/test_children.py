"""A child on the drip: its own score, its own limits, and rates the pump can still be set to."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from apps.alerts.models import Alert
from apps.infusions import services
from apps.infusions.domain import RespiratoryEffort
from apps.infusions.models import RateChange, Reaction
from apps.infusions.presentation import present
from apps.infusions.selectors import access_session
from apps.kernel.errors import DomainError
from apps.patients.services import register_patient
from tests.builders import NOW, approve, course_order, observe, order_course, react, start_day, vial, vitals

pytestmark = pytest.mark.django_db
# A quiet five-year-old: these numbers are an adult's alarm.
QUIET_CHILD = {
    "systolic_mmhg": 96,
    "diastolic_mmhg": 60,
    "pulse_per_min": 105,
    "respiratory_rate_per_min": 24,
    "spo2_percent": 99,
    "temperature_c": Decimal("36.8"),
    "capillary_refill_s": Decimal("1.5"),
    "respiratory_effort": RespiratoryEffort.NORMAL,
}


def minutes(count):
    return NOW + timedelta(minutes=count)


def admit(hospital, birth_date, *, bed="C1"):
    return register_patient(
        performer=hospital.nurse,
        ward_id=hospital.ward.pk,
        name="Testperson Spire",
        birth_date=birth_date,
        sex="female",
        medical_record_number=f"CHILD-{birth_date}",
        bed=bed,
        now=NOW,
    )


def begin(hospital, patient, *, weight_kg="18", **baseline):
    course = order_course(hospital, patient, weight_kg=weight_kg)
    return start_day(
        hospital,
        course,
        baseline=vitals(NOW - timedelta(minutes=2), **(QUIET_CHILD | baseline)),
        vials=[vial(volume_ml=Decimal(100))],
    )


@pytest.fixture
def child(hospital):
    """Five years and 18 kg: 9, 18, 36, 72 and 108 mL/h."""
    return begin(hospital, admit(hospital, date(2021, 1, 10)))


@pytest.fixture
def see(hospital, child):
    return lambda minute, **changes: observe(hospital, child.pk, minutes(minute), **(QUIET_CHILD | changes))


def shown(hospital, session, minute):
    return present(access_session(hospital.nurse, session.pk), now=minutes(minute))


def test_a_child_s_infusion_runs(hospital, child, see):
    assert (child.state, RateChange.objects.get().rate_ml_per_h) == ("running", 9)
    see(30)
    services.confirm_step(
        performer=hospital.nurse,
        session_id=child.pk,
        version=access_session(hospital.nurse, child.pk).version,
        now=minutes(30),
    )
    assert RateChange.objects.last().rate_ml_per_h == 18
    assert not Alert.objects.exists()


@pytest.mark.parametrize("sign", [*QUIET_CHILD, "oxygen_l_per_min", "consciousness"])
def test_the_baseline_holds_what_a_child_s_score_needs(hospital, sign):
    with pytest.raises(DomainError) as refused:
        begin(hospital, admit(hospital, date(2021, 1, 10)), **{sign: None})
    assert refused.value.code == "baseline_incomplete"
    assert set(refused.value.extra["fields"]) == {f"baseline.{sign}"}


@pytest.mark.parametrize("sign", ["capillary_refill_s", "respiratory_effort"])
def test_and_so_does_every_set_before_a_faster_rate(hospital, child, see, sign):
    see(30, **{sign: None})
    [hold] = shown(hospital, child, 30)["next_step"]["gate"]["holds"]
    assert hold["code"] == "gate_vital_missing"


def test_the_score_is_bedside_pews(hospital, child, see):
    see(10)
    score = shown(hospital, child, 10)["score"]
    assert (score["code"], score["total"], score["level"]) == ("bedside_pews", 0, "none")
    see(12, pulse_per_min=118, capillary_refill_s=None)
    score = shown(hospital, child, 12)["score"]
    assert (score["total"], score["missing"]) == (None, ["capillary_refill_s"]), "missing is not normal"


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"systolic_mmhg": 89}, "below 90 mmHg is an adult's limit"),
        ({"pulse_per_min": 115}, "111 is an adult's limit"),
        ({"respiratory_rate_per_min": 27}, "25 is an adult's limit"),
    ],
)
def test_an_adult_s_limits_are_not_a_child_s(see, changes, rule):
    see(10, **changes)
    assert not Alert.objects.exists(), rule


@pytest.mark.parametrize(
    ("changes", "code", "priority"),
    [
        ({"systolic_mmhg": 79}, "hypotension", "high"),  # 70 + 2 x 5
        ({"systolic_mmhg": 72}, "hypotension", "high"),  # a quarter of 96 mmHg lost, and below the limit
        ({"pulse_per_min": 150}, "tachycardia", "high"),
        ({"pulse_per_min": 130}, "tachycardia", "medium"),
        ({"respiratory_rate_per_min": 41}, "tachypnoea", "medium"),
        ({"temperature_c": Decimal("38.9")}, "temperature", "high"),
    ],
)
def test_a_child_s_limits_are(see, changes, code, priority):
    see(10, **changes)
    assert Alert.objects.get(code=code).priority == priority


def test_a_bad_score_calls_a_paediatrician_and_asks_again_in_five_minutes(hospital, child, see):
    see(
        10,
        pulse_per_min=152,
        respiratory_rate_per_min=45,
        capillary_refill_s=Decimal("3.5"),
        respiratory_effort=RespiratoryEffort.MODERATE,
    )
    assert Alert.objects.get(code="bedside_pews").priority == "high"
    assert access_session(hospital.nurse, child.pk).observation_due_at == minutes(15)


@pytest.mark.parametrize(
    ("birth_date", "code"), [(date(2010, 3, 3), "bedside_pews"), (date(2010, 3, 2), "news2")]
)
def test_sixteen_is_an_adult(hospital, birth_date, code):
    session = begin(hospital, admit(hospital, birth_date), weight_kg="50")
    assert shown(hospital, session, 1)["score"]["code"] == code


@pytest.fixture
def infant(hospital):
    """Five kilograms on a plan that begins at 0.3 mL/kg/h: 1 mL/h is the least a pump can be set to."""
    patient = admit(hospital, date(2026, 1, 20))
    profile = course_order().profile
    order = course_order(
        product_code="privigen",
        rate_table_code="privigen_label",
        profile=type(profile)(weight_kg=Decimal(5), weighed_on=NOW.date(), blood_group="O", iga="normal"),
    )
    course = approve(hospital, patient, order)
    quiet = {"systolic_mmhg": 72, "pulse_per_min": 130, "respiratory_rate_per_min": 40}
    return start_day(
        hospital,
        course,
        baseline=vitals(NOW - timedelta(minutes=2), **(QUIET_CHILD | quiet)),
        vials=[vial(volume_ml=Decimal(25))],
    )


@pytest.mark.parametrize("action", ["slow", "pause", "stop", "none"])
def test_a_reaction_at_the_lowest_rate_a_pump_knows_is_recorded_all_the_same(hospital, infant, action):
    assert RateChange.objects.get().rate_ml_per_h == 1
    react(hospital, infant.pk, minutes(10), action=action)
    assert Reaction.objects.get().action == action
    assert shown(hospital, infant, 11)["session"].state == {
        "slow": "running", "pause": "paused", "stop": "stopped", "none": "running",
    }[action]  # fmt: skip


def test_and_it_goes_on_at_that_rate_at_most(hospital, infant):
    reaction = react(hospital, infant.pk, minutes(10), action="pause")
    services.resolve_reaction(
        performer=hospital.nurse, session_id=infant.pk, reaction_id=reaction.pk, now=minutes(20)
    )
    services.resume_session(
        performer=hospital.nurse,
        session_id=infant.pk,
        version=access_session(hospital.nurse, infant.pk).version,
        step_index=None,
        reason="",
        now=minutes(21),
    )
    assert RateChange.objects.last().rate_ml_per_h == 1
