"""One thing a prescriber must see about an order, and what it asks of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from apps.guidelines.domain import LEVELS, Citation, Guidelines, LocalText
from apps.kernel.text import Param, Params

# How firmly an item of the guideline that applies to the patient is asked about.
LEVEL_OF_HANDLING = {"block": "block", "confirm": "second_person", "caution": "acknowledge"}
_ANSWERED_BY_TICK = ("acknowledge",)
_ANSWERED_BY_REASON = ("reason", "second_person")


@dataclass(frozen=True, slots=True)
class Finding:
    """`text` is a %-template in three languages, filled by `params`; `level` as in `OrderCheck`."""

    code: str
    level: str
    text: LocalText
    citations: tuple[Citation, ...]
    params: Params = field(default_factory=dict)

    @property
    def needs_answer(self) -> bool:
        """Whether the prescriber must tick it or give a reason."""
        return self.level in _ANSWERED_BY_TICK or self.needs_reason

    @property
    def needs_reason(self) -> bool:
        """Whether a tick is not enough."""
        return self.level in _ANSWERED_BY_REASON


def from_check(
    guidelines: Guidelines,
    check: str,
    /,
    *,
    of: str = "",
    quoting: tuple[Citation, ...] = (),
    **params: Param,
) -> Finding:
    """The finding of an order check; `of` tells findings of one check apart, `quoting` is cited first."""
    item = guidelines.order_check(check)
    return Finding(
        code=f"{check}.{of}" if of else check,
        level=item.level,
        text=item.text,
        citations=(*quoting, item.citation),
        params=params,
    )


def highest_level(findings: Iterable[Finding]) -> str:
    """The firmest level among the findings; `note` when there are none."""
    return max((finding.level for finding in findings), key=LEVELS.index, default="note")


def unanswered(findings: Iterable[Finding], answers: Mapping[str, str]) -> list[Finding]:
    """Findings that `answers` (finding code -> reason, or any text for a tick) leave open; blocks always are."""
    return [finding for finding in findings if finding.level == "block" or _open(finding, answers)]


def _open(finding: Finding, answers: Mapping[str, str]) -> bool:
    if finding.needs_reason:
        return not answers.get(finding.code, "").strip()
    return finding.needs_answer and finding.code not in answers
