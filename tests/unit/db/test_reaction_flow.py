"""A reaction from the tap to the end: what is asked, what is refused, what is kept."""

from datetime import timedelta
from decimal import Decimal

import pytest

from apps.alerts.models import Alert
from apps.infusions import services
from apps.infusions.models import Intervention, RateChange, Reaction
from apps.infusions.selectors import access_session
from apps.infusions.services.reacting import Symptom
from apps.kernel.errors import ConflictError, DomainError, ForbiddenError
from apps.ledger.models import Event
from apps.safety.models import AdverseEvent
from tests.builders import NOW, Door, climb, finish, observe, react, running_session

pytestmark = pytest.mark.django_db


def minutes(count):
    return NOW + timedelta(minutes=count)


class Bedside:
    """One patient at 120 mL/h from minute 35, and what the people around do."""

    def __init__(self, hospital, session_id):
        self.hospital, self.session_id = hospital, session_id

    def now(self):
        return access_session(self.hospital.nurse, self.session_id)

    def tap(self, at, **changes):
        entry = {"symptoms": [], "onset_at": at, "action": "pause", "note": ""} | changes
        return services.record_reaction(
            performer=self.hospital.nurse, session_id=self.session_id, now=at, **entry
        )

    def describe(self, reaction, at, *symptoms, by=None, note=""):
        return services.describe_reaction(
            performer=by or self.hospital.nurse,
            session_id=self.session_id,
            reaction_id=reaction.pk,
            symptoms=[Symptom(*symptom) for symptom in symptoms],
            note=note,
            now=at,
        )

    def give(self, code, at, reaction=None, *, given_at=None, detail=""):
        return services.record_intervention(
            performer=self.hospital.nurse,
            session_id=self.session_id,
            code=code,
            detail=detail,
            given_at=given_at or at,
            reaction_id=reaction.pk if reaction else None,
            now=at,
        )

    def passed(self, reaction, at, *, by=None, note=""):
        return services.resolve_reaction(
            performer=by or self.hospital.nurse,
            session_id=self.session_id,
            reaction_id=reaction.pk,
            note=note,
            now=at,
        )

    def mistaken(self, reaction, at, *, by=None):
        return services.mark_reaction_in_error(
            performer=by or self.hospital.nurse,
            session_id=self.session_id,
            reaction_id=reaction.pk,
            reason="Tapped by mistake",
            now=at,
        )

    def resume(self, at):
        return services.resume_session(
            performer=self.hospital.nurse,
            session_id=self.session_id,
            version=self.now().version,
            step_index=None,
            reason="",
            now=at,
        )

    def go_on_slower(self, reaction, at):
        return services.go_on_slower(
            performer=self.hospital.nurse,
            session_id=self.session_id,
            reaction_id=reaction.pk,
            version=self.now().version,
            now=at,
        )

    def rate(self):
        return RateChange.objects.filter(session_id=self.session_id).last().rate_ml_per_h

    def observe(self, at, **changes):
        return observe(self.hospital, self.session_id, at, **changes)


@pytest.fixture
def bedside(hospital):
    session = running_session(hospital)
    climb(hospital, session.pk, to_step=2)
    return Bedside(hospital, session.pk)


def alerts(**filters):
    return {alert.code: alert for alert in Alert.objects.filter(**filters)}


def open_alerts():
    return {alert.code for alert in Alert.objects.exclude(state="resolved")}


def test_urticaria_from_the_tap_to_half_the_rate(bedside, clock):
    reaction = bedside.tap(minutes(40))
    assert (bedside.now().state, bedside.rate()) == ("paused", 0)
    assert (reaction.term, reaction.described_at) == ("unspecified", None)
    assert reaction.recheck_due_at == minutes(55)
    assert Reaction.objects.get().recheck_due_at == minutes(55)
    assert open_alerts() == {"reaction:unspecified"}

    bedside.describe(reaction, minutes(42), ("urticaria", "moderate"), ("pruritus", "mild"), note="Forearms")
    assert open_alerts() == {"reaction:urticaria"}
    given = bedside.give("antihistamine", minutes(44), reaction, detail="Cetirizine 10 mg by mouth")
    assert (given.given_at, given.detail) == (minutes(44), "Cetirizine 10 mg by mouth")

    clock.fire(minutes(55))
    assert open_alerts() == {"reaction:urticaria", "reaction_recheck", "observation_overdue"} & open_alerts()
    recheck = alerts()["reaction_recheck"]
    assert (recheck.priority, recheck.params["minutes"]) == ("medium", {"number": "15"})
    bedside.observe(minutes(57))
    assert "reaction_recheck" not in open_alerts()
    assert Reaction.objects.get().recheck_due_at == minutes(72)

    with pytest.raises(DomainError) as refused:
        bedside.resume(minutes(60))
    assert refused.value.code == "reaction_open"
    bedside.passed(reaction, minutes(66), note="Skin is clear")
    clock.fire(minutes(72))
    assert "reaction_recheck" not in open_alerts()
    bedside.resume(minutes(73))
    assert (bedside.now().state, bedside.rate()) == ("running", 60)


