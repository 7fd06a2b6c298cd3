"""What a rule is: a code, the element it stands at, a sentence, the screen that mends it, and one small check."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from apps.icsr.domain.batch import Batch, Message
from apps.icsr.domain.elements import BY_NUMBER
from apps.icsr.domain.nulls import NullFlavor
from apps.icsr.domain.report import Icsr, PrimarySource
from apps.icsr.domain.times import E2bTime
from apps.icsr.domain.walking import Held
from apps.kernel.text import Param, Params


class Screen(StrEnum):
    """Where a person mends what is wrong."""

    PATIENT = "patient"
    COURSE = "course"
    INFUSION = "infusion"
    LABORATORY = "laboratory"
    EVENT = "event"
    CASE = "case"
    CASE_REPORTER = "case.reporter"
    CASE_CODING = "case.coding"
    CASE_NARRATIVE = "case.narrative"
    CASE_VERSIONS = "case.versions"
    RECEIVER = "submission.receiver"
    SITE = "site.settings"


# The longest beginning of an element's number decides.
_SCREENS = {
    "N": Screen.RECEIVER,
    "C": Screen.CASE,
    "C.1.2": Screen.CASE_VERSIONS,
    "C.1.4": Screen.CASE_VERSIONS,
    "C.1.5": Screen.CASE_VERSIONS,
    "C.1.11": Screen.CASE_VERSIONS,
    "C.2": Screen.CASE_REPORTER,
    "C.3": Screen.SITE,
    "D": Screen.PATIENT,
    "D.7.1.r.1": Screen.CASE_CODING,
    "D.8.r.7": Screen.CASE_CODING,
    "D.9": Screen.EVENT,
    "D.9.2.r.1": Screen.CASE_CODING,
    "E": Screen.EVENT,
    "E.i.2": Screen.CASE_CODING,
    "F": Screen.LABORATORY,
    "F.r.2.2": Screen.CASE_CODING,
    "G": Screen.COURSE,
    "G.k.4": Screen.INFUSION,
    "G.k.5": Screen.INFUSION,
    "G.k.7.r.2": Screen.CASE_CODING,
    "G.k.8": Screen.EVENT,
    "G.k.9": Screen.EVENT,
    "G.k.10": Screen.EVENT,
    "G.k.11": Screen.EVENT,
    "H": Screen.CASE_NARRATIVE,
    "H.3": Screen.CASE_CODING,
}


def screen_for(element: str) -> Screen:
    """The screen on which an element is filled in."""
    return _SCREENS[max((start for start in _SCREENS if element.startswith(start)), key=len)]


@dataclass(frozen=True, slots=True)
class Fault:
    """A rule that is not kept: its code, the element and its label with the rows filled in, a sentence, a screen.

    `message` is an English %-template, translated at the edge.
    """

    code: str
    element: str
    label: str
    message: str
    params: Params
    screen: Screen


@dataclass(frozen=True, slots=True)
class Case:
    """What the rules look at. `previous` is the version that was sent last; None when none was."""

    report: Icsr
    now: datetime
    message: Message | None = None
    batch: Batch | None = None
    previous: Icsr | None = None

    @property
    def primary_source(self) -> PrimarySource | None:
        """The one source that counts for regulation; None when there is none or more than one."""
        primary = [source for source in self.report.primary_sources if source.is_primary == "1"]
        return primary[0] if len(primary) == 1 else None


@dataclass(frozen=True, slots=True)
class Hit:
    """Where a rule is broken: the rows, and what fills its sentence."""

    rows: tuple[int, ...] = ()
    params: Mapping[str, Param] = field(default_factory=dict)


Hits: TypeAlias = Iterator[Hit]
Check: TypeAlias = Callable[[Case], Hits]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the standard about one element."""

    code: str
    element: str
    message: str
    screen: Screen
    check: Check

    def faults(self, case: Case) -> Iterator[Fault]:
        """Every place at which the case breaks it."""
        for hit in self.check(case):
            label = label_of(self.element, hit.rows)
            yield Fault(self.code, self.element, label, self.message, dict(hit.params), self.screen)


class Rules:
    """The rules of one section, in the order in which they are written."""

    def __init__(self) -> None:
        self._rules: list[Rule] = []

    def rule(
        self, code: str, element: str, message: str, *, screen: Screen | None = None
    ) -> Callable[[Check], Check]:
        """Adds the decorated check. `screen` where it is not the element's own."""

        def add(check: Check) -> Check:
            self._rules.append(Rule(code, element, message, screen or screen_for(element), check))
            return check

        return add

    def __iter__(self) -> Iterator[Rule]:
        return iter(self._rules)


def label_of(element: str, rows: tuple[int, ...]) -> str:
    """The number of an element with its rows filled in."""
    return Held(BY_NUMBER[element], None, rows, None).label if element in BY_NUMBER else element


def is_filled(value: object) -> bool:
    """Whether something is there: a value or a reason for none. Blank text is nothing."""
    return bool(value.strip()) if isinstance(value, str) else value is not None and value != ()


def words(value: object) -> str:
    """The text of a value; empty for what is left out, blank, or empty with a reason."""
    return value if isinstance(value, str) and not isinstance(value, NullFlavor) and value.strip() else ""


def shown(time: object) -> str:
    """A time as a person reads it: 2026-03-01 10:25 +01:00, as far as it is known."""
    if not isinstance(time, E2bTime):
        return ""
    digits = time.text[: time.precision]
    day = "-".join(filter(None, (digits[:4], digits[4:6], digits[6:8])))
    clock = ":".join(filter(None, (digits[8:10], digits[10:12], digits[12:14])))
    offset = f"{time.text[-5:-2]}:{time.text[-2:]}" if time.has_offset else ""
    return " ".join(filter(None, (day, clock, offset)))


def before(one: object, other: object) -> bool:
    """Whether a time is certainly earlier than another. False where one of them is no time.

    Two offsets are compared as moments; without them the digits are, as far as both are known.
    """
    if not isinstance(one, E2bTime) or not isinstance(other, E2bTime):
        return False
    if one.has_offset and other.has_offset:
        return one.latest() <= other.earliest()
    shared = min(one.precision, other.precision)
    return one.text[:shared] < other.text[:shared]
