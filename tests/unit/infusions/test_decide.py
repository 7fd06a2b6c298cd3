"""Every input in every state: what comes of it, or why not. Nothing here touches a database or a clock."""

import itertools
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from apps.infusions.domain import (
    Abandon,
    Complete,
    ConfirmStep,
    GateDecision,
    Hold,
    LowerRate,
    Pause,
    Resume,
    Session,
    SessionState,
    SetRate,
    Start,
    Stay,
    Stop,
    decide,
    step_due_at,
)
from apps.kernel.errors import ConflictError, DomainError
from tests.unit.infusions.plans import plan_of
from tests.unit.infusions.test_rate_plan import START

OPEN = GateDecision(open=True, holds=())
SHUT = GateDecision(open=False, holds=(Hold("gate_no_vitals", "Record vital signs.", "derived"),))
NOW = START + timedelta(minutes=40)


@pytest.fixture
def plan(guidelines):
    """The Norwegian plan at 60 kg: 30, 60, 120, 240, 360 mL/h; 30, 5, 5, 5 min."""
    return plan_of(guidelines, "kiovig")


@pytest.fixture
def stands(plan):
    """stands("paused", step=2): a session in this state that runs or ran last at this step."""

    def session(state="running", *, step=1, **changes):
        usual = {
            "state": SessionState(state),
            "plan": plan,
            "rate": SetRate.of(plan.steps[step]),
            "step_entered_at": START + timedelta(minutes=30),
            "step_due_at": START + timedelta(minutes=35),
            "finish_at": START + timedelta(minutes=200),
            "volume_left_ml": Decimal(200),
        }
        return Session(**(usual | changes))

    return session


def confirm(to, *, next_index=2, reachable=2, gate=OPEN):
    return ConfirmStep(step_index=to, next_step_index=next_index, reachable_step_index=reachable, gate=gate)


def refused(session, asked, now=NOW):
    with pytest.raises(DomainError) as refusal:
        decide(session, asked, now)
    return refusal.value


def below(plan, step=1, share="0.5"):
    """A rate that is no step: half of a step's."""
    rate = SetRate.of(plan.steps[step])
    return SetRate(step - 1, rate.rate_ml_per_kg_h * Decimal(share), rate.rate_ml_per_h * Decimal(share))


# What is asked in each state, all else allowing it: the state after, the rate in mL/h (None: pump not touched)
# and the minutes until the next step is asked for (None: it is not).
CELLS = {
    ("prepared", "start"): ("running", 30, 30),
    ("prepared", "abandon"): ("abandoned", None, None),
    ("running", "confirm_step"): ("running", 120, 5),
    ("running", "stay"): ("running", None, 20),
    ("running", "lower_rate"): ("running", 30, 30),
    ("running", "pause"): ("paused", 0, None),
    ("running", "stop"): ("stopped", 0, None),
    ("running", "complete"): ("completed", 0, None),
    ("paused", "resume"): ("running", 60, 5),
    ("paused", "stop"): ("stopped", 0, None),
    ("paused", "complete"): ("completed", 0, None),
}
ASKED = (
    "start", "confirm_step", "stay", "lower_rate", "pause", "resume", "stop", "complete", "abandon",
)  # fmt: skip


def asking(name, plan):
    return {
        "start": Start(),
        "confirm_step": confirm(2),
        "stay": Stay(20),
        "lower_rate": LowerRate(SetRate.of(plan.steps[0])),
        "pause": Pause(),
        "resume": Resume(SetRate.of(plan.steps[1]), SetRate.of(plan.steps[1]), open_reaction=False),
        "stop": Stop(),
        "complete": Complete("The bag was smaller."),
        "abandon": Abandon(),
    }[name]


@pytest.mark.parametrize(("state", "name"), list(itertools.product(SessionState, ASKED)))
def test_every_input_in_every_state(stands, plan, state, name):
    cell = CELLS.get((state.value, name))
    if cell is None:
        refusal = refused(stands(state), asking(name, plan))
        assert isinstance(refusal, ConflictError)
        assert (refusal.code, refusal.extra) == (
            "session_transition_refused", {"state": state.value, "command": name},
        )  # fmt: skip
        return
    after, rate, minutes = cell
    decision = decide(stands(state), asking(name, plan), NOW)
    assert decision.state == after
    assert (decision.rate and decision.rate.rate_ml_per_h) == rate
    assert decision.step_due_at == (None if minutes is None else NOW + timedelta(minutes=minutes))


# Starting


def test_it_starts_at_the_bottom_unless_a_higher_step_was_offered(stands, plan):
    prepared = stands("prepared")
    assert decide(prepared, Start(), NOW).rate == SetRate.of(plan.steps[0])
    assert decide(prepared, Start(2, highest_step_index=3), NOW).rate == SetRate.of(plan.steps[2])
    assert decide(prepared, Start(3, highest_step_index=3), NOW).rate == SetRate.of(plan.steps[3])
    assert decide(prepared, Start(0, highest_step_index=3), NOW).rate == SetRate.of(plan.steps[0])


@pytest.mark.parametrize(("step", "highest"), [(1, 0), (4, 3), (-1, 3), (99, 3)])
def test_nobody_starts_above_what_was_offered(stands, step, highest):
    refusal = refused(stands("prepared"), Start(step, highest_step_index=highest))
    assert (refusal.code, refusal.extra) == ("start_step_too_high", {"highest_step_index": highest})
    assert str(refusal) == f"Start at step {highest + 1} or lower."


# Going up


