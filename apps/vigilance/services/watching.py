"""One look after another at the whole service: see, judge, keep, tell."""

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime

import psycopg
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection
from django.utils.module_loading import import_string

from apps.ledger.services import note_heartbeat
from apps.ledger.services.heartbeats import forget_heartbeats
from apps.vigilance.domain.findings import KINDS, Answer, Disk, Finding, Severity, Signs, judge
from apps.vigilance.domain.tracking import Backlog, ClockWatch, SignOfLife
from apps.vigilance.probes import Asker, ask_disks, ask_redis, spill_to_disk
from apps.vigilance.selectors import Seen, look
from apps.vigilance.services.findings import forget_findings, keep_findings

logger = logging.getLogger("ivig.watchdog")

LOOK_EVERY_S = 2.0
DATABASE_LIMIT_S = 4.0
DISK_LIMIT_S = 2.0
SPILL_EVERY_S = 10.0  # the trial writes a few MB: rarer than each look, often enough for 30 s
FORGET_EVERY_S = 3600.0
REPEAT_S = 900.0  # a thing that stays wrong is told again each quarter of an hour
STATEMENT_LIMIT_MS = 3500
DISK_FULL, READ_ONLY = "53100", "25006"  # PostgreSQL's error codes


@dataclass(slots=True)
class Moment:
    """The clocks at the start of a look."""

    now: datetime
    wall_now: datetime
    monotonic_s: float
    speed: float = 1.0


