"""KDIGO 2012 cell by cell: both columns, both windows, each boundary from both sides."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.kernel.text import fill_in_english
from apps.laboratory.domain.findings import judge, staging_at
from apps.laboratory.domain.kidney import BaselineKind, Criterion, stage_of_ratio
from apps.laboratory.domain.measuring import canonical_value
from tests.unit.laboratory.series import FIRST, NOT_TREATED, Chart, situation

BEFORE = -24


def staged(guidelines, chart, *, of=None):
    series = chart.series
    return staging_at(series, at=series[-1].taken_at, guidelines=guidelines, situation=of or situation())


def after_baseline(value, *, baseline="80", h=72):
    """A baseline from the day before the first dose, and one creatinine `h` hours after it."""
    return Chart().add("creatinine", baseline, h=BEFORE).add("creatinine", value, h=h)


@pytest.mark.parametrize(
    ("ratio", "stage"),
    [
        ("1.0", 0), ("1.49", 0), ("1.4999", 0),
        ("1.5", 1), ("1.7", 1), ("1.9", 1),
        # Between the printed bands: the one below the next threshold.
        ("1.95", 1), ("1.9999", 1),
        # A stored table prints 1.0 to 2.9 for stage 2: a misprint.
        ("2.0", 2), ("2.5", 2), ("2.9", 2), ("2.95", 2), ("2.9999", 2),
        ("3.0", 3), ("5", 3),
    ],
)  # fmt: skip
def test_the_ratio_column(guidelines, ratio, stage):
    assert stage_of_ratio(Decimal(ratio), guidelines.laboratory_rule("aki")) == stage
    # Far from the 48 hours of the absolute rise, and below 353.6 µmol/L.
    found = staged(guidelines, after_baseline(Decimal(ratio) * 70, baseline="70", h=72))
    assert found.stage == stage
    assert found.creatinine.criterion == (Criterion.RATIO if stage else Criterion.NONE)
    assert found.creatinine.baseline.kind == BaselineKind.BEFORE_COURSE


@pytest.mark.parametrize(
    ("earlier_h", "earlier", "value", "stage"),
    [
        (24, "100", "126.4", 0),
        (24, "100", "126.5", 1),
        (24, "100", "140", 1),
        # 48 hours to the minute still count, a minute more does not.
        (72 - 48, "100", "126.5", 1),
        (72 - 48 - 1 / 60, "100", "126.5", 0),
        # 0.3 mg/dL from 0.8 mg/dL: 26.52 µmol/L.
        (24, "70.72", "97.24", 1),
    ],
)
def test_the_absolute_rise_within_48_hours(guidelines, earlier_h, earlier, value, stage):
    chart = Chart().add("creatinine", earlier, h=earlier_h).add("creatinine", value, h=72)
    found = staged(guidelines, chart, of=NOT_TREATED)
    assert (found.stage, found.creatinine.criterion) == (stage, Criterion.RISE if stage else Criterion.NONE)


@pytest.mark.parametrize(("age_of_earlier_h", "stage"), [(7 * 24, 1), (7 * 24 + 1, None)])
def test_without_a_course_the_baseline_is_the_lowest_of_seven_days(guidelines, age_of_earlier_h, stage):
    chart = Chart().add("creatinine", "80", h=200 - age_of_earlier_h).add("creatinine", "120", h=200)
    found = staged(guidelines, chart, of=NOT_TREATED)
    assert found.stage == stage
    if stage:
        assert found.creatinine.baseline.kind == BaselineKind.LOWEST_7_DAYS


def test_of_both_baselines_the_lower_one_counts_and_is_named(guidelines):
    chart = (
        after_baseline("120", baseline="90", h=24)
        .add("creatinine", "60", h=72)
        .add("creatinine", "120", h=96)
    )
    column = staged(guidelines, chart).creatinine
    assert (column.stage, column.baseline.kind, column.baseline.result.value) == (
        2,
        BaselineKind.LOWEST_7_DAYS,
        60,
    )


@pytest.mark.parametrize(("age_days", "known"), [(90, True), (91, False)])
def test_a_baseline_from_before_the_course_is_at_most_ninety_days_old(guidelines, age_days, known):
    chart = Chart().add("creatinine", "80", h=-24 * age_days).add("creatinine", "200", h=72)
    assert staged(guidelines, chart).stage == (2 if known else None)


def test_without_a_baseline_it_cannot_be_staged_which_is_not_normal(guidelines):
    for value in ("60", "900"):
        found = staged(guidelines, Chart().add("creatinine", value, h=72))
        assert (found.stage, found.creatinine.stage, found.urine.stage) == (None, None, None)
        assert found.creatinine.result.value == Decimal(value)


@pytest.mark.parametrize(
    ("baseline", "value", "stage"),
    [
        # 4.0 mg/dL counts only where the definition is met.
        ("300", "353.6", 0),
        ("350", "376.4", 0),
        # 1.5 times the baseline and 353.6: stage 3. A hair below: stage 1.
        ("230", "353.6", 3),
        ("230", "353.5", 1),
    ],
)
def test_four_mg_per_dl_is_stage_3_only_in_an_injury(guidelines, baseline, value, stage):
    assert staged(guidelines, after_baseline(value, baseline=baseline)).stage == stage


def test_four_mg_per_dl_after_a_rise_within_48_hours_is_stage_3(guidelines):
    chart = Chart().add("creatinine", "330", h=48).add("creatinine", "356.5", h=72)
    column = staged(guidelines, chart, of=NOT_TREATED).creatinine
    assert (column.stage, column.criterion) == (3, Criterion.ABSOLUTE)


def test_four_mg_per_dl_with_too_little_urine_is_stage_3(guidelines):
    chart = after_baseline("360", baseline="340").add("urine_output", "0.4", h=72, period_h=6)
    assert staged(guidelines, chart).stage == 3


def test_renal_replacement_therapy_is_stage_3_whatever_the_creatinine(guidelines):
    found = staged(guidelines, after_baseline("90").add("renal_replacement", "begun", h=72))
    assert (found.stage, found.creatinine.criterion) == (3, Criterion.REPLACEMENT)


@pytest.mark.parametrize(
    ("born", "egfr", "stage"),
    [
        (date(2008, 3, 6), "34", 3),  # 17 years old
        (date(2008, 3, 6), "35", 0),
        (date(2008, 3, 5), "34", 0),  # 18 on the day
        (date(1956, 5, 17), "10", 0),
    ],
)
def test_below_18_years_an_egfr_below_35_is_stage_3(guidelines, born, egfr, stage):
    chart = after_baseline("90").add("egfr", egfr, h=72)
    assert staged(guidelines, chart, of=situation(birth_date=born)).stage == stage


@pytest.mark.parametrize(
    ("rate", "hours", "stage", "criterion"),
    [
        ("0.5", "24", 0, Criterion.NONE),
        ("0.49", "5.9", None, Criterion.NONE),
        ("0.49", "6", 1, Criterion.URINE_LOW),
        ("0.49", "11.9", 1, Criterion.URINE_LOW),
        ("0.49", "12", 2, Criterion.URINE_LOW),
        ("0.30", "24", 2, Criterion.URINE_LOW),
        ("0.29", "23.9", 2, Criterion.URINE_LOW),
        ("0.29", "24", 3, Criterion.URINE_FAR_BELOW),
        ("0", "11.9", 1, Criterion.URINE_LOW),
        ("0", "12", 3, Criterion.ANURIA),
    ],
)
def test_the_urine_column(guidelines, rate, hours, stage, criterion):
    found = staged(guidelines, Chart().add("urine_output", rate, h=72, period_h=hours))
    assert (found.urine.stage, found.urine.criterion) == (stage, criterion)
    assert found.stage == stage


def test_collections_that_join_are_one_and_a_gap_or_a_good_hour_breaks_them(guidelines):
    def column(*collections):
        chart = Chart()
        for end_h, period_h, rate in collections:
            chart.add("urine_output", rate, h=end_h, period_h=period_h)
        return staged(guidelines, chart).urine.stage

    assert column((54, 6, "0.4"), (60, 6, "0.3")) == 2
    assert column((54, 6, "0.4"), (60.5, 6, "0.3")) == 2
    assert column((54, 6, "0.4"), (61, 6, "0.3")) == 1
    assert column((50, 6, "0.4"), (54, 4, "0.6"), (60, 6, "0.3")) == 1
    assert column((60, 12, "0.2"), (66, 6, "0.7")) == 0


@pytest.mark.parametrize(
    ("creatinine", "urine", "stage"),
    [("90", "0.4", 1), ("130", "0.2", 1), ("180", "0.4", 2), ("90", "0.9", 0), ("250", "0.9", 3)],
)
def test_the_worse_column_is_the_stage(guidelines, creatinine, urine, stage):
    chart = after_baseline(creatinine).add("urine_output", urine, h=72, period_h=6)
    assert staged(guidelines, chart).stage == stage


def test_one_column_may_be_unknown_while_the_other_stages(guidelines):
    chart = Chart().add("creatinine", "90", h=72).add("urine_output", "0.2", h=72, period_h=12)
    found = staged(guidelines, chart)
    assert (found.stage, found.creatinine.stage, found.urine.stage) == (2, None, 2)
    assert found.decided_by_urine


def test_the_sentence_names_ratio_baseline_and_its_age_and_never_rounds_up(guidelines):
    (finding,) = judge(after_baseline("159.9").series, guidelines=guidelines, situation=situation())
    said = fill_in_english(finding.message, finding.params)
    assert (finding.level, finding.urgency, finding.session_id) == ("stage_1", "medium", 7)
    assert "KDIGO stage 1" in said and "159.9 µmol/L is 1.99 times the baseline of 80 µmol/L" in said
    assert "the newest before the first dose, 4 d earlier" in said
    assert "mmol" not in said


def test_a_creatinine_that_doubles_on_day_3_is_stage_2_and_urgent(guidelines):
    (finding,) = judge(after_baseline("160").series, guidelines=guidelines, situation=situation(days=5))
    assert (finding.level, finding.urgency, finding.effect) == ("stage_2", "high", "acute_renal_failure")
    assert finding.session_id == 7 + 3  # the infusion begun at that very hour


def test_a_finding_sixty_days_after_the_last_infusion_is_laid_to_none(guidelines):
    def session(day):
        chart = Chart().add("creatinine", "80", h=24 * day - 24).add("creatinine", "160", h=24 * day)
        return judge(chart.series, guidelines=guidelines, situation=situation())[-1].session_id

    assert session(60) == 7
    assert session(61) is None


CREATININES = st.decimals(min_value=20, max_value=1500, places=1)


@given(values=st.lists(CREATININES, min_size=2, max_size=5), more=st.decimals(0, 500, places=1))
def test_more_creatinine_is_never_a_milder_stage(guidelines, values, more):
    chart = Chart()
    for day, value in enumerate(values):
        chart.add("creatinine", value, h=24 * day - 24)
    worse = [*chart.results[:-1], replace(chart.results[-1], value=chart.results[-1].value + more)]
    at = chart.series[-1].taken_at
    stages = [
        staging_at(results, at=at, guidelines=guidelines, situation=situation()).stage
        for results in (chart.results, worse)
    ]
    assert stages[0] <= stages[1]


@given(
    before=st.decimals(min_value="0.3", max_value="10", places=2),
    after=st.decimals(min_value="0.3", max_value="15", places=2),
    hours=st.integers(1, 200),
)
def test_the_stage_is_the_same_in_mg_per_dl_and_in_umol_per_l(guidelines, before, after, hours):
    analyte = guidelines.analyte("creatinine")

    def stage(*values):
        first, second = values
        chart = Chart().add("creatinine", first, h=-1).add("creatinine", second, h=hours)
        return staged(guidelines, chart).stage

    typed = [canonical_value(analyte, value=value, unit="mg/dL", confirmed=True) for value in (before, after)]
    printed = [
        canonical_value(analyte, value=value * Decimal("88.4"), unit="µmol/L", confirmed=True)
        for value in (before, after)
    ]
    assert stage(*typed) == stage(*printed)


@given(hours=st.integers(0, 400), value=CREATININES)
def test_a_first_creatinine_is_never_staged(guidelines, hours, value):
    found = staged(guidelines, Chart().add("creatinine", value, h=hours))
    assert found.stage is None and FIRST + timedelta(hours=hours) == found.at
