"""Which criteria are met, not met, or not known: cell by cell, and the rules that put them together."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.safety.domain import Answer, HemolysisSeen, Met, differential
from apps.safety.domain.criteria import lowest_systolic
from tests.unit.safety.pictures import at, picture, rate, signs

YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN


@pytest.fixture
def found(guidelines):
    def find(seen, by_hand=None):
        conditions = differential(guidelines.suspected_conditions, seen, by_hand or {})
        return {condition.code: condition for condition in conditions}

    return find


def answers(condition):
    return {criterion.code: criterion.answer for criterion in condition.criteria}


def symptoms(*codes, severity="moderate"):
    return {"term": codes[0], "symptoms": tuple((code, severity) for code in codes)}


# Rate-related


def test_a_headache_after_a_faster_step_that_passed_when_slowed_is_rate_related(found):
    rates = (rate(0, "35"), rate(30, "70", 1), rate(45, "35"))
    condition = found(picture(rates=rates, resolved_at=at(60)))["rate_related"]
    assert condition.met is Met.MET and set(answers(condition).values()) == {YES}


@pytest.mark.parametrize(("onset", "answer"), [(30, YES), (60, YES), (61, NO)])
def test_soon_after_a_faster_step_is_30_minutes(found, onset, answer):
    condition = found(picture(onset_at=at(onset)))["rate_related"]
    assert answers(condition)["soon_after_increase"] is answer


def test_the_first_rate_and_a_lower_one_are_no_increase(found):
    first = picture(rates=(rate(0, "35"),), onset_at=at(10))
    assert answers(found(first)["rate_related"])["soon_after_increase"] is NO
    lower = picture(rates=(rate(0, "70", 1), rate(30, "35")), onset_at=at(35))
    assert answers(found(lower)["rate_related"])["soon_after_increase"] is NO


def test_what_begins_at_home_is_not_rate_related(found):
    home = picture(ended_at=at(180), onset_at=at(600), rates=(rate(0, "35"), rate(180, "0")))
    assert found(home)["rate_related"].met is Met.NOT_MET


def test_urticaria_is_not_laid_to_the_rate(found):
    hives = picture(**symptoms("headache", "urticaria"))
    assert found(hives)["rate_related"].met is Met.NOT_MET


# Anaphylaxis, WAO 2020


@pytest.mark.parametrize(
    ("seen", "met"),
    [
        (("urticaria", "dyspnoea"), Met.MET),
        (("flushing", "collapse"), Met.MET),
        (("wheezing",), Met.MET),
        (("throat_tightness",), Met.MET),
        (("syncope",), Met.MET),
        (("urticaria",), Met.UNKNOWN),
        (("headache",), Met.UNKNOWN),
    ],
)
def test_both_criteria_of_anaphylaxis_are_read_from_symptoms(found, seen, met):
    assert found(picture(**symptoms(*seen)))["anaphylaxis"].met is met


def test_the_gut_counts_only_when_severe(found):
    severe = found(picture(**symptoms("urticaria", "vomiting", severity="severe")))["anaphylaxis"]
    assert (severe.met, answers(severe)["gut"]) == (Met.MET, YES)
    milder = found(picture(**symptoms("urticaria", "vomiting")))["anaphylaxis"]
    assert (milder.met, answers(milder)["gut"]) == (Met.UNKNOWN, NO)


@pytest.mark.parametrize(("years", "months", "limit"), [
    (0, 0, None), (0, 1, 70), (0, 11, 70), (1, 12, 72), (5, 60, 80), (10, 120, 90), (11, 132, 90), (40, 480, 90),
])  # fmt: skip
def test_low_pressure_by_age(years, months, limit):
    assert lowest_systolic(picture(age_years=years, age_months=months)) == limit


@pytest.mark.parametrize(
    ("baseline", "lowest", "answer"),
    [
        (120, 90, UNKNOWN),
        (120, 89, YES),
        (150, 105, UNKNOWN),
        (150, 104, YES),
        (None, 89, YES),
        (None, 95, UNKNOWN),
    ],
)
def test_below_90_or_down_by_more_than_30_percent(found, baseline, lowest, answer):
    """A pressure that is not low leaves the criterion open: fainting was not recorded, not excluded."""
    seen = picture(
        **symptoms("urticaria"),
        baseline=signs(-5, systolic_mmhg=baseline) if baseline else None,
        signs=(signs(45, systolic_mmhg=lowest),),
    )
    assert answers(found(seen)["anaphylaxis"])["circulation"] is answer


def test_hours_after_the_infusion_it_is_no_acute_onset(found):
    late = picture(**symptoms("wheezing"), ended_at=at(180), onset_at=at(180 + 361))
    assert found(late)["anaphylaxis"].met is Met.NOT_MET
    still = picture(**symptoms("wheezing"), ended_at=at(180), onset_at=at(180 + 360))
    assert found(still)["anaphylaxis"].met is Met.MET


# TRALI and TACO


def test_lung_injury_stays_open_until_somebody_has_looked(found):
    seen = picture(**symptoms("dyspnoea"), signs=(signs(45, spo2_percent=88, oxygen_l_per_min=Decimal(0)),))
    condition = found(seen)["trali"]
    assert (condition.met, answers(condition)["low_oxygen"]) == (Met.UNKNOWN, YES)
    looked = {"trali.both_lungs": YES, "trali.not_the_heart": YES}
    assert found(seen, looked)["trali"].met is Met.MET
    assert found(seen, looked | {"trali.both_lungs": NO})["trali"].met is Met.NOT_MET


def test_saturation_on_oxygen_is_not_saturation_on_air(found):
    seen = picture(signs=(signs(45, spo2_percent=88, oxygen_l_per_min=Decimal(4)),))
    assert answers(found(seen)["trali"])["low_oxygen"] is UNKNOWN


@pytest.mark.parametrize(("hours", "trali", "taco"), [(6, UNKNOWN, UNKNOWN), (7, NO, UNKNOWN), (13, NO, NO)])
def test_six_hours_for_one_and_twelve_for_the_other(found, hours, trali, taco):
    seen = found(picture(**symptoms("dyspnoea"), ended_at=at(180), onset_at=at(180 + 60 * hours)))
    words = {UNKNOWN: Met.UNKNOWN, NO: Met.NOT_MET}
    assert (seen["trali"].met, seen["taco"].met) == (words[trali], words[taco])


@pytest.mark.parametrize(
    ("said", "met"),
    [
        ({"taco.lung_edema": YES, "taco.too_much_fluid": YES}, Met.MET),
        ({"taco.lung_edema": NO, "taco.too_much_fluid": NO, "taco.natriuretic_peptide": NO}, Met.NOT_MET),
        ({"taco.too_much_fluid": YES}, Met.UNKNOWN),
    ],
)
def test_overload_asks_for_three_with_one_of_the_lungs(found, said, met):
    seen = picture(**symptoms("dyspnoea"))
    assert found(seen, said)["taco"].met is met


def test_overload_without_the_lungs_is_none(found):
    said = {"taco.respiratory_distress": NO, "taco.lung_edema": NO, "taco.too_much_fluid": YES,
            "taco.natriuretic_peptide": YES, "taco.circulation_changed": YES}  # fmt: skip
    assert found(picture(), said)["taco"].met is Met.NOT_MET


# Hemolysis and meningitis


@pytest.mark.parametrize(
    ("seen", "fell", "antiglobulin", "markers"),
    [
        (None, UNKNOWN, UNKNOWN, UNKNOWN),
        (HemolysisSeen(Decimal("9.9"), False, 0), NO, NO, UNKNOWN),
        (HemolysisSeen(Decimal(10), True, 1), YES, YES, UNKNOWN),
        (HemolysisSeen(Decimal(25), True, 2), YES, YES, YES),
    ],
)
def test_hemolysis_is_read_from_the_laboratory(found, seen, fell, antiglobulin, markers):
    condition = found(picture(**symptoms("dark_urine"), hemolysis=seen))["hemolysis"]
    assert answers(condition) == {
        "within_10_days": YES, "hemoglobin_fell": fell, "antiglobulin": antiglobulin,
        "two_markers": markers, "nothing_else": UNKNOWN,
    }  # fmt: skip


def test_meningitis_waits_for_the_spinal_fluid(found):
    seen = picture(**symptoms("headache", "stiff_neck"), ended_at=at(180), onset_at=at(180 + 30 * 60))
    condition = found(seen)["aseptic_meningitis"]
    assert condition.met is Met.UNKNOWN
    assert [code for code, answer in answers(condition).items() if answer is UNKNOWN] == [
        "spinal_fluid", "not_bacterial",
    ]  # fmt: skip


def test_what_a_physician_says_stands_over_the_silence_and_is_marked(found):
    condition = found(picture(), {"anaphylaxis.skin": YES})["anaphylaxis"]
    skin = next(one for one in condition.criteria if one.code == "skin")
    assert (skin.answer, skin.by_hand) == (YES, True)


def test_every_criterion_says_why(found):
    for condition in found(picture()).values():
        assert all(one.why for one in condition.criteria), condition.code


RANK = {Met.NOT_MET: 0, Met.UNKNOWN: 1, Met.MET: 2}
LOOKED_AT = [
    f"{condition}.{criterion}"
    for condition, criteria in {
        "trali": ("low_oxygen", "both_lungs", "not_the_heart"),
        "taco": (
            "respiratory_distress",
            "lung_edema",
            "circulation_changed",
            "too_much_fluid",
            "natriuretic_peptide",
        ),
        "anaphylaxis": ("skin", "breathing", "circulation", "gut", "bronchi_or_larynx"),
    }.items()
    for criterion in criteria
]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    said=st.dictionaries(st.sampled_from(LOOKED_AT), st.sampled_from([YES, NO])),
    more=st.sampled_from(LOOKED_AT),
)
def test_one_more_criterion_that_is_met_never_speaks_against_a_condition(found, said, more):
    before, after = found(picture(), said), found(picture(), said | {more: YES})
    if said.get(more) is not YES:
        assert all(RANK[after[code].met] >= RANK[before[code].met] for code in before)
