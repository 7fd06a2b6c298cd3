"""Late, repeated, corrected and mistaken entries: all ends as if the right ones had come in the right order."""

from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from apps.alerts.models import Alert
from apps.alerts.services import acknowledge_alert
from apps.infusions import services
from apps.infusions.gate import gate_of
from apps.infusions.models import HungVial, Observation
from apps.infusions.presentation import present
from apps.infusions.rows import given_ml
from apps.infusions.selectors import access_session
from apps.infusions.services.observing import ObservationEntry
from apps.kernel.errors import DomainError, NotFoundError
from apps.ledger.models import Event
from tests.builders import (
    NOW,
    Door,
    admit_patient,
    observe,
    order_course,
    react,
    running_session,
    start_day,
    vial,
    vitals,
    vitals_entry,
)

pytestmark = pytest.mark.django_db


def minutes(count):
    return NOW + timedelta(minutes=count)


class Chart:
    """What one nurse types, with the minute it was measured in and the minute it is typed in."""

    def __init__(self, hospital, session):
        self.nurse, self.pk = hospital.nurse, session.pk

    def record(self, minute, *, typed=None, replaces=None, reason="slip of the finger", **changes):
        return services.record_observation(
            performer=self.nurse,
            session_id=self.pk,
            entry=ObservationEntry(
                vitals=vitals(minutes(minute), **changes),
                replaces=replaces and replaces.pk,
                reason=reason if replaces else "",
            ),
            now=minutes(minute if typed is None else typed),
        )

    def strike_out(self, row, *, typed, reason="bed 4"):
        services.mark_observation_in_error(
            performer=self.nurse,
            session_id=self.pk,
            observation_id=row.pk,
            reason=reason,
            now=minutes(typed),
        )

    @property
    def session(self):
        return access_session(self.nurse, self.pk)

    @property
    def baseline(self):
        return Observation.objects.filter(session=self.pk, is_baseline=True).latest("id")

    def holds(self, minute):
        return sorted(hold.code for hold in gate_of(self.session, now=minutes(minute)).decision.holds)


@pytest.fixture
def chart(hospital):
    return Chart(hospital, running_session(hospital))  # baseline 124 mmHg


def open_alerts():
    return sorted(Alert.objects.exclude(state="resolved").values_list("code", "priority"))


def refused(act, *arguments, **named):
    with pytest.raises(DomainError) as refusal:
        act(*arguments, **named)
    return refusal.value


# Late


def test_a_fall_typed_late_alerts_although_the_newest_set_is_quiet(chart):
    chart.record(20)
    chart.record(15, typed=25, systolic_mmhg=84)
    assert ("hypotension", "high") in open_alerts()
    assert Alert.objects.get(code="hypotension").raised_at == minutes(25)


def test_a_trend_is_seen_when_its_middle_comes_last(chart):
    chart.record(10, systolic_mmhg=130)
    chart.record(30, systolic_mmhg=114)
    assert open_alerts() == []
    chart.record(20, typed=31, systolic_mmhg=122)
    assert open_alerts() == [("hypotension", "medium")]


def test_a_trend_that_was_none_is_taken_back(chart):
    for minute, systolic in ((10, 120), (20, 112), (30, 105)):
        chart.record(minute, systolic_mmhg=systolic)
    assert open_alerts() == [("hypotension", "medium")]
    chart.record(25, typed=31, systolic_mmhg=118)
    assert open_alerts() == []


def test_a_quiet_set_after_a_symptom_does_not_take_back_what_both_meant(hospital, chart):
    chart.record(10, spo2_percent=91)
    react(hospital, chart.pk, minutes(12), term="urticaria", severity="moderate")
    assert ("anaphylaxis", "high") in open_alerts()
    chart.record(15)
    assert ("anaphylaxis", "high") in open_alerts(), "nobody took it"


def test_a_symptom_typed_late_means_as_much_as_in_time(hospital, chart):
    chart.record(10, spo2_percent=91)
    chart.record(15)
    react(hospital, chart.pk, minutes(16), onset_at=minutes(12), term="urticaria", severity="moderate")
    assert ("anaphylaxis", "high") in open_alerts()


