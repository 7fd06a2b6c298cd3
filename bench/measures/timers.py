"""Timers due at random moments, executed by Celery workers: how late, how much memory, none lost or doubled."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from apps.kernel.clock import wall_now
from bench.context import Bench
from bench.figures import Figure, percentile
from bench.peers import procrastinate_jobs
from bench.stage import Stage
from bench.timing.effects import TABLE
from ivig_monitor.launch.places import ROOT

ROW = "timers"
LIMIT_MS = 250.0
LARGE = 50_000
PEER_COUNT = 10_000
KILLED_COUNT = 5_000
PEER_PROCESSES = 3
PATIENCE_S = 90.0
ETA = "the same with Celery's ETA"
PROCRASTINATE = "the same with procrastinate"

Fill = Callable[[int, str, float], None]


@dataclass(frozen=True, slots=True)
class Fired:
    """What came of one window of timers."""

    count: int
    late_ms: list[float]
    distinct: int
    memory_mb: float

    @property
    def lost(self) -> int:
        return self.count - self.distinct

    @property
    def doubled(self) -> int:
        return len(self.late_ms) - self.distinct


def measure(bench: Bench) -> list[Figure]:
    """Each size, the peers on the same work, and one kill -9 in the middle."""
    short_s = bench.pick(6.0, 15.0, 60.0)
    figures: list[Figure] = []
    memory: dict[int, float] = {}
    for count in bench.pick([100, 500], [100, 1_000, 10_000, LARGE]):
        bench.settle()
        window_s = 60.0 if count == LARGE else short_s
        fired = _product(bench, count, window_s)
        memory[count] = fired.memory_mb
        figures += _figures(f"{count:,} in {window_s:.0f} s", fired, most_ms=LIMIT_MS)
    least, most = min(memory), max(memory)
    figures.append(
        Figure(
            ROW,
            f"memory of the worker with {most:,} pending, × with {least:,}",
            memory[most] / memory[least],
            "×",
            most=1.25,
            details={str(count): value for count, value in memory.items()},
        )
    )
    undisturbed = _product(bench, most, 60.0 if most == LARGE else short_s, wait_for_disk=False)
    late_ms = percentile(undisturbed.late_ms, 0.99)
    what = f"{most:,}, commits that do not wait for the disk: lateness p99"
    figures.append(Figure(ROW, what, late_ms, "ms"))
    killed = _product(bench, bench.pick(300, KILLED_COUNT), short_s, kill=True)
    figures += _figures("kill -9 of the worker midway", killed, late=False)
    return figures + _peers(bench, bench.pick(300, PEER_COUNT), bench.pick(300, KILLED_COUNT), short_s)


def _peers(bench: Bench, count: int, killed_count: int, window_s: float) -> list[Figure]:
    eta = _eta(bench, count, window_s)
    lost = _eta(bench, killed_count, window_s, kill=True)
    rows = _procrastinate(bench, count, window_s)
    size = f"{count:,} in {window_s:.0f} s"
    return [
        *_figures(f"{ETA}, {size}", eta, judged=False),
        *_figures(f"{ETA}, kill -9 of the worker midway", lost, judged=False, late=False),
        *_figures(f"{PROCRASTINATE}, {size}", rows, judged=False),
    ]


def _figures(
    what: str, fired: Fired, *, most_ms: float | None = None, judged: bool = True, late: bool = True
) -> list[Figure]:
    zero = 0 if judged else None
    figures = [
        Figure(ROW, f"{what}: lost", fired.lost, "", most=zero),
        Figure(ROW, f"{what}: doubled", fired.doubled, "", most=zero),
    ]
    if not late:
        return figures
    return [
        Figure(ROW, f"{what}: lateness p50", percentile(fired.late_ms, 0.5), "ms"),
        Figure(ROW, f"{what}: lateness p99", percentile(fired.late_ms, 0.99), "ms", most=most_ms),
        Figure(ROW, f"{what}: memory of the worker", fired.memory_mb, "MB"),
        *figures,
    ]


def _product(
    bench: Bench, count: int, window_s: float, *, kill: bool = False, wait_for_disk: bool = True
) -> Fired:
    with bench.bare_stage(settings="bench.timing.settings") as stage:
        stage.sql(TABLE)
        if not wait_for_disk:
            stage.commit_without_disk()
        stage.start_background()

        def fill(count: int, begins: str, window_s: float) -> None:
            stage.inside("fill_timers", count=count, begins=begins, window_s=window_s)

        def killed() -> None:
            stage.kill("worker")
            stage.worker()

        return _run(stage, "worker", fill, count, window_s, killed if kill else None)


def _eta(bench: Bench, count: int, window_s: float, *, kill: bool = False) -> Fired:
    command = ["-m", "celery", "-A", "bench.peers.celery_eta", "worker", "-l", "warning"]
    command += ["-c", str(PEER_PROCESSES), "--without-gossip", "--without-mingle"]
    with bench.bare_stage() as stage:
        stage.sql(TABLE)
        del stage.environment["DJANGO_SETTINGS_MODULE"]  # else Celery loads the whole product beside it
        stage.program("eta", command)

        def fill(count: int, begins: str, window_s: float) -> None:
            order = json.dumps({"count": count, "begins": begins, "window_s": window_s})
            subprocess.run(
                [sys.executable, "-m", "bench.peers.celery_eta", order],
                cwd=ROOT,
                env=stage.environment,
                check=True,
            )

        def killed() -> None:
            stage.kill("eta")
            stage.program("eta", command)

        return _run(stage, "eta", fill, count, window_s, killed if kill else None)


def _procrastinate(bench: Bench, count: int, window_s: float) -> Fired:
    with bench.bare_stage() as stage:
        stage.sql(TABLE)
        subprocess.run(
            [sys.executable, *_jobs("schema")],
            cwd=ROOT,
            env=stage.environment,
            check=True,
        )

        def fill(count: int, begins: str, window_s: float) -> None:
            procrastinate_jobs.fill(stage.database_url, count, begins, window_s)

        names = [f"procrastinate-{number}" for number in range(PEER_PROCESSES)]
        for name in names:
            stage.program(name, _jobs("work"))
        return _run(stage, names, fill, count, window_s, None)


def _jobs(what: str) -> list[str]:
    return ["-c", f"from bench.peers.procrastinate_jobs import run; run({what!r})"]


def _run(
    stage: Stage,
    workers: str | list[str],
    fill: Fill,
    count: int,
    window_s: float,
    kill: Callable[[], None] | None,
) -> Fired:
    names = [workers] if isinstance(workers, str) else workers
    lead_s = 4.0 + count / 1_500
    begins = wall_now() + timedelta(seconds=lead_s)
    fill(count, begins.isoformat(), window_s)
    memory = 0.0
    # What has not come by then never will, or far too late: a killed worker's lease ends within the minute.
    end = begins + timedelta(seconds=window_s + PATIENCE_S)
    strike_at = begins + timedelta(seconds=window_s / 2)
    while wall_now() < end and _done(stage) < count:
        if kill and wall_now() >= strike_at:
            kill()
            kill = None
        memory = max(memory, stage.memory_mb(*names))
        time.sleep(0.5)
    time.sleep(1.0)
    rows = stage.sql(
        "SELECT subject, 1000 * extract(epoch FROM at - due_at)::float AS late FROM bench_effect"
    )
    return Fired(count, [row["late"] for row in rows], len({row["subject"] for row in rows}), memory)


def _done(stage: Stage) -> int:
    found: int = stage.sql("SELECT count(*) AS n FROM bench_effect")[0]["n"]
    return found
