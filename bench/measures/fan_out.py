"""Processor time for one frame to one of 200 sockets of a ward."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

from bench.context import Bench
from bench.figures import Figure, spread
from bench.listening import Listeners, dashboards
from bench.machine import processor_s
from bench.servers import granian_asgi, uvicorn
from bench.stage import BenchProblem, Stage
from ivig_monitor.launch.places import ROOT
from tests.stack import free_port

ROW = "one message to 200 sockets"
SOCKETS = 200
PER_SECOND = 40.0
IDLE_S = 5.0


@dataclass(frozen=True, slots=True)
class Sent:
    """Processor time per frame, and how many frames came and did not come."""

    microseconds: float
    frames: int
    lost: int


def measure(bench: Bench) -> list[Figure]:
    """The product's hub, `websockets.broadcast`, and Channels' groups, in the same run."""
    rounds, count = bench.pick(1, 3, 5), bench.pick(20, 240)
    hub: list[Sent] = []
    bare: list[Sent] = []
    with bench.stage() as stage:
        stage.start_background()
        for _ in range(rounds):
            bench.settle()
            text, sent = _hub(stage, bench, uvicorn(1), count)
            hub.append(sent)
            bare.append(_broadcast(stage, text, count))
        groups = _groups(stage, text, count)
        _, granian = _hub(stage, bench, granian_asgi(1), count)
    ratios = [own.microseconds / peer.microseconds for own, peer in zip(hub, bare, strict=True)]
    lost = sum(one.lost for one in hub)
    return [
        Figure(
            ROW,
            "processor time a frame, × websockets.broadcast",
            median(ratios),
            "×",
            most=3.0,
            details=spread(ratios) | {"bytes": len(text.encode())},
        ),
        Figure(ROW, "processor time a frame", median(one.microseconds for one in hub), "µs"),
        Figure(ROW, "the same, websockets.broadcast", median(one.microseconds for one in bare), "µs"),
        Figure(ROW, "the same, hub under granian", granian.microseconds, "µs"),
        Figure(ROW, "the same, Channels' group_send", groups.microseconds, "µs"),
        Figure(ROW, "Channels' group_send: frames lost", groups.lost, ""),
        Figure(ROW, f"frames lost of {sum(one.frames for one in hub) + lost}", lost, "", most=0),
    ]


def _hub(stage: Stage, bench: Bench, command: list[str], count: int) -> tuple[str, Sent]:
    ward = bench.hospital.wards[0]
    address = stage.server("hub", command)
    try:
        with Listeners(stage, dashboards([address], [ward], SOCKETS)) as listeners:
            time.sleep(2.0)
            pid = stage.pid("hub")
            idle = _idle_share(pid)
            listeners.forget()
            before, began = processor_s(pid), time.monotonic()
            stage.inside("publish", ward_id=ward["id"], count=count, per_second=PER_SECOND)
            time.sleep(1.0)
            used = processor_s(pid) - before - idle * (time.monotonic() - began)
            heard = listeners.stop()
    finally:
        stage.stop("hub")
    rows = {text: times for text, times in heard.texts.items() if json.loads(text)["type"] == "row"}
    return next(iter(rows)), _sent(used, sum(map(len, rows.values())), count)


def _idle_share(pid: int) -> float:
    # Heartbeats and the checks of each session, every five seconds, go on beside the messages and are not theirs.
    before = processor_s(pid)
    time.sleep(IDLE_S)
    return (processor_s(pid) - before) / IDLE_S


def _broadcast(stage: Stage, text: str, count: int) -> Sent:
    port = free_port()
    peer = subprocess.Popen(
        [sys.executable, "-m", "bench.peers.broadcast", str(port)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert peer.stdin is not None and peer.stdout is not None
    try:
        if peer.stdout.readline().strip() != "ready":
            raise BenchProblem("The broadcasting peer did not start.")

        def send() -> None:
            assert peer.stdin is not None and peer.stdout is not None
            peer.stdin.write(json.dumps({"text": text, "count": count, "per_second": PER_SECOND}) + "\n")
            peer.stdin.flush()
            peer.stdout.readline()

        return _peer(stage, f"ws://127.0.0.1:{port}/", text, peer.pid, count, send)
    finally:
        peer.stdin.close()
        peer.wait(10)


def _groups(stage: Stage, text: str, count: int) -> Sent:
    command = ["bench.peers.channels_groups:application" if "asgi" in word else word for word in uvicorn(1)]
    address = stage.server("groups", command)

    def send() -> None:
        order = json.dumps({"text": text, "count": count, "per_second": PER_SECOND})
        subprocess.run(
            [sys.executable, "-m", "bench.peers.channels_groups", order],
            cwd=ROOT,
            env=stage.environment,
            check=True,
        )

    try:
        url = f"{address.replace('http', 'ws', 1)}/"
        return _peer(stage, url, text, stage.pid("groups"), count, send)
    finally:
        stage.stop("groups")


def _peer(stage: Stage, url: str, text: str, pid: int, count: int, send: Callable[[], None]) -> Sent:
    with Listeners(stage, [{"url": url, "hello": False}] * SOCKETS, "peers") as listeners:
        time.sleep(1.0)
        before = processor_s(pid)
        send()
        time.sleep(1.0)
        used = processor_s(pid) - before
        heard = listeners.stop()
    return _sent(used, len(heard.texts.get(text, [])), count)


def _sent(used_s: float, frames: int, count: int) -> Sent:
    return Sent(1e6 * used_s / max(1, frames), frames, count * SOCKETS - frames)
