"""Other bedside rules over past infusions: what they would have said more, and what less. Nothing is written."""

import json
from datetime import timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from apps.guidelines.models import GuidelineRelease, SiteDocument
from apps.guidelines.selectors import current_version
from apps.infusions.models import InfusionSession, Observation, Reaction
from apps.ledger.models import Event
from tests.builders import NOW, QUIET, admit_patient

pytestmark = pytest.mark.django_db

CITE = {"keys": ["OURS"], "section": "", "quote": ""}
LATER_FALL = {
    "code": "systolic_fall_20_mmhg",
    "group": "hypotension",
    "sign": "systolic_mmhg",
    "test": "fall_by",
    "threshold": "25",
    "priority": "medium",
    "cite": CITE,
}
EARLIER_PULSE = {
    "code": "pulse_100_or_more",
    "group": "tachycardia",
    "sign": "pulse_per_min",
    "test": "at_least",
    "threshold": "100",
    "priority": "medium",
    "cite": CITE,
}
CANDIDATE = {
    "code": "site_our_rules",
    "title": "Our rules",
    "language": "en",
    "sources": {"OURS": {"title": "Our policy", "read": "whole"}},
    "observation_rules": [LATER_FALL, EARLIER_PULSE],
}


@pytest.fixture
def candidate(tmp_path):
    """Writes a candidate document; returns its path."""

    def write(document=CANDIDATE):
        path = tmp_path / "candidate.yaml"
        path.write_text(json.dumps(document, default=str), encoding="utf-8")  # JSON is YAML
        return path

    return write


@pytest.fixture
def past(hospital):
    """past(days_ago=3): an infusion that ended; returns the session, with its baseline of 124 mmHg."""

    def give(staff=hospital, *, days_ago=0):
        started_at = NOW - timedelta(days=days_ago)
        session = InfusionSession.objects.create(
            patient=admit_patient(staff),
            ward=staff.ward,
            course_id=1,
            day_number=InfusionSession.objects.count() + 1,
            days=5,
            guideline_version=current_version(),
            product_code="kiovig",
            rate_table_code="nel_100mg_per_ml",
            concentration_mg_per_ml=100,
            weight_kg=60,
            volume_total_ml=240,
            state="completed",
            started_at=started_at,
            ended_at=started_at + timedelta(hours=2),
        )
        observe(staff, session, -2, is_baseline=True)
        return session

    return give


def observe(hospital, session, minute, *, is_baseline=False, status="final", **changes):
    at = session.started_at + timedelta(minutes=minute)
    return Observation.objects.create(
        session=session,
        is_baseline=is_baseline,
        effective_at=at,
        recorded_at=at,
        performer=hospital.nurse,
        status=status,
        **(QUIET | changes),
    )


def react(hospital, session, minute, term, symptoms=()):
    at = session.started_at + timedelta(minutes=minute)
    return Reaction.objects.create(
        session=session,
        term=term,
        severity="moderate",
        symptoms=[{"term": one, "severity": "moderate"} for one in symptoms],
        onset_at=at,
        recorded_at=at,
        action="stop",
        performer=hospital.nurse,
    )


def replay(path, *options):
    out = StringIO()
    call_command("replay_rules", str(path), *options, stdout=out)
    return out.getvalue()


def replay_json(path, *options):
    return json.loads(replay(path, "--json", *options))


def rules(found):
    return [one["rule"] for one in found]


def test_it_lists_what_both_say_what_is_new_and_what_is_missed(hospital, past, candidate):
    session = past()
    observe(hospital, session, 10, systolic_mmhg=103)
    observe(hospital, session, 20, systolic_mmhg=98)
    observe(hospital, session, 30, pulse_per_min=105)
    (shown,) = replay_json(candidate())["sessions"]
    assert (shown["session"], shown["ward"]) == (session.pk, hospital.ward.name)
    assert rules(shown["missed"]) == ["systolic_fall_20_mmhg"]
    assert rules(shown["both"]) == ["systolic_fall_20_mmhg"]
    assert rules(shown["extra"]) == ["pulse_100_or_more"]
    (missed,), (extra,) = shown["missed"], shown["extra"]
    assert missed["at"] == (NOW + timedelta(minutes=10)).isoformat()
    assert missed["text"] == ("Systolic blood pressure 103 mmHg, fallen by 21 mmHg from baseline 124 mmHg.")
    assert (extra["priority"], extra["group"]) == ("medium", "tachycardia")
    assert extra["text"] == "Pulse 105/min, 100/min or more."


