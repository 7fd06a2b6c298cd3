"""What patients answer at follow-up: the table of clinical facts 8.1, cell by cell."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.followups.domain.outcomes import AnswerOutcome, outcome_of
from apps.followups.domain.screening import (
    Answer,
    Urgency,
    judge_answers,
    parse_answers,
    questions_for,
)
from apps.guidelines.domain import symptoms_by_code
from apps.infusions.domain.age import Age
from apps.kernel.errors import DomainError

NONE, TODAY, NOW = Urgency.NONE, Urgency.SAME_DAY, Urgency.EMERGENCY
ADULT = Age(days=20_000, months=660)
BABY = Age(days=40, months=1)
TODDLER = Age(days=500, months=16)


@pytest.fixture(scope="module")
def every(guidelines):
    """All fourteen, as a diabetic on a product with maltose would be asked them, and the baby's."""
    return guidelines.screening_questions


def judged(questions, *yes, hours=30, **others):
    answers = dict.fromkeys(symptoms_by_code(tuple(questions)), Answer.NO)
    answers |= dict.fromkeys(yes, Answer.YES) | {code: Answer(answer) for code, answer in others.items()}
    return judge_answers(questions=questions, answers=answers, hours_since_last_dose=hours)


def test_there_are_the_fourteen_questions_in_their_order(every):
    assert [question.code for question in every] == [f"q{number}" for number in range(1, 15)]
    assert [question.code for question in every if question.audience != "everyone"] == ["q12", "q14"]
    assert [question.code for question in every if not question.required] == ["q13"]


def test_every_symptom_asks_in_three_languages_and_ends_in_a_question_mark(every):
    for symptom in symptoms_by_code(every).values():
        assert symptom.text.en.endswith("?") and symptom.text.nb.endswith("?"), symptom.code
        assert symptom.text.fa.endswith("؟"), symptom.code
        assert symptom.effects


@pytest.mark.parametrize(
    ("yes", "urgency", "effect"),
    [
        # Q1: headache with stiff neck, or with fever and one other thing
        (["bad_headache"], NONE, None),
        (["stiff_neck"], NONE, None),
        (["bad_headache", "fever"], NONE, None),
        (["bad_headache", "light_hurts"], NONE, None),
        (["bad_headache", "nausea_vomiting", "light_hurts", "eye_movement_pain", "very_sleepy"], NONE, None),
        (["stiff_neck", "fever", "nausea_vomiting"], NONE, None),
        (["bad_headache", "stiff_neck"], TODAY, "aseptic_meningitis"),
        (["bad_headache", "fever", "light_hurts"], TODAY, "aseptic_meningitis"),
        (["bad_headache", "fever", "eye_movement_pain"], TODAY, "aseptic_meningitis"),
        (["bad_headache", "fever", "very_sleepy"], TODAY, "aseptic_meningitis"),
        (["bad_headache", "fever", "nausea_vomiting"], TODAY, "aseptic_meningitis"),
        # Q3: any is an emergency
        (["chest_pain"], NOW, "arterial_thrombosis"),
        (["heart_racing"], NOW, "arterial_thrombosis"),
        (["fainted"], NOW, "arterial_thrombosis"),
        # Q4: swelling or breathing is one, an itchy rash alone is none
        (["hives"], NONE, None),
        (["face_swelling"], NOW, "anaphylaxis"),
        (["wheeze"], NOW, "anaphylaxis"),
        # Q5: any is an emergency
        (["one_sided_weakness"], NOW, "arterial_thrombosis"),
        (["face_drooping"], NOW, "arterial_thrombosis"),
        (["trouble_speaking"], NOW, "arterial_thrombosis"),
        (["sudden_vision_change"], NOW, "arterial_thrombosis"),
        (["balance_trouble"], NOW, "arterial_thrombosis"),
        # Q6: any is for the same day
        (["limb_swollen"], TODAY, "venous_thrombosis"),
        (["limb_warm_red"], TODAY, "venous_thrombosis"),
        (["limb_painful"], TODAY, "venous_thrombosis"),
        # Q7: no urine for 12 h is an emergency, less is for the same day
        (["no_urine_12h"], NOW, "acute_renal_failure"),
        (["much_less_urine"], TODAY, "acute_renal_failure"),
        (["weight_gain"], TODAY, "acute_renal_failure"),
        (["swollen_legs"], TODAY, "acute_renal_failure"),
        # Q8: any is for the same day; a pounding heart is Q3's emergency as well
        (["dark_urine"], TODAY, "hemolysis"),
        (["yellow_skin"], TODAY, "hemolysis"),
        (["very_tired"], TODAY, "hemolysis"),
        (["pale"], TODAY, "hemolysis"),
        (["breathless_on_stairs"], TODAY, "hemolysis"),
        # Q9: fever calls for a blood count, with sore throat for the same day
        (["fever"], NONE, None),
        (["shaking_chills"], NONE, None),
        (["sore_throat"], NONE, None),
        (["fever", "sore_throat"], TODAY, "low_white_cells"),
        (["shaking_chills", "sore_throat"], TODAY, "low_white_cells"),
        # Q10: spreading, blisters, mouth sores
        (["palm_blisters"], TODAY, "skin"),
        (["spreading_rash"], TODAY, "skin"),
        (["mouth_sores"], TODAY, "skin"),
        (["palm_itching"], NONE, None),
        (["hair_loss"], NONE, None),
        # Q11: any is an emergency
        (["confused"], NOW, "encephalopathy"),
        (["seizure"], NOW, "encephalopathy"),
        # Q12: any is an emergency
        (["swollen_belly"], NOW, "necrotizing_enterocolitis"),
        (["blood_in_stool"], NOW, "necrotizing_enterocolitis"),
        (["green_vomiting"], NOW, "necrotizing_enterocolitis"),
        (["not_feeding"], NOW, "necrotizing_enterocolitis"),
        # Q13: a risk for the kidneys, nothing to be done at once
        (["drinking_little"], NONE, None),
        (["water_tablets"], NONE, None),
        (["painkillers"], NONE, None),
        # Q14: laboratory glucose, no insulin on the meter's value
        (["low_sugar_feelings"], NOW, "maltose_interference"),
        (["meter_misreads"], TODAY, "maltose_interference"),
    ],
)
def test_each_cell_of_the_table(every, yes, urgency, effect):
    judgement = judged(every, *yes)
    assert judgement.urgency == urgency
    assert (judgement.flags[0].effects[0] if judgement.flags else None) == effect
    for flag in judgement.flags:
        assert set(flag.symptom_codes) <= set(yes) and flag.symptom_codes
        assert flag.citation.sources


