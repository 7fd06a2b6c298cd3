"""How soon a case must be reported: what each regime asks, and where a limit is only the house's own aim."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from apps.guidelines.domain.texts import Citation, LocalText

# What a limit may ask of a case. `in_area`: it happened in a country of the regime.
REPORTING_NEEDS = ("serious", "not_serious", "unexpected", "fatal_or_life_threatening", "in_area")
# `limit` is the authority's; `aim` is the house's own, where no limit of the authority was found.
REPORTING_KINDS = ("limit", "aim")


@dataclass(frozen=True, slots=True)
class ReportingLimit:
    """Calendar days from day 0 for cases that meet all `needs`; None is no day count.

    `further_days`: what is still missing by then is sent within that many days more.
    """

    code: str
    name: LocalText
    needs: tuple[str, ...]
    kind: str
    days: int | None
    further_days: int | None
    citation: Citation

    @property
    def is_aim(self) -> bool:
        """Whether it is the house's own aim and no authority's limit."""
        return self.kind == "aim"


@dataclass(frozen=True, slots=True)
class ReportingRegime:
    """The limits of one regime, strictest first; the last holds for every case that is left."""

    code: str
    name: LocalText
    time_zone: ZoneInfo
    area: tuple[str, ...]
    limits: tuple[ReportingLimit, ...]
