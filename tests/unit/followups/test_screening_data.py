"""A call script that could lose a red flag is refused when it is loaded."""

import copy

import pytest

from apps.guidelines.domain import parse_guidelines
from apps.kernel.errors import DomainError

QUESTION = ("screening_questions", "screening_questions", 0)
FLAG = (*QUESTION, "red_flags", 0)
HOT = {"en": "Hot?", "nb": "Varm?", "fa": "تب؟"}
FEVER_IN_OTHER_WORDS = {"code": "fever", "text": HOT, "name": HOT, "effects": ["aseptic_meningitis"]}
PLAN = ("screening_questions", "attempt_plans", 0)


def change(documents, path, value):
    changed = copy.deepcopy(dict(documents))
    target = changed
    for key in path[:-1]:
        target = target[key]
    target[path[-1]] = value
    return changed


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        ((*FLAG, "all_of", 0, "any_of"), ["bad_headake"], "headache_and_stiff_neck"),
        ((*FLAG, "all_of", 0, "any_of"), [], "red_flags[0]"),
        ((*FLAG, "all_of", 0, "at_least"), 2, "red_flags[0]"),
        ((*FLAG, "all_of"), [], "red_flags[0]"),
        ((*FLAG, "effects"), [], "red_flags[0]"),
        ((*FLAG, "urgency"), "soon", "red_flags[0].urgency"),
        ((*FLAG, "code"), "headache_fever_and_another", "stands there twice"),
        ((*FLAG, "cite", "keys"), ["W999"], "red_flags[0].cite"),
        ((*QUESTION, "symptoms", 5), FEVER_IN_OTHER_WORDS, "two wordings"),
        ((*QUESTION, "symptoms", 0, "text"), {"en": "Headache?", "nb": "Hodepine?"}, "text.fa"),
        ((*QUESTION, "symptoms", 0, "kind"), "feeling", "kind"),
        ((*QUESTION, "audience"), "some", "audience"),
        ((*QUESTION, "required"), "yes", "required"),
        (("followup_protocol", "follow_up_rules", 0, "question_codes"), ["q99"], "q99 is not known"),
        ((*PLAN, "wait_h"), [], "wait_h"),
        ((*PLAN, "wait_h"), [4, 0], "wait_h"),
        ((*PLAN, "escalate_after"), 0, "escalate_after"),
    ],
)
def test_an_unfit_script_is_refused_and_the_place_is_named(documents, path, value, place):
    with pytest.raises(DomainError) as refused:
        parse_guidelines(change(documents, path, value))
    assert refused.value.code == "guideline_invalid" and place in str(refused.value)


def test_every_question_a_protocol_names_is_there(guidelines):
    known = {question.code for question in guidelines.screening_questions}
    for rule in guidelines.follow_up_rules:
        assert set(rule.question_codes) <= known, rule.code


def test_what_the_flags_speak_for_is_named_as_in_the_rest_of_the_protocol(guidelines):
    windows = {window.effect for window in guidelines.risk_windows}
    flagged = {
        effect for one in guidelines.screening_questions for flag in one.red_flags for effect in flag.effects
    }
    assert flagged - windows == {
        "anaphylaxis", "encephalopathy", "maltose_interference", "necrotizing_enterocolitis",
    }  # fmt: skip
