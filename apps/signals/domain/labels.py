"""What a label says of a reaction beside what was seen here, counted in the label's own unit."""

from collections.abc import Iterable
from dataclasses import dataclass

from apps.guidelines.domain import ReactionLabel
from apps.signals.domain.limits import Estimate, proportion
from apps.signals.domain.rates import Given, Told

BANDED = frozenset({"very_common", "common", "uncommon", "rare", "very_rare"})
OFTEN = frozenset({"very_common", "common"})
NOT_LISTED = "not_listed"
NOT_SAID = "not_said"


@dataclass(frozen=True, slots=True)
class BesideLabel:
    """One reaction: the label's band, and how many of `total` had it here, per 100.

    `total` counts what the label counts, patients or infusions. `words` are the label's own, in
    English. `frequency` NOT_LISTED where a complete label does
    not hold it, NOT_SAID where the label could not be read whole. Only a band is comparable with a share.
    """

    terms: tuple[str, ...]
    words: str
    frequency: str
    count: int
    total: int
    share: Estimate | None

    @property
    def is_comparable(self) -> bool:
        """Whether the label says a frequency at all."""
        return self.frequency in BANDED


def beside_label(label: ReactionLabel, given: Iterable[Given], told: Iterable[Told]) -> list[BesideLabel]:
    """Every reaction that was seen, and those the label calls common: none seen of these may mean none told.

    `given` and `told` are of the label's products alone.
    """
    units = {one.session_id: _unit(label, one) for one in given}
    reports = [(units[one.session_id], one.terms) for one in told if one.session_id in units]
    total = len(set(units.values()))
    seen = {term for _, terms in reports for term in terms}
    rows = [(entry.terms, entry.words, entry.frequency) for entry in label.reactions]
    listed = {term for terms, _, _ in rows for term in terms}
    rows = [row for row in rows if row[2] in OFTEN or seen & set(row[0])]
    rows += [((term,), "", _unlisted(label, term)) for term in sorted(seen - listed)]
    found = []
    for terms, words, frequency in rows:
        count = len({unit for unit, told_of in reports if told_of & set(terms)})
        found.append(BesideLabel(terms, words, frequency, count, total, proportion(count, total, per=100)))
    return found


def _unit(label: ReactionLabel, one: Given) -> int:
    return one.session_id if label.denominator == "infusion" else one.patient_id


def _unlisted(label: ReactionLabel, term: str) -> str:
    return NOT_LISTED if label.complete or term in label.not_listed else NOT_SAID
