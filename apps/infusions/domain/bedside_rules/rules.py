"""What a bedside rule is, as the guidelines hold it, and what it says when it fires."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, Protocol

from apps.infusions.domain.age import Age
from apps.kernel.text import Params

Priority = Literal["high", "medium"]


class Cited(Protocol):
    """Where a rule comes from, in words."""

    @property
    def label(self) -> str: ...
    @property
    def quote(self) -> str: ...


class Ages(Protocol):
    """Whom a rule is for."""

    def includes(self, age: Age, /) -> bool: ...


class Condition(Protocol):
    """What one test asks: of a sign, of open reactions, of other rules, or of parts that must be there together."""

    @property
    def test(self) -> str: ...
    @property
    def sign(self) -> str: ...
    @property
    def threshold(self) -> Decimal | None: ...
    @property
    def parameters(self) -> Mapping[str, Decimal]: ...
    @property
    def organ_groups(self) -> Sequence[str]: ...
    @property
    def terms(self) -> Sequence[str]: ...
    @property
    def severities(self) -> Sequence[str]: ...
    @property
    def rules(self) -> Sequence[str]: ...
    @property
    def parts(self) -> Sequence["Part"]: ...


class Part(Protocol):
    """One thing that must be there for a combination; any one of its conditions will do."""

    @property
    def any_of(self) -> Sequence[Condition]: ...


class Rule(Protocol):
    """A bedside rule."""

    @property
    def code(self) -> str: ...
    @property
    def group(self) -> str: ...
    @property
    def condition(self) -> Condition: ...
    @property
    def ages(self) -> Ages: ...
    @property
    def spo2_scale(self) -> int | None: ...
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
