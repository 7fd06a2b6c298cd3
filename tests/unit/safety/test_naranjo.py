"""The Naranjo scale: every answer of every question, the published case, the bands, the limits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.safety.domain import Answer, total
from apps.safety.domain.naranjo import limits, score

# Clin Pharmacol Ther 1981;30:239 as reprinted in PMC5774610 table 2 and PMC6136411 table 1: yes, no, do not know.
PRINTED = {
    "q1": (1, 0, 0),
    "q2": (2, -1, 0),
    "q3": (1, 0, 0),
    "q4": (2, -1, 0),
    "q5": (-1, 2, 0),
    "q6": (-1, 1, 0),
    "q7": (1, 0, 0),
    "q8": (1, 0, 0),
    "q9": (1, 0, 0),
    "q10": (1, 0, 0),
}
QUESTIONS = list(PRINTED)


@pytest.fixture(scope="module")
def naranjo(guidelines):
    return guidelines.causality_scale("naranjo")


def answers(**said):
    return {code: Answer(answer) for code, answer in said.items()}


@pytest.mark.parametrize("code", QUESTIONS)
def test_each_answer_scores_what_is_printed(naranjo, code):
    question = next(one for one in naranjo.questions if one.code == code)
    yes, no, unknown = PRINTED[code]
    assert score(question, Answer.YES) == yes
    assert score(question, Answer.NO) == no
    assert score(question, Answer.UNKNOWN) == unknown
    assert score(question, Answer.NOT_APPLICABLE) == unknown


def test_there_are_ten_questions_in_the_printed_order(naranjo):
    assert [question.code for question in naranjo.questions] == QUESTIONS


def test_nothing_known_is_0_and_doubtful(naranjo):
    nothing = total(naranjo, {})
    assert (nothing.score, nothing.band, nothing.unanswered) == (0, "doubtful", 10)


def test_the_published_case_is_6_and_probable(naranjo):
    """PMC6136411: 0, +2, +1, 0, +2, 0, 0, 0, 0, +1."""
    case = answers(
        q1="no", q2="yes", q3="yes", q4="unknown", q5="no", q6="unknown", q7="no", q8="no", q9="no", q10="yes"
    )
    assert (total(naranjo, case).score, total(naranjo, case).band) == (6, "probable")


def test_every_best_answer_is_13_and_definite(naranjo):
    best = answers(
        q1="yes", q2="yes", q3="yes", q4="yes", q5="no", q6="no", q7="yes", q8="yes", q9="yes", q10="yes"
    )
    assert (total(naranjo, best).score, total(naranjo, best).band) == (13, "definite")


def test_every_worst_answer_is_minus_4_and_doubtful(naranjo):
    worst = answers(q2="no", q4="no", q5="yes", q6="yes")
    assert (total(naranjo, worst).score, total(naranjo, worst).band) == (-4, "doubtful")


@pytest.mark.parametrize(
    ("said", "score_and_band"),
    [
        ({"q2": "no", "q1": "yes"}, (0, "doubtful")),
        ({"q1": "yes"}, (1, "possible")),
        ({"q2": "yes", "q4": "yes"}, (4, "possible")),
        ({"q2": "yes", "q4": "yes", "q1": "yes"}, (5, "probable")),
        ({"q2": "yes", "q4": "yes", "q5": "no", "q1": "yes", "q3": "yes"}, (8, "probable")),
        ({"q2": "yes", "q4": "yes", "q5": "no", "q1": "yes", "q3": "yes", "q6": "no"}, (9, "definite")),
    ],
)
def test_the_bands_meet_where_the_source_says(naranjo, said, score_and_band):
    found = total(naranjo, answers(**said))
    assert (found.score, found.band) == score_and_band


def test_the_scale_runs_from_minus_4_to_13(naranjo):
    assert limits(naranjo) == (-4, 13)


@given(said=st.dictionaries(st.sampled_from(QUESTIONS), st.sampled_from(list(Answer))))
def test_no_answers_leave_the_scale_and_not_applicable_counts_as_not_known(naranjo, said):
    found = total(naranjo, said)
    assert -4 <= found.score <= 13
    unknown = {code: Answer.UNKNOWN if one is Answer.NOT_APPLICABLE else one for code, one in said.items()}
    assert total(naranjo, unknown) == found
