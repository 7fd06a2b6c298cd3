"""Is an effect told of more often with one product than with the others: PRR, ROR and the information component.

Formulas and published values: scales, section 5. All of them compare reports within this site; none is a risk, and
none allows for age, dose or illness.
"""

from dataclasses import dataclass
from math import exp, log, log2, sqrt

from scipy.special import gammaincinv, ndtri

from apps.signals.domain.limits import CONFIDENCE, Estimate

SHRINKAGE = 0.5
# Screens of the literature: Evans 2001 (PRR), EMA (ROR), Norén (IC). `at_least` counts are theirs.
PRR_FROM, CHI_SQUARED_FROM, REPORTS_FROM = 2.0, 4.0, 3


@dataclass(frozen=True, slots=True)
class Fourfold:
    """Reports by product and effect: a both, b the product alone, c the effect alone, d neither."""

    a: int
    b: int
    c: int
    d: int

    def __post_init__(self) -> None:
        if min(self.a, self.b, self.c, self.d) < 0:
            raise ValueError("a count of reports is never negative")

    @property
    def total(self) -> int:
        """All reports."""
        return self.a + self.b + self.c + self.d

    @property
    def expected(self) -> float:
        """Reports of both that chance alone would bring."""
        return (self.a + self.b) * (self.a + self.c) / self.total if self.total else 0.0


@dataclass(frozen=True, slots=True)
class Disproportion:
    """What the table says; None is what cannot be computed from it."""

    table: Fourfold
    prr: Estimate | None
    ror: Estimate | None
    chi_squared: float | None
    chi_squared_yates: float | None
    information: Estimate

    @property
    def passes_prr(self) -> bool:
        """Evans' screen: PRR of 2, chi-squared (Yates) of 4, three reports."""
        return (
            self.prr is not None
            and self.chi_squared_yates is not None
            and self.prr.value >= PRR_FROM
            and self.chi_squared_yates >= CHI_SQUARED_FROM
            and self.table.a >= REPORTS_FROM
        )

    @property
    def passes_ror(self) -> bool:
        """The lower limit of the odds ratio above 1, three reports."""
        return self.ror is not None and self.ror.low > 1 and self.table.a >= REPORTS_FROM

    @property
    def passes_information(self) -> bool:
        """The lower limit of the information component above 0."""
        return self.information.low > 0


def disproportion(table: Fourfold) -> Disproportion:
    """Every measure of one product and one effect."""
    plain, yates = chi_squared(table)
    return Disproportion(
        table=table,
        prr=reporting_ratio(table),
        ror=odds_ratio(table),
        chi_squared=plain,
        chi_squared_yates=yates,
        information=information_component(table),
    )


def reporting_ratio(table: Fourfold) -> Estimate | None:
    """PRR = [a/(a+b)] / [c/(c+d)]; None when a or c is 0."""
    a, b, c, d = table.a, table.b, table.c, table.d
    if not a or not c:
        return None
    value = (a / (a + b)) / (c / (c + d))
    return _ratio(value, sqrt(1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)))


def odds_ratio(table: Fourfold) -> Estimate | None:
    """ROR = ad/bc; None when any cell is 0."""
    a, b, c, d = table.a, table.b, table.c, table.d
    if not (a and b and c and d):
        return None
    return _ratio(a * d / (b * c), sqrt(1 / a + 1 / b + 1 / c + 1 / d))


def chi_squared(table: Fourfold) -> tuple[float | None, float | None]:
    """Without and with Yates' correction; None when a margin is empty."""
    a, b, c, d = table.a, table.b, table.c, table.d
    margins = (a + b) * (c + d) * (a + c) * (b + d)
    if not margins:
        return None, None
    apart = abs(a * d - b * c)
    corrected = max(0.0, apart - table.total / 2)
    return table.total * apart**2 / margins, table.total * corrected**2 / margins


def information_component(table: Fourfold) -> Estimate:
    """IC = log2((a + 1/2) / (E + 1/2)), with the exact limits of its Gamma distribution; always computable."""
    expected = table.expected + SHRINKAGE
    shape = table.a + SHRINKAGE
    beyond = (1 - CONFIDENCE) / 2
    low, high = (float(gammaincinv(shape, share)) / expected for share in (beyond, 1 - beyond))
    return Estimate(log2(shape / expected), log2(low), log2(high))


def _ratio(value: float, standard_error: float) -> Estimate:
    reach = float(ndtri(1 - (1 - CONFIDENCE) / 2)) * standard_error
    return Estimate(value, exp(log(value) - reach), exp(log(value) + reach))