@pytest.mark.parametrize("sign", ["hard_to_breathe", "new_cough", "cannot_lie_flat", "blue_lips"])
@pytest.mark.parametrize(("hours", "urgency"), [(0, NOW), (6, NOW), (24, NOW), (24.01, TODAY), (200, TODAY)])
def test_breathing_is_an_emergency_within_a_day_and_for_the_same_day_later(every, sign, hours, urgency):
    expected = NOW if sign == "blue_lips" else urgency
    assert judged(every, sign, hours=hours).urgency == expected


def test_breathless_with_a_swollen_leg_is_an_emergency_at_any_time(every):
    judgement = judged(every, "hard_to_breathe", "limb_swollen", hours=200)
    assert judgement.urgency == NOW and judgement.flags[0].effects == ("venous_thrombosis",)


@pytest.mark.parametrize(
    ("yes", "notice"),
    [("fever", "fever_alone"), ("shaking_chills", "fever_alone"), ("painkillers", "kidneys_at_risk")],
)
def test_what_asks_for_nothing_at_once_is_still_said(every, yes, notice):
    judgement = judged(every, yes)
    assert [flag.code for flag in judgement.notices] == [notice] and not judgement.flags


def test_a_circumstance_is_no_symptom(every):
    judgement = judged(every, "painkillers", "drinking_little")
    assert judgement.reported == () and judgement.shows_no_effect


def test_all_no_is_no_effect_and_a_symptom_without_a_flag_is_not(every):
    assert outcome_of(judged(every), handed_in=True) is AnswerOutcome.NO_EFFECT
    headache = judged(every, "bad_headache")
    assert headache.urgency == NONE and not headache.shows_no_effect
    assert outcome_of(headache, handed_in=True) is AnswerOutcome.SYMPTOMS


def test_unasked_and_unknown_are_never_no(every):
    nothing = judge_answers(questions=every, answers={}, hours_since_last_dose=30)
    required = [code for question in every if question.required for code in symptoms_by_code((question,))]
    assert set(nothing.unanswered) == set(required) and not nothing.shows_no_effect
    assert outcome_of(nothing, handed_in=True) is AnswerOutcome.INCOMPLETE
    for code in required:
        doubtful = judged(every, **{code: "unknown"})
        assert doubtful.unknown == (code,) and not doubtful.is_complete
        assert outcome_of(doubtful, handed_in=True) is AnswerOutcome.INCOMPLETE
    assert judged(every, painkillers="unknown").shows_no_effect


