import pytest

from apps.infusions.domain import propose_action
from apps.kernel.errors import DomainError

TERMS_OF_THE_SOURCES = {
    "headache", "chills", "fever", "nausea", "vomiting", "flushing", "hypotension", "hypertension",
    "tachycardia", "dyspnoea", "chest_pressure", "wheezing", "back_pain", "myalgia", "urticaria", "rash",
    "anaphylaxis", "restlessness", "abdominal_cramps", "fatigue", "pruritus", "angioedema", "throat_tightness",
    "syncope", "seizure", "collapse", "dark_urine", "unspecified",
}  # fmt: skip


def propose(guidelines, term, severity):
    return propose_action(
        term=guidelines.reaction_term(term), severity=severity, grades=guidelines.grade_actions
    )


def test_every_term_of_the_sources_is_there_in_three_languages(guidelines):
    assert {term.code for term in guidelines.reaction_terms} == TERMS_OF_THE_SOURCES
    assert all(
        term.name.in_language(code) for term in guidelines.reaction_terms for code in ("en", "nb", "fa")
    )


@pytest.mark.parametrize(
    ("term", "severity", "action"),
    [
        ("chills", "mild", "slow"),
        ("chills", "moderate", "stop"),
        ("chills", "severe", "stop_emergency"),
        ("urticaria", "mild", "stop"),
        ("hypotension", "mild", "stop"),
        ("dyspnoea", "mild", "stop"),
        ("anaphylaxis", "mild", "stop_emergency"),
        ("throat_tightness", "mild", "stop_emergency"),
        ("pruritus", "mild", "slow"),
        ("dark_urine", "mild", "stop"),
        ("unspecified", "moderate", "stop"),
    ],
)
def test_the_stronger_of_term_and_grade_is_proposed(guidelines, term, severity, action):
    assert propose(guidelines, term, severity).action == action


def test_urticaria_stops_and_may_restart_in_the_page_s_words(guidelines):
    proposal = propose(guidelines, "urticaria", "moderate")
    assert proposal.restart_allowed
    assert "Kan starte igjen forsiktig ved bedring" in proposal.quote


def test_nothing_restarts_after_anaphylaxis(guidelines):
    proposal = propose(guidelines, "anaphylaxis", "severe")
    assert not proposal.restart_allowed
    assert proposal.quote == "infusjonen stoppes og standard anafylaksibehandling startes"


@pytest.mark.parametrize("term", sorted(TERMS_OF_THE_SOURCES))
def test_a_higher_grade_never_proposes_less(guidelines, term):
    order = ["slow", "stop", "stop_emergency"]
    actions = [order.index(propose(guidelines, term, s).action) for s in ("mild", "moderate", "severe")]
    assert actions == sorted(actions)


def test_an_unknown_grade_is_refused(guidelines):
    with pytest.raises(DomainError) as refusal:
        propose(guidelines, "chills", "awful")
    assert refusal.value.code == "reaction_grade_unknown"