def test_two_half_sets_say_what_a_whole_one_says(chart, hospital):
    """A risen pressure and a fallen saturation mean fluid overload together, on whichever tablet each was typed."""
    rest = ("diastolic_mmhg", "pulse_per_min", "respiratory_rate_per_min", "temperature_c")
    nothing = dict.fromkeys((*rest, "oxygen_l_per_min", "consciousness"))
    chart.record(10, **nothing, systolic_mmhg=156, spo2_percent=None)
    assert open_alerts() == [("hypertension", "medium")]
    chart.record(11, **nothing, systolic_mmhg=None, spo2_percent=94)
    assert ("fluid_overload", "high") in open_alerts()
    chart.record(13)
    assert ("fluid_overload", "high") in open_alerts()


# Corrected


def test_a_corrected_number_takes_back_its_alerts_and_opens_the_gate(chart, hospital):
    wrong = chart.record(29, systolic_mmhg=84)
    assert len(open_alerts()) == 3 and "gate_finding" in chart.holds(30)
    chart.record(29, typed=30, replaces=wrong)
    assert open_alerts() == [] and chart.holds(30) == []
    alert = Alert.objects.get(code="hypotension")
    assert (alert.state, alert.acknowledged_by) == ("resolved", hospital.nurse)
    assert not Event.objects.filter(name="alert.escalated").exists()


def test_a_correction_may_be_what_alerts(chart):
    quiet = chart.record(10)
    chart.record(10, typed=12, replaces=quiet, spo2_percent=89)
    assert ("spo2", "high") in open_alerts()


def test_less_bad_than_typed_is_less_urgent(chart):
    wrong = chart.record(10, systolic_mmhg=84)
    chart.record(10, typed=11, replaces=wrong, systolic_mmhg=100)
    assert open_alerts() == [("hypotension", "medium")]
    alert = Alert.objects.get(code="hypotension", priority="medium")
    assert alert.state == "raised"


def test_what_another_set_found_too_stays(chart):
    wrong = chart.record(10, systolic_mmhg=84)
    chart.record(12, systolic_mmhg=86)
    alert = Alert.objects.get(code="hypotension")
    chart.strike_out(wrong, typed=13)
    alert.refresh_from_db()
    assert (alert.state, alert.priority) == ("raised", "high")


def test_an_alert_that_was_taken_does_not_come_back_by_a_correction(chart, hospital):
    wrong = chart.record(10, systolic_mmhg=84)
    for alert in Alert.objects.all():
        acknowledge_alert(performer=hospital.nurse, alert_id=alert.pk, now=minutes(11))
    chart.record(12)
    assert open_alerts() == []
    chart.record(10, typed=13, replaces=wrong, systolic_mmhg=86)
    assert [state for (state,) in Alert.objects.filter(code="hypotension").values_list("state")] == [
        "resolved"
    ]


def test_both_stay_written_the_wrong_one_with_its_reason(chart, hospital):
    wrong = chart.record(10, systolic_mmhg=84)
    right = chart.record(10, typed=12, replaces=wrong, reason="read from the next bed")
    wrong.refresh_from_db()
    assert (wrong.status, wrong.status_reason) == ("entered_in_error", "read from the next bed")
    assert (wrong.status_changed_by, wrong.status_changed_at) == (hospital.nurse, minutes(12))
    assert (wrong.systolic_mmhg, right.replaces_id, right.status) == (84, wrong.pk, "final")
    shown = present(chart.session, now=minutes(13))["observations"]
    by_row = {entry["row"].pk: entry for entry in shown}
    assert (by_row[wrong.pk]["score"], by_row[wrong.pk]["findings"]) == (None, [])
    assert by_row[right.pk]["score"]["total"] == 0
    event = Event.objects.get(name="infusion.observation.corrected")
    assert (event.payload["replaces"], event.payload["reason"]) == (wrong.pk, "read from the next bed")


def test_an_entry_is_corrected_once_and_with_a_reason(chart):
    wrong = chart.record(10)
    assert refused(chart.record, 10, typed=11, replaces=wrong, reason=" ").code == "reason_needed"
    chart.record(10, typed=11, replaces=wrong)
    again = refused(chart.record, 10, typed=12, replaces=wrong)
    assert (type(again), again.code) == (NotFoundError, "observation_entered_in_error")
    assert isinstance(refused(chart.strike_out, wrong, typed=12), NotFoundError)