def test_anaphylaxis_adrenaline_a_second_look_and_a_physician(bedside, clock, hospital):
    reaction = bedside.tap(minutes(40))
    bedside.describe(reaction, minutes(41), ("anaphylaxis", "severe"))
    assert alerts()["reaction:anaphylaxis"].priority == "high"
    assert Reaction.objects.get().recheck_due_at == minutes(45)
    bedside.give("call_emergency_team", minutes(41), reaction)
    bedside.give("adrenaline_im", minutes(42), reaction, detail="0.5 mg")

    clock.fire(minutes(46))
    assert "intervention_repeat" not in open_alerts()
    clock.fire(minutes(47))
    second_look = alerts()["intervention_repeat"]
    assert (second_look.priority, second_look.params["minutes"]) == ("high", {"number": "5"})
    assert second_look.params["what"]["nb"] == "Adrenalin intramuskulært" and second_look.source
    bedside.give("adrenaline_im", minutes(48), reaction, detail="0.5 mg")
    assert "intervention_repeat" not in open_alerts()
    bedside.observe(minutes(49))
    assert Reaction.objects.get().recheck_due_at == minutes(54)

    for attempt in (bedside.passed, bedside.mistaken):
        with pytest.raises(ForbiddenError) as refused:
            attempt(reaction, minutes(50))
        assert refused.value.code == "physician_needed"
    with pytest.raises(ForbiddenError):
        bedside.describe(reaction, minutes(50), ("flushing", "mild"))
    assert bedside.now().state == "paused"

    bedside.passed(reaction, minutes(52), by=hospital.physician)
    clock.fire(minutes(60))  # the second dose asks for nothing any more
    assert not {"intervention_repeat", "reaction_recheck", "reaction:anaphylaxis"} & open_alerts()
    bedside.resume(minutes(61))
    assert bedside.rate() == 60


def test_a_dose_entered_by_mistake_calls_for_the_second_look_again(bedside, clock, hospital):
    reaction = bedside.tap(minutes(40))
    bedside.give("adrenaline_im", minutes(40), reaction)
    clock.fire(minutes(45))
    wrong = bedside.give("adrenaline_im", minutes(46), reaction)
    assert "intervention_repeat" not in open_alerts()
    services.mark_intervention_in_error(
        performer=hospital.nurse,
        session_id=bedside.session_id,
        intervention_id=wrong.pk,
        reason="Not given",
        now=minutes(47),
    )
    assert "intervention_repeat" in open_alerts()
    assert Intervention.objects.get(pk=wrong.pk).status_reason == "Not given"


def test_a_mistaken_tap_leaves_nothing_open_and_the_old_rate(bedside, clock, hospital):
    reaction = bedside.tap(minutes(40))
    bedside.mistaken(reaction, minutes(41))
    assert open_alerts() == set()
    assert Reaction.objects.get().status == "entered_in_error"
    event = AdverseEvent.objects.get()
    assert (event.status, event.details["entered_in_error"]) == ("entered_in_error", "Tapped by mistake")
    assert Door(hospital.physician).get("adverse-events/").json() == []
    clock.fire(minutes(56))
    assert "reaction_recheck" not in open_alerts()
    bedside.resume(minutes(57))
    assert (bedside.now().state, bedside.rate()) == ("running", 120)
    assert not Reaction.objects.filter(resolved_at__isnull=False).exists()


def test_a_second_tap_joins_the_first(bedside):
    first = bedside.tap(minutes(40))
    assert bedside.tap(minutes(41)).pk == first.pk
    assert Reaction.objects.count() == AdverseEvent.objects.count() == 1
    bedside.describe(first, minutes(42), ("chills", "mild"))
    assert bedside.tap(minutes(43)).pk != first.pk


def test_mild_chills_go_on_at_half_the_rate_once_vital_signs_are_there(bedside, clock):
    reaction = bedside.tap(minutes(40))

    def refused(at):
        with pytest.raises(DomainError) as refusal:
            bedside.go_on_slower(reaction, at)
        return refusal.value.code

    assert refused(minutes(41)) == "reaction_not_described"
    bedside.describe(reaction, minutes(42), ("chills", "mild"))
    assert refused(minutes(43)) == "vitals_needed"
    bedside.observe(minutes(44))
    bedside.go_on_slower(reaction, minutes(45))
    assert (bedside.now().state, bedside.rate()) == ("running", 60)
    assert Reaction.objects.get().resolved_at is None
    clock.fire(minutes(59))
    assert "reaction_recheck" in open_alerts()


