"""The tests a rule may name, each a pure function registered under its name."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from apps.infusions.domain.bedside_rules.rules import Condition, Rule
from apps.infusions.domain.bedside_rules.series import Series
from apps.infusions.domain.vitals import Vitals
from apps.kernel.text import Params


@dataclass(frozen=True, slots=True)
class Moment:
    """What is judged: a set of vital signs, what the series held by then, and the rules in force."""

    vitals: Vitals
    series: Series
    rules: Sequence[Rule]

    @property
    def exposed(self) -> bool:
        """Whether the set was taken after the baseline; without a baseline it is taken for one that was."""
        baseline = self.series.baseline
        return baseline is None or self.vitals.effective_at > baseline.effective_at

    def baseline(self, sign: str) -> Decimal | None:
        """The baseline's value of a sign; None when it was not measured, and for a set from before it."""
        baseline = self.series.baseline
        if baseline is None or baseline.effective_at > self.vitals.effective_at:
            return None
        return baseline.value(sign)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a test holds: what it is about (signs, or `reaction`), and the numbers or words for the sentence."""

    about: tuple[str, ...]
    params: Params


Test: TypeAlias = Callable[[Condition, Moment], tuple[Evidence, ...]]
_TESTS: dict[str, Test] = {}


def rule_test(name: str) -> Callable[[Test], Test]:
    """Register a test under the name by which rules ask for it."""

    def register(test: Test) -> Test:
        _TESTS[name] = test
        return test

    return register


def evidence_for(condition: Condition, moment: Moment) -> tuple[Evidence, ...]:
    """Everything by which the condition holds; empty when it does not, or when nobody measured."""
    return _TESTS[condition.test](condition, moment)


def known_tests() -> frozenset[str]:
    """The names of all tests."""
    return frozenset(_TESTS)
