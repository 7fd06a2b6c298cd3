"""One sign over the last few sets in which it was measured. Derived: no source gives these numbers."""

from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise

from apps.infusions.domain.bedside_rules.limits import limit_of
from apps.infusions.domain.bedside_rules.registry import Evidence, Moment, rule_test
from apps.infusions.domain.bedside_rules.rules import Condition
from apps.kernel.text import Params

FALLING, RISING = "falling_over_sets", "rising_over_sets"


@rule_test(FALLING)
def falling_over_sets(condition: Condition, moment: Moment) -> tuple[Evidence, ...]:
    """Each of the last `sets` values is lower than the one before, by the threshold or more together."""
    return _trend(condition, moment, lambda earlier, later: earlier - later)


@rule_test(RISING)
def rising_over_sets(condition: Condition, moment: Moment) -> tuple[Evidence, ...]:
    """Each of the last `sets` values is higher than the one before, by the threshold or more together."""
    return _trend(condition, moment, lambda earlier, later: later - earlier)


def _trend(
    condition: Condition, moment: Moment, change: Callable[[Decimal, Decimal], Decimal]
) -> tuple[Evidence, ...]:
    """Source: derived (clinical facts 4.1: a score can stay 0 while a pressure falls from 180 to 112 mmHg)."""
    sets = int(condition.parameters["sets"])
    history = (vitals.value(condition.sign) for vitals in moment.series.observations)
    values = [value for value in history if value is not None][-sets:]
    if moment.vitals.value(condition.sign) is None or len(values) < sets:
        return ()
    together = change(values[0], values[-1])
    if together < limit_of(condition) or any(
        change(one, next_one) <= 0 for one, next_one in pairwise(values)
    ):
        return ()
    params: Params = {"value": values[-1], "first": values[0], "change": together, "sets": sets}
    return (Evidence((condition.sign,), params),)
