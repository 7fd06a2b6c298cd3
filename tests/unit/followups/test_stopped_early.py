"""A high dose stopped early: from half of it on the red cells are watched as after the whole (our own policy)."""

from dataclasses import replace
from decimal import Decimal

import pytest

from apps.followups.domain import Reason, given_of_course, plan_course
from tests.unit.followups.pictures import course, protocol

RED_CELLS = {"hemoglobin_lab", "hemolysis_lab"}


def red_cells(guidelines, *, ordered, comes_to, went_in=None, days=1, **facts):
    seen = replace(
        course(dose=Decimal(comes_to), days=days, **facts),
        ordered_mg_per_kg=Decimal(ordered),
        given_mg_per_kg=Decimal(went_in or comes_to),
    )
    checks = plan_course(seen, protocol(guidelines, seen.dose_mg_per_kg))
    return {check.rule_code: check for check in checks if check.effect == "hemolysis"}


@pytest.mark.parametrize(
    ("ordered", "comes_to", "watched"),
    [
        ("2000", "2000", True),
        ("2000", "1999", True),
        ("2000", "1000", True),
        ("2000", "999.99", False),
        ("2000", "400", False),
        ("1999.99", "1999.99", False),
        ("1999.99", "1000", False),
        ("2500", "2000", True),
        ("2500", "1999", True),
        ("2500", "1000", True),
        ("2500", "999", False),
        ("1000", "1000", False),
        ("400", "400", False),
    ],
)
def test_cell_by_cell(guidelines, ordered, comes_to, watched):
    found = red_cells(guidelines, ordered=ordered, comes_to=comes_to, known=("blood_group_non_o",))
    assert set(found) == (RED_CELLS if watched else set())


@pytest.mark.parametrize(("known", "watched"), [((), False), (("blood_group_non_o",), True)])
def test_group_o_is_not_watched_for_it_and_a_group_nobody_knows_is(guidelines, known, watched):
    assert bool(red_cells(guidelines, ordered="2000", comes_to="1500", known=known)) is watched
    unknown = red_cells(guidelines, ordered="2000", comes_to="1500", unknown=("blood_group_non_o",))
    assert set(unknown) == RED_CELLS


def test_the_mornings_of_the_days_left_are_kept_too(guidelines):
    found = red_cells(guidelines, ordered="2000", comes_to="1700", days=3, known=("blood_group_non_o",))
    assert set(found) == RED_CELLS | {"in_course_hemoglobin_lab"}


@pytest.mark.parametrize(
    ("went_in", "watched"), [("0", False), ("999.99", False), ("1000", True), ("1600", True)]
)
def test_what_is_still_to_be_given_does_not_count_before_it_went_in(guidelines, went_in, watched):
    found = red_cells(
        guidelines, ordered="2000", comes_to="1600", went_in=went_in, known=("blood_group_non_o",)
    )
    assert bool(found) is watched


@pytest.mark.parametrize(
    ("days", "done", "stopped", "expected"),
    [
        (2, [Decimal(1010)], [], "1010"),
        (2, [Decimal(990)], [], "1000"),
        (2, [None], [Decimal(0)], "1000"),
        (5, [None, None], [Decimal(200)], "1000"),
        (5, [None, None], [Decimal("199.9")], "999.9"),
        (5, [], [None], "400"),
        (5, [], [], "0"),
    ],
)
def test_what_went_in_so_far(days, done, stopped, expected):
    given = given_of_course(
        ordered_mg_per_kg=Decimal(2000), days=days, done_mg_per_kg=done, stopped_mg_per_kg=stopped
    )
    assert given == Decimal(expected)


def test_the_reason_says_what_was_ordered_and_what_it_came_to(guidelines):
    found = red_cells(
        guidelines, ordered="2000", comes_to="1200", known=("blood_group_non_o",),
        figures={"blood_group_non_o": "A"},
    )  # fmt: skip
    assert found["hemolysis_lab"].reasons == (
        Reason("blood_group_non_o", figure="A"),
        Reason("", dose_mg_per_kg=Decimal(1000), short_of_mg_per_kg=Decimal(2000)),
    )


def test_a_course_of_which_nobody_knows_another_order_is_judged_by_its_dose(guidelines):
    seen = course(dose=1999, known=("blood_group_non_o",))
    assert not seen.falls_short_of(Decimal(2000))
