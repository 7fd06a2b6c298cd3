"""What is known about the service itself."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, connections
from django.db.migrations.recorder import MigrationRecorder
from psycopg import sql

from apps.kernel import clock
from apps.ledger.selectors import heartbeats
from apps.ledger.standing import (
    Waiting,
    broken_chains,
    last_event_at,
    overdue_timers,
    unsent_messages,
)
from apps.vigilance.domain.findings import BOARD_SENTENCES, KINDS, SILENCE_LIMIT_S, Finding, Severity, Signs
from apps.vigilance.domain.manifest import Description
from apps.vigilance.models import Finding as FindingRow

__all__ = [
    "BOARD_SENTENCES",
    "Seen",
    "board_findings",
    "describe_database",
    "look",
    "open_findings",
    "signs_by_the_clock",
]

# A little more than the silence that is a finding: whoever watches others is given the time to start again.
WATCHDOG_FORGIVEN = timedelta(seconds=SILENCE_LIMIT_S + 5)


@dataclass(frozen=True, slots=True)
class Seen:
    """What one look into the database showed."""

    lives: dict[str, frozenset[tuple[str, datetime]]]
    overdue: Waiting
    unsent: Waiting
    clock_apart_s: float

    def newest(self, kind: str) -> datetime | None:
        """When this part last showed life."""
        return max((at for _, at in self.lives.get(kind, ())), default=None)


def look(*, now: datetime, wall_now: datetime) -> Seen:
    """Signs of life, queues and the database's clock. Raises django.db.Error without the database."""
    lives: dict[str, set[tuple[str, datetime]]] = {}
    for kind, process, at, _ in heartbeats():
        lives.setdefault(kind, set()).add((process, at))
    with connection.cursor() as cursor:
        here = clock.wall_now()
        cursor.execute("SELECT clock_timestamp()")
        clock_apart_s = (cursor.fetchone()[0] - here).total_seconds()
    return Seen(
        lives={kind: frozenset(seen) for kind, seen in lives.items()},
        overdue=overdue_timers(now=now, wall_now=wall_now),
        unsent=unsent_messages(),
        clock_apart_s=clock_apart_s,
    )


def open_findings() -> list[Finding]:
    """What is wrong now, the longest first; also that the watchdog, once there, is silent."""
    rows = FindingRow.objects.filter(closed_at__isnull=True).order_by("opened_at", "pk")
    found = {row.code: Finding(row.code, row.numbers) for row in rows if row.code in KINDS}
    last, codes = _last_of_watchdog()
    if last is not None:
        silence = clock.wall_now() - last
        if silence > WATCHDOG_FORGIVEN:
            found["watchdog_silent"] = Finding("watchdog_silent", {"seconds": int(silence.total_seconds())})
        else:
            for code in codes:  # what it saw and could not keep, on a full disk
                found.setdefault(code, Finding(code))
    return list(found.values())


def board_findings() -> list[dict[str, Any]]:
    """What every screen must say of the service: code and English sentence, for translation; JSON.

    Several findings may mean the same at the bedside: the screen says each sentence once.
    """
    alarms = [one for one in open_findings() if one.kind.severity is Severity.ALARM]
    return [{"code": one.code, "text": one.kind.board} for one in alarms]


def _last_of_watchdog() -> tuple[datetime | None, list[str]]:
    """When a watchdog last showed life (None where none ever ran), and which findings it had then."""
    for kind, _, at, details in heartbeats():  # the newest first
        if kind == "watchdog":
            codes = details.get("findings", [])
            return at, [code for code in codes if code in KINDS] if isinstance(codes, list) else []
    return None, []


def signs_by_the_clock(*, now: datetime, wall_now: datetime, speed: float) -> Signs:
    """What one look shows to somebody who did not watch before; servers and disks are not asked.

    Raises django.db.Error without the database.
    """
    seen = look(now=now, wall_now=wall_now)

    def silent_s(kind: str) -> float | None:
        newest = seen.newest(kind)
        return None if newest is None else (wall_now - newest).total_seconds()

    def behind_s(since: datetime | None, until: datetime, pace: float) -> float:
        return (until - since).total_seconds() / pace if since else 0.0

    return Signs(
        beat_silent_s=silent_s("beat"),
        timers_silent_s=silent_s("tick"),
        relay_silent_s=silent_s("relay"),
        watchdog_silent_s=silent_s("watchdog"),
        timers_behind_s=behind_s(seen.overdue.since, now, max(speed, 1.0)),
        timers_overdue=seen.overdue.count,
        outbox_behind_s=behind_s(seen.unsent.since, wall_now, 1.0),
        outbox_unsent=seen.unsent.count,
        clock_apart_s=seen.clock_apart_s,
    )


def describe_database(
    *, now: datetime, wall_now: datetime, chains: bool = True, using: str = "default"
) -> Description:
    """Rows of every table, migrations, overdue timers and, with `chains`, whether each event's hash holds."""
    there = connections[using]
    last = last_event_at(using=using)
    return Description(
        counts=_counts(there),
        migrations=tuple(
            sorted(f"{app}.{name}" for app, name in MigrationRecorder(there).applied_migrations())
        ),
        broken_chains=tuple(broken_chains(using=using)) if chains else (),
        overdue_timers=overdue_timers(now=now, wall_now=wall_now, using=using).count,
        last_event_at=last.isoformat() if last else None,
    )


def _counts(there: Any) -> dict[str, int]:
    counts = {}
    with there.cursor() as cursor:
        for table in sorted(there.introspection.table_names(cursor)):
            cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
            counts[table] = cursor.fetchone()[0]
    return counts
