"""The maintenance algorithm of the Norwegian page, step by step (clinical facts 1.9 M1 to M7)."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import pytest

from apps.courses.domain.intervals import Window, next_course_window, timing
from apps.courses.domain.maintenance import (
    CourseState,
    Response,
    TreatedCourse,
    lowered_doses,
    propose_next_step,
)

DAY_ONE = date(2026, 1, 5)
G = 1000


@dataclass(frozen=True)
class Algorithm:
    evaluate_after_days: int = 21
    second_course_after_days: int = 42
    course_dose_mg_per_kg: Decimal = Decimal(2000)
    reduction_percent: Decimal = Decimal(20)


@dataclass(frozen=True)
class Regimen:
    interval_days_min: Decimal | None = None
    interval_days_max: Decimal | None = None
    queried: bool = False


def course(*found, first=DAY_ONE, dose_g="2", state=CourseState.GIVEN):
    """Five days of treatment; each finding is (outcome, days after the last day)."""
    last = first + timedelta(days=4)
    return TreatedCourse(
        first_day=first,
        last_day=last,
        dose_mg_per_kg=Decimal(dose_g) * G,
        state=state,
        responses=tuple(Response(outcome, last + timedelta(days=days)) for outcome, days in found),
    )


def history(*entries):
    """Courses one after another: (dose, outcome, days after the last day) or (dose,) without a response.

    A course begins on the day after the response to the one before, or 42 days after it.
    """
    courses, first = [], DAY_ONE
    for dose, *found in entries:
        courses.append(course(*([tuple(found)] if found else []), first=first, dose_g=dose))
        first = courses[-1].last_day + timedelta(days=found[1] + 1 if found else 42)
    return courses


def propose(courses, *, today=None):
    return propose_next_step(courses, Algorithm(), today=today or courses[-1].last_day + timedelta(days=1))


def doses_of(proposal):
    return {option.reading: option.dose_mg_per_kg for option in proposal.doses}


def test_before_any_treatment_there_is_nothing_to_propose():
    assert propose_next_step([], Algorithm(), today=DAY_ONE) is None


def test_the_effect_of_the_first_course_is_evaluated_three_weeks_after_it():
    first = course()
    proposal = propose([first])
    assert (proposal.step, proposal.due_on) == ("evaluate", first.last_day + timedelta(days=21))
    assert proposal.timing(first.last_day + timedelta(days=20)) == "planned"
    assert proposal.timing(first.last_day + timedelta(days=21)) == "due"
    assert proposal.timing(first.last_day + timedelta(days=22)) == "overdue"


@pytest.mark.parametrize("outcome", ["suboptimal", "none"])
def test_a_weak_response_calls_for_a_second_course_of_2_g_per_kg_six_weeks_after_the_first(outcome):
    first = course((outcome, 21))
    proposal = propose([first])
    assert (proposal.step, proposal.due_on) == ("second_course", first.last_day + timedelta(days=42))
    assert doses_of(proposal) == {"full": 2 * G}


def test_the_second_course_is_of_2_g_per_kg_whatever_the_first_was():
    assert doses_of(propose([course(("suboptimal", 21), dose_g="1")])) == {"full": 2 * G}


@pytest.mark.parametrize("outcome", ["suboptimal", "none"])
def test_no_effect_cannot_be_found_before_three_weeks(outcome):
    """The effect may take a couple of weeks (facts 1.4 S3-02)."""
    assert propose([course((outcome, 10))]).step == "evaluate"
    assert propose([course((outcome, 10), ("good", 21))]).step == "wait_for_relapse"


def test_three_weeks_from_the_first_infusion_day_are_three_weeks_too():
    assert propose([course(("suboptimal", 17))]).step == "second_course"
    assert propose([course(("suboptimal", 16))]).step == "evaluate"


def test_the_second_course_is_evaluated_three_weeks_after_it():
    courses = history(("2", "suboptimal", 21), ("2",))
    proposal = propose(courses)
    assert (proposal.step, proposal.due_on) == ("evaluate", courses[1].last_day + timedelta(days=21))


@pytest.mark.parametrize("first_outcome", ["suboptimal", "none"])
def test_no_effect_of_the_second_course_means_a_person_decides_on_stopping(first_outcome):
    proposal = propose(history(("2", first_outcome, 21), ("2", "none", 21)))
    assert (proposal.step, proposal.doses, proposal.due_on) == ("stop_non_responder", (), None)


def test_no_effect_of_a_second_course_after_a_good_response_is_not_a_non_responder():
    assert propose(history(("2", "good", 21), ("2", "none", 21))).step == "ask"


def test_no_effect_of_a_second_course_when_nobody_looked_at_the_first_is_for_a_person():
    assert propose(history(("2",), ("2", "none", 21))).step == "ask"


def test_a_suboptimal_response_to_the_second_course_is_not_in_the_source():
    assert propose(history(("2", "suboptimal", 21), ("2", "suboptimal", 21))).step == "ask"


@pytest.mark.parametrize("before", [[], [("2", "suboptimal", 21)]])
def test_a_responder_is_followed_until_relapse(before):
    proposal = propose(history(*before, ("2", "good", 21)))
    assert (proposal.step, proposal.due_on, proposal.doses) == ("wait_for_relapse", None, ())


def test_relapse_calls_for_the_next_treatment_and_finds_the_interval():
    courses = history(("2", "suboptimal", 21), ("2", "relapse", 56))
    proposal = propose(courses)
    assert proposal.step == "course_at_relapse"
    assert proposal.due_on == courses[1].last_day + timedelta(days=56)
    assert (proposal.interval_days, doses_of(proposal)) == (56, {"as_before": 2 * G})


def test_a_relapse_before_the_effect_could_be_judged_finds_no_interval():
    proposal = propose([course(("relapse", 14))])
    assert (proposal.step, proposal.interval_days) == ("ask", None)


def test_after_the_third_treatment_the_dose_is_lowered_at_the_interval_that_was_found():
    courses = history(("2", "suboptimal", 21), ("2", "relapse", 56), ("2", "good", 30))
    proposal = propose(courses)
    assert proposal.step == "lower_dose"
    assert proposal.due_on == courses[2].last_day + timedelta(days=56)
    assert proposal.interval_days == 56
    assert not proposal.response_missing


FOUND = [("2", "suboptimal", 21), ("2", "relapse", 56)]


@pytest.mark.parametrize(
    ("given", "of_original", "of_current"),
    [
        (["2"], "1600", "1600"),
        (["2", "1.6"], "1200", "1280"),
        (["2", "1.6", "1.2"], "800", "960"),
        (["2", "1.6", "1.28"], "880", "1020"),
        (["2", "1.6", "1.2", "0.8"], "400", "640"),
    ],
)
def test_both_readings_of_twenty_percent_stand_side_by_side(given, of_original, of_current):
    proposal = propose(history(*FOUND, *((dose, "good", 30) for dose in given)))
    assert doses_of(proposal) == {"of_original": Decimal(of_original), "of_current": Decimal(of_current)}


@pytest.mark.parametrize(
    ("reading", "expected"),
    [("of_original", [1600, 1200, 800, 400]), ("of_current", [1600, 1280, 1020, 820])],
)
def test_each_reading_followed_to_its_end(reading, expected):
    given, found = ["2"], []
    for _ in expected:
        proposal = propose(history(*FOUND, *((dose, "good", 30) for dose in given)))
        found.append(doses_of(proposal)[reading])
        given.append(str(found[-1] / G))
    assert found == expected


def test_a_reading_that_comes_to_nothing_is_left_out():
    options = lowered_doses(Decimal(400), Decimal(2000), Decimal(20))
    assert [(option.reading, option.dose_mg_per_kg) for option in options] == [("of_current", Decimal(320))]


def test_lowering_without_a_recorded_response_says_so():
    """Unanswered is unknown, not well."""
    proposal = propose(history(*FOUND, ("2", "good", 30), ("1.6",)))
    assert (proposal.step, proposal.response_missing) == ("lower_dose", True)


@pytest.mark.parametrize("outcome", ["suboptimal", "none"])
def test_a_weaker_effect_under_a_lower_dose_is_for_a_person(outcome):
    proposal = propose(history(*FOUND, ("2", "good", 30), ("1.6", outcome, 30)))
    assert (proposal.step, proposal.doses) == ("ask", ())


@pytest.mark.parametrize(
    ("given", "last_effective"),
    [(["2", "1.6"], "2000"), (["2", "1.6", "1.2"], "1600"), (["2", "1.6", "1.28", "1.02"], "1280")],
)
def test_after_relapse_a_person_decides_with_the_last_effective_dose_proposed(given, last_effective):
    *held, too_low = given
    proposal = propose(history(*FOUND, *((dose, "good", 30) for dose in held), (too_low, "relapse", 40)))
    assert proposal.step == "ask"
    assert doses_of(proposal) == {"last_effective": Decimal(last_effective)}


def test_once_the_dose_is_set_it_is_kept():
    lowered = [("2", "good", 30), ("1.6", "good", 30), ("1.2", "relapse", 40)]
    proposal = propose(history(*FOUND, *lowered, ("1.6", "good", 30)))
    assert (proposal.step, doses_of(proposal), proposal.interval_days) == (
        "keep_dose",
        {"as_before": Decimal(1600)},
        56,
    )


def test_relapse_at_the_kept_dose_is_for_a_person_again():
    lowered = [("2", "good", 30), ("1.6", "good", 30), ("1.2", "relapse", 40)]
    proposal = propose(history(*FOUND, *lowered, ("1.6", "relapse", 50)))
    assert (proposal.step, doses_of(proposal)) == ("ask", {"last_effective": Decimal(2000)})


def test_relapse_at_the_full_dose_is_no_relapse_of_lowering():
    proposal = propose(history(*FOUND, ("2", "relapse", 40)))
    assert (proposal.step, proposal.params, doses_of(proposal)) == (
        "ask",
        {"days": 40},
        {"as_before": Decimal(2000)},
    )


def test_going_on_after_a_relapse_at_the_full_dose_takes_the_shorter_interval():
    proposal = propose(history(*FOUND, ("2", "relapse", 40), ("2", "good", 30)))
    assert (proposal.step, proposal.interval_days) == ("lower_dose", 40)


def test_the_newest_response_counts():
    assert propose([course(("relapse", 50), ("good", 52))]).step == "wait_for_relapse"
    assert propose([course(("good", 21), ("relapse", 50))]).step == "course_at_relapse"


def test_a_running_course_is_only_waited_for():
    proposal = propose([course(state=CourseState.RUNNING)])
    assert (proposal.step, proposal.doses) == ("under_way", ())


def test_a_course_that_nobody_finished_is_for_a_person():
    left = course(state=CourseState.RUNNING)
    assert propose([left], today=left.last_day + timedelta(days=22)).step == "ask"


def test_a_course_cut_short_is_not_judged_as_if_it_had_been_given():
    assert propose([course(("none", 21), state=CourseState.CUT_SHORT)]).step == "ask"


@pytest.mark.parametrize(
    ("least", "most", "earliest", "latest"),
    [
        ("21", "28", date(2026, 1, 30), date(2026, 2, 6)),
        ("28", "28", date(2026, 2, 6), date(2026, 2, 6)),
        ("28", None, date(2026, 2, 6), None),
        (None, "28", date(2026, 1, 9), date(2026, 2, 6)),
        ("0.5", "1", date(2026, 1, 10), date(2026, 1, 10)),
        ("1.5", "1.5", date(2026, 1, 11), date(2026, 1, 11)),
    ],
)
def test_the_regimen_s_interval_opens_a_window_after_the_last_infusion_day(least, most, earliest, latest):
    regimen = Regimen(*(None if days is None else Decimal(days) for days in (least, most)))
    assert next_course_window(regimen, last_infusion_on=date(2026, 1, 9)) == Window(earliest, latest)


def test_no_interval_no_window():
    assert next_course_window(Regimen(), last_infusion_on=DAY_ONE) is None


def test_nothing_is_calculated_from_a_regimen_under_query():
    regimen = Regimen(Decimal(21), Decimal(28), queried=True)
    assert next_course_window(regimen, last_infusion_on=DAY_ONE) is None


@pytest.mark.parametrize(("day", "expected"), [(29, "planned"), (30, "due"), (31, "due"), (32, "overdue")])
def test_a_window_is_overdue_only_after_its_end(day, expected):
    window = Window(date(2026, 1, 30), date(2026, 1, 31))
    today = date(2026, 1, 1) + timedelta(days=day - 1)
    assert timing(window.earliest, window.latest, today=today) == expected


def test_a_window_without_an_end_is_never_overdue():
    assert timing(date(2026, 1, 30), None, today=date(2027, 1, 30)) == "due"