def test_urticaria_does_not_go_on_more_slowly(bedside):
    reaction = bedside.tap(minutes(40))
    bedside.describe(reaction, minutes(41), ("urticaria", "mild"))
    bedside.observe(minutes(42))
    with pytest.raises(DomainError) as refused:
        bedside.go_on_slower(reaction, minutes(43))
    assert refused.value.code == "reaction_needs_pause"


def test_the_symptom_that_calls_for_most_leads(bedside):
    reaction = bedside.tap(minutes(40))
    bedside.describe(reaction, minutes(41), ("headache", "moderate"), ("throat_tightness", "mild"))
    seen = Reaction.objects.get()
    assert (seen.term, seen.severity) == ("throat_tightness", "mild")
    assert alerts()["reaction:throat_tightness"].priority == "high"
    assert seen.recheck_due_at == minutes(45)  # as for a severe one


def test_it_must_be_described_before_it_can_pass_and_is_closed_after(bedside):
    reaction = bedside.tap(minutes(40))
    with pytest.raises(DomainError) as refused:
        bedside.passed(reaction, minutes(41))
    assert refused.value.code == "reaction_not_described"
    with pytest.raises(DomainError) as refused:
        bedside.describe(reaction, minutes(41))
    assert refused.value.code == "symptoms_needed"
    bedside.describe(reaction, minutes(42), ("chills", "mild"))
    bedside.passed(reaction, minutes(44))
    with pytest.raises(ConflictError) as closed:
        bedside.describe(reaction, minutes(45), ("fever", "mild"))
    assert closed.value.code == "reaction_passed"


def test_in_the_watch_after_the_end_rechecks_hold_the_watch_open(hospital, clock):
    session = running_session(hospital)
    ended = finish(hospital, session.pk)
    bedside = Bedside(hospital, session.pk)
    at = lambda count: ended + timedelta(minutes=count)  # noqa: E731
    reaction = bedside.tap(at(10))
    assert bedside.now().state == "completed"
    bedside.describe(reaction, at(11), ("fever", "mild"))
    clock.fire(at(25))
    assert "reaction_recheck" in open_alerts()
    while bedside.now().observation_due_at is not None:
        bedside.observe(bedside.now().observation_due_at)
    last = bedside.now()
    assert last.watched_until is None, "an open reaction keeps the patient on the board"
    assert "observation_overdue" not in open_alerts()
    bedside.passed(reaction, at(120))
    assert bedside.now().watched_until == at(120)
    event = AdverseEvent.objects.get()
    assert (event.rate_ml_per_h, event.infusion_ended_at) == (None, ended)


def test_a_tap_that_comes_late_pauses_when_it_was_tapped(bedside):
    bedside.tap(minutes(50), onset_at=minutes(40), effective_at=minutes(40))
    halted = RateChange.objects.filter(session_id=bedside.session_id).last()
    assert (halted.started_at, halted.recorded_at, halted.rate_ml_per_h) == (minutes(40), minutes(50), 0)


def test_it_never_reaches_back_before_the_newest_change_of_the_rate(bedside):
    bedside.tap(minutes(50), onset_at=minutes(20), effective_at=minutes(20))
    halted = RateChange.objects.filter(session_id=bedside.session_id).last()
    assert (halted.started_at, halted.rate_ml_per_h) == (minutes(35), 0)
    assert bedside.now().state == "paused"


class TestTheAdverseEvent:
    def test_follows_what_is_learned_until_it_is_reviewed(self, bedside, hospital):
        bedside.observe(minutes(38), pulse_per_min=88)
        reaction = bedside.tap(minutes(40))
        opened = AdverseEvent.objects.get()
        assert (opened.term, opened.step_index, opened.rate_ml_per_h) == ("unspecified", 2, 120)
        assert opened.details["vitals_before"]["pulse_per_min"] == "88"
        assert opened.details["vitals_after"] is None
        assert opened.details["baseline"]["pulse_per_min"] == "72"

        bedside.describe(reaction, minutes(41), ("urticaria", "moderate"), ("pruritus", "mild"), note="Arms")
        bedside.give("antihistamine", minutes(42), reaction, detail="Cetirizine 10 mg")
        bedside.observe(minutes(43), systolic_mmhg=110)
        event = AdverseEvent.objects.get()
        assert (event.term, event.severity, event.note) == ("urticaria", "moderate", "Arms")
        assert [symptom["term"] for symptom in event.details["symptoms"]] == ["urticaria", "pruritus"]
        [given] = event.details["interventions"]
        assert (given["code"], given["detail"]) == ("antihistamine", "Cetirizine 10 mg")
        assert event.details["vitals_after"]["systolic_mmhg"] == "110"
        assert event.volume_given_ml == Decimal(30)  # 20 mL by minute 35, five minutes at 120 mL/h

        shown = Door(hospital.physician).get(f"adverse-events/{event.pk}/").json()
        assert [symptom["name"] for symptom in shown["symptoms"]] == ["Urticaria", "Itching"]
        assert shown["interventions"][0]["name"] == "Antihistamine"
        assert shown["vitals_after"]["systolic_mmhg"] == "110"