@dataclass(slots=True)
class Watch:
    """What the watchdog remembers from look to look."""

    database: "Asker[Seen]" = field(default_factory=lambda: Asker("database"))
    keeper: "Asker[None]" = field(default_factory=lambda: Asker("keeper"))
    disks: "Asker[tuple[Disk, ...]]" = field(default_factory=lambda: Asker("disks"))
    messenger: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "messenger"))
    beat: SignOfLife = field(default_factory=SignOfLife)
    timers: SignOfLife = field(default_factory=SignOfLife)
    relay: SignOfLife = field(default_factory=SignOfLife)
    overdue: Backlog = field(default_factory=Backlog)
    unsent: Backlog = field(default_factory=Backlog)
    clock: ClockWatch = field(default_factory=ClockWatch)
    spilled_s: float | None = None
    forgot_s: float | None = None
    told_s: dict[str, float] = field(default_factory=dict)
    codes: list[str] = field(default_factory=list)
    kept: bool = True

    def once(self, moment: Moment) -> list[Finding]:
        """One look: what is wrong now. It is logged, kept for the boards and told to the administrator."""
        found = judge(self._signs(moment))
        self._say(found, moment.monotonic_s)
        self.codes = [finding.code for finding in found]
        if "postgresql_down" not in self.codes:
            self._keep(found, moment)
        return found

    def once_safely(self, moment: Moment) -> None:
        """`once`; an error of its own is logged, because a watchdog that ends sees nothing."""
        try:
            self.once(moment)
        except Exception:
            logger.exception("A look failed; the next one follows.")

    def _signs(self, moment: Moment) -> Signs:
        jump_s = self.clock.jumped_s(wall_s=moment.wall_now.timestamp(), monotonic_s=moment.monotonic_s)
        redis, disks = ask_redis(), self._ask_disks()
        try:
            seen = self.database.ask(lambda: self._look(moment), limit_s=DATABASE_LIMIT_S)
        except (TimeoutError, DatabaseError, psycopg.Error) as error:
            return Signs(postgresql=_answer_of(error), redis=redis, disks=disks, clock_jump_s=jump_s)
        at_s = moment.monotonic_s
        overdue_age_s = _age_s(seen.overdue.since, moment.now) / max(moment.speed, 1.0)
        unsent_age_s = _age_s(seen.unsent.since, moment.wall_now)
        return Signs(
            redis=redis,
            beat_silent_s=self.beat.silent_s(seen.lives.get("beat"), monotonic_s=at_s),
            timers_silent_s=self.timers.silent_s(seen.lives.get("tick"), monotonic_s=at_s),
            relay_silent_s=self.relay.silent_s(seen.lives.get("relay"), monotonic_s=at_s),
            timers_behind_s=self.overdue.behind_s(
                seen.overdue.oldest_id, age_s=overdue_age_s, monotonic_s=at_s
            ),
            timers_overdue=seen.overdue.count,
            outbox_behind_s=self.unsent.behind_s(seen.unsent.oldest_id, age_s=unsent_age_s, monotonic_s=at_s),
            outbox_unsent=seen.unsent.count,
            clock_jump_s=jump_s,
            clock_apart_s=seen.clock_apart_s,
            disks=disks,
        )

    def _look(self, moment: Moment) -> Seen:
        """In the database's own thread: note that the watchdog lives, look around, try the disk."""
        try:
            connection.close_if_unusable_or_obsolete()
            with connection.cursor() as cursor:
                cursor.execute(f"SET statement_timeout = {STATEMENT_LIMIT_MS}")
            # One row, written over and over, finds room where a new finding does not: boards read both.
            note_heartbeat(kind="watchdog", wall_now=moment.wall_now, details={"findings": self.codes})
            if _due(self.spilled_s, SPILL_EVERY_S, moment.monotonic_s):
                spill_to_disk()
                self.spilled_s = moment.monotonic_s  # a failed trial is made again at the next look
            if _due(self.forgot_s, FORGET_EVERY_S, moment.monotonic_s):
                forget_heartbeats(wall_now=moment.wall_now)
                forget_findings(wall_now=moment.wall_now)
                self.forgot_s = moment.monotonic_s
            return look(now=moment.now, wall_now=moment.wall_now)
        except (DatabaseError, psycopg.Error):
            connection.close()
            raise

    def _ask_disks(self) -> tuple[Disk, ...]:
        places: list[str] = settings.VIGILANCE_DISKS
        try:
            return self.disks.ask(lambda: ask_disks(places), limit_s=DISK_LIMIT_S)
        except TimeoutError:  # a network disk that hangs takes no writes either
            return tuple(Disk(place=place, free_bytes=0, writable=False) for place in places)

    def _keep(self, found: list[Finding], moment: Moment) -> None:
        def keep() -> None:
            try:
                keep_findings(found=found, wall_now=moment.wall_now)
            finally:
                connection.close()

        try:
            self.keeper.ask(keep, limit_s=DATABASE_LIMIT_S)
            self.kept = True
        except (TimeoutError, DatabaseError, psycopg.Error) as error:
            if self.kept:
                logger.warning("The findings cannot be kept in their table: %s", error)
            self.kept = False

    def _say(self, found: list[Finding], monotonic_s: float) -> None:
        codes = {finding.code for finding in found}
        for code in [code for code in self.told_s if code not in codes]:
            del self.told_s[code]
            logger.warning("It is over: %s", code, extra={"code": code, "finding": "closed"})
        fresh = [one for one in found if _due(self.told_s.get(one.code), REPEAT_S, monotonic_s)]
        for finding in fresh:
            self.told_s[finding.code] = monotonic_s
            logger.error(finding.sentence, extra={"code": finding.code, "finding": "open"})
        alarms = [one.sentence for one in fresh if KINDS[one.code].severity is Severity.ALARM]
        if alarms and settings.VIGILANCE_NOTIFY:
            # In a thread of its own: a mail server that hangs must not hold up the next look.
            self.messenger.submit(_notify, "\n".join(alarms))


def _notify(text: str) -> None:
    try:
        import_string(settings.VIGILANCE_NOTIFY)(text)
    except Exception:
        logger.exception("The administrator could not be told through %s.", settings.VIGILANCE_NOTIFY)


def _answer_of(error: Exception) -> Answer:
    state = getattr(error.__cause__ or error, "sqlstate", None)
    return {DISK_FULL: Answer.FULL, READ_ONLY: Answer.READ_ONLY}.get(state or "", Answer.DOWN)


def _due(last_s: float | None, every_s: float, monotonic_s: float) -> bool:
    return last_s is None or monotonic_s - last_s >= every_s


def _age_s(since: datetime | None, now: datetime) -> float:
    return (now - since).total_seconds() if since else 0.0
