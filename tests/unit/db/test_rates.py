"""Faster only through the gate, slower always, and the volume is right to a tenth of a millilitre."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from apps.infusions import services
from apps.infusions.domain import MEASURED_SIGNS, to_tenth_ml
from apps.infusions.models import InfusionSession, RateChange
from apps.infusions.rows import given_ml
from apps.infusions.selectors import access_session
from apps.kernel.errors import ConflictError, DomainError
from apps.ledger.models import Event
from tests.builders import (
    NOW,
    Door,
    climb,
    finish,
    in_parallel,
    observe,
    react,
    running_session,
    vitals_entry,
)

pytestmark = pytest.mark.django_db
ADULT_SIGNS = (*MEASURED_SIGNS, "oxygen_l_per_min", "consciousness")


def minutes(count):
    return NOW + timedelta(minutes=count)


@pytest.fixture
def session(hospital):
    return running_session(hospital)


@pytest.fixture
def act(hospital, session):
    """The nurse's hands on this session: act.confirm(at), act.pause(at), …"""

    class Acts:
        def now(self):
            return access_session(hospital.nurse, session.pk)

        def confirm(self, at, version=None, **to):
            return services.confirm_step(
                performer=hospital.nurse,
                session_id=session.pk,
                version=version or self.now().version,
                now=at,
                **to,
            )

        def stay(self, at, minutes, version=None):
            return services.stay_at_rate(
                performer=hospital.nurse,
                session_id=session.pk,
                version=version or self.now().version,
                minutes=minutes,
                reason="shivers",
                now=at,
            )

        def lower(self, at, step_index):
            return services.lower_rate(
                performer=hospital.nurse, session_id=session.pk, step_index=step_index, reason="flush", now=at
            )

        def pause(self, at):
            return services.pause_session(
                performer=hospital.nurse, session_id=session.pk, reason="line", now=at
            )

        def resume(self, at, step_index=None, version=None):
            return services.resume_session(
                performer=hospital.nurse,
                session_id=session.pk,
                version=version or self.now().version,
                step_index=step_index,
                reason="",
                now=at,
            )

        def observe(self, at, **changes):
            return observe(hospital, session.pk, at, **changes)

        def given_ml(self, at):
            return to_tenth_ml(given_ml(self.now(), at))

    return Acts()


def holds(act, at):
    with pytest.raises(DomainError) as refused:
        act.confirm(at)
    assert refused.value.code == "step_held"
    assert all(hold["text"] and hold["source"] for hold in refused.value.extra["holds"])
    return [hold["code"] for hold in refused.value.extra["holds"]]


def refused_code(act, *arguments, **named):
    with pytest.raises(DomainError) as refused:
        act(*arguments, **named)
    return refused.value.code


# The gate


def test_too_early_and_without_vital_signs_the_step_is_held_and_says_both(act):
    before = RateChange.objects.get()
    assert holds(act, minutes(29)) == ["gate_too_early", "gate_no_vitals"]
    assert act.now().version == 2 and RateChange.objects.get() == before


def test_the_baseline_is_no_vital_sign_of_this_rate(act):
    assert holds(act, minutes(30)) == ["gate_no_vitals"]


def test_it_opens_after_quiet_vital_signs(act):
    act.observe(minutes(30))
    session = act.confirm(minutes(31))
    assert (session.step_index, session.version, session.step_entered_at) == (1, 3, minutes(31))
    assert list(RateChange.objects.values_list("rate_ml_per_h", "started_at")) == [
        (30, NOW),
        (60, minutes(31)),
    ]


def test_vital_signs_are_fresh_for_a_quarter_of_an_hour(act):
    act.observe(minutes(20))
    assert holds(act, minutes(35) + timedelta(seconds=1)) == ["gate_no_vitals"]
    act.confirm(minutes(35))


def test_vital_signs_of_the_step_before_do_not_count(act):
    act.observe(minutes(30))
    act.confirm(minutes(30))
    act.observe(minutes(34))
    act.confirm(minutes(35))
    assert holds(act, minutes(40)) == ["gate_no_vitals"]


@pytest.mark.parametrize("sign", ADULT_SIGNS)
def test_every_sign_must_be_measured(act, sign):
    act.observe(minutes(29), **{sign: None})
    assert holds(act, minutes(30)) == ["gate_vital_missing"]


def test_half_a_set_now_and_half_a_minute_ago_make_a_whole(act):
    act.observe(minutes(28), temperature_c=None, spo2_percent=None)
    act.observe(minutes(29), **dict.fromkeys(set(ADULT_SIGNS) - {"temperature_c", "spo2_percent"}))
    act.confirm(minutes(30))


def test_a_falling_pressure_holds_the_step_until_it_is_quiet_again(act):
    act.observe(minutes(29), systolic_mmhg=100)
    assert holds(act, minutes(30)) == ["gate_finding"]
    act.observe(minutes(31))
    act.confirm(minutes(31))