def test_a_shut_gate_holds_the_step(stands):
    assert refused(stands(), confirm(2, gate=SHUT)).code == "step_held"


@pytest.mark.parametrize("step", [2, 3, 4])
def test_steps_may_be_left_out_as_far_as_time_has_passed(stands, plan, step):
    decision = decide(stands(), confirm(step, reachable=4), NOW)
    assert decision.rate == SetRate.of(plan.steps[step])


@pytest.mark.parametrize(
    ("to", "reachable", "highest"), [(3, 2, 2), (4, 3, 3), (1, 4, 4), (0, 4, 4), (3, 1, 2), (-1, 4, 4)]
)
def test_a_step_that_cannot_be_reached_is_clamped(stands, to, reachable, highest):
    refusal = refused(stands(), confirm(to, reachable=reachable))
    assert (refusal.code, refusal.extra) == ("step_not_reachable", {"highest_step_index": highest})
    assert f"step {highest + 1} is the highest now" in str(refusal)


def test_after_the_last_step_there_is_none(stands):
    assert refused(stands(step=4), confirm(5, next_index=5, reachable=4)).code == "no_further_step"
    assert refused(stands(step=4), confirm(5, next_index=5, gate=SHUT)).code == "no_further_step"


def test_on_the_last_step_nothing_more_is_asked_for(stands):
    assert decide(stands(step=3), confirm(4, next_index=4), NOW).step_due_at is None


# Staying


@pytest.mark.parametrize("minutes", [5, 15, 240])
def test_whoever_stays_is_asked_again_when_they_said(stands, minutes):
    decision = decide(stands(), Stay(minutes), NOW)
    assert (decision.state, decision.rate) == (SessionState.RUNNING, None)
    assert decision.step_due_at == NOW + timedelta(minutes=minutes)


# Going down


def test_a_lower_rate_need_not_be_a_step(stands, plan):
    half = below(plan, step=2)
    assert decide(stands(step=2), LowerRate(half), NOW).rate == half


def test_below_the_first_step_it_runs_as_long_as_the_first(stands, plan):
    half = below(plan, step=0)
    decision = decide(stands(step=0), LowerRate(half), NOW)
    assert decision.rate.step_index == -1
    assert decision.step_due_at == NOW + timedelta(minutes=30)


@pytest.mark.parametrize("share", ["1", "1.5", "0", "-1"])
def test_lower_is_lower_and_not_nothing(stands, plan, share):
    assert refused(stands(step=2), LowerRate(below(plan, 2, share))).code == "not_a_lower_rate"


# Pause and resume


def test_a_pause_remembers_the_step(stands):
    assert decide(stands(step=2), Pause(), NOW).rate == SetRate(2, Decimal(0), Decimal(0))


def test_it_goes_on_at_the_highest_rate_or_below(stands, plan):
    highest = below(plan, step=2)
    for to in (highest, SetRate.of(plan.steps[0])):
        assert decide(stands("paused", step=2), Resume(to, highest, open_reaction=False), NOW).rate == to


@pytest.mark.parametrize("share", ["0.501", "1", "0", "-0.1"])
def test_it_never_goes_on_faster_nor_at_nothing(stands, plan, share):
    asked = Resume(below(plan, 2, share), below(plan, 2), open_reaction=False)
    refusal = refused(stands("paused", step=2), asked)
    assert refusal.code == "resume_rate_too_high"
    assert refusal.extra == {"highest_rate_ml_per_h": str(below(plan, 2).rate_ml_per_h)}


def test_it_does_not_go_on_while_a_reaction_is_open(stands, plan):
    lowest = SetRate.of(plan.steps[0])
    assert refused(stands("paused"), Resume(lowest, lowest, open_reaction=True)).code == "reaction_open"


# Ending


@pytest.mark.parametrize(
    ("left_ml", "minutes_left", "refusal"),
    [
        ("0", 60, None),
        ("-3", 60, None),
        ("0.1", 5, None),
        ("200", 5, None),
        ("200", 6, "volume_not_in"),
        ("0.1", None, "volume_not_in"),
    ],
)
@pytest.mark.parametrize("state", ["running", "paused"])
def test_completing_before_the_volume_is_in_needs_a_reason(stands, state, left_ml, minutes_left, refusal):
    finish_at = None if minutes_left is None else NOW + timedelta(minutes=minutes_left)
    session = stands(state, volume_left_ml=Decimal(left_ml), finish_at=finish_at)
    assert decide(session, Complete("Spilt."), NOW).state == "completed"
    for reason in ("", "   "):
        if refusal:
            assert refused(session, Complete(reason)).code == refusal
        else:
            assert decide(session, Complete(reason), NOW).state == "completed"


def test_whatever_was_refused_changed_nothing(stands):
    session = stands("paused")
    before = replace(session)
    refused(session, confirm(2))
    assert session == before


# When the next step is asked for


@pytest.mark.parametrize(("step", "minutes"), [(0, 30), (1, 5), (2, 5), (3, 5), (4, None)])
def test_each_step_lasts_its_shortest_time(plan, step, minutes):
    due = step_due_at(plan, SetRate.of(plan.steps[step]), START)
    assert due == (None if minutes is None else START + timedelta(minutes=minutes))


def test_a_plan_of_one_step_asks_for_none(guidelines):
    plan = plan_of(guidelines, "kiovig", resolution="1")
    alone = replace(plan, steps=plan.steps[:1])
    assert step_due_at(alone, SetRate.of(alone.steps[0]), START) is None
    assert step_due_at(alone, below(plan, 0), START) == START + timedelta(minutes=30)
