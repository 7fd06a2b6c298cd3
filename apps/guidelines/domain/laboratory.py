"""What a laboratory measures and what is looked for in it."""

from dataclasses import dataclass
from decimal import Decimal

from apps.guidelines.domain.texts import Citation, LocalText

URGENCIES = ("high", "medium", "low")


@dataclass(frozen=True, slots=True)
class AnalyteUnit:
    """A unit a result may come in; one of it is `factor` of the canonical unit.

    `per_kg_and_hour`: an amount collected over a time, to be divided by hours and by body weight.
    """

    unit: str
    factor: Decimal
    per_kg_and_hour: bool = False


@dataclass(frozen=True, slots=True)
class AnalyteChoice:
    """A result in words; `abnormal` when it speaks for what the analyte is asked for."""

    code: str
    name: LocalText
    abnormal: bool


@dataclass(frozen=True, slots=True)
class AntibodyTest:
    """What immunoglobulin disturbs: a test for antibodies, and what to ask for instead (clinical facts D-13)."""

    instead: LocalText
    citation: Citation


@dataclass(frozen=True, slots=True)
class Analyte:
    """One thing a laboratory measures, in numbers (`units`) or in words (`choices`); never both.

    Outside `refuse_below` to `refuse_above` a value is not believed; outside `ask_below` to `ask_above` it is
    believed once somebody confirms it. All in the canonical `unit`. `collected`: measured over hours.
    `antibody`: it looks for antibodies; its result in words may have a titre beside it.
    """

    code: str
    name: LocalText
    unit: str
    decimal_places: int
    units: tuple[AnalyteUnit, ...]
    choices: tuple[AnalyteChoice, ...]
    refuse_below: Decimal
    refuse_above: Decimal
    ask_below: Decimal
    ask_above: Decimal
    collected: bool
    citation: Citation
    antibody: AntibodyTest | None = None

    @property
    def in_words(self) -> bool:
        """Whether its results are words."""
        return bool(self.choices)

    def accepted(self, unit: str) -> AnalyteUnit | None:
        """The accepted unit of this name; None for any other."""
        return next((one for one in self.units if one.unit == unit), None)

    def choice(self, code: str) -> AnalyteChoice | None:
        """The result in words with this code; None for any other."""
        return next((one for one in self.choices if one.code == code), None)


@dataclass(frozen=True, slots=True)
class LaboratoryLevel:
    """How firm or how bad a finding is: how urgent, and whether it opens an adverse event."""

    code: str
    urgency: str
    opens_event: bool


@dataclass(frozen=True, slots=True)
class LaboratoryRule:
    """What is looked for: thresholds by name, and levels, the worst first. Source: clinical facts 5.1 to 5.3."""

    code: str
    effect: str
    name: LocalText
    figures: tuple[tuple[str, Decimal], ...]
    levels: tuple[LaboratoryLevel, ...]
    citations: tuple[Citation, ...]

    def figure(self, name: str) -> Decimal:
        """The threshold of this name."""
        return dict(self.figures)[name]

    def level(self, code: str) -> LaboratoryLevel:
        """The level with this code."""
        return next(level for level in self.levels if level.code == code)

    @property
    def source(self) -> str:
        """Every source in one line."""
        return "; ".join(citation.label for citation in self.citations)
