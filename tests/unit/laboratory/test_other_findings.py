"""Hemolysis, sodium and neutrophils after immunoglobulin: suspicions with their caveats."""

import pytest

from apps.kernel.text import fill_in_english
from apps.laboratory.domain import FINDING_MESSAGES
from apps.laboratory.domain.findings import current, judge
from tests.unit.laboratory.series import NOT_TREATED, Chart, situation

DAY = 24
SIGNS = [
    ("reticulocytes", "140"),
    ("reticulocyte_percent", "4"),
    ("ldh", "420"),
    ("haptoglobin", "0.1"),
    ("bilirubin_indirect", "40"),
    ("urine_hemoglobin", "positive"),
    ("spherocytes", "significant"),
]
QUIET = [
    ("reticulocytes", "100"),
    ("ldh", "250"),
    ("haptoglobin", "0.3"),
    ("bilirubin_indirect", "17"),
    ("urine_hemoglobin", "trace"),
    ("spherocytes", "none"),
]


def found(guidelines, chart, *, of=None):
    return judge(chart.series, guidelines=guidelines, situation=of or situation())


def level(guidelines, chart, *, of=None):
    """The level at the end of the series, None when nothing stands."""
    everything = found(guidelines, chart, of=of)
    standing = current(everything, chart.series)
    assert len(standing) <= 1
    return standing[0].level if standing else None


def blood(hemoglobin="110", *, h=7 * DAY, baseline="130", dat=None, signs=(), dat_before=None):
    chart = Chart()
    if baseline:
        chart.add("hemoglobin", baseline, h=-DAY)
    if dat_before:
        chart.add("dat", dat_before, h=-DAY)
    for analyte, value in signs:
        chart.add(analyte, value, h=h)
    if dat:
        chart.add("dat", dat, h=h)
    if hemoglobin:
        chart.add("hemoglobin", hemoglobin, h=h)
    return chart


@pytest.mark.parametrize(
    ("hemoglobin", "dat", "signs", "expected"),
    [
        ("120", "positive", SIGNS[2:4], "case"),
        ("121", "positive", SIGNS[2:4], "suspected"),
        ("120", "positive", SIGNS[2:3], "suspected"),
        ("120", "grade_2", (), "suspected"),
        ("120", "negative", SIGNS[2:4], "suspected"),
        ("120", None, SIGNS[2:4], "suspected"),
        ("120", "negative", SIGNS[2:3], "fall"),
        ("120", None, (), "fall"),
        ("121", None, SIGNS[2:4], None),
        ("121", "positive", (), None),
        ("121", "positive", SIGNS[2:3], None),
        ("130", "negative", QUIET, None),
        ("120", "positive", QUIET, "suspected"),
    ],
)
def test_the_criteria_of_hemolysis(guidelines, hemoglobin, dat, signs, expected):
    assert level(guidelines, blood(hemoglobin, dat=dat, signs=signs)) == expected


@pytest.mark.parametrize("sign", SIGNS)
def test_each_further_sign_counts_with_another(guidelines, sign):
    other = ("ldh", "420") if sign[0] != "ldh" else ("haptoglobin", "0.1")
    assert level(guidelines, blood("120", dat="positive", signs=[sign, other])) == "case"
    assert level(guidelines, blood("120", dat="positive", signs=[sign])) == "suspected"


def test_reticulocytes_in_both_forms_are_one_sign(guidelines):
    assert level(guidelines, blood("120", dat="positive", signs=SIGNS[:2])) == "suspected"


def test_what_was_so_before_the_course_is_no_new_sign(guidelines):
    assert level(guidelines, blood("121", dat="positive", dat_before="grade_1", signs=SIGNS[2:4])) is None
    chart = Chart().add("ldh", "500", h=-DAY)
    chart.results += blood("120", dat="positive", signs=SIGNS[2:4]).results
    assert level(guidelines, chart) == "suspected"  # only haptoglobin is left


@pytest.mark.parametrize(
    ("h", "hemoglobin", "expected"),
    [
        # The infusion ends after 3 hours; 36 hours later is hour 39.
        (24, "119", "fall_early"),
        (39, "119", "fall_early"),
        (39.5, "119", "fall"),
        # Far more than dilution explains.
        (24, "110", "fall"),
        (24, "111", "fall_early"),
    ],
)
def test_a_fall_on_the_first_day_may_be_dilution(guidelines, h, hemoglobin, expected):
    chart = blood(hemoglobin, h=h)
    assert level(guidelines, chart) == expected
    (finding,) = found(guidelines, chart)
    assert finding.opens_event is (expected == "fall")
    assert ("dilution" in fill_in_english(finding.message, finding.params)) is (expected == "fall_early")


