"""Starting a process full of dashboards and reading what they heard."""

import json
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.stage import BenchProblem, Stage
from ivig_monitor.launch.places import ROOT


@dataclass(slots=True)
class Heard:
    """What a process of dashboards received: each text with its arrivals; sockets that were closed on it."""

    texts: dict[str, list[float]]
    closed: list[str] = field(default_factory=list)

    def rows(self) -> dict[tuple[str, str], list[float]]:
        """Arrivals by (row of the board, time of its newest vital signs)."""
        found: dict[tuple[str, str], list[float]] = {}
        for text, arrivals in self.texts.items():
            for row in rows_in(json.loads(text)):
                found.setdefault((row["row_id"], str(row.get("vitals_at"))), []).extend(arrivals)
        return found

    def resyncs(self) -> int:
        """How often a socket was told to start over."""
        return sum(len(times) for text, times in self.texts.items() if json.loads(text)["type"] == "resync")


class Listeners:
    """A child process with many sockets. Use as a context manager."""

    def __init__(self, stage: Stage, sockets: list[dict[str, Any]], name: str = "sockets") -> None:
        self._out = stage.places.base / f"{name}-heard.json"
        plan = stage.places.base / f"{name}-plan.json"
        plan.write_text(json.dumps({"sockets": sockets, "out": str(self._out)}))
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.sockets", str(plan)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._expect("ready")

    @property
    def pid(self) -> int:
        return self._process.pid

    def forget(self) -> None:
        """Count from now on."""
        self._say("forget")

    def stop(self) -> Heard:
        """End it; returns what was heard."""
        self._say("stop")
        self._expect("written")
        self._process.wait(60)
        content = json.loads(Path(self._out).read_text())
        return Heard(content["heard"], content["closed"])

    def _say(self, word: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{word}\n")
        self._process.stdin.flush()

    def _expect(self, word: str) -> None:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line.startswith(word):
            raise BenchProblem(f"The process of sockets ended instead of saying {word}.")

    def __enter__(self) -> "Listeners":
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()


def rows_in(message: Any) -> list[dict[str, Any]]:
    """The board rows of a message, wherever they stand in it."""
    if isinstance(message, dict):
        own = [message] if "row_id" in message else []
        return own + [row for value in message.values() for row in rows_in(value)]
    if isinstance(message, list):
        return [row for value in message for row in rows_in(value)]
    return []


def dashboards(addresses: list[str], wards: list[dict[str, Any]], count: int) -> list[dict[str, Any]]:
    """`count` sockets over the wards, the addresses in turn."""
    sockets = []
    for number in range(count):
        ward = wards[number % len(wards)]
        address = addresses[number // len(wards) % len(addresses)]
        nurse = ward["nurses"][number // len(wards) % len(ward["nurses"])]
        sockets.append(
            {
                "url": f"{address.replace('http', 'ws', 1)}/ws/wards/{ward['id']}/",
                "origin": address,
                "headers": {"Cookie": f"sessionid={nurse['session_key']}"},
                "ward": ward["id"],
            }
        )
    return sockets