def test_an_untaken_high_alert_and_an_open_reaction_hold_the_step(act, hospital, session):
    act.observe(minutes(20), spo2_percent=88)
    reaction = react(hospital, session.pk, minutes(25))
    act.observe(minutes(30))
    assert holds(act, minutes(30)) == ["gate_open_reaction", "gate_open_alert"]
    services.resolve_reaction(
        performer=hospital.nurse, session_id=session.pk, reaction_id=reaction.pk, now=minutes(31)
    )
    assert holds(act, minutes(31)) == ["gate_open_alert"]


def test_an_alert_nobody_took_holds_the_step_however_slowly_the_numbers_got_better(act):
    for minute, systolic in ((20, 84), (25, 100), (30, 124)):
        act.observe(minutes(minute), systolic_mmhg=systolic)
    assert holds(act, minutes(30)) == ["gate_open_alert"]


def test_after_the_last_step_there_is_none(act, hospital, session):
    at = climb(hospital, session.pk, to_step=4)
    act.observe(at + timedelta(minutes=5))
    assert refused_code(act.confirm, at + timedelta(minutes=6)) == "no_further_step"


def test_on_the_bedside_page_the_gate_says_the_same(act, hospital, session, clock):
    clock.set(minutes(30))
    door = Door(hospital.nurse)
    gate = door.get(f"sessions/{session.pk}/").json()["next_step"]["gate"]
    assert (gate["open"], [hold["code"] for hold in gate["holds"]]) == (False, ["gate_no_vitals"])
    shown = door.post(f"sessions/{session.pk}/observations/", vitals_entry()).json()
    assert shown["next_step"]["gate"] == {"open": True, "holds": []}
    answer = door.post(f"sessions/{session.pk}/confirm-step/", {"version": shown["version"]}).json()
    assert (answer["rate_ml_per_h"], answer["rate_ml_per_kg_h"]) == ("60", "1")


# Leaving steps out, and staying


def test_a_step_may_be_left_out_once_its_time_has_passed_too_and_with_a_reason(act):
    act.observe(minutes(34))
    assert refused_code(act.confirm, minutes(34), step_index=2, reason="late") == "step_not_reachable"
    act.observe(minutes(41))
    assert refused_code(act.confirm, minutes(41), step_index=3) == "reason_needed"
    assert act.confirm(minutes(41), step_index=3, reason="Stood at the first rate for long.").step_index == 3
    change = RateChange.objects.last()
    assert (change.rate_ml_per_h, change.reason) == (240, "Stood at the first rate for long.")


def test_whoever_stays_is_asked_again_in_the_minutes_they_said(act):
    act.observe(minutes(30))
    stayed = act.stay(minutes(31), 20)
    assert (stayed.step_index, stayed.step_due_at) == (0, minutes(51))
    assert RateChange.objects.count() == 1
    assert holds(act, minutes(40)) == ["gate_too_early"]
    act.observe(minutes(50))
    assert act.confirm(minutes(51)).step_index == 1
    event = Event.objects.get(name="infusion.step.postponed")
    assert (event.payload["minutes"], event.payload["reason"]) == (20, "shivers")


# Two nurses


def test_the_second_of_two_nurses_learns_what_is_true_and_changes_nothing(act, hospital, session, clock):
    act.observe(minutes(30))
    clock.set(minutes(30))
    path = f"sessions/{session.pk}/confirm-step/"
    version = act.now().version
    assert Door(hospital.nurse).post(path, {"version": version}).status_code == 200
    before = (list(RateChange.objects.values()), Event.objects.count(), act.now().version)

    loser = Door(hospital.second_nurse).post(path, {"version": version})
    assert (loser.status_code, loser.json()["code"]) == (409, "session_changed")
    extra = loser.json()["extra"]
    assert (extra["version"], extra["state"], extra["step_index"]) == (version + 1, "running", 1)
    assert [(one["text"], one["by"]) for one in extra["changes"]] == [
        ("Rate changed to 60 mL/h.", hospital.nurse.display_name)
    ]
    assert (list(RateChange.objects.values()), Event.objects.count(), act.now().version) == before


@pytest.mark.django_db(transaction=True)
def test_two_nurses_at_the_same_instant_climb_one_step(act, hospital, session):
    act.observe(minutes(30))
    version = act.now().version
    results = in_parallel(*[lambda: act.confirm(minutes(30), version)] * 4)
    winners = [result for result in results if isinstance(result, InfusionSession)]
    losers = [result for result in results if isinstance(result, ConflictError)]
    assert (len(winners), [error.code for error in losers]) == (1, ["session_changed"] * 3)
    assert act.now().step_index == 1
    assert RateChange.objects.count() == 2