class TestOverTheApi:
    @pytest.fixture
    def door(self, hospital, bedside, clock):
        clock.set(minutes(40))
        return Door(hospital.nurse)

    def path(self, bedside, rest=""):
        return f"sessions/{bedside.session_id}/{rest}"

    def test_one_empty_post_is_enough_and_everything_else_follows(self, bedside, door):
        shown = door.post(self.path(bedside, "reactions/"), {}).json()
        [tapped] = shown["reactions"]
        assert (shown["state"], tapped["action"], tapped["described_at"]) == ("paused", "pause", None)
        assert tapped["guidance"]["code"] == "interrupting_reaction"
        assert (tapped["may_resolve"], tapped["may_go_on_slower"]) == (False, False)
        assert tapped["why_not_slower"] == "Say first what you see."
        assert tapped["adrenaline"] == []

        entry = {"symptoms": [{"term": "anaphylaxis", "severity": "severe"}]}
        shown = door.post(self.path(bedside, f"reactions/{tapped['id']}/describe/"), entry).json()
        [described] = shown["reactions"]
        assert (described["needs_physician"], described["may_resolve"]) == (True, False)
        assert [one["dose_mg"] for one in described["adrenaline"]] == ["0.5", "0.5"]
        assert described["adrenaline"][0]["volume_ml"] == "0.5" and described["adrenaline"][0]["source"]

        given = {"code": "adrenaline_im", "detail": "0.5 mg", "reaction_id": tapped["id"]}
        shown = door.post(self.path(bedside, "interventions/"), given).json()
        [intervention] = shown["reactions"][0]["interventions"]
        assert (intervention["name"], intervention["detail"]) == ("Adrenaline into the muscle", "0.5 mg")
        assert intervention["repeat_due_at"] == "2026-03-02T08:45:00Z"

        undone = self.path(bedside, f"interventions/{intervention['id']}/entered-in-error/")
        shown = door.post(undone, {"reason": "Not given"}).json()
        assert shown["reactions"][0]["interventions"] == []

    def test_only_a_physician_sees_that_they_may_say_it_has_passed(self, bedside, hospital, door):
        react(
            hospital, bedside.session_id, minutes(40), term="anaphylaxis", severity="severe", action="pause"
        )
        for person, may in ((hospital.nurse, False), (hospital.physician, True)):
            [reaction] = Door(person).get(self.path(bedside)).json()["reactions"]
            assert reaction["may_resolve"] is may

    def test_possible_anaphylaxis_by_the_rules_shows_the_references_too(self, bedside, hospital, door):
        react(hospital, bedside.session_id, minutes(40), term="wheezing", severity="moderate", action="pause")
        [reaction] = door.get(self.path(bedside)).json()["reactions"]
        assert "anaphylaxis" in open_alerts()
        assert reaction["adrenaline"]

    def test_what_cannot_be_is_refused_in_words(self, bedside, door):
        for entry, code in (
            ({"code": "tea"}, "guideline_unknown_code"),
            ({"code": "other"}, "detail_needed"),
            ({"code": "oxygen", "given_at": "2026-03-02T07:59:00Z"}, "given_before_infusion"),
            ({"code": "oxygen", "reaction_id": 999_999}, "not_found"),
        ):
            assert door.post(self.path(bedside, "interventions/"), entry).json()["code"] == code
        assert not Intervention.objects.exists()

    def test_the_timeline_tells_the_story(self, bedside, hospital, door):
        reaction = bedside.tap(minutes(40))
        bedside.describe(reaction, minutes(41), ("chills", "mild"))
        bedside.give("paracetamol", minutes(42), reaction, detail="1 g by mouth")
        told = [entry["text"] for entry in door.get(self.path(bedside)).json()["timeline"]]
        assert told[:2] == ["Paracetamol. 1 g by mouth", "Reaction described: Chills."]
        assert Event.objects.filter(name="infusion.intervention.recorded").count() == 1
