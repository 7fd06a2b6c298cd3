"""The periods after which things go, and the words a kept reason must not hold."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from apps.kernel.errors import DomainError
from apps.kernel.text import N_

SHORTEST_REASON = 10  # letters
_MOST_YEARS, _MOST_DAYS = 200, 36500


class PolicyError(ValueError):
    """The policy cannot be read; the sentence says where."""


@dataclass(frozen=True, slots=True)
class Period:
    """How long, in years or days, and by which source."""

    length: int
    cite: str


@dataclass(frozen=True, slots=True)
class Policy:
    """How long the safety record is kept (years), by country where it differs, and other things (days)."""

    safety_record: Period
    countries: Mapping[str, Period]
    kept_days: Mapping[str, Period]

    def safety_years(self, country: str) -> Period:
        """How long this country keeps the safety record; the general period where none is known."""
        return self.countries.get(country.upper(), self.safety_record)

    def before(self, what: str, wall_now: datetime) -> datetime:
        """What is older than this goes. Raises KeyError for what the policy does not know."""
        return wall_now - timedelta(days=self.kept_days[what].length)

    def safety_record_until(self, last: date, country: str) -> date:
        """The day from which on the safety record of what happened last on a day need not be kept."""
        year = last.year + self.safety_years(country).length
        return date(year, 3, 1) if (last.month, last.day) == (2, 29) else last.replace(year=year)


KINDS = frozenset({"self_report_address", "stored_answer", "outgoing_message"})


def parse_policy(content: Any) -> Policy:
    """The policy of a YAML document. Raises PolicyError."""
    try:
        record, kept = content["safety_record"], content["kept_days"]
        policy = Policy(
            safety_record=_period("safety_record", record, "years", _MOST_YEARS),
            countries={
                code: _period(code, one, "years", _MOST_YEARS)
                for code, one in record.get("countries", {}).items()
            },
            kept_days={name: _period(name, one, "days", _MOST_DAYS) for name, one in kept.items()},
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise PolicyError(f"The retention policy lacks a part: {error}.") from None
    if set(policy.kept_days) != KINDS:
        raise PolicyError(
            f"The retention policy must say, and say only, how long these are kept: {sorted(KINDS)}."
        )
    return policy


def checked_reason(reason: str, *, name_words: frozenset[str], reason_words: frozenset[str]) -> str:
    """A reason that may be kept for good: long enough to mean something, and without what is being erased.

    Raises DomainError `reason_too_short`, `reason_names_patient`.
    """
    text = reason.strip()
    if len(text) < SHORTEST_REASON:
        raise DomainError(
            "reason_too_short", N_("Say in a few words why; the reason is kept."), extra={"field": "reason"}
        )
    if name_words & reason_words:
        raise DomainError(
            "reason_names_patient",
            N_("The reason is kept: leave out the patient's name and record number."),
            extra={"field": "reason"},
        )
    return text


def _period(name: str, content: Any, unit: str, most: int) -> Period:
    length, cite = content[unit], content["cite"]
    if not isinstance(length, int) or isinstance(length, bool) or not 1 <= length <= most:
        raise PolicyError(f"{name}: {unit} must be a whole number from 1 to {most}.")
    if not isinstance(cite, str) or not cite.strip():
        raise PolicyError(f"{name}: cite must say by which source, or that there is none.")
    return Period(length, cite.strip())
