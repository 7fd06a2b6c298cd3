"""A shift under load: 200 nurses, 40 wards, 1 000 running infusions, a dashboard for each nurse."""

import csv
import json
import os
import subprocess
import sys
import time
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

from apps.kernel.clock import wall_now
from bench.context import Bench
from bench.figures import Figure
from bench.listening import Heard, Listeners, dashboards, rows_in
from bench.stage import BenchProblem, Stage
from ivig_monitor.launch.places import ROOT

ROW = "a shift under load"
PAUSE_S = ("10", "30")  # between two acts of a nurse
QUICK_PAUSE_S = ("1", "3")
MINUTES = 10.0
ARRIVE_PER_S = 20
SETTLE_S = 10.0
UNSENT = "SELECT count(*) AS n FROM ledger_outboxmessage WHERE sent_at IS NULL"
GAPS = """
    SELECT count(*) AS n FROM (
        SELECT sequence - lag(sequence) OVER (PARTITION BY ward_id ORDER BY sequence) AS step
        FROM ledger_outboxmessage
    ) AS steps WHERE step <> 1
"""
EVENT_OF = {
    "vital signs": "infusion.observation.recorded",
    "pause": "infusion.session.paused",
    "resume": "infusion.session.resumed",
}


def measure(bench: Bench) -> list[Figure]:
    """No lost event, no error; how long answers took and how late timers were."""
    minutes = bench.minutes or bench.pick(0.25, 2.0, MINUTES)
    with Stage(bench.server_url, copy_of=bench.hospital.database.name) as stage:
        # Clinical time goes on where seeding ended, so that nothing is overdue before the shift begins.
        stage.set_clock(datetime.fromisoformat(bench.hospital.seeded_at))
        address = stage.web()
        stage.start_background()
        before = _events(stage)
        wards = bench.hospital.wards
        nurses = sum(len(ward["nurses"]) for ward in wards)
        with Listeners(stage, dashboards([address], wards, nurses)) as listeners:
            bench.settle()
            listeners.forget()
            began = wall_now()
            acknowledged, stats = _shift(stage, bench, address, minutes)
            ended = wall_now()
            time.sleep(SETTLE_S)
            heard = listeners.stop()
        missed = _missed(stage, heard, began, ended, nurses // len(wards))
        figures = _figures(stage, acknowledged, stats, before, details={"minutes": minutes, "nurses": nurses})
    return [
        *figures,
        Figure(ROW, "frames lost at the dashboards", missed, "", most=0),
        Figure(ROW, "sockets closed on a dashboard", len(heard.closed), "", most=0),
    ]


def _shift(
    stage: Stage, bench: Bench, address: str, minutes: float
) -> tuple[list[list[str]], list[dict[str, str]]]:
    base = stage.places.base
    hospital, written, prefix = base / "hospital.json", base / "acknowledged.tsv", base / "locust"
    hospital.write_text(json.dumps({"wards": bench.hospital.wards}))
    pause = bench.pick(QUICK_PAUSE_S, PAUSE_S)
    nurses = sum(len(ward["nurses"]) for ward in bench.hospital.wards)
    command = [
        *(sys.executable, "-m", "locust", "-f", str(ROOT / "bench" / "load" / "locustfile.py")),
        *("--headless", "--host", address, "-u", str(nurses), "-r", str(ARRIVE_PER_S)),
        *("-t", f"{int(minutes * 60)}s", "--csv", str(prefix), "--only-summary", "--exit-code-on-error", "0"),
        # Nobody drops a tablet in the middle of a write when the shift ends.
        *("--stop-timeout", "30"),
    ]
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "BENCH_HOSPITAL": str(hospital),
        "BENCH_ACKNOWLEDGED": str(written),
        "BENCH_PAUSE_FROM_S": pause[0],
        "BENCH_PAUSE_TO_S": pause[1],
    }
    done = subprocess.run(command, cwd=base, env=environment, capture_output=True, text=True, check=False)
    if done.returncode or not written.exists():
        raise BenchProblem(f"locust ended with {done.returncode}: {done.stderr[-2000:]}")
    lines = [line.split("\t") for line in written.read_text().splitlines()]
    return lines, list(csv.DictReader(Path(f"{prefix}_stats.csv").open()))


def _figures(
    stage: Stage,
    acknowledged: list[list[str]],
    stats: list[dict[str, str]],
    before: Counter[str],
    details: dict[str, Any],
) -> list[Figure]:
    wanted = Counter(EVENT_OF[line[0]] for line in acknowledged)
    recorded = _events(stage)
    lost = sum(max(0, count - (recorded[name] - before[name])) for name, count in wanted.items())
    doubled = sum(max(0, recorded[name] - before[name] - count) for name, count in wanted.items())
    total = next(line for line in stats if line["Name"] == "Aggregated")
    writes = next(line for line in stats if line["Name"] == "vital signs")
    found = stage.inside("chains")
    late = stage.sql(
        "SELECT count(*) AS n,"
        " 1000 * percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM fired_at - due_at)) AS p50,"
        " 1000 * percentile_cont(0.99) WITHIN GROUP (ORDER BY extract(epoch FROM fired_at - due_at)) AS p99"
        " FROM ledger_timer WHERE state = 'done'"
    )[0]
    details = details | {"acts": stats, "timers": late["n"]}
    return [
        Figure(ROW, "requests", float(total["Request Count"]), "", details=details),
        Figure(ROW, "errors", float(total["Failure Count"]), "", most=0),
        Figure(ROW, f"events lost of {len(acknowledged)} acknowledged writes", lost, "", most=0),
        Figure(ROW, "events recorded twice", doubled, "", most=0),
        Figure(ROW, f"broken chains of {found['subjects']}", found["broken"], "", most=0),
        Figure(ROW, "gaps in the wards' sequences", _count(stage, GAPS), "", most=0),
        Figure(ROW, "messages never handed over", _count(stage, UNSENT), "", most=0),
        Figure(ROW, "recording vital signs: p50", float(writes["50%"]), "ms"),
        Figure(ROW, "recording vital signs: p99", float(writes["99%"]), "ms"),
        Figure(ROW, "timers: lateness p50", float(late["p50"] or 0), "ms"),
        Figure(ROW, "timers: lateness p99", float(late["p99"] or 0), "ms"),
    ]


def _events(stage: Stage) -> Counter[str]:
    rows = stage.sql("SELECT name, count(*) AS n FROM ledger_event GROUP BY name")
    return Counter({row["name"]: row["n"] for row in rows})


def _count(stage: Stage, query: str) -> int:
    found: int = stage.sql(query)[0]["n"]
    return found


def _missed(stage: Stage, heard: Heard, began: datetime, ended: datetime, per_ward: int) -> int:
    """Frames of messages committed during the shift that a dashboard of their ward did not get."""
    arrivals = Counter[tuple[str, int]]()
    for text, times in heard.texts.items():
        for row in rows_in(json.loads(text)):
            arrivals[row["row_id"], row["sequence"]] += len(times)
    sent = stage.sql(
        "SELECT payload FROM ledger_outboxmessage WHERE created_at BETWEEN %s AND %s", [began, ended]
    )
    told = [(row["row_id"], row["sequence"]) for message in sent for row in rows_in(message["payload"])]
    return sum(max(0, per_ward - arrivals[key]) for key in told)
