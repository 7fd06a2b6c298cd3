"""By when a case must be reported: day 0, calendar days in the receiver's time zone, what restarts and what does not.

Source: reporting_regimes in the guideline data (EU GVP VI; 21 CFR 314.80, 312.32; own aims where none was found).
Day 0 is the day on which the four minimum criteria, of a follow-up the new information, came in. Due is day 0 plus N
calendar days, whatever week-ends or holidays lie between.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from apps.guidelines.domain import ReportingLimit, ReportingRegime
from apps.kernel.text import N_, Params, Phrase


class VersionKind(StrEnum):
    """What a version of a case is. Amendment and nullification bring no new information."""

    INITIAL = "initial"
    FOLLOW_UP = "follow_up"
    AMENDMENT = "amendment"
    NULLIFICATION = "nullification"


class Start(StrEnum):
    """Why a clock runs."""

    INITIAL = "initial"
    FOLLOW_UP = "follow_up"
    UPGRADE = "upgrade"  # a stricter limit holds since this information
    DOWNGRADE = "downgrade"  # a laxer one would hold; this once the former still does


class ClockState(StrEnum):
    """How a clock stands. `ended`: the case was nullified before it was met."""

    RUNNING = "running"
    OVERDUE = "overdue"
    MET = "met"
    MET_LATE = "met_late"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What the limits ask about a case; None is not known and counts as the stricter of both.

    `countries`: ISO 3166-1 alpha-2, where its reactions happened; empty is not known.
    """

    serious: bool | None
    unexpected: bool | None
    fatal_or_life_threatening: bool | None
    countries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a case. `information_at` (C.1.5): when its newest information came in, a date where no time is
    known."""

    number: int
    kind: VersionKind
    information_at: datetime | date
    facts: CaseFacts


@dataclass(frozen=True, slots=True)
class Clock:
    """A limit that runs since a version. `due_on` is the last day that is still in time, in the receiver's time zone.

    `days` and `due_on` are None where the regime counts no days. `further_on`: what was still missing is due by then.
    `assumed`: what of the case was not known and counted as met.
    """

    regime: ReportingRegime
    limit: ReportingLimit
    version: int
    start: Start
    day_zero: date
    due_on: date | None
    further_on: date | None
    assumed: tuple[str, ...]
    zone: ZoneInfo

    @property
    def runs_out_at(self) -> datetime | None:
        """The moment (UTC) at which it is overdue: the end of its last day."""
        return None if self.due_on is None else _midnight(self.due_on + timedelta(days=1), self.zone)

    def days_left(self, now: datetime) -> int | None:
        """Whole calendar days until the last day: 0 on that day, negative when overdue."""
        return None if self.due_on is None else (self.due_on - day_in(now, self.zone)).days


def day_in(moment: datetime | date, zone: ZoneInfo) -> date:
    """The calendar day of a moment in a time zone; a date without a time stays that day."""
    return moment.astimezone(zone).date() if isinstance(moment, datetime) else moment


def clocks(
    regime: ReportingRegime, versions: Sequence[Version], *, zone: ZoneInfo | None = None
) -> tuple[Clock, ...]:
    """The clocks that the versions of a case started under a regime, oldest first.

    `zone`: the receiver's, where it is not the regime's. An initial report and each follow-up start one; an amendment
    and a nullification start none. Facts that make the case fall under a stricter limit restart it at that
    information; where they would make it laxer, that information is still due under the former limit.
    """
    started: list[Clock] = []
    former: ReportingLimit | None = None
    known = False
    for version in sorted(versions, key=lambda one: one.number):
        if version.kind in (VersionKind.AMENDMENT, VersionKind.NULLIFICATION):
            continue
        limit, assumed = limit_for(regime, version.facts)
        start = _start(former, limit, known=known)
        applied = former if start is Start.DOWNGRADE and former is not None else limit
        missing = assumed if applied is limit else ()
        started.append(_clock(regime, applied, version, start, zone or regime.time_zone, missing))
        former, known = limit, not assumed
    return tuple(started)


def limit_for(regime: ReportingRegime, facts: CaseFacts) -> tuple[ReportingLimit, tuple[str, ...]]:
    """The first limit whose needs are all met, and which of its needs counted as met for not being known."""
    for limit in regime.limits:
        answers = {need: _meets(need, facts, regime) for need in limit.needs}
        if False not in answers.values():
            return limit, tuple(need for need, met in answers.items() if met is None)
    raise ValueError("a regime ends with a limit for every case")


def state_of(
    clock: Clock, *, sent: Iterable[tuple[int, datetime]], nullified_at: datetime | None, now: datetime
) -> ClockState:
    """How a clock stands.

    `sent`: version number and when it went to the receiver; the clock's version or a later one meets it.
    `nullified_at`: when the case was nullified; a clock that ran until then ends, one that was overdue stays so.
    """
    ends = clock.runs_out_at
    met = min((at for number, at in sent if number >= clock.version), default=None)
    if met is not None and (nullified_at is None or met <= nullified_at):
        return ClockState.MET if ends is None or met < ends else ClockState.MET_LATE
    at = now if nullified_at is None else min(now, nullified_at)
    if ends is not None and at >= ends:
        return ClockState.OVERDUE if met is None else ClockState.MET_LATE
    return ClockState.RUNNING if nullified_at is None or now < nullified_at else ClockState.ENDED


def clock_sentence(clock: Clock) -> tuple[str, Params]:
    """What a person reads about a clock: an English %-template and what fills it."""
    names: Params = {"regime": clock.regime.name.as_mapping(), "limit": clock.limit.name.as_mapping()}
    if clock.due_on is None or clock.limit.days is None:
        return _NO_DAYS, names
    return (
        _AIM if clock.limit.is_aim else _LIMIT,
        {
            **names,
            "due": clock.due_on,
            "days": clock.limit.days,
            "day_zero": clock.day_zero,
            "start": Phrase(_START_WORDS[clock.start]),
        },
    )


def assumed_sentence(clock: Clock) -> tuple[str, Params] | None:
    """What was taken for the stricter because nobody has decided it; None when all is known."""
    if not clock.assumed:
        return None
    return _ASSUMED[clock.assumed[0]] if len(clock.assumed) == 1 else _ASSUMED_SEVERAL, {}


_LIMIT = N_(
    "%(regime)s: report by %(due)s, %(days)s calendar days after %(day_zero)s, the day of %(start)s (%(limit)s)."
)
_AIM = N_(
    "%(regime)s: no limit of this authority is known. The aim is %(due)s, %(days)s calendar days after %(day_zero)s,"
    " the day of %(start)s (%(limit)s)."
)
_NO_DAYS = N_("%(regime)s: no number of days runs for this case (%(limit)s).")
_START_WORDS = {
    Start.INITIAL: N_("the first information"),
    Start.FOLLOW_UP: N_("the new information"),
    Start.UPGRADE: N_("the information that made it more urgent"),
    Start.DOWNGRADE: N_("the information that made it less urgent, this once still under the former limit"),
}
_ASSUMED = {
    "serious": N_("Nobody has decided yet whether it is serious: until then it counts as serious."),
    "unexpected": N_("Nobody has decided yet whether it is expected: until then it counts as unexpected."),
    "fatal_or_life_threatening": N_(
        "Nobody has decided yet whether it is life-threatening: until then it counts as such."
    ),
    "in_area": N_("The country is not known: until then it counts as inside the area."),
}
_ASSUMED_SEVERAL = N_("Some of what the limit asks about is not decided yet: until then the stricter counts.")
CLOCK_MESSAGES = (_LIMIT, _AIM, _NO_DAYS, *_ASSUMED.values(), _ASSUMED_SEVERAL)
CLOCK_PHRASES = tuple(_START_WORDS.values())


def _clock(
    regime: ReportingRegime,
    limit: ReportingLimit,
    version: Version,
    start: Start,
    zone: ZoneInfo,
    assumed: tuple[str, ...],
) -> Clock:
    day_zero = day_in(version.information_at, zone)
    due_on = None if limit.days is None else day_zero + timedelta(days=limit.days)
    further_on = (
        None if due_on is None or limit.further_days is None else due_on + timedelta(days=limit.further_days)
    )
    return Clock(regime, limit, version.number, start, day_zero, due_on, further_on, assumed, zone)


def _start(former: ReportingLimit | None, limit: ReportingLimit, *, known: bool) -> Start:
    """`known`: whether the former limit rested on what was decided and not on what was assumed."""
    if former is None:
        return Start.INITIAL
    change = _length(limit) - _length(former)
    if change < 0:
        return Start.UPGRADE
    return Start.DOWNGRADE if change > 0 and known else Start.FOLLOW_UP


def _length(limit: ReportingLimit) -> int:
    return timedelta.max.days if limit.days is None else limit.days


def _meets(need: str, facts: CaseFacts, regime: ReportingRegime) -> bool | None:
    serious = True if facts.fatal_or_life_threatening else facts.serious
    if need == "serious":
        return serious
    if need == "not_serious":
        return serious is False
    if need == "unexpected":
        return facts.unexpected
    if need == "fatal_or_life_threatening":
        return facts.fatal_or_life_threatening
    return any(country in regime.area for country in facts.countries) if facts.countries else None


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    """The beginning of a day; where the clocks leap over midnight, the moment of the leap."""
    return datetime.combine(day, time(0), zone).astimezone(UTC)
