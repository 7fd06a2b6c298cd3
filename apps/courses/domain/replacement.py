"""Replacement therapy: IgG troughs against the sources' targets, infections, and when to look again.

A review is suggested to a person. No dose follows from anything here.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal

from apps.courses.domain.assessment.findings import Finding, from_check
from apps.courses.domain.intervals import Interval
from apps.guidelines.domain import Citation, Guidelines, Indication, Target
from apps.kernel.errors import DomainError
from apps.kernel.text import N_

IGG_UNITS = ("g/L", "mg/dL")
INFECTION_SEVERITIES = ("mild", "serious")
# What is believed without asking: serum IgG is about 7 to 16 g/L, and 25 to 35 after 2 g/kg (facts 1.3 S2-19).
MAX_IGG_G_PER_L = Decimal(60)
_TARGET = "igg_trough"
_MG_PER_DL_IN_G_PER_L = Decimal(100)


@dataclass(frozen=True, slots=True)
class Trough:
    """Serum IgG on one day."""

    measured_on: date
    igg_g_per_l: Decimal


@dataclass(frozen=True, slots=True)
class Infection:
    """An episode of infection; `severity` is `mild` or `serious`."""

    occurred_on: date
    severity: str


@dataclass(frozen=True, slots=True)
class TroughTarget:
    """What one row of a source aims at, in g/L; `own` when the patient's course follows that very row."""

    slug: str
    source: str
    row: int | None
    minimum_g_per_l: Decimal | None
    maximum_g_per_l: Decimal | None
    own: bool
    citation: Citation

    def compare(self, igg_g_per_l: Decimal) -> str:
        """`below`, `within` or `above`; a bound belongs to the target."""
        if self.minimum_g_per_l is not None and igg_g_per_l < self.minimum_g_per_l:
            return "below"
        above = self.maximum_g_per_l is not None and igg_g_per_l > self.maximum_g_per_l
        return "above" if above else "within"


@dataclass(frozen=True, slots=True)
class Therapy:
    """A patient's replacement therapy: infusion days and interval of the newest regimen, None where unknown."""

    infusion_days: tuple[date, ...]
    interval: Interval | None
    targets: tuple[TroughTarget, ...]

    @property
    def longest_interval_days(self) -> int | None:
        """The longest interval the regimen prints; None where it is silent or under query."""
        if self.interval is None or self.interval.queried:
            return None
        longest = self.interval.interval_days_max or self.interval.interval_days_min
        return int(longest.to_integral_value(ROUND_CEILING)) if longest is not None else None

    def days_since_infusion(self, day: date) -> int | None:
        """Days from the last infusion before `day`: blood is taken before the infusion of the same day."""
        before = [given for given in self.infusion_days if given < day]
        return (day - max(before)).days if before else None


def igg_g_per_l(value: Decimal, unit: str) -> Decimal:
    """IgG in g/L; exact, as 1 g/L is 100 mg/dL. Raises DomainError `igg_unit_unknown`."""
    if unit not in IGG_UNITS:
        raise DomainError(
            "igg_unit_unknown", N_("Choose the unit of the IgG value: g/L or mg/dL."), extra={"field": "unit"}
        )
    return value if unit == "g/L" else value / _MG_PER_DL_IN_G_PER_L


def measured_igg(value: Decimal, unit: str) -> Decimal:
    """A typed IgG value in g/L. Raises DomainError `igg_unit_unknown`, `igg_implausible`."""
    converted = igg_g_per_l(value, unit)
    if not 0 <= converted <= MAX_IGG_G_PER_L:
        raise DomainError(
            "igg_implausible",
            N_("%(value)s g/L of IgG cannot be meant: above %(maximum)s g/L. Check the value and its unit."),
            value=converted,
            maximum=MAX_IGG_G_PER_L,
            extra={"field": "value"},
        )
    return converted


def is_replacement(guidelines: Guidelines, indication: Indication) -> bool:
    """Whether an indication is treated to replace IgG: some source aims at a trough, or it is a deficiency."""
    aimed = {item.disease for item in guidelines.indications if _trough_goals(item)}
    return indication.category == "immunodeficiency" or indication.disease in aimed


