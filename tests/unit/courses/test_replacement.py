"""IgG troughs, targets that differ, and when replacement therapy should be looked at again."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.courses.domain.replacement import (
    Infection,
    Therapy,
    Trough,
    igg_g_per_l,
    is_replacement,
    is_too_early,
    measured_igg,
    months_before,
    reviews,
    trough_targets,
)
from apps.guidelines.domain import Target
from apps.kernel.errors import DomainError

TODAY = date(2026, 6, 15)


@dataclass(frozen=True)
class Regimen:
    interval_days_min: Decimal | None = Decimal(21)
    interval_days_max: Decimal | None = Decimal(28)
    queried: bool = False


def days_ago(*days):
    return tuple(TODAY - timedelta(days=count) for count in days)


def with_rows(guidelines, **targets):
    """The shipped guidelines, with rows for one deficiency: slug -> (minimum, maximum, unit)."""
    pattern = guidelines.indications[0]
    rows = tuple(
        replace(
            pattern,
            slug=slug,
            row=900 + number,
            disease="test_deficiency",
            category="hematology",
            targets=tuple(
                Target("igg_trough", low and Decimal(low), high and Decimal(high), unit, f"quote of {slug}")
                for low, high, unit in [target]
            ),
        )
        for number, (slug, target) in enumerate(targets.items())
    )
    return replace(guidelines, indications=(*guidelines.indications, *rows))


@pytest.fixture
def differing(guidelines):
    return with_rows(guidelines, row_a=("500", "700", "mg/dL"), row_b=("4", "6", "g/L"))


def codes(findings):
    return [finding.code for finding in findings]


@pytest.mark.parametrize(
    ("value", "unit", "g_per_l"),
    [("7", "g/L", "7"), ("700", "mg/dL", "7"), ("512.5", "mg/dL", "5.125"), ("0", "g/L", "0")],
)
def test_igg_is_read_in_either_unit(value, unit, g_per_l):
    assert measured_igg(Decimal(value), unit) == Decimal(g_per_l)


@given(st.decimals("0", "6000", places=2))
def test_units_convert_exactly_both_ways(value):
    in_g_per_l = igg_g_per_l(value, "mg/dL")
    assert in_g_per_l * 100 == value
    assert igg_g_per_l(in_g_per_l, "g/L") == in_g_per_l


@given(st.decimals("0", "60", places=2))
def test_the_same_blood_is_the_same_number_in_both_units(value):
    assert measured_igg(value, "g/L") == measured_igg(value * 100, "mg/dL")


@pytest.mark.parametrize(
    ("value", "unit", "code"),
    [
        ("700", "g/L", "igg_implausible"),
        ("60.01", "g/L", "igg_implausible"),
        ("6000.1", "mg/dL", "igg_implausible"),
        ("7", "g/dL", "igg_unit_unknown"),
        ("7", "", "igg_unit_unknown"),
    ],
)
def test_a_wrong_unit_is_refused_rather_than_guessed(value, unit, code):
    with pytest.raises(DomainError) as refusal:
        measured_igg(Decimal(value), unit)
    assert refusal.value.code == code


def test_every_trough_target_that_is_shipped_has_a_unit_that_converts(guidelines):
    for target in trough_targets(guidelines, guidelines.indications):
        assert target.minimum_g_per_l or target.maximum_g_per_l
        for bound in (target.minimum_g_per_l, target.maximum_g_per_l):
            assert bound is None or 1 <= bound <= 20, target


def test_targets_of_every_source_stand_side_by_side_in_one_unit_the_own_row_first(differing):
    own = differing.indication("row_b")
    found = trough_targets(differing, [own])
    assert [(t.slug, t.minimum_g_per_l, t.maximum_g_per_l, t.own) for t in found] == [
        ("row_b", Decimal(4), Decimal(6), True),
        ("row_a", Decimal(5), Decimal(7), False),
    ]
    assert found[0].citation.quote == "quote of row_b"


def test_what_one_document_says_of_several_rows_in_the_same_words_stands_once(guidelines):
    """The review says one thing of four deficiencies; the form differs from it, and one of its rows from itself."""
    found = trough_targets(guidelines, [guidelines.indication("review_cvid")])
    assert [(target.slug, target.minimum_g_per_l, target.maximum_g_per_l) for target in found] == [
        ("review_cvid", 5, None),
        ("humoral_immunodeficiency", 5, None),
        ("humoral_immunodeficiency", 4, 6),
    ]


def test_targets_of_other_diseases_are_left_out(differing):
    assert trough_targets(differing, [differing.indication("nel_cidp")]) == ()


@pytest.mark.parametrize(
    ("igg", "row_a", "row_b"),
    [
        ("3.9", "below", "below"),
        ("4", "below", "within"),
        ("5", "within", "within"),
        ("6.1", "within", "above"),
        ("7.1", "above", "above"),
    ],
)
def test_one_value_may_be_low_for_one_source_and_high_for_another(differing, igg, row_a, row_b):
    targets = {t.slug: t for t in trough_targets(differing, [differing.indication("row_a")])}
    assert targets["row_a"].compare(Decimal(igg)) == row_a
    assert targets["row_b"].compare(Decimal(igg)) == row_b


def test_a_target_open_upwards_has_no_above(guidelines):
    rows = with_rows(guidelines, row=("500", None, "mg/dL"))
    (target,) = trough_targets(rows, [rows.indication("row")])
    assert target.compare(Decimal(40)) == "within"


def test_what_counts_as_replacement(differing):
    assert is_replacement(differing, differing.indication("row_a"))
    assert is_replacement(differing, differing.indication("nel_low_dose"))
    assert not is_replacement(differing, differing.indication("nel_cidp"))


def therapy(guidelines, *, infused=(100, 75, 50, 25), interval=None, slug="row_a"):
    return Therapy(
        infusion_days=days_ago(*infused),
        interval=interval or Regimen(),
        targets=trough_targets(guidelines, [guidelines.indication(slug)]),
    )


def suggested(guidelines, plan, *, troughs=(), infections=()):
    return reviews(
        guidelines,
        plan,
        troughs=[Trough(TODAY - timedelta(days=ago), Decimal(igg)) for ago, igg in troughs],
        infections=[Infection(TODAY - timedelta(days=ago), severity) for ago, severity in infections],
        today=TODAY,
    )


def test_a_quiet_therapy_suggests_nothing(differing):
    assert suggested(differing, therapy(differing), troughs=[(25, "6")], infections=[(40, "mild")]) == ()


def test_a_trough_below_the_target_names_the_source_and_its_words(differing):
    (finding,) = suggested(differing, therapy(differing), troughs=[(25, "4.5")])
    assert finding.code == "replacement_trough_below.5"
    assert (finding.params["value"], finding.params["minimum"]) == (Decimal("4.5"), Decimal(5))
    assert finding.citations[0].quote == "quote of row_a"
    assert finding.level == "note"


def test_a_trough_below_both_targets_is_said_for_both(differing):
    found = suggested(differing, therapy(differing), troughs=[(25, "3.5")])
    assert codes(found) == ["replacement_trough_below.5", "replacement_trough_below.4"]


def test_sources_that_agree_on_the_minimum_are_cited_together(guidelines):
    rows = with_rows(guidelines, row_a=("500", None, "mg/dL"), row_b=("5", "6", "g/L"))
    (finding,) = suggested(rows, therapy(rows), troughs=[(25, "4.5")])
    assert [citation.quote for citation in finding.citations[:2]] == ["quote of row_a", "quote of row_b"]


def test_only_the_newest_trough_counts(differing):
    assert suggested(differing, therapy(differing), troughs=[(25, "6"), (50, "3")]) == ()


def test_a_value_from_before_therapy_is_no_trough(differing):
    assert suggested(differing, therapy(differing), troughs=[(100, "2"), (130, "2")]) == ()


def test_igg_taken_too_soon_after_an_infusion_is_said_to_be_no_trough(differing):
    """A peak looks like a good trough (clinical facts 9.1 C17)."""
    (finding,) = suggested(differing, therapy(differing), troughs=[(22, "6")])
    assert (finding.code, finding.params["days"]) == ("replacement_trough_early", 3)


@pytest.mark.parametrize("before_the_next", [0, 1])
def test_igg_taken_right_before_an_infusion_is_a_trough_however_early_that_came(differing, before_the_next):
    plan = therapy(differing, infused=(60, 45))
    taken = Trough(TODAY - timedelta(days=45 + before_the_next), Decimal(6))
    assert not is_too_early(differing, plan, taken)
    assert is_too_early(differing, plan, Trough(TODAY - timedelta(days=47), Decimal(6)))


@pytest.mark.parametrize(("days", "early"), [(13, True), (14, False), (21, False)])
def test_a_week_before_the_shortest_interval_is_near_enough(differing, days, early):
    """The week has no source and is marked as derived."""
    plan = therapy(differing, infused=(40,))
    assert is_too_early(differing, plan, Trough(TODAY - timedelta(days=40 - days), Decimal(6))) is early


def test_blood_is_taken_before_the_infusion_of_the_same_day(differing):
    assert therapy(differing).days_since_infusion(TODAY - timedelta(days=25)) == 25


@pytest.mark.parametrize(("last", "expected"), [(28, []), (29, ["replacement_gap"])])
def test_a_gap_longer_than_the_longest_interval(differing, last, expected):
    assert codes(suggested(differing, therapy(differing, infused=(80, last)))) == expected


@pytest.mark.parametrize("interval", [Regimen(None, None), Regimen(queried=True)])
def test_without_an_interval_that_can_be_used_there_is_no_gap(differing, interval):
    assert suggested(differing, therapy(differing, infused=(400,), interval=interval)) == ()


@pytest.mark.parametrize(
    ("infections", "expected"),
    [
        ([(10, "mild"), (20, "mild")], []),
        ([(10, "mild"), (20, "mild"), (90, "mild")], ["replacement_infections_frequent"]),
        ([(10, "serious")], ["replacement_infection_serious"]),
        (
            [(10, "serious"), (20, "mild"), (90, "mild")],
            ["replacement_infections_frequent", "replacement_infection_serious"],
        ),
        ([(10, "mild"), (20, "mild"), (101, "mild")], []),
        ([(101, "serious")], []),
    ],
)
def test_infections_on_therapy(differing, infections, expected):
    """Three, or one serious, in twelve months: a threshold without a source, marked as derived."""
    found = suggested(differing, therapy(differing), infections=infections)
    assert codes(found) == expected
    assert all(finding.citations[-1].read == "derived" for finding in found)


@pytest.mark.parametrize(("ago", "counts"), [(364, True), (365, False)])
def test_twelve_months_are_a_year_to_the_day(differing, ago, counts):
    plan = therapy(differing, infused=(700, 25))
    assert bool(suggested(differing, plan, infections=[(ago, "serious")])) is counts


def test_before_the_first_infusion_nothing_is_suggested(differing):
    plan = therapy(differing, infused=())
    assert suggested(differing, plan, troughs=[(5, "1")], infections=[(3, "serious")]) == ()


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 6, 15), 12, date(2025, 6, 15)),
        (date(2028, 2, 29), 12, date(2027, 2, 28)),
        (date(2026, 1, 31), 2, date(2025, 11, 30)),
        (date(2026, 12, 1), 12, date(2025, 12, 1)),
    ],
)
def test_months_before(day, months, expected):
    assert months_before(day, months) == expected