def test_an_observation_does_not_take_the_rate_change_from_a_colleague(act):
    version = act.now().version
    act.observe(minutes(30))
    assert act.confirm(minutes(30), version).step_index == 1


# Slower


def test_slower_is_always_open_and_needs_no_vital_signs(act, hospital, session):
    at = climb(hospital, session.pk, to_step=3)
    lowered = act.lower(at + timedelta(minutes=1), 1)
    assert lowered.step_index == 1
    assert lowered.step_due_at == at + timedelta(minutes=6)
    assert RateChange.objects.last().rate_ml_per_h == 60


@pytest.mark.parametrize("step_index", [1, 2, 4, -1, 99])
def test_lowering_is_never_a_way_up(act, hospital, session, step_index):
    at = climb(hospital, session.pk, to_step=1)
    assert refused_code(act.lower, at, step_index) == "not_a_lower_rate"
    assert act.now().step_index == 1


# Pause and resume


def test_a_pause_stops_the_rate_and_what_was_due(act, hospital, session):
    climb(hospital, session.pk, to_step=1)
    paused = act.pause(minutes(32))
    assert (paused.state, paused.step_due_at, paused.finish_at) == ("paused", None, None)
    assert paused.observation_due_at == minutes(45)
    assert RateChange.objects.last().rate_ml_per_h == 0
    with pytest.raises(ConflictError):
        act.pause(minutes(33))
    with pytest.raises(ConflictError):
        act.confirm(minutes(40))
    with pytest.raises(ConflictError):
        act.lower(minutes(40), 0)


def test_after_a_pause_it_goes_on_where_it_was_or_lower(act, hospital, session):
    climb(hospital, session.pk, to_step=2)
    act.pause(minutes(36))
    assert refused_code(act.resume, minutes(37), 3) == "resume_rate_too_high"
    assert act.resume(minutes(37)).step_index == 2
    act.pause(minutes(38))
    resumed = act.resume(minutes(40), 0)
    assert (resumed.state, resumed.step_index, resumed.step_due_at) == ("running", 0, minutes(70))


def test_resuming_needs_the_version_and_a_pause(act):
    assert refused_code(act.resume, minutes(1)) == "session_transition_refused"
    act.pause(minutes(2))
    assert refused_code(act.resume, minutes(3), version=act.now().version - 1) == "session_changed"
    assert act.now().state == "paused"


def test_after_a_reaction_it_goes_on_at_half_the_rate_and_only_when_it_has_passed(act, hospital, session):
    climb(hospital, session.pk, to_step=2)  # 120 mL/h
    reaction = react(hospital, session.pk, minutes(36), action="pause")
    assert refused_code(act.resume, minutes(40)) == "reaction_open"
    services.resolve_reaction(
        performer=hospital.nurse, session_id=session.pk, reaction_id=reaction.pk, now=minutes(40)
    )
    assert refused_code(act.resume, minutes(41), 2) == "resume_rate_too_high"
    assert act.resume(minutes(41)).step_index == 1
    assert RateChange.objects.last().rate_ml_per_h == 60


def test_a_reaction_on_the_first_step_goes_on_below_the_first_step(act, hospital, session):
    reaction = react(hospital, session.pk, minutes(10), action="pause")
    services.resolve_reaction(
        performer=hospital.nurse, session_id=session.pk, reaction_id=reaction.pk, now=minutes(20)
    )
    resumed = act.resume(minutes(20))
    assert (resumed.step_index, resumed.step_due_at) == (-1, minutes(50))
    assert RateChange.objects.last().rate_ml_per_h == 15
    act.observe(minutes(50))
    assert act.confirm(minutes(50)).step_index == 0, "from there the plan goes on at its first step"


def test_a_reaction_answered_by_a_lower_rate_is_not_halved_twice(act, hospital, session):
    climb(hospital, session.pk, to_step=2)
    reaction = react(hospital, session.pk, minutes(36), action="slow")
    assert RateChange.objects.last().rate_ml_per_h == 60
    act.pause(minutes(40))
    services.resolve_reaction(
        performer=hospital.nurse, session_id=session.pk, reaction_id=reaction.pk, now=minutes(41)
    )
    act.resume(minutes(42))
    assert RateChange.objects.last().rate_ml_per_h == 60


def test_the_step_before_the_one_it_began_on_counts_not_the_one_it_was_typed_on(act, hospital, session):
    climb(hospital, session.pk, to_step=2)  # 60 mL/h from minute 30, 120 mL/h from minute 35
    reaction = react(hospital, session.pk, minutes(37), onset_at=minutes(33), action="pause")
    services.resolve_reaction(
        performer=hospital.nurse, session_id=session.pk, reaction_id=reaction.pk, now=minutes(45)
    )
    assert refused_code(act.resume, minutes(46), 2) == "resume_rate_too_high"
    assert refused_code(act.resume, minutes(46), 1) == "resume_rate_too_high"
    assert act.resume(minutes(46)).step_index == 0
    assert RateChange.objects.last().rate_ml_per_h == 30


