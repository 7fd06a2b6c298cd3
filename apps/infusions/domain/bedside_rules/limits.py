"""One sign against a fixed limit, against a limit by age, or against this patient's baseline."""

from decimal import ROUND_HALF_UP, Decimal

from apps.infusions.domain.bedside_rules.registry import Evidence, Moment, rule_test
from apps.infusions.domain.bedside_rules.rules import Condition
from apps.infusions.domain.vitals import Consciousness
from apps.kernel.text import N_, Params, Phrase

CONSCIOUSNESS_WORDS = {
    Consciousness.CONFUSION: N_("new confusion"),
    Consciousness.VOICE: N_("responds to voice"),
    Consciousness.PAIN: N_("responds to pain"),
    Consciousness.UNRESPONSIVE: N_("unresponsive"),
}


def limit_of(condition: Condition) -> Decimal:
    """The threshold, in the unit of the sign; documents are refused whose test lacks one."""
    assert condition.threshold is not None
    return condition.threshold


@rule_test("below")
def below(condition: Condition, moment: Moment) -> tuple[Evidence, ...]:
    """The value is below the threshold."""
    value = moment.vitals.value(condition.sign)
    if value is None or value >= limit_of(condition):
        return ()
    return _found(condition, moment, value)


@rule_test("at_most")
def at_most(condition: Condition, moment: Moment) -> tuple[Evidence, ...]:
    """The value is the threshold or less."""
    value = moment.vitals.value(condition.sign)
    if value is None or value > limit_of(condition):
        return ()
    return _found(condition, moment, value)


@rule_test("at_least")
def at_least(condition: Condition, moment: Moment) -> tuple[Evidence, ...]:
    """The value is the threshold or more."""
    value = moment.vitals.value(condition.sign)
    if value is None or value < limit_of(condition):
        return ()
    return _found(condition, moment, value)


@rule_test("below_for_age")
def below_for_age(condition: Condition, moment: Moment) -> tuple[Evidence, ...]:
    """The value is below threshold + `per_year` for each completed year (clinical facts 3.3, 4.3)."""
    years = moment.series.age.years
    limit = limit_of(condition) + condition.parameters["per_year"] * years
    value = moment.vitals.value(condition.sign)
    if value is None or value >= limit:
        return ()
    return _found(condition, moment, value, threshold=limit, years=years)


@rule_test("fall_by")
def fall_by(condition: Condition, moment: Moment) -> tuple[Evidence, ...]:
    """The value has fallen from baseline by the threshold or more."""
    pair = _with_baseline(condition, moment)
    if pair is None or pair[1] - pair[0] < limit_of(condition):
        return ()
    return _found(condition, moment, pair[0])


@rule_test("fall_by_percent")
def fall_by_percent(condition: Condition, moment: Moment) -> tuple[Evidence, ...]:
    """The value has fallen by the threshold or more, in percent of baseline."""
    pair = _with_baseline(condition, moment)
    if pair is None or (pair[1] - pair[0]) * 100 < limit_of(condition) * pair[1]:
        return ()
    return _found(condition, moment, pair[0])


@rule_test("rise_by")
def rise_by(condition: Condition, moment: Moment) -> tuple[Evidence, ...]:
    """The value has risen from baseline by the threshold or more."""
    pair = _with_baseline(condition, moment)
    if pair is None or pair[0] - pair[1] < limit_of(condition):
        return ()
    return _found(condition, moment, pair[0])


@rule_test("at_least_and_rise_by")
def at_least_and_rise_by(condition: Condition, moment: Moment) -> tuple[Evidence, ...]:
    """The value is the threshold or more and has risen from baseline by `rise` or more."""
    pair = _with_baseline(condition, moment)
    if pair is None or pair[0] < limit_of(condition) or pair[0] - pair[1] < condition.parameters["rise"]:
        return ()
    return _found(condition, moment, pair[0])


@rule_test("not_alert")
def not_alert(condition: Condition, moment: Moment) -> tuple[Evidence, ...]:
    """Anything but alert; Bedside PEWS does not ask for it, so it stands alone (clinical facts 4.1, 4.2)."""
    seen = moment.vitals.consciousness
    if seen is None or seen == Consciousness.ALERT:
        return ()
    return (Evidence((condition.sign,), {"word": Phrase(CONSCIOUSNESS_WORDS[seen])}),)


@rule_test("newly_given")
def newly_given(condition: Condition, moment: Moment) -> tuple[Evidence, ...]:
    """Something is given that the baseline does not tell of; a baseline that says nothing is no excuse."""
    value, baseline = moment.vitals.value(condition.sign), moment.baseline(condition.sign)
    if not value or baseline:
        return ()
    return (Evidence((condition.sign,), {"value": value}),)


def _with_baseline(condition: Condition, moment: Moment) -> tuple[Decimal, Decimal] | None:
    value, baseline = moment.vitals.value(condition.sign), moment.baseline(condition.sign)
    return None if value is None or baseline is None else (value, baseline)


def _found(
    condition: Condition, moment: Moment, value: Decimal, **more: Decimal | int
) -> tuple[Evidence, ...]:
    params: dict[str, Decimal | int] = {"value": value, "threshold": limit_of(condition)}
    baseline = moment.baseline(condition.sign)
    if baseline is not None:
        change = abs(value - baseline)
        params |= {"baseline": baseline, "change": change}
        if baseline:
            params["percent"] = (change * 100 / baseline).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    words: Params = params | more
    return (Evidence((condition.sign,), words),)