def test_an_entry_of_another_infusion_is_not_corrected_here(chart, hospital):
    other = observe(hospital, running_session(hospital).pk, minutes(10))
    assert isinstance(refused(chart.record, 10, replaces=other), NotFoundError)
    assert isinstance(refused(chart.strike_out, other, typed=12), NotFoundError)


def test_due_times_follow_the_entries_that_count(chart):
    wrong = chart.record(20)
    assert chart.session.observation_due_at == minutes(35)
    chart.record(12, typed=21, replaces=wrong)
    assert chart.session.observation_due_at == minutes(27)
    worse = chart.record(
        22, systolic_mmhg=84, pulse_per_min=135, respiratory_rate_per_min=26, spo2_percent=90
    )
    assert chart.session.observation_due_at == minutes(27), "five minutes after an emergency score"
    chart.strike_out(worse, typed=23)
    assert chart.session.observation_due_at == minutes(27), "a quarter of an hour after minute 12"


# The baseline


def test_a_corrected_baseline_judges_everything_anew(chart):
    chart.record(10, systolic_mmhg=112)
    assert open_alerts() == []
    chart.record(-2, typed=12, replaces=chart.baseline, systolic_mmhg=140)
    assert open_alerts() == [("hypotension", "medium")]
    chart.record(-2, typed=13, replaces=chart.baseline)
    assert open_alerts() == []
    assert chart.baseline.systolic_mmhg == 124


def test_the_baseline_is_replaced_not_struck_out_and_stays_before_the_start(chart):
    assert refused(chart.strike_out, chart.baseline, typed=5).code == "baseline_needed"
    assert refused(chart.record, 5, replaces=chart.baseline).code == "baseline_after_start"
    assert chart.baseline.status == "final"


def test_an_abnormal_baseline_alerts_at_the_start_and_its_correction_takes_that_back(hospital):
    course = order_course(hospital, admit_patient(hospital))
    session = start_day(hospital, course, baseline=vitals(minutes(-2), spo2_percent=89))
    assert ("spo2", "high") in open_alerts()
    chart = Chart(hospital, session)
    chart.record(-2, typed=5, replaces=chart.baseline, spo2_percent=97)
    assert open_alerts() == []


def test_over_the_api(hospital, chart, clock):
    clock.set(minutes(10))
    door, path = Door(hospital.nurse), f"sessions/{chart.pk}/observations/"
    shown = door.post(path, vitals_entry(systolic_mmhg="84")).json()
    wrong = shown["observations"][0]["id"]
    entry = vitals_entry() | {"replaces": wrong, "effective_at": minutes(10).isoformat()}
    assert door.post(path, entry).json()["code"] == "reason_needed"
    shown = door.post(path, entry | {"reason": "slip"}).json()
    assert shown["alerts"] == []
    assert [(one["status"], one["replaces"]) for one in shown["observations"][:2]] == [
        ("final", wrong), ("entered_in_error", None),
    ]  # fmt: skip
    answer = door.post(f"{path}{shown['observations'][0]['id']}/entered-in-error/", {"reason": ""})
    assert set(answer.json()["extra"]["fields"]) == {"reason"}


# Any order at all

UNTIL = 45
SIGNS = st.fixed_dictionaries(
    {
        "systolic_mmhg": st.sampled_from([124, 118, 112, 104, 95, 84, None]),
        "pulse_per_min": st.sampled_from([72, 92, 115, 135, None]),
        "spo2_percent": st.sampled_from([98, 95, 91, 88, None]),
        "temperature_c": st.sampled_from([Decimal("36.7"), Decimal("37.8"), Decimal("38.9"), None]),
    }
)
measured = st.tuples(st.integers(1, UNTIL - 1), SIGNS)
slips = st.one_of(
    st.just(("in time",)),
    st.just(("twice",)),
    st.tuples(st.just("corrected"), measured),
    st.tuples(st.just("another patient's"), measured),
)
sets = st.lists(st.tuples(measured, slips), max_size=5, unique_by=lambda entry: entry[0][0])
second_vials = st.none() | st.tuples(
    st.integers(1, UNTIL - 1), st.integers(1, 230), st.sampled_from(["in time", "corrected"])
)