def test_a_rule_that_became_less_urgent_is_told_apart(hospital, past, candidate):
    session = past()
    observe(hospital, session, 10, pulse_per_min=135)
    milder = EARLIER_PULSE | {"code": "pulse_131_or_more", "threshold": "131"}
    (shown,) = replay_json(candidate(CANDIDATE | {"observation_rules": [milder]}))["sessions"]
    assert [(one["rule"], one["priority"]) for one in shown["missed"]] == [("pulse_131_or_more", "high")]
    assert [one["priority"] for one in shown["extra"]] == ["medium"]


def test_symptoms_count_as_they_were_seen_each_of_a_reaction(hospital, past, candidate):
    session = past()
    react(hospital, session, 12, "urticaria", symptoms=["urticaria", "dyspnoea"])
    react(hospital, session, 40, "wheezing")
    (shown,) = replay_json(candidate())["sessions"]
    assert [(one["rule"], one["at"]) for one in shown["both"]] == [
        ("possible_anaphylaxis_skin", (NOW + timedelta(minutes=minute)).isoformat()) for minute in (12, 40)
    ]
    assert "Urticaria together with Shortness of breath" in shown["both"][0]["text"]


def test_what_was_entered_in_error_is_left_out(hospital, past, candidate):
    session = past()
    observe(hospital, session, 10, status="entered_in_error", systolic_mmhg=60)
    assert replay_json(candidate())["totals"] == {"sessions": 1, "both": 0, "extra": 0, "missed": 0}


def test_totals_add_up_over_the_sessions_asked_for(hospital, elsewhere, past, candidate):
    here, there = past(days_ago=3), past(elsewhere, days_ago=1)
    for staff, session in ((hospital, here), (elsewhere, there)):
        observe(staff, session, 10, systolic_mmhg=103)
    path = candidate()
    both = replay_json(path)
    assert [shown["session"] for shown in both["sessions"]] == [here.pk, there.pk]
    assert both["totals"] == {"sessions": 2, "both": 0, "extra": 0, "missed": 2}
    for options in (
        ("--ward", elsewhere.ward.name),
        ("--session", str(there.pk)),
        ("--since", (NOW - timedelta(days=2)).date().isoformat()),
    ):
        assert [shown["session"] for shown in replay_json(path, *options)["sessions"]] == [there.pk]


def test_a_score_is_counted_on_a_complete_set(hospital, past, candidate):
    session = past()
    ill = {"respiratory_rate_per_min": 22, "pulse_per_min": 112, "temperature_c": Decimal("38.2")}
    observe(hospital, session, 10, **ill, oxygen_l_per_min=None, consciousness=None)
    observe(hospital, session, 20, **ill, oxygen_l_per_min=Decimal(0), consciousness="alert")
    without = CANDIDATE | {"observation_rules": [EARLIER_PULSE]}
    (shown,) = replay_json(candidate(without))["sessions"]
    scored = [one for one in shown["both"] if one["group"] == "news2"]
    assert [(one["rule"], one["at"]) for one in scored] == [
        ("news2_5_or_more", (NOW + timedelta(minutes=20)).isoformat())
    ]


def test_for_people_each_session_in_the_ward_s_time(hospital, past, candidate):
    session = past()
    observe(hospital, session, 10, systolic_mmhg=103)
    lines = replay(candidate()).splitlines()
    assert lines == [
        f"Session {session.pk}, Neurology: 0 by both, 0 only new, 1 only present",
        "  - 2026-03-02 09:10 medium systolic_fall_20_mmhg: Systolic blood pressure 103 mmHg,"
        " fallen by 21 mmHg from baseline 124 mmHg.",
        "1 sessions: 0 by both, 0 only new, 1 only present",
    ]


def test_it_writes_nothing(hospital, past, candidate):
    observe(hospital, past(), 10, systolic_mmhg=103)
    before = [model.objects.count() for model in (Event, GuidelineRelease, SiteDocument, Observation)]
    version = current_version()
    replay(candidate())
    assert [model.objects.count() for model in (Event, GuidelineRelease, SiteDocument, Observation)] == before
    assert current_version() == version


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (CANDIDATE | {"code": "our_rules"}, "must begin with"),
        (CANDIDATE | {"products": []}, "cannot hold"),
        (CANDIDATE | {"observation_rules": [LATER_FALL | {"test": "feels_low"}]}, "feels_low"),
        (CANDIDATE | {"observation_rules": [LATER_FALL | {"sign": "mood"}]}, "mood"),
    ],
)
def test_a_candidate_that_cannot_be_used_is_refused(release, candidate, document, words):
    with pytest.raises(CommandError, match=words):
        replay(candidate(document))


def test_a_file_that_is_not_there_is_named(release, tmp_path):
    with pytest.raises(CommandError, match=r"nowhere\.yaml"):
        replay(tmp_path / "nowhere.yaml")
