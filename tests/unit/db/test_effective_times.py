"""Done at the bedside before it could be typed: it counts from when it was done, unless something came between."""

from datetime import timedelta
from decimal import Decimal

import pytest

from apps.infusions import services
from apps.infusions.domain import to_tenth_ml
from apps.infusions.models import RateChange, Reaction
from apps.infusions.rows import given_ml
from apps.infusions.selectors import access_session
from apps.kernel.errors import ConflictError
from apps.ledger.models import Event
from apps.safety.models import AdverseEvent
from tests.builders import NOW, Door, climb, react, running_session

pytestmark = pytest.mark.django_db


def minutes(count):
    return NOW + timedelta(minutes=count)


@pytest.fixture
def session(hospital):
    """120 mL/h from minute 35, when 20 mL were in."""
    session = running_session(hospital)
    climb(hospital, session.pk, to_step=2)
    return session


@pytest.fixture
def now(hospital, session):
    return lambda: access_session(hospital.nurse, session.pk)


def acts(hospital, session):
    who = {"performer": hospital.nurse, "session_id": session.pk, "reason": "no network"}
    return {
        "pause": lambda at, done: services.pause_session(**who, now=minutes(at), effective_at=minutes(done)),
        "stop": lambda at, done: services.stop_session(**who, now=minutes(at), effective_at=minutes(done)),
        "lower": lambda at, done: services.lower_rate(
            **who, step_index=0, now=minutes(at), effective_at=minutes(done)
        ),
    }


@pytest.mark.parametrize(
    ("act", "state", "rate", "given"),
    [("pause", "paused", 0, "26"), ("stop", "stopped", 0, "26"), ("lower", "running", 30, "31")],
)
def test_it_counts_from_when_it_was_done(hospital, session, now, act, state, rate, given):
    acts(hospital, session)[act](48, 38)
    change = RateChange.objects.last()
    assert (change.rate_ml_per_h, change.started_at, change.recorded_at) == (rate, minutes(38), minutes(48))
    assert now().state == state
    assert to_tenth_ml(given_ml(now(), minutes(48))) == Decimal(given), "26 mL by minute 38"
    event = Event.objects.filter(subject=f"session:{session.pk}").latest("position")
    assert (event.occurred_at, event.recorded_at) == (minutes(38), minutes(48))


def test_a_lower_rate_asks_for_the_next_step_from_when_it_was_set(hospital, session, clock, now):
    lowered = acts(hospital, session)["lower"](75, 38)
    assert lowered.step_due_at == minutes(68)
    clock.fire(minutes(75))
    assert "step" in now().asked, "due already: asked for at once"


def test_a_stop_ended_the_infusion_when_it_was_done(hospital, session, now):
    acts(hospital, session)["stop"](48, 38)
    assert (now().ended_at, now().observation_due_at) == (minutes(38), minutes(58))
    assert now().asked == [], "the set of minute 35 stands for the one at the end"
    payload = Event.objects.get(name="infusion.session.stopped").payload
    assert (payload["volume_given_ml"], payload["difference_ml"]) == ("26.0", "-224.0")


@pytest.mark.parametrize("act", ["pause", "stop", "lower"])
@pytest.mark.parametrize("done", [34.9, 0, -5])
def test_not_from_before_the_rate_that_runs(hospital, session, now, act, done):
    with pytest.raises(ConflictError) as refused:
        acts(hospital, session)[act](48, done)
    assert refused.value.code == "changed_meanwhile"
    assert refused.value.extra == {"version": now().version, "state": "running"}
    assert str(refused.value).startswith("The rate was set to 120")
    assert RateChange.objects.last().rate_ml_per_h == 120


def test_two_tablets_without_network_pause_once(hospital, session, now):
    """One nurse paused at 38, another resumed at 45: a pause from 40 that arrives at 48 is not what the pump does."""
    acts(hospital, session)["pause"](38, 38)
    services.resume_session(
        performer=hospital.second_nurse,
        session_id=session.pk,
        version=now().version,
        step_index=None,
        reason="",
        now=minutes(45),
    )
    with pytest.raises(ConflictError) as refused:
        acts(hospital, session)["pause"](48, 40)
    assert refused.value.code == "changed_meanwhile"
    assert now().state == "running"
    acts(hospital, session)["pause"](48, 46)
    assert now().state == "paused"


def test_what_makes_it_safer_needs_no_version_and_what_is_done_already_is_said(hospital, session, now):
    acts(hospital, session)["pause"](40, 39)
    with pytest.raises(ConflictError) as refused:
        acts(hospital, session)["pause"](48, 41)
    assert refused.value.code == "session_transition_refused"
    acts(hospital, session)["stop"](49, 42)
    assert (now().state, now().ended_at) == ("stopped", minutes(42))


def test_a_reaction_seen_before_it_was_typed_is_put_down_to_what_ran_then(hospital, session, now):
    react(hospital, session.pk, minutes(48), onset_at=minutes(33), action="pause")
    row, event = Reaction.objects.get(), AdverseEvent.objects.get()
    assert (row.onset_at, row.recorded_at) == (minutes(33), minutes(48))
    assert (event.rate_ml_per_h, event.step_index, event.volume_given_ml) == (60, 1, 18)
    assert (now().state, RateChange.objects.last().started_at) == ("paused", minutes(48))


def test_a_reaction_at_the_very_pause_is_put_down_to_the_rate_before(hospital, session):
    acts(hospital, session)["pause"](40, 40)
    react(hospital, session.pk, minutes(41), onset_at=minutes(40))
    react(hospital, session.pk, minutes(42), onset_at=minutes(40.5), term="nausea")
    rates = dict(AdverseEvent.objects.values_list("term", "rate_ml_per_h"))
    assert rates == {"headache": 120, "nausea": None}


def test_a_step_and_a_resume_are_never_from_before(hospital, session, now, clock):
    """Faster is only ever now: what asks for it carries no time."""
    clock.set(minutes(40))
    for path in ("confirm-step", "resume"):
        entry = {"version": now().version, "effective_at": minutes(36).isoformat()}
        Door(hospital.nurse).post(f"sessions/{session.pk}/{path}/", entry)
    assert not RateChange.objects.filter(started_at__gt=minutes(35), started_at__lt=minutes(40)).exists()


@pytest.mark.parametrize("path", ["pause", "stop", "lower-rate"])
@pytest.mark.parametrize("minute", [100, -1500])
def test_a_time_to_come_or_of_the_day_before_is_a_slip(hospital, session, clock, now, path, minute):
    clock.set(minutes(40))
    entry = {"step_index": 0, "effective_at": minutes(minute).isoformat()}
    answer = Door(hospital.nurse).post(f"sessions/{session.pk}/{path}/", entry)
    assert (answer.status_code, set(answer.json()["extra"]["fields"])) == (400, {"effective_at"})
    assert now().state == "running"


def test_over_the_api_a_pause_from_before_is_a_pause_from_before(hospital, session, clock):
    clock.set(minutes(48))
    shown = (
        Door(hospital.nurse)
        .post(f"sessions/{session.pk}/pause/", {"effective_at": minutes(38).isoformat(), "reason": "line"})
        .json()
    )
    assert (shown["state"], shown["volume_given_ml"]) == ("paused", "26")
    answer = Door(hospital.nurse).post(
        f"sessions/{session.pk}/stop/", {"effective_at": minutes(36).isoformat()}
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "changed_meanwhile")