def steps_of(entry):
    """What is typed for one set, in its order: `(minute measured, act)`; acts share what was typed before."""
    (minute, signs), slip = entry
    right = (minute, lambda chart, typed, rows: rows.append(chart.record(minute, typed=typed, **signs)))
    if slip[0] == "in time":
        return [right]
    if slip[0] == "twice":
        return [right, right]
    wrong_minute, wrong_signs = slip[1]
    wrong = (
        wrong_minute,
        lambda chart, typed, rows: rows.append(chart.record(wrong_minute, typed=typed, **wrong_signs)),
    )
    if slip[0] == "another patient's":
        return [
            wrong,
            (wrong_minute, lambda chart, typed, rows: chart.strike_out(rows[0], typed=typed)),
            right,
        ]
    correct = (
        minute,
        lambda chart, typed, rows: chart.record(minute, typed=typed, replaces=rows[0], **signs),
    )
    return [wrong, correct]


def hanging(second):
    minute, volume_ml, slip = second

    def hang(chart, typed, rows, *, ml=volume_ml, replaces=None):
        services.hang_vial(
            performer=chart.nurse,
            session_id=chart.pk,
            vial=vial(lot_number="LOT-2", volume_ml=Decimal(ml)),
            now=minutes(typed),
            hung_at=minutes(minute),
            replaces=replaces,
            reason="slip",
        )

    def correct(chart, typed, rows):
        hang(chart, typed, rows, replaces=HungVial.objects.get(lot_number="LOT-2").pk)

    if slip == "in time":
        return [(minute, hang)]
    return [
        (minute, lambda chart, typed, rows: hang(chart, typed, rows, ml=volume_ml + 7)),
        (minute, correct),
    ]


@contextmanager
def on_a_day_of_its_own(hospital, course):
    """A running session with 10 mL hung; afterwards nothing of it is left."""
    with transaction.atomic():
        session = start_day(hospital, course, vials=[vial(volume_ml=Decimal(10))])
        yield Chart(hospital, session)
        transaction.set_rollback(True)


def type_in(chart, scripts, order):
    """Each step in `order` (numbers of scripts), typed when it was measured or as soon after that as its turn comes."""
    scripts, typed = [(iter(script), []) for script in scripts], 0
    for number in order:
        script, rows = scripts[number]
        minute, act = next(script)
        typed = max(typed, minute)
        act(chart, typed, rows)


def outcome(chart, clock):
    """What a nurse sees in the end, the timers having fired."""
    clock.fire(minutes(UNTIL))
    session = chart.session
    return {
        "alerts": open_alerts(),
        "gate": chart.holds(UNTIL),
        "due": session.observation_due_at,
        "asked": sorted({"observation", "step"} & set(session.asked)),
        "volume": given_ml(session, minutes(UNTIL)),
        "score": present(session, now=minutes(UNTIL))["score"]["total"],
    }


@settings(
    max_examples=30,
    phases=[
        Phase.explicit,
        Phase.reuse,
        Phase.generate,
    ],  # to make an example smaller takes longer than a test may
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(entries=sets, second=second_vials, data=st.data())
def test_any_order_of_late_repeated_and_corrected_entries_ends_as_the_right_one(
    hospital, course, clock, entries, second, data
):
    right = [
        [steps_of((measurement, ("in time",)))[0]]
        for measurement, _ in sorted(entries, key=lambda e: e[0][0])
    ]
    typed = [steps_of(entry) for entry in entries]
    if second:
        right.append(hanging((*second[:2], "in time")))
        typed.append(hanging(second))
    turns = [number for number, script in enumerate(typed) for _ in script]
    order = data.draw(st.permutations(turns))
    in_order = sorted(range(len(right)), key=lambda number: right[number][0][0])
    with on_a_day_of_its_own(hospital, course) as chart:
        type_in(chart, right, in_order)
        expected = outcome(chart, clock)
    with on_a_day_of_its_own(hospital, course) as chart:
        type_in(chart, typed, order)
        assert outcome(chart, clock) == expected


@pytest.fixture
def course(hospital):
    return order_course(hospital, admit_patient(hospital))