def test_a_fall_on_day_7_after_five_days_names_its_numbers(guidelines):
    (finding,) = found(guidelines, blood("112", h=11 * DAY, baseline="131"), of=situation(days=5))
    said = fill_in_english(finding.message, finding.params)
    assert "Hemoglobin 112 g/L, fallen by 19 g/L from 131 g/L (12 d earlier)" in said
    assert (finding.effect, finding.session_id) == ("hemolysis", 11)
    assert "unverified" in {one.read for one in guidelines.laboratory_rule("hemolysis").citations}


@pytest.mark.parametrize(("h", "expected"), [(3 + 10 * DAY, "fall"), (3.1 + 10 * DAY, None)])
def test_ten_days_after_the_last_dose_the_window_closes(guidelines, h, expected):
    assert level(guidelines, blood("110", h=h)) == expected


def test_without_a_dose_or_a_baseline_nothing_is_said_of_hemoglobin(guidelines):
    assert level(guidelines, blood("80"), of=NOT_TREATED) is None
    assert level(guidelines, blood("80", baseline=None)) is None


@pytest.mark.parametrize(
    ("sodium", "expected"),
    [("135", None), ("134", "low"), ("130", "low"), ("129", "marked"), ("125", "marked"), ("124", "severe")],
)
def test_sodium_in_steps(guidelines, sodium, expected):
    assert level(guidelines, Chart().add("sodium", sodium, h=DAY)) == expected


@pytest.mark.parametrize(
    ("osmolality", "h", "says"),
    [
        (None, DAY, "may only be measured low"),
        ("290", DAY, "Restricting fluids would do harm"),
        ("275", DAY, "only measured low"),
        ("274", DAY, "low indeed"),
        # Too long before to speak for this sodium.
        ("290", -1, "may only be measured low"),
    ],
)
def test_low_sodium_carries_the_note_on_pseudohyponatremia(guidelines, osmolality, h, says):
    chart = Chart()
    if osmolality:
        chart.add("osmolality", osmolality, h=h)
    chart.add("sodium", "122", h=DAY)
    finding = found(guidelines, chart)[-1]
    assert says in fill_in_english(finding.message, finding.params)


@pytest.mark.parametrize(
    ("neutrophils", "comparator", "expected"),
    [
        ("1.5", "", None), ("1.49", "", "low"), ("1", "", "low"), ("0.99", "", "marked"), ("0.5", "", "marked"),
        ("0.49", "", "severe"), ("0.5", "<", "severe"), ("0.5", ">", "marked"),
    ],
)  # fmt: skip
def test_neutrophils_in_steps(guidelines, neutrophils, comparator, expected):
    chart = Chart().add("neutrophils", neutrophils, h=2 * DAY, comparator=comparator)
    assert level(guidelines, chart) == expected
    if expected == "severe":
        assert "febrile neutropenia" in found(guidelines, chart)[0].message


@pytest.mark.parametrize(("analyte", "value"), [("sodium", "120"), ("neutrophils", "0.2")])
def test_before_the_first_dose_and_long_after_the_last_it_is_laid_to_nothing(guidelines, analyte, value):
    for h in (-DAY, 3 + 14 * DAY + 1):
        assert level(guidelines, Chart().add(analyte, value, h=h)) is None
    assert level(guidelines, Chart().add(analyte, value, h=14 * DAY)) == "severe"


def test_a_better_result_later_leaves_nothing_standing_but_keeps_what_was_found(guidelines):
    chart = Chart().add("sodium", "120", h=DAY).add("sodium", "138", h=3 * DAY)
    assert [finding.level for finding in found(guidelines, chart)] == ["severe"]
    assert level(guidelines, chart) is None


def test_the_order_of_entry_makes_no_difference(guidelines):
    chart = (
        blood("112", dat="positive", signs=SIGNS).add("creatinine", "80", h=-1).add("creatinine", "190", h=60)
    )
    keys = [finding.key for finding in found(guidelines, chart)]
    chart.results.reverse()
    assert [finding.key for finding in found(guidelines, chart)] == keys


def test_every_sentence_is_known_to_the_board(guidelines):
    assert len(set(FINDING_MESSAGES)) == len(FINDING_MESSAGES)
    for finding in found(guidelines, blood("112", dat="positive", signs=SIGNS).add("sodium", "120", h=30)):
        assert finding.message in FINDING_MESSAGES
