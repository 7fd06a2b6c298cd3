"""What is wrong with the service itself, judged from what the watchdog saw.

A finding has a sentence for whoever runs the system (what, where, what to do) and one for the bedside: a
ward must know when the screen can no longer be trusted to remind.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from apps.kernel.text import N_


class Severity(StrEnum):
    """ALARM is shown on every board; WARNING is for whoever runs the system."""

    ALARM = "alarm"
    WARNING = "warning"


class Answer(StrEnum):
    """How a server answered a small write."""

    OK = "ok"
    DOWN = "down"
    FULL = "full"
    READ_ONLY = "read_only"


# A part shows life every 5 s at least, so three signs are missing; with a look every 2 s it is said
# within 20 s, and 30 s are promised.
SILENCE_LIMIT_S = 15.0
# Timers fire and messages leave within a fraction of a second. Ten seconds in which each look finds the
# oldest still waiting are no burst that is being worked off.
BEHIND_LIMIT_S = 10.0
# Below this PostgreSQL, logs and a backup of a small ward no longer fit.
DISK_FULL_BYTES = 256 * 1024**2
DISK_LOW_BYTES = 1024**3
# Clocks are kept by small steps of milliseconds; two seconds at once are a jump.
CLOCK_JUMP_S = 2.0
# Leases are 30 s: two hosts whose clocks differ by more than a sixth of that steal each other's work.
CLOCK_APART_S = 5.0

REMINDERS = N_("The system's reminders stand still. Watch the clock yourself and tell the administrator.")
DELIVERY = N_(
    "Alerts may reach this screen late. Look at your patients more often and tell the administrator."
)
WRITING = N_("The system may not take entries. Keep them on paper as well and tell the administrator.")
CLOCK = N_("The system's clock has jumped. Compare its times with your own watch and tell the administrator.")
UNWATCHED = N_("Nothing watches whether the system works. Tell the administrator.")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of finding. `sentence` is a %-template for its numbers; `board` is empty for a warning."""

    severity: Severity
    sentence: str
    advice: str
    board: str = ""


KINDS: dict[str, Kind] = {
    "postgresql_down": Kind(
        Severity.ALARM,
        "PostgreSQL does not answer.",
        "Start it, or mend the network to it: nothing can be recorded and boards are stale until then.",
        WRITING,
    ),
    "postgresql_full": Kind(
        Severity.ALARM,
        "PostgreSQL cannot write: its disk is full.",
        "Free space on the disk of its data directory; entries are refused until then, none is half written.",
        WRITING,
    ),
    "postgresql_read_only": Kind(
        Severity.ALARM,
        "PostgreSQL takes no writes: it is read-only.",
        "Point DATABASE_URL at the primary server, or promote this one.",
        WRITING,
    ),
    "redis_down": Kind(
        Severity.ALARM,
        "Redis does not answer: workers get no tasks, and boards what the database tells them.",
        "Start it, or mend the network to it; timers go on as long as a worker already fires them.",
        DELIVERY,
    ),
    "redis_full": Kind(
        Severity.ALARM,
        "Redis refuses to write: its memory limit is reached.",
        "Raise maxmemory, or find what else writes to it; its data may be flushed, nothing is lost by that.",
        DELIVERY,
    ),
    "beat_silent": Kind(
        Severity.ALARM,
        "Celery beat has shown no life for %(seconds)d s.",
        "Start `celery beat`: without it a timer shift or relay that dies is not replaced.",
        REMINDERS,
    ),
    "workers_silent": Kind(
        Severity.ALARM,
        "Neither timers nor messages have moved for %(seconds)d s: no worker is at work.",
        "Start a Celery worker; look into its log for why it ended.",
        REMINDERS,
    ),
    "timers_silent": Kind(
        Severity.ALARM,
        "Nobody has looked for due timers for %(seconds)d s.",
        "Restart the workers; look into their log for `tick`.",
        REMINDERS,
    ),
    "relay_silent": Kind(
        Severity.ALARM,
        "The relay has shown no life for %(seconds)d s: boards only get what they fetch themselves.",
        "Restart the workers; look into their log for `relay`.",
        DELIVERY,
    ),
    "timers_late": Kind(
        Severity.ALARM,
        "%(count)d timers are overdue, and have been for %(seconds)d s.",
        "See whether workers run and keep up; start more of them.",
        REMINDERS,
    ),
    "outbox_stuck": Kind(
        Severity.ALARM,
        "%(count)d messages to boards wait to be sent, and have for %(seconds)d s.",
        "See whether Redis and a worker run; the relay's log says what stops it.",
        DELIVERY,
    ),
    "disk_full": Kind(
        Severity.ALARM,
        "Only %(free_mb)d MB are free on the disk of %(place)s, or nothing can be written there.",
        "Free space there now: old logs and backups first.",
        WRITING,
    ),
    "disk_low": Kind(
        Severity.WARNING,
        "Only %(free_mb)d MB are free on the disk of %(place)s.",
        "Free space there: old logs and backups first.",
    ),
    "clock_jumped": Kind(
        Severity.ALARM,
        "The clock of this machine jumped by %(seconds)d s.",
        "Find out which time is right (NTP); compare what was recorded around the jump.",
        CLOCK,
    ),
    "clock_apart": Kind(
        Severity.ALARM,
        "The clocks of this machine and of PostgreSQL's are %(seconds)d s apart.",
        "Let both machines follow the same time servers (NTP).",
        CLOCK,
    ),
    "watchdog_silent": Kind(
        Severity.ALARM,
        "The watchdog has shown no life for %(seconds)d s.",
        "Start `manage.py watchdog` and see why it ended.",
        UNWATCHED,
    ),
}

