"""Bedside rules: one observation against fixed limits and against this patient's baseline."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal, Protocol

from apps.infusions.domain.vitals import Vitals
from apps.kernel.text import N_, Params

Priority = Literal["high", "medium"]


class Cited(Protocol):
    """Where a rule comes from, in words."""

    @property
    def label(self) -> str: ...
    @property
    def quote(self) -> str: ...


class Rule(Protocol):
    """A bedside rule, as the guidelines hold it."""

    @property
    def code(self) -> str: ...
    @property
    def group(self) -> str: ...
    @property
    def sign(self) -> str: ...
    @property
    def test(self) -> str: ...
    @property
    def threshold(self) -> Decimal: ...
    @property
    def priority(self) -> str: ...
    @property
    def citation(self) -> Cited: ...


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that fired. `message` is an English %-template filled by `params` (numbers, units in the template)."""

    rule_code: str
    group: str
    priority: Priority
    message: str
    params: Params
    source: str
    quote: str


_ABSOLUTE: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "below": lambda value, threshold: value < threshold,
    "at_most": lambda value, threshold: value <= threshold,
    "at_least": lambda value, threshold: value >= threshold,
}
_AGAINST_BASELINE: dict[str, Callable[[Decimal, Decimal, Decimal], bool]] = {
    "fall_by": lambda value, baseline, threshold: baseline - value >= threshold,
    "fall_by_percent": lambda value, baseline, threshold: (baseline - value) * 100 >= threshold * baseline,
    "rise_by": lambda value, baseline, threshold: value - baseline >= threshold,
}

_MESSAGES = {
    ("systolic_mmhg", "below"): N_("Systolic blood pressure %(value)s mmHg, below %(threshold)s mmHg."),
    ("systolic_mmhg", "at_least"): N_("Systolic blood pressure %(value)s mmHg, %(threshold)s mmHg or more."),
    ("systolic_mmhg", "fall_by"): N_(
        "Systolic blood pressure %(value)s mmHg, fallen by %(change)s mmHg from baseline %(baseline)s mmHg."
    ),
    ("systolic_mmhg", "fall_by_percent"): N_(
        "Systolic blood pressure %(value)s mmHg, fallen by %(percent)s %% from baseline %(baseline)s mmHg."
    ),
    ("pulse_per_min", "at_least"): N_("Pulse %(value)s/min, %(threshold)s/min or more."),
    ("pulse_per_min", "at_most"): N_("Pulse %(value)s/min, %(threshold)s/min or less."),
    ("respiratory_rate_per_min", "at_least"): N_(
        "Respiratory rate %(value)s/min, %(threshold)s/min or more."
    ),
    ("respiratory_rate_per_min", "at_most"): N_("Respiratory rate %(value)s/min, %(threshold)s/min or less."),
    ("spo2_percent", "below"): N_("Oxygen saturation %(value)s %%, below %(threshold)s %%."),
    ("temperature_c", "rise_by"): N_(
        "Temperature %(value)s °C, risen by %(change)s °C from baseline %(baseline)s °C."
    ),
}
_ANY_SIGN = N_("A vital sign is outside its limit: %(value)s, limit %(threshold)s.")
FINDING_MESSAGES = (*_MESSAGES.values(), _ANY_SIGN)


def evaluate(vitals: Vitals, baseline: Vitals | None, rules: Sequence[Rule]) -> tuple[Finding, ...]:
    """The rules that fire on these vital signs, in the order of `rules`, at most one per rule group.

    The first rule of a group that fires speaks for the group. A sign that was not measured fires nothing,
    which does not mean it is normal: `Vitals.missing` names it. A rule against baseline needs that sign in
    the baseline. Source: clinical facts 3.2 (vital-sign triggers), 3.3 (hypotension), 4.1 (NEWS2 bands), for
    adults.
    """
    findings: dict[str, Finding] = {}
    for rule in rules:
        if rule.group in findings:
            continue
        value = vitals.value(rule.sign)
        reference = baseline.value(rule.sign) if baseline else None
        if value is not None and _fires(rule, value, reference):
            findings[rule.group] = _finding(rule, value, reference)
    return tuple(findings.values())


def _fires(rule: Rule, value: Decimal, baseline: Decimal | None) -> bool:
    if rule.test in _ABSOLUTE:
        return _ABSOLUTE[rule.test](value, rule.threshold)
    return baseline is not None and _AGAINST_BASELINE[rule.test](value, baseline, rule.threshold)


def _finding(rule: Rule, value: Decimal, baseline: Decimal | None) -> Finding:
    params = {"value": value, "threshold": rule.threshold}
    if baseline is not None:
        change = abs(value - baseline)
        params |= {"baseline": baseline, "change": change}
        if baseline:
            params["percent"] = (change * 100 / baseline).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return Finding(
        rule_code=rule.code,
        group=rule.group,
        priority="high" if rule.priority == "high" else "medium",
        message=_MESSAGES.get((rule.sign, rule.test), _ANY_SIGN),
        params=params,
        source=rule.citation.label,
        quote=rule.citation.quote,
    )
