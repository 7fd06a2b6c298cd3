"""What each test of a criterion reads in the record. Not recorded is not known; only a measurement says no."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

from apps.guidelines.domain import CriterionTest
from apps.kernel.text import N_, Param
from apps.safety.domain.picture import Answer, EventPicture, HemolysisSeen, Judged, Said, whole_minutes
from apps.safety.domain.prefill import better_without

RAN = N_("It was running at %(rate)s mL/h.")
DID_NOT_RUN = N_("Nothing was running.")
NO_START = N_("When the infusion began is not recorded.")
FASTER = N_("A faster step %(minutes)s minutes before.")
FIRST_RATE = N_("The rate had not been raised before.")
LOWERED = N_("The last change was to a lower rate.")
DURING = N_("During the infusion.")
HOURS_AFTER = N_("%(hours)s hours after the end.")
BEGAN_BEFORE = N_("Before the infusion began.")
RECORDED = N_("Recorded.")
RECORDED_SEVERE = N_("Recorded as severe.")
RECORDED_MILDER = N_("Recorded, but not as severe.")
NOT_RECORDED = N_("Not recorded. That is not the same as absent.")
NONE_RECORDED = N_("None of them was recorded.")
NOT_DESCRIBED = N_("What was seen has not been described.")
LOWEST = N_(
    "Lowest systolic around the onset: %(value)s mmHg, baseline %(baseline)s mmHg, limit %(limit)s mmHg."
)
LOWEST_ALONE = N_(
    "Lowest systolic around the onset: %(value)s mmHg, limit %(limit)s mmHg. There is no baseline."
)
NO_PRESSURE = N_("No blood pressure around the onset.")
LOWEST_OXYGEN = N_("Lowest SpO2 around the onset: %(value)s %%.")
ON_OXYGEN = N_("Lowest SpO2 around the onset: %(value)s %%, not measured on air.")
NO_OXYGEN = N_("No SpO2 around the onset.")
NO_LIMIT = N_("No limit of systolic pressure is known below one month of age.")
FALL = N_("Hemoglobin fell by %(value)s g/L.")
NO_FALL_KNOWN = N_("Hemoglobin before and after is not known.")
ANTIGLOBULIN_NEW = N_("The antiglobulin test is newly positive.")
ANTIGLOBULIN_NOT_NEW = N_("The antiglobulin test is not newly positive.")
NO_ANTIGLOBULIN = N_("No antiglobulin test since the infusion.")
MARKERS = N_("%(count)s of them so far.")
NO_MARKERS = N_("None of them was measured since the infusion.")
ASK = N_("The record cannot hold this. Look, and say so.")


def judge_test(test: CriterionTest, picture: EventPicture) -> Judged:
    """What the record says to one test."""
    return _TESTS[test.test](test, picture)


def lowest_systolic(picture: EventPicture) -> int | None:
    """The limit of systolic pressure for the age in mmHg (facts 3.3); None in the first month of life."""
    if picture.age_months < 1:
        return None
    if picture.age_years < 1:
        return 70
    return 70 + 2 * picture.age_years if picture.age_years <= 10 else 90


def _while_running(_: CriterionTest, picture: EventPicture) -> Judged:
    if picture.running is None:
        return _judged(Answer.NO, DID_NOT_RUN)
    return _judged(Answer.YES, RAN, rate=picture.running.rate_ml_per_h)


def _after_increase(test: CriterionTest, picture: EventPicture) -> Judged:
    change = picture.last_change
    if change is None:
        return _judged(Answer.NO, DID_NOT_RUN)
    running, before = change
    if before is None or not before.rate_ml_per_h:
        return _judged(Answer.NO, FIRST_RATE)
    if running.rate_ml_per_h < before.rate_ml_per_h:
        return _judged(Answer.NO, LOWERED)
    minutes = whole_minutes(picture.onset_at - running.at)
    return _judged(Answer.YES if minutes <= _figure(test) else Answer.NO, FASTER, minutes=minutes)


def _onset_within(test: CriterionTest, picture: EventPicture) -> Judged:
    if picture.started_at is None:
        return _judged(Answer.UNKNOWN, NO_START)
    if picture.onset_at < picture.started_at:
        return _judged(Answer.NO, BEGAN_BEFORE)
    after = picture.onset_at - (picture.ended_at or picture.onset_at)
    if after <= timedelta(0):
        return _judged(Answer.YES, DURING)
    within = after <= timedelta(hours=float(_figure(test)))
    hours = (Decimal(whole_minutes(after)) / 60).quantize(Decimal("0.1"))
    return _judged(Answer.YES if within else Answer.NO, HOURS_AFTER, hours=hours)


def _symptoms(test: CriterionTest, picture: EventPicture) -> Judged:
    if picture.among(test.terms):
        return _judged(Answer.YES, RECORDED)
    return _judged(Answer.UNKNOWN, NOT_RECORDED if picture.described else NOT_DESCRIBED)


def _severe_symptoms(test: CriterionTest, picture: EventPicture) -> Judged:
    found = picture.among(test.terms)
    if any(picture.severity_of(code) == "severe" for code in found):
        return _judged(Answer.YES, RECORDED_SEVERE)
    if found and all(picture.severity_of(code) for code in found):
        return _judged(Answer.NO, RECORDED_MILDER)
    return _judged(Answer.UNKNOWN, NOT_RECORDED if picture.described else NOT_DESCRIBED)


def _no_symptoms(test: CriterionTest, picture: EventPicture) -> Judged:
    if picture.among(test.terms):
        return _judged(Answer.NO, RECORDED)
    if not picture.described:
        return _judged(Answer.UNKNOWN, NOT_DESCRIBED)
    return _judged(Answer.YES, NONE_RECORDED)


def _passed_after_less(_: CriterionTest, picture: EventPicture) -> Judged:
    return better_without(picture)


def _low_pressure(test: CriterionTest, picture: EventPicture) -> Judged:
    limit = lowest_systolic(picture)
    values = [taken.systolic_mmhg for taken in picture.around if taken.systolic_mmhg is not None]
    if limit is None or not values:
        return _judged(Answer.UNKNOWN, NO_PRESSURE if limit is not None else NO_LIMIT)
    lowest = min(values)
    baseline = picture.baseline.systolic_mmhg if picture.baseline else None
    if baseline is None:
        answer = Answer.YES if lowest < limit else Answer.UNKNOWN
        return _judged(answer, LOWEST_ALONE, value=lowest, limit=limit)
    fell = (baseline - lowest) * 100 > _figure(test) * baseline
    answer = Answer.YES if lowest < limit or fell else Answer.NO
    return _judged(answer, LOWEST, value=lowest, baseline=baseline, limit=limit)


def _low_oxygen(test: CriterionTest, picture: EventPicture) -> Judged:
    values = [taken.spo2_percent for taken in picture.around if taken.spo2_percent is not None]
    if not values:
        return _judged(Answer.UNKNOWN, NO_OXYGEN)
    return _judged(Answer.YES if min(values) < _figure(test) else Answer.NO, LOWEST_OXYGEN, value=min(values))


def _low_oxygen_on_air(test: CriterionTest, picture: EventPicture) -> Judged:
    measured = [taken for taken in picture.around if taken.spo2_percent is not None]
    on_air = [taken.spo2_percent for taken in measured if taken.oxygen_l_per_min == 0]
    values = [value for value in on_air if value is not None]
    if values and min(values) < _figure(test):
        return _judged(Answer.YES, LOWEST_OXYGEN, value=min(values))
    if not measured:
        return _judged(Answer.UNKNOWN, NO_OXYGEN)
    if len(values) < len(measured):
        lowest = min(taken.spo2_percent or 0 for taken in measured)
        return _judged(Answer.UNKNOWN, ON_OXYGEN, value=lowest)
    return _judged(Answer.NO, LOWEST_OXYGEN, value=min(values))


def _laboratory_fall(test: CriterionTest, picture: EventPicture) -> Judged:
    fall = _hemolysis(picture).fall_g_per_l
    if fall is None:
        return _judged(Answer.UNKNOWN, NO_FALL_KNOWN)
    return _judged(Answer.YES if fall >= _figure(test) else Answer.NO, FALL, value=max(fall, Decimal(0)))


def _laboratory_abnormal(_: CriterionTest, picture: EventPicture) -> Judged:
    new = _hemolysis(picture).antiglobulin
    if new is None:
        return _judged(Answer.UNKNOWN, NO_ANTIGLOBULIN)
    return _judged(Answer.YES, ANTIGLOBULIN_NEW) if new else _judged(Answer.NO, ANTIGLOBULIN_NOT_NEW)


def _laboratory_markers(test: CriterionTest, picture: EventPicture) -> Judged:
    """Fewer than asked for is not "no": the others may not have been measured."""
    count = _hemolysis(picture).markers
    if count is None:
        return _judged(Answer.UNKNOWN, NO_MARKERS)
    return _judged(Answer.YES if count >= _figure(test) else Answer.UNKNOWN, MARKERS, count=count)


def _ask(_: CriterionTest, __: EventPicture) -> Judged:
    return _judged(Answer.UNKNOWN, ASK)


def _hemolysis(picture: EventPicture) -> HemolysisSeen:
    return picture.hemolysis or HemolysisSeen(None, None, None)


def _figure(test: CriterionTest) -> Decimal:
    """The figure; documents are refused whose test lacks one."""
    assert test.figure is not None
    return test.figure


def _judged(answer: Answer, message: str, **params: Param) -> Judged:
    return Judged(answer, Said(message, params))


_TESTS: dict[str, Callable[[CriterionTest, EventPicture], Judged]] = {
    "while_running": _while_running,
    "after_increase": _after_increase,
    "onset_within": _onset_within,
    "symptoms": _symptoms,
    "severe_symptoms": _severe_symptoms,
    "no_symptoms": _no_symptoms,
    "passed_after_less": _passed_after_less,
    "low_pressure": _low_pressure,
    "low_oxygen": _low_oxygen,
    "low_oxygen_on_air": _low_oxygen_on_air,
    "laboratory_fall": _laboratory_fall,
    "laboratory_abnormal": _laboratory_abnormal,
    "laboratory_markers": _laboratory_markers,
    "ask": _ask,
}
