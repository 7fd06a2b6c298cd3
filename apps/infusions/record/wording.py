"""Numbers, times and codes of the record as the reader's language writes them."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from persiantools.jdatetime import JalaliDate

from apps.edge.messages import fill, fill_wording
from apps.edge.wording import date_text, number_text, time_text, verbatim, written
from apps.infusions.record.content import InfusionRecord
from apps.infusions.record.entries import Name, Sentence
from apps.kernel.text import Phrase

NOTHING = "–"
_LEFT_TO_RIGHT_ISOLATE, _POP_ISOLATE = "\u2066", "\u2069"
_NO_BREAK_SPACE = "\u00a0"

WORDS = {
    # the session
    "prepared": _("Prepared"),
    "running": _("Running"),
    "stopped": _("Stopped"),
    "completed": _("Completed"),
    "abandoned": _("Abandoned"),
    # rates
    "started": _("Started"),
    "raised": _("Raised"),
    "lowered": _("Lowered"),
    "unchanged": _("Unchanged"),
    "paused": _("Paused"),
    "resumed": _("Resumed"),
    "ended": _("Ended"),
    # reactions
    "mild": _("Mild"),
    "moderate": _("Moderate"),
    "severe": _("Severe"),
    "none": _("No change"),
    "slow": _("Slowed down"),
    "pause": pgettext_lazy("done after a reaction", "Paused"),
    "stop": pgettext_lazy("done after a reaction", "Stopped"),
    # alerts
    "high": _("High priority"),
    "medium": _("Medium priority"),
    "low": _("Low priority"),
    # signs that were not measured
    "refused": _("the patient refused"),
    "not_possible": _("not possible"),
}


def word(code: str) -> str:
    """The reader's word for a code; an unknown one is shown readably."""
    return str(WORDS[code]) if code in WORDS else verbatim(code.replace("_", " ").capitalize())


def left_to_right(text: str) -> str:
    """A piece that is read from left to right in every language, such as `124/78`."""
    return f"{_LEFT_TO_RIGHT_ISOLATE}{text}{_POP_ISOLATE}" if get_language() == "fa" else text


def quantity(value: Decimal | int, unit: str) -> str:
    """Number and unit as one piece that neither breaks nor turns round: `60 mL/h`."""
    return left_to_right(f"{number_text(value)}{_NO_BREAK_SPACE}{unit}")


def signed_quantity(value: Decimal, unit: str) -> str:
    """Like `quantity`, with a plus or a true minus sign."""
    sign = "+" if value > 0 else "\u2212" if value < 0 else ""
    return left_to_right(f"{sign}{number_text(abs(value))}{_NO_BREAK_SPACE}{unit}")


def number(value: Decimal | int | None) -> str:
    """A number, or a dash for none."""
    return NOTHING if value is None else number_text(value)


def tenths(value: Decimal | None) -> str:
    """A number with exactly one decimal place, or a dash for none."""
    return NOTHING if value is None else written(f"{value:.1f}")


def pressure(systolic: int | None, diastolic: int | None) -> str:
    """Blood pressure as it is spoken: `124/78`."""
    if systolic is None and diastolic is None:
        return NOTHING
    return left_to_right(f"{number(systolic)}/{number(diastolic)}")


def said(value: Name) -> str:
    """A name from the guidelines, from the product or from a person, in the reader's language."""
    if isinstance(value, Phrase):
        return gettext(value.english)
    if isinstance(value, str):
        return verbatim(value)
    return fill_wording(value, {})


def day_text(day: date) -> str:
    """A day; in Persian by the Persian calendar, with the other one beside it."""
    if get_language() != "fa":
        return date_text(day)
    return f"{JalaliDate(day).strftime('%d %B %Y', locale='fa')} ({date_text(day)})"


@dataclass(frozen=True, slots=True)
class Clock:
    """How times are told: in the ward's zone, without a date on the day of the infusion."""

    zone: ZoneInfo
    day: date

    @classmethod
    def of(cls, record: InfusionRecord) -> "Clock":
        """The clock of a record's ward, on the day on which its infusion started."""
        zone = ZoneInfo(record.time_zone)
        return cls(zone=zone, day=(record.started_at or record.printed_at).astimezone(zone).date())

    def time(self, at: datetime) -> str:
        """The time of day."""
        return time_text(at.astimezone(self.zone).time())

    def moment(self, at: datetime | None) -> str:
        """The time of day, with the date when it is another day; a dash for never."""
        if at is None:
            return NOTHING
        local = at.astimezone(self.zone)
        return self.time(at) if local.date() == self.day else self.full(at)

    def full(self, at: datetime | None) -> str:
        """Date and time of day; a dash for never."""
        if at is None:
            return NOTHING
        return f"{day_text(at.astimezone(self.zone).date())} {self.time(at)}"

    def sentence(self, told: Sentence) -> str:
        """A sentence in the reader's language, its moments as times of this ward."""
        params = {
            name: value.astimezone(self.zone).time() if isinstance(value, datetime) else value
            for name, value in told.params.items()
        }
        return fill(told.message, params).strip()
