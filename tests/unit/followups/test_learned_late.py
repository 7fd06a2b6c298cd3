"""A check called for after its window: done within a day while its effect may still begin, else kept as missed."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.followups.domain import LEARNED_LATE, LEARNED_TOO_LATE, ExistingCheck, Lateness, plan_course, replan
from tests.unit.followups.pictures import OSLO, course, hours, local, protocol
from tests.unit.followups.test_planning_again import STEPS, after

WITHIN = timedelta(hours=24)
KIDNEYS = ("renal_risk",)


class LateWard:
    """Checks as a database would keep them, with the hour of each plan known."""

    def __init__(self, guidelines):
        self.guidelines, self.rows = guidelines, []

    def plan(self, picture, now):
        follows = replace(
            protocol(self.guidelines, picture.dose_mg_per_kg), windows=self.guidelines.risk_windows
        )
        [policy] = self.guidelines.learned_late
        late = Lateness(now, policy.within_h, picture.zone, follows.hours)
        changes = replan(self.rows, plan_course(picture, follows), late)
        gone = {check.number for check in changes.superseded} | {move.old.number for move in changes.moved}
        told = {move.old.number: move.new.reasons for move in changes.explained}
        self.rows = [
            replace(
                row,
                status="superseded" if row.number in gone else row.status,
                reasons=told.get(row.number, row.reasons),
            )
            for row in self.rows
        ]
        for status, checks in (
            ("planned", (*changes.added, *(move.new for move in changes.moved))),
            ("missed", changes.missed),
        ):
            for check in checks:
                self.rows.append(
                    ExistingCheck(
                        len(self.rows) + 1,
                        check.rule_code,
                        check.day_number,
                        status,
                        check.window,
                        check.reasons,
                        check.anchored_at,
                    )
                )
        return changes

    def only(self, code):
        [row] = [row for row in self.rows if row.rule_code == code and row.status != "superseded"]
        return row


@pytest.fixture
def ward(guidelines):
    return LateWard(guidelines)


# The rule's window closes 96 h after the dose; the kidneys may fail until 8 days, 192 h, after it.
@pytest.mark.parametrize(
    ("after_h", "becomes"),
    [
        (24, "as planned"),
        (95, "as planned"),
        (96, "at once"),
        (144, "at once"),
        (191, "at once"),
        (192, "missed"),
        (400, "missed"),
    ],
)
def test_the_kidney_laboratory_of_a_risk_learned_so_many_hours_after_the_dose(ward, after_h, becomes):
    ward.plan(course(), hours(1))
    now = hours(after_h)
    changes = ward.plan(course(known=KIDNEYS), now)
    check = ward.only("renal_function_lab")
    if becomes == "as planned":
        assert (check.window.opens_at, check.window.closes_at) == (hours(36), hours(96))
        assert LEARNED_LATE not in check.reasons
    elif becomes == "at once":
        assert check.status == "planned"
        assert (check.window.opens_at, check.window.due_at, check.window.closes_at) == (
            now,
            now,
            now + WITHIN,
        )
        assert check.reasons[-1] == LEARNED_LATE and check.reasons[0].fact == "renal_risk"
    else:
        assert check.status == "missed" and check.window.closes_at == hours(96)
        assert check.reasons[-1] == LEARNED_TOO_LATE
        assert "renal_function_lab" in {one.rule_code for one in changes.missed}
        assert "renal_function_lab" not in {one.rule_code for one in changes.added}


def test_the_hemolysis_laboratory_follows_its_own_longer_band(ward):
    """Closes at 240 h; hemolysis may begin until 336 h after the last dose."""
    ward.plan(course(), hours(1))
    ward.plan(course(known=("hemoglobin_fell",)), hours(300))
    assert ward.only("hemolysis_lab").window.closes_at == hours(324)
    other = LateWard(ward.guidelines)
    other.plan(course(), hours(1))
    other.plan(course(known=("hemoglobin_fell",)), hours(336))
    assert other.only("hemolysis_lab").status == "missed"


def test_nobody_is_called_at_night_for_it_and_blood_does_not_wait_for_the_morning(ward):
    # 02:00 in the ward, within the time in which the lungs may still fill.
    night = hours(14)
    late = replace(
        next(one for one in plan_course(course(known=("outpatient", "heart_failure")), protocol(ward.guidelines))
             if one.rule_code == "lungs_call"),
        window=replace(ward_window(ward), closes_at=hours(13)), risk_until=hours(20),
    )  # fmt: skip
    policy = Lateness(night, 24, OSLO, {one.kind: one for one in ward.guidelines.calling_hours})
    assert policy.concerns(late) and policy.is_in_time(late)
    placed = policy.at_once(late).window
    assert local(night)[11:] == "02:00" and local(placed.due_at)[11:] == "08:00"
    assert placed.closes_at == night + WITHIN
    blood = policy.at_once(replace(late, kind="laboratory")).window
    assert blood.due_at == night


def ward_window(ward):
    checks = plan_course(course(known=("outpatient", "heart_failure")), protocol(ward.guidelines))
    return next(one.window for one in checks if one.rule_code == "lungs_call")


def test_planning_again_leaves_it_where_it_was_put_and_missed_it_stays_missed(ward):
    ward.plan(course(), hours(1))
    ward.plan(course(known=KIDNEYS), hours(144))
    assert ward.plan(course(known=KIDNEYS), hours(150)).is_nothing
    assert ward.only("renal_function_lab").window.closes_at == hours(168)
    other = LateWard(ward.guidelines)
    other.plan(course(), hours(1))
    other.plan(course(known=KIDNEYS), hours(400))
    assert other.plan(course(known=KIDNEYS), hours(401)).is_nothing
    assert other.plan(course(), hours(402)).is_nothing
    assert other.only("renal_function_lab").status == "missed"


def test_a_reason_more_is_told_and_it_is_still_said_to_be_late(ward):
    ward.plan(course(), hours(1))
    ward.plan(course(known=KIDNEYS), hours(144))
    changes = ward.plan(course(known=(*KIDNEYS, "creatinine_rose")), hours(145))
    assert {move.new.rule_code for move in changes.explained} >= {"renal_function_lab"}
    check = ward.only("renal_function_lab")
    assert [reason.fact for reason in check.reasons] == ["renal_risk", "creatinine_rose", "learned_late"]
    assert check.window.opens_at == hours(144)


def test_the_next_dose_opens_the_windows_anew_whatever_was_late_before(ward):
    ward.plan(course(days=2, ended=1), hours(1))
    ward.plan(course(days=2, ended=1, known=KIDNEYS), hours(144))
    second = course(days=2, ended=2, known=KIDNEYS)
    moved = replace(
        second,
        days=(second.days[0], replace(second.days[1], started_at=hours(150), ended_at=hours(153))),
    )
    ward.plan(moved, hours(153))
    check = ward.only("renal_function_lab")
    assert check.window.closes_at == hours(153 + 96) and LEARNED_LATE not in check.reasons


def test_waiting_times_are_never_late(ward):
    """A hold that ran out long ago is over; nobody is asked anything about it."""
    changes = ward.plan(course(), hours(24 * 500))
    assert {check.rule_code for check in changes.missed} == {
        "aseptic_meningitis_call",
        "day_7_call",
        "day_14_call",
    }
    assert "serology_hold" in {check.rule_code for check in changes.added}


@settings(max_examples=120)
@given(history=STEPS, waits=st.lists(st.integers(0, 500), min_size=15, max_size=15))
def test_any_history_however_late(guidelines, history, waits):
    ward = LateWard(guidelines)
    for (picture, at), wait in zip(after(history), waits, strict=False):
        now = at + timedelta(hours=wait)
        ward.plan(picture, now)
        assert ward.plan(picture, now).is_nothing, "planning twice changes nothing"
        assert ward.plan(picture, now + timedelta(hours=30)).is_nothing
        for row in ward.rows:
            window = row.window
            assert window.opens_at <= window.due_at
            assert window.closes_at is None or window.due_at <= window.closes_at
            if row.status == "planned" and LEARNED_LATE in row.reasons:
                assert window.closes_at == window.opens_at + WITHIN
        standing = [row for row in ward.rows if row.status != "superseded"]
        assert len({(row.rule_code, row.day_number, row.anchored_at) for row in standing}) == len(standing)


@pytest.mark.parametrize("dose", [Decimal(400), Decimal(2000)])
def test_without_a_policy_a_late_check_is_added_as_it_is(guidelines, dose):
    plan = plan_course(course(dose=dose, known=KIDNEYS), protocol(guidelines, dose))
    assert not replan([], plan).missed
