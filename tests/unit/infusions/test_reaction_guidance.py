"""What to do for a reaction: every term at every grade has its steps, and the sources' strictest word stands."""

import pytest

from apps.guidelines.domain import parse_guidelines
from apps.infusions.domain import guidance_for, leading_index, propose_action, refuse_going_on_slower
from apps.kernel.errors import DomainError

GRADES = ("mild", "moderate", "severe")


def propose(guidelines, term, severity):
    return propose_action(
        term=guidelines.reaction_term(term), severity=severity, grades=guidelines.grade_actions
    )


def guidance(guidelines, term, severity):
    return guidance_for(
        term=term,
        organ_groups=guidelines.reaction_term(term).organ_groups,
        action=propose(guidelines, term, severity).action,
        guidance=guidelines.reaction_guidance,
    )


@pytest.mark.parametrize(
    ("term", "severity", "code"),
    [
        ("fever", "mild", "flu_like"),
        ("headache", "mild", "flu_like"),
        ("nausea", "mild", "mild_reaction"),
        ("pruritus", "mild", "mild_skin"),
        ("urticaria", "mild", "urticaria"),
        ("urticaria", "severe", "anaphylaxis"),
        ("rash", "moderate", "urticaria"),
        ("hypotension", "moderate", "hypotension"),
        ("tachycardia", "moderate", "hypotension"),
        ("dyspnoea", "mild", "breathing"),
        ("wheezing", "severe", "anaphylaxis"),
        ("dark_urine", "moderate", "haemolysis"),
        ("vomiting", "moderate", "interrupting_reaction"),
        ("unspecified", "moderate", "interrupting_reaction"),
        ("anaphylaxis", "mild", "anaphylaxis"),
        ("throat_tightness", "moderate", "anaphylaxis"),
        ("seizure", "severe", "severe_reaction"),
        ("chills", "severe", "severe_reaction"),
    ],
)
def test_the_guidance_for_what_is_seen(guidelines, term, severity, code):
    assert guidance(guidelines, term, severity).code == code


def test_every_term_at_every_grade_has_steps_with_sources_in_three_languages(guidelines):
    for term in guidelines.reaction_terms:
        for severity in GRADES:
            found = guidance(guidelines, term.code, severity)
            assert found.action == propose(guidelines, term.code, severity).action
            for step in found.steps:
                assert step.citation.label
                assert all(step.text.in_language(code) for code in ("en", "nb", "fa"))
            assert any(step.measure for step in found.steps), "vital signs are always asked for"


def test_the_page_s_words_for_flu_like_symptoms_and_urticaria(guidelines):
    flu = guidance(guidelines, "chills", "mild").steps[0]
    assert (flu.code, flu.citation.quote) == ("slow", "redusere infusjonshastigheten")
    hives = guidance(guidelines, "urticaria", "moderate")
    assert hives.steps[0].code == "stop"
    assert "Kan starte igjen forsiktig ved bedring" in hives.restart.citation.quote


def test_in_anaphylaxis_help_is_called_and_adrenaline_comes_before_antihistamines(guidelines):
    done = [step.intervention for step in guidance(guidelines, "anaphylaxis", "severe").steps]
    assert done.index("call_emergency_team") < done.index("adrenaline_im") < done.index("antihistamine")
    assert guidelines.intervention("adrenaline_im").repeat_after_minutes == 5
    assert guidelines.intervention("oxygen").repeat_after_minutes is None


@pytest.mark.parametrize(("severity", "minutes"), [("mild", 15), ("moderate", 15), ("severe", 5)])
def test_how_soon_vital_signs_are_asked_for_again(guidelines, severity, minutes):
    [grade] = [grade for grade in guidelines.grade_actions if grade.severity == severity]
    assert grade.recheck_minutes == minutes


def test_the_symptom_that_calls_for_most_speaks_for_all(guidelines):
    seen = [("headache", "moderate"), ("throat_tightness", "mild"), ("anaphylaxis", "mild")]
    proposals = [propose(guidelines, term, severity) for term, severity in seen]
    assert leading_index(proposals, [severity for _, severity in seen]) == 1  # the first of the strongest


class TestGoingOnMoreSlowly:
    def refused(self, guidelines, *seen, **changes):
        situation = {"described": True, "measured_since": True, "alert_waits": False} | changes
        proposals = [propose(guidelines, term, severity) for term, severity in seen]
        try:
            refuse_going_on_slower(proposals=proposals, **situation)
        except DomainError as refusal:
            return refusal.code
        return None

    def test_mild_flu_like_symptoms_with_vital_signs_measured(self, guidelines):
        assert self.refused(guidelines, ("chills", "mild"), ("headache", "mild")) is None

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"described": False}, "reaction_not_described"),
            ({"measured_since": False}, "vitals_needed"),
            ({"alert_waits": True}, "alert_untaken"),
        ],
    )
    def test_nothing_goes_on_unseen(self, guidelines, changes, code):
        assert self.refused(guidelines, ("chills", "mild"), **changes) == code

    @pytest.mark.parametrize("seen", [("urticaria", "mild"), ("chills", "moderate"), ("anaphylaxis", "mild")])
    def test_one_reaction_that_calls_for_a_stop_is_enough(self, guidelines, seen):
        assert self.refused(guidelines, ("chills", "mild"), seen) == "reaction_needs_pause"


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (lambda data: data["reaction_guidance"][0].update(terms=["sneezing"]), "flu_like.terms"),
        (lambda data: data["reaction_guidance"][0]["steps"][1].update(intervention="tea"), "analgesic"),
        (lambda data: data["reaction_guidance"][0]["steps"][3].update(measure=["mood"]), "vitals.measure"),
        (lambda data: data["reaction_guidance"][2].update(terms=["nausea"]), "needs exactly one general"),
        (lambda data: data["adrenaline_rules"][0].update(dose_mg="0.5"), "a dose per kg"),
        (lambda data: data["adrenaline_rules"][5].update(up_to_mg="0.05"), "above the dose"),
        (lambda data: data["interventions"][2].update(repeat_after_minutes=0), "at least a minute"),
    ],
)
def test_guidance_that_could_mislead_is_refused(documents, change, where):
    import copy

    changed = copy.deepcopy(dict(documents))
    change(changed["reaction_guidance"])
    with pytest.raises(DomainError) as refusal:
        parse_guidelines(changed)
    assert where in str(refusal.value)


def test_a_release_from_before_there_was_guidance_can_still_be_read(documents):
    old = {name: document for name, document in documents.items() if name != "reaction_guidance"}
    guidelines = parse_guidelines(old)
    assert guidelines.reaction_guidance == guidelines.interventions == guidelines.adrenaline_rules == ()
