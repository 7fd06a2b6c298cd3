"""Early-warning scores as rules. An incomplete set has no total and fires none (clinical facts 9.3 rule 4)."""

from apps.infusions.domain.bedside_rules.limits import limit_of
from apps.infusions.domain.bedside_rules.registry import Evidence, Moment, rule_test
from apps.infusions.domain.bedside_rules.rules import Condition
from apps.kernel.text import N_, Params, Phrase

SIGN_WORDS = {
    "systolic_mmhg": N_("systolic blood pressure"),
    "pulse_per_min": N_("pulse"),
    "respiratory_rate_per_min": N_("respiratory rate"),
    "spo2_percent": N_("oxygen saturation"),
    "temperature_c": N_("temperature"),
    "oxygen_l_per_min": N_("oxygen given"),
    "consciousness": N_("consciousness"),
    "capillary_refill_s": N_("capillary refill"),
    "respiratory_effort": N_("effort of breathing"),
}


@rule_test("total_at_least")
def total_at_least(condition: Condition, moment: Moment) -> tuple[Evidence, ...]:
    """The total of a complete set is the threshold or more."""
    score = moment.series.score_of(moment.vitals)
    if score.code != condition.sign or score.total is None or score.total < limit_of(condition):
        return ()
    return (Evidence((condition.sign,), {"value": score.total, "threshold": limit_of(condition)}),)


@rule_test("part_at_least")
def part_at_least(condition: Condition, moment: Moment) -> tuple[Evidence, ...]:
    """One sign alone earns the threshold or more, in a complete set or not (clinical facts 4.1)."""
    score = moment.series.score_of(moment.vitals)
    limit = limit_of(condition)
    worst = [part for part in score.parts if part.points is not None and part.points >= limit]
    if score.code != condition.sign or not worst:
        return ()
    sign = worst[0].sign
    params: Params = {
        "sign": Phrase(SIGN_WORDS.get(sign, sign)),
        "value": score.highest_part,
        "threshold": limit,
    }
    return (Evidence((condition.sign,), params),)