def trough_targets(guidelines: Guidelines, indications: Collection[Indication]) -> tuple[TroughTarget, ...]:
    """Every target the sources set for these diseases, the patient's own rows first. They differ: show each.

    What one document says in the same words of several rows stands once. Source: clinical facts 1.11 X9.
    """
    diseases = {indication.disease for indication in indications}
    own = {indication.slug for indication in indications}
    found = [
        TroughTarget(
            slug=item.slug,
            source=guidelines.document(item.document).title,
            row=item.row,
            minimum_g_per_l=None if goal.minimum is None else igg_g_per_l(goal.minimum, goal.unit),
            maximum_g_per_l=None if goal.maximum is None else igg_g_per_l(goal.maximum, goal.unit),
            own=item.slug in own,
            citation=Citation(
                sources=(guidelines.document(item.document).as_source,), section=item.place, quote=goal.quote
            ),
        )
        for item in guidelines.indications
        if item.disease in diseases
        for goal in _trough_goals(item)
    ]
    once: dict[tuple[object, ...], TroughTarget] = {}
    for target in sorted(found, key=lambda target: not target.own):
        words = (target.source, target.minimum_g_per_l, target.maximum_g_per_l, target.citation.quote)
        once.setdefault(words, target)
    return tuple(once.values())


def reviews(
    guidelines: Guidelines,
    therapy: Therapy,
    *,
    troughs: Collection[Trough],
    infections: Collection[Infection],
    today: date,
) -> tuple[Finding, ...]:
    """Why somebody should look at this therapy again. Nothing before its first infusion counts.

    Of several troughs of one day the later one in `troughs` counts.
    """
    if not therapy.infusion_days:
        return ()
    since = min(therapy.infusion_days)
    under_therapy = sorted(
        (trough for trough in troughs if trough.measured_on > since), key=lambda trough: trough.measured_on
    )
    newest = under_therapy[-1] if under_therapy else None
    return (
        *(_of_trough(guidelines, therapy, newest) if newest else ()),
        *_of_gap(guidelines, therapy, today),
        *_of_infections(guidelines, [item for item in infections if item.occurred_on >= since], today),
    )


def is_too_early(guidelines: Guidelines, therapy: Therapy, trough: Trough) -> bool:
    """Whether IgG was measured well before the regimen's shortest interval was over, so that it is no trough.

    Taken on the day of the next infusion or the day before, it is one, however short the interval was.
    Source: clinical facts 9.1 C17 (peak against trough).
    """
    days, interval = therapy.days_since_infusion(trough.measured_on), therapy.interval
    if days is None or interval is None or interval.queried or interval.interval_days_min is None:
        return False
    if any(0 <= (given - trough.measured_on).days <= 1 for given in therapy.infusion_days):
        return False
    slack_days = guidelines.order_check("replacement_trough_early").figure("days")
    return days < interval.interval_days_min - slack_days


def _of_trough(guidelines: Guidelines, therapy: Therapy, newest: Trough) -> Iterator[Finding]:
    missed: dict[Decimal, list[TroughTarget]] = {}
    for target in therapy.targets:
        if target.minimum_g_per_l is not None and target.compare(newest.igg_g_per_l) == "below":
            missed.setdefault(target.minimum_g_per_l.normalize() + 0, []).append(target)
    for minimum, targets in missed.items():
        yield from_check(
            guidelines,
            "replacement_trough_below",
            of=f"{minimum:f}",
            quoting=tuple(target.citation for target in targets),
            value=newest.igg_g_per_l,
            minimum=minimum,
            source=targets[0].source,
        )
    if is_too_early(guidelines, therapy, newest):
        days = therapy.days_since_infusion(newest.measured_on)
        yield from_check(guidelines, "replacement_trough_early", days=days or 0)


def _of_gap(guidelines: Guidelines, therapy: Therapy, today: date) -> Iterator[Finding]:
    longest, days = therapy.longest_interval_days, (today - max(therapy.infusion_days)).days
    if longest is not None and days > longest:
        yield from_check(guidelines, "replacement_gap", days=days, longest=longest)


def _of_infections(
    guidelines: Guidelines, under_therapy: Collection[Infection], today: date
) -> Iterator[Finding]:
    for check, severities in (
        ("replacement_infections_frequent", INFECTION_SEVERITIES),
        ("replacement_infection_serious", ("serious",)),
    ):
        rule = guidelines.order_check(check)
        months = int(rule.figure("months"))
        since = months_before(today, months)
        number = sum(item.severity in severities and item.occurred_on > since for item in under_therapy)
        if number >= rule.figure("infections"):
            yield from_check(guidelines, check, number=number, months=months)


def months_before(day: date, months: int) -> date:
    """The same day of the month, `months` earlier; the month's last day where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for back in range(4):
        try:
            return date(year, month + 1, day.day - back)
        except ValueError:
            continue
    raise AssertionError("a month has at least 28 days")


def _trough_goals(indication: Indication) -> list[Target]:
    return [target for target in indication.targets if target.code == _TARGET]
