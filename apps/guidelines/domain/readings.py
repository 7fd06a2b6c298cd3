"""What a source document is, apart from its rules: its letter, who may prescribe, and what it states."""

from dataclasses import dataclass
from datetime import date

from apps.guidelines.domain.texts import Citation, LocalText

TOPICS = (
    "definition",
    "setting",
    "preparation",
    "monitoring",
    "premedication",
    "dose_example",
    "rate_plan",
    "immediate_effect",
    "delayed_effect",
    "late_effect",
    "common_effect",
    "rare_effect",
    "mild_effect",
    "severe_effect",
    "frequency",
    "risk_factor",
    "laboratory_change",
    "laboratory_criterion",
    "serology",
    "action",
    "pregnancy",
    "pharmacokinetics",
    "maintenance",
    "replacement_use",
    "immunomodulation_use",
    "contradiction",
)


@dataclass(frozen=True, slots=True)
class Letter:
    """The letter a guideline came with. `valid_until` is the last day of its validity."""

    number: str
    dated: date
    dated_jalali: str
    valid_years: int
    quote: str

    @property
    def valid_until(self) -> date:
        """The day the validity ends."""
        return self.dated.replace(year=self.dated.year + self.valid_years)

    def expired(self, today: date) -> bool:
        """Whether the guideline is past its own validity (facts 1.10 S1-13)."""
        return today > self.valid_until


@dataclass(frozen=True, slots=True)
class SiteApproval:
    """Who stands for a document of the site."""

    author: str
    approver: str
    approved_on: date
    number: int


@dataclass(frozen=True, slots=True)
class NamedItem:
    """A coded name with its source: a prescriber's specialty, a place of treatment."""

    code: str
    name: LocalText
    citation: Citation


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing a source says that drives no rule. `figures` are its numbers by name, as decimal texts."""

    document: str
    code: str
    topic: str
    text: LocalText
    remark: LocalText | None
    figures: tuple[tuple[str, str], ...]
    citation: Citation