BOARD_SENTENCES = tuple(dict.fromkeys(kind.board for kind in KINDS.values() if kind.board))


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong now."""

    code: str
    numbers: Mapping[str, int | str] = field(default_factory=dict)

    @property
    def kind(self) -> Kind:
        return KINDS[self.code]

    @property
    def sentence(self) -> str:
        """What is wrong and what to do, in English, for logs and the administrator."""
        return f"{self.kind.sentence % dict(self.numbers)} {self.kind.advice}"


@dataclass(frozen=True, slots=True)
class Disk:
    """A place that must be writable."""

    place: str
    free_bytes: int
    writable: bool = True


@dataclass(frozen=True, slots=True)
class Signs:
    """What was seen. Durations are by a monotonic clock wherever somebody watched; None is unknown."""

    postgresql: Answer = Answer.OK
    redis: Answer = Answer.OK
    beat_silent_s: float | None = 0.0
    timers_silent_s: float | None = 0.0
    relay_silent_s: float | None = 0.0
    watchdog_silent_s: float | None = 0.0
    timers_behind_s: float = 0.0
    timers_overdue: int = 0
    outbox_behind_s: float = 0.0
    outbox_unsent: int = 0
    clock_jump_s: float = 0.0
    clock_apart_s: float = 0.0
    disks: tuple[Disk, ...] = ()


def judge(signs: Signs) -> list[Finding]:
    """Everything that is wrong, causes before consequences; a consequence of a named cause is left out."""
    found: list[Finding] = []
    if signs.postgresql is not Answer.OK:
        found.append(Finding(f"postgresql_{signs.postgresql.value}"))
    if signs.redis is not Answer.OK:
        found.append(Finding("redis_down" if signs.redis is Answer.DOWN else "redis_full"))
    if signs.postgresql is not Answer.DOWN:
        if _silent(signs.watchdog_silent_s):
            found.append(_silence("watchdog_silent", signs.watchdog_silent_s))
        if signs.redis is Answer.OK:
            found += _silent_parts(signs)
        found += _queues(signs)
    found += [finding for disk in signs.disks if (finding := _disk(disk))]
    if abs(signs.clock_jump_s) >= CLOCK_JUMP_S:
        found.append(Finding("clock_jumped", {"seconds": round(signs.clock_jump_s)}))
    if abs(signs.clock_apart_s) >= CLOCK_APART_S:
        found.append(Finding("clock_apart", {"seconds": round(abs(signs.clock_apart_s))}))
    return _one_of_each(found)


def _silent_parts(signs: Signs) -> list[Finding]:
    found = []
    if _silent(signs.beat_silent_s):
        found.append(_silence("beat_silent", signs.beat_silent_s))
    timers, relay = _silent(signs.timers_silent_s), _silent(signs.relay_silent_s)
    if timers and relay:
        found.append(_silence("workers_silent", signs.timers_silent_s))
    elif timers:
        found.append(_silence("timers_silent", signs.timers_silent_s))
    elif relay:
        found.append(_silence("relay_silent", signs.relay_silent_s))
    return found


def _queues(signs: Signs) -> list[Finding]:
    found = []
    if signs.timers_behind_s >= BEHIND_LIMIT_S:
        numbers = {"count": signs.timers_overdue, "seconds": int(signs.timers_behind_s)}
        found.append(Finding("timers_late", numbers))
    if signs.outbox_behind_s >= BEHIND_LIMIT_S:
        numbers = {"count": signs.outbox_unsent, "seconds": int(signs.outbox_behind_s)}
        found.append(Finding("outbox_stuck", numbers))
    return found


def _disk(disk: Disk) -> Finding | None:
    numbers: dict[str, int | str] = {"place": disk.place, "free_mb": disk.free_bytes // 1024**2}
    if not disk.writable or disk.free_bytes < DISK_FULL_BYTES:
        return Finding("disk_full", numbers)
    return Finding("disk_low", numbers) if disk.free_bytes < DISK_LOW_BYTES else None


def _silent(silent_s: float | None) -> bool:
    return silent_s is None or silent_s >= SILENCE_LIMIT_S


def _silence(code: str, silent_s: float | None) -> Finding:
    return Finding(code, {"seconds": int(silent_s or 0)})


def _one_of_each(found: list[Finding]) -> list[Finding]:
    first: dict[str, Finding] = {}
    for finding in found:
        first.setdefault(finding.code, finding)
    return list(first.values())