# Volume, worked out by hand: 30, 60, 120, 240, 360 mL/h


def test_the_norwegian_plan_to_a_tenth_of_a_millilitre(act, hospital, session):
    climb(hospital, session.pk, to_step=4)
    by_hand = {
        0: "0", 1: "0.5", 7: "3.5", 29: "14.5", 30: "15", 31: "16", 35: "20", 37: "24", 40: "30", 42: "38",
        45: "50", 46: "56", 60: "140", 78: "248",
    }  # fmt: skip
    assert {minute: act.given_ml(minutes(minute)) for minute in by_hand} == {
        minute: Decimal(volume) for minute, volume in by_hand.items()
    }
    # 250 mL are in 200 mL / 360 mL/h = 33 min 20 s after minute 45.
    assert act.now().finish_at == minutes(78) + timedelta(seconds=20)


def test_a_pause_in_the_middle_gives_nothing(act, hospital, session):
    climb(hospital, session.pk, to_step=2)  # 15 mL by 30, 20 mL by 35
    act.pause(minutes(38))  # 3 min at 120: 26 mL
    act.resume(minutes(58), 1)  # from here 60 mL/h
    for minute, volume in ((38, "26"), (45, "26"), (58, "26"), (59, "27"), (61.5, "29.5"), (64.1, "32.1")):
        assert act.given_ml(minutes(minute)) == Decimal(volume), minute
    # 224 mL left at 60 mL/h: 3 h 44 min.
    assert act.now().finish_at == minutes(58 + 224)


def test_seconds_count(act):
    act.pause(NOW + timedelta(seconds=100))  # 30 mL/h * 100 s = 0.8333 mL
    act.resume(NOW + timedelta(seconds=200))
    assert act.given_ml(NOW + timedelta(seconds=150)) == Decimal("0.8")
    assert act.given_ml(NOW + timedelta(seconds=260)) == Decimal("1.3")  # 160 s: 1.3333
    assert act.given_ml(NOW + timedelta(seconds=300)) == Decimal("1.7")  # 200 s: 1.6667


def test_a_lowered_rate_counts_from_the_minute_it_was_lowered(act, hospital, session):
    climb(hospital, session.pk, to_step=3)  # 30 mL by 40, then 240 mL/h
    act.lower(minutes(41), 0)  # 34 mL
    assert act.given_ml(minutes(41)) == 34
    assert act.given_ml(minutes(51)) == 39


def test_completing_keeps_the_whole_volume_and_the_course_moves_on(act, hospital, session):
    ended = finish(hospital, session.pk)
    done = act.now()
    assert (done.state, done.ended_at, done.observation_due_at) == ("completed", ended, ended)
    assert act.given_ml(ended + timedelta(days=3)) == 250
    payload = Event.objects.get(name="infusion.session.completed").payload
    assert payload["volume_given_ml"] == "250.0"


def test_completing_early_needs_a_reason(act, hospital, session):
    climb(hospital, session.pk, to_step=4)

    def complete(at, reason):
        return services.complete_session(
            performer=hospital.nurse, session_id=session.pk, version=act.now().version, reason=reason, now=at
        )

    with pytest.raises(DomainError) as refused:
        complete(minutes(60), "  ")
    assert refused.value.code == "volume_not_in"
    assert re.fullmatch(r"By calculation [\d.]+ mL remain\. .*", str(refused.value))
    assert "110.0 mL" in str(refused.value)
    assert complete(minutes(60), "The bag was smaller.").state == "completed"


def test_a_paused_infusion_may_be_completed(act, hospital, session):
    climb(hospital, session.pk, to_step=4)
    act.pause(minutes(60))
    with pytest.raises(DomainError) as refused:
        services.complete_session(
            performer=hospital.nurse,
            session_id=session.pk,
            version=act.now().version,
            reason="",
            now=minutes(61),
        )
    assert refused.value.code == "volume_not_in"
    act_done = services.complete_session(
        performer=hospital.nurse,
        session_id=session.pk,
        version=act.now().version,
        reason="Line out, rest thrown away.",
        now=minutes(62),
    )
    assert act_done.state == "completed"
    assert act.given_ml(minutes(90)) == 140


# What was written


def test_a_rate_that_was_written_is_never_rewritten(act, session):
    with pytest.raises(DatabaseError), transaction.atomic():
        RateChange.objects.update(rate_ml_per_h=1)
    with pytest.raises(DatabaseError), transaction.atomic():
        RateChange.objects.all().delete()
    assert RateChange.objects.get().rate_ml_per_h == 30
