"""What happened (E) and what was measured (F)."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Literal, TypeAlias

from apps.icsr.domain.nulls import NullFlavor
from apps.icsr.domain.times import E2bTime

Comparison: TypeAlias = Literal["=", "<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class Measured:
    """A number as a laboratory gives it: exact, or below or above what can be measured."""

    number: Decimal
    comparison: Comparison = "="


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """A reaction or event (E.i). The six criteria of seriousness are True or `NO_INFORMATION`, never False."""

    native_text: Annotated[str | None, "E.i.1.1a"] = None
    native_language: Annotated[str | None, "E.i.1.1b"] = None
    translation: Annotated[str | None, "E.i.1.2"] = None
    meddra_version: Annotated[str | None, "E.i.2.1a"] = None
    meddra_code: Annotated[str | None, "E.i.2.1b"] = None
    highlighted: Annotated[str | None, "E.i.3.1"] = None
    results_in_death: Annotated[bool | NullFlavor | None, "E.i.3.2a"] = None
    life_threatening: Annotated[bool | NullFlavor | None, "E.i.3.2b"] = None
    hospitalisation: Annotated[bool | NullFlavor | None, "E.i.3.2c"] = None
    disabling: Annotated[bool | NullFlavor | None, "E.i.3.2d"] = None
    congenital_anomaly: Annotated[bool | NullFlavor | None, "E.i.3.2e"] = None
    medically_important: Annotated[bool | NullFlavor | None, "E.i.3.2f"] = None
    started: Annotated[E2bTime | NullFlavor | None, "E.i.4"] = None
    ended: Annotated[E2bTime | NullFlavor | None, "E.i.5"] = None
    duration: Annotated[Decimal | None, "E.i.6a"] = None
    duration_unit: Annotated[str | None, "E.i.6b"] = None
    outcome: Annotated[str | None, "E.i.7"] = None
    medically_confirmed: Annotated[bool | None, "E.i.8"] = None
    country: Annotated[str | None, "E.i.9"] = None

    @property
    def is_serious(self) -> bool:
        """Whether any of the six ICH criteria is met (E2A II.B)."""
        return True in (
            self.results_in_death,
            self.life_threatening,
            self.hospitalisation,
            self.disabling,
            self.congenital_anomaly,
            self.medically_important,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TestResult:
    """A test and what came of it (F.r). The normal values are in the unit of the result."""

    __test__ = False  # no test case, whatever pytest makes of the name

    date: Annotated[E2bTime | NullFlavor | None, "F.r.1"] = None
    name: Annotated[str | None, "F.r.2.1"] = None
    meddra_version: Annotated[str | None, "F.r.2.2a"] = None
    meddra_code: Annotated[str | None, "F.r.2.2b"] = None
    result_code: Annotated[str | None, "F.r.3.1"] = None
    result: Annotated[Measured | None, "F.r.3.2"] = None
    result_unit: Annotated[str | None, "F.r.3.3"] = None
    result_text: Annotated[str | None, "F.r.3.4"] = None
    normal_low: Annotated[Decimal | None, "F.r.4"] = None
    normal_high: Annotated[Decimal | None, "F.r.5"] = None
    comments: Annotated[str | None, "F.r.6"] = None
    more_information: Annotated[bool | None, "F.r.7"] = None