def test_a_red_flag_does_not_wait_for_the_rest(every):
    judgement = judge_answers(questions=every, answers={"seizure": Answer.YES}, hours_since_last_dose=30)
    assert judgement.unanswered and outcome_of(judgement, handed_in=True) is AnswerOutcome.SUSPECTED
    assert outcome_of(judgement, handed_in=False) is AnswerOutcome.PARTIAL


def test_an_answer_beyond_the_check_s_own_questions_is_judged_but_not_missed(every):
    first, rest = every[:1], every[1:]
    answers = dict.fromkeys(symptoms_by_code(first), Answer.NO) | {"face_drooping": Answer.YES}
    judgement = judge_answers(questions=first, answers=answers, hours_since_last_dose=30, also=rest)
    assert judgement.urgency == NOW and judgement.is_complete


ANSWERS = st.sampled_from(list(Answer))


@given(data=st.data(), hours=st.floats(min_value=0, max_value=2000, allow_nan=False))
@settings(max_examples=200)
def test_more_yes_never_makes_it_less_urgent(every, data, hours):
    codes = list(symptoms_by_code(every))
    answers = data.draw(st.dictionaries(st.sampled_from(codes), ANSWERS))
    more = answers | dict.fromkeys(data.draw(st.sets(st.sampled_from(codes))), Answer.YES)
    before = judge_answers(questions=every, answers=answers, hours_since_last_dose=hours)
    after = judge_answers(questions=every, answers=more, hours_since_last_dose=hours)
    assert after.urgency >= before.urgency
    assert {flag.code for flag in before.flags} <= {flag.code for flag in after.flags}
    assert before.urgency == max((flag.urgency for flag in before.flags), default=NONE)


@given(data=st.data())
@settings(max_examples=100)
def test_no_effect_means_that_every_required_symptom_was_denied(every, data):
    codes = list(symptoms_by_code(every))
    answers = data.draw(st.dictionaries(st.sampled_from(codes), ANSWERS))
    judgement = judge_answers(questions=every, answers=answers, hours_since_last_dose=30)
    if judgement.shows_no_effect:
        required = symptoms_by_code(tuple(question for question in every if question.required))
        assert all(answers.get(code) is Answer.NO for code in required)


def codes_asked(questions):
    return set(symptoms_by_code(tuple(questions)))


def test_babies_are_asked_for_their_belly_and_not_for_what_they_cannot_tell(every):
    asked = questions_for(every, age=BABY, diabetes_on_maltose=False)
    assert "q12" in {question.code for question in asked}
    assert not codes_asked(asked) & {"bad_headache", "light_hurts", "chest_pain", "trouble_speaking"}
    assert {"fever", "stiff_neck", "blue_lips", "seizure"} <= codes_asked(asked)
    older = questions_for(every, age=TODDLER, diabetes_on_maltose=False)
    assert "q12" not in {question.code for question in older}


def test_only_a_diabetic_on_maltose_is_asked_for_the_meter(every):
    without = questions_for(every, age=ADULT, diabetes_on_maltose=False)
    assert [question.code for question in without] == [
        *(f"q{number}" for number in range(1, 12)), "q13",
    ]  # fmt: skip
    assert questions_for(every, age=ADULT, diabetes_on_maltose=True)[-1].code == "q14"


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({"headake": "yes"}, "symptom_unknown"),
        ({"fever": "YES"}, "answer_unknown"),
        ({"fever": ""}, "answer_unknown"),
    ],
)
def test_a_misspelt_answer_is_refused_not_lost(every, answers, code):
    with pytest.raises(DomainError) as refused:
        parse_answers(answers, every)
    assert refused.value.code == code


def test_a_shared_symptom_is_one_and_the_same(every):
    by_question = {question.code: codes_asked((question,)) for question in every}
    assert "fever" in by_question["q1"] & by_question["q9"]
    assert "heart_racing" in by_question["q3"] & by_question["q8"]
    assert "sudden_vision_change" in by_question["q5"] & by_question["q11"]
    total = [symptom for question in every for symptom in question.symptoms]
    assert len(symptoms_by_code(every)) == len(set(total)) < len(total)


def test_every_symptom_that_may_be_an_effect_reaches_a_flag_or_is_known_to_stand_alone(every):
    flagged = {code for question in every for flag in question.red_flags for code in flag.symptom_codes}
    alone = {code for code in symptoms_by_code(every) if code not in flagged}
    assert alone == {"hives", "palm_itching", "hair_loss"}


def test_patients_who_might_inject_insulin_are_told_not_to(every):
    told = [flag for question in every for flag in question.red_flags if flag.tell_patient]
    assert [flag.code for flag in told] == ["low_sugar_hidden", "meter_unsafe"]
    assert all("insulin" in flag.tell_patient.en for flag in told)
