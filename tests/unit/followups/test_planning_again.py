"""Whatever happens to a course, its checks are planned once: nothing twice, nothing lost, reasons kept."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from apps.followups.domain import CourseDay, CoursePicture, ExistingCheck, plan_course, replan
from tests.unit.followups.pictures import OSLO, RUNS, START, course, protocol

FACTS = ("blood_group_non_o", "renal_risk", "inpatient", "outpatient", "thrombosis_risk", "hemoglobin_fell")


@dataclass
class Ward:
    """Checks as a database would keep them."""

    guidelines: object
    rows: list = field(default_factory=list)

    def plan(self, picture):
        changes = replan(self.rows, plan_course(picture, protocol(self.guidelines, picture.dose_mg_per_kg)))
        gone = {check.number for check in changes.superseded} | {move.old.number for move in changes.moved}
        explained = {move.old.number: move.new.reasons for move in changes.explained}
        self.rows = [
            replace(row, status="superseded")
            if row.number in gone
            else replace(row, reasons=explained.get(row.number, row.reasons))
            for row in self.rows
        ]
        for check in (*changes.added, *(move.new for move in changes.moved)):
            self.rows.append(
                ExistingCheck(
                    number=len(self.rows) + 1,
                    rule_code=check.rule_code,
                    day_number=check.day_number,
                    status="planned",
                    window=check.window,
                    reasons=check.reasons,
                    anchored_at=check.anchored_at,
                )
            )
        return changes

    def ask(self, until):
        """Time passes: what is due by then is asked, and a hold that ran out is over."""
        self.rows = [self._asked(row, until) if row.status == "planned" else row for row in self.rows]

    def _asked(self, row, until):
        if self.guidelines.follow_up_rule(row.rule_code).is_asked:
            return replace(row, status="due") if row.window.due_at <= until else row
        over = row.window.closes_at is not None and row.window.closes_at <= until
        return replace(row, status="done") if over else row

    def planned(self):
        return [row for row in self.rows if row.status == "planned"]


def test_planning_twice_changes_nothing(guidelines):
    ward = Ward(guidelines)
    picture = course(days=5, ended=2, known=("renal_risk",))
    assert not ward.plan(picture).is_nothing
    assert ward.plan(picture).is_nothing


def test_the_next_dose_moves_what_waits_and_leaves_what_was_asked(guidelines):
    ward = Ward(guidelines)
    ward.plan(course(days=2, ended=1))
    ward.ask(START + RUNS + timedelta(hours=24))
    changes = ward.plan(course(days=2, ended=2))
    assert {move.new.rule_code for move in changes.moved} >= {"day_7_call", "day_14_call", "serology_hold"}
    assert "aseptic_meningitis_call" in {check.rule_code for check in changes.added}
    asked = [row for row in ward.rows if row.rule_code == "aseptic_meningitis_call"]
    assert [(row.day_number, row.status) for row in asked] == [(1, "due"), (2, "planned")]


def test_a_risk_that_is_learned_adds_and_one_that_falls_away_takes_only_what_waits(guidelines):
    ward = Ward(guidelines)
    ward.plan(course())
    changes = ward.plan(course(known=("renal_risk",)))
    assert {check.rule_code for check in changes.added} == {"renal_function_lab", "kidney_lab_day_7"}
    ward.ask(START + timedelta(days=3))
    changes = ward.plan(course())
    assert {check.rule_code for check in changes.superseded} == {"kidney_lab_day_7"}
    assert [row.status for row in ward.rows if row.rule_code == "renal_function_lab"] == ["due"]


def test_a_reason_more_keeps_the_check_and_tells_why(guidelines):
    ward = Ward(guidelines)
    ward.plan(course(unknown=("blood_group_non_o",)))
    before = len(ward.rows)
    changes = ward.plan(course(known=("blood_group_non_o",), figures={"blood_group_non_o": "B"}))
    assert {move.new.rule_code for move in changes.explained} == {"hemoglobin_lab", "hemolysis_lab"}
    assert not changes.moved and len(ward.rows) == before
    [lab] = [row for row in ward.rows if row.rule_code == "hemolysis_lab"]
    assert lab.reasons[0].figure == "B"


def test_a_discharge_ends_the_rounds_at_night_and_calls_who_is_at_risk_at_home(guidelines):
    ward = Ward(guidelines)
    ward.plan(course(known=("inpatient", "heart_failure")))
    changes = ward.plan(course(known=("outpatient", "heart_failure")))
    assert {check.rule_code for check in changes.superseded} == {"lungs_6h", "lungs_12h"}
    assert {check.rule_code for check in changes.added} == {"lungs_call"}


def test_fewer_days_take_the_mornings_that_will_not_come(guidelines):
    ward = Ward(guidelines)
    ward.plan(course(days=5, ended=1))
    changes = ward.plan(course(days=2, ended=1))
    assert {(check.rule_code, check.day_number) for check in changes.superseded} == {
        ("in_course_observation", number) for number in (3, 4, 5)
    }


def test_a_day_put_off_after_its_morning_check_is_checked_again(guidelines):
    ward = Ward(guidelines)
    picture = course(days=2, ended=1)
    ward.plan(picture)
    ward.ask(START + timedelta(hours=23))
    later = CourseDay(2, picture.days[1].expected_on + timedelta(days=2))
    changes = ward.plan(replace(picture, days=(picture.days[0], later)))
    assert [(check.rule_code, check.day_number) for check in changes.added] == [("in_course_observation", 2)]


def test_a_risk_learned_after_a_day_began_asks_nothing_of_its_past_morning(guidelines):
    ward = Ward(guidelines)
    ward.plan(course(days=3, ended=2))
    changes = ward.plan(course(days=3, ended=2, known=("renal_risk",)))
    mornings = [check for check in changes.added if check.rule_code == "in_course_kidney_lab"]
    assert [check.day_number for check in mornings] == [3]


STEPS = st.lists(
    st.one_of(
        st.just(("dose",)),
        st.just(("stop",)),
        st.tuples(st.just("fact"), st.sampled_from(FACTS), st.booleans()),
        st.tuples(st.just("days"), st.integers(1, 6)),
        st.tuples(st.just("wait"), st.integers(1, 40)),
        st.just(("again",)),
    ),
    max_size=14,
)


def after(history):
    """The pictures a course goes through, with the time at each."""
    now, days, ends, facts, dose, planned = START, {}, 0, set(), Decimal(2000), 5
    for step in history:
        match step:
            case ("dose",) | ("stop",):
                ends += 1
                planned = max(planned, ends)
                length = RUNS if step == ("dose",) else timedelta(minutes=5)
                days[ends] = (now, now + length)
                dose -= 0 if step == ("dose",) else Decimal(100)
                now += timedelta(hours=24)
            case ("fact", fact, holds):
                (facts.add if holds else facts.discard)(fact)
            case ("days", count):
                planned = max(count, ends)
            case ("wait", passed):
                now += timedelta(hours=passed)
        today = now.astimezone(OSLO).date()
        yield (
            CoursePicture(
                days=tuple(
                    CourseDay(
                        number,
                        days[number][0].astimezone(OSLO).date()
                        if number in days
                        else today + timedelta(days=number - ends),
                        *days.get(number, (None, None)),
                    )
                    for number in range(1, planned + 1)
                ),
                zone=OSLO,
                dose_mg_per_kg=dose,
                known=frozenset(facts),
            ),
            now,
        )


@settings(max_examples=120)
@given(history=STEPS)
def test_any_history_leaves_one_check_of_each_kind_for_the_last_dose(guidelines, history):
    ward = Ward(guidelines)
    for picture, now in after(history):
        before = list(ward.rows)
        ward.plan(picture)
        plan = plan_course(picture, protocol(guidelines, picture.dose_mg_per_kg))

        planned = ward.planned()
        assert len({(row.rule_code, row.day_number) for row in planned}) == len(planned)
        for rule in guidelines.follow_up_rules:
            waiting = [row for row in planned if row.rule_code == rule.code]
            assert rule.anchor == "each_day" or len(waiting) <= 1
        for check in plan:
            standing = [
                row
                for row in ward.rows
                if (row.rule_code, row.day_number) == check.key
                and row.status != "superseded"
                and row.anchored_at >= check.anchored_at
            ]
            assert len(standing) == 1 or check.settled_by_time, "planned or asked, and only once"
            for row in standing:
                closes = check.window.closes_at
                assert row.status != "planned" or row.window == check.window
                assert closes is None or row.window.closes_at >= closes
        for row in before:
            if row.status in ("due", "done"):
                assert row in ward.rows, "what was asked is never taken back"
        assert len({row.number for row in ward.rows}) == len(ward.rows) >= len(before)
        assert ward.plan(picture).is_nothing
        ward.ask(now)
