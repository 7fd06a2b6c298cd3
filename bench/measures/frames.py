"""From the nurse's POST to the frame on the dashboards, through the durable outbox."""

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from apps.kernel.clock import wall_now
from bench.context import Bench, in_ms
from bench.figures import Figure, percentile
from bench.http import Post, Round, at_pace
from bench.listening import Heard, Listeners, dashboards
from bench.stage import BenchProblem, Stage
from bench.vitals import observation

ROW = "POST to frame"
WARDS = 20
PER_SECOND = 20.0
FRAMES_LATE_S = 3.0
LIMIT_MS = {200: 50.0, 1000: 150.0}


@dataclass(slots=True)
class Watched:
    """The outcome of posting while dashboards listen."""

    posts: Round
    latencies_ms: list[float]
    missing: int
    resyncs: int
    closed: int
    sockets: int

    def details(self) -> dict[str, Any]:
        """For results.json."""
        return {
            "sockets": self.sockets,
            "posts": len(self.posts.latencies_s),
            "frames": len(self.latencies_ms),
            "post_p50_ms": percentile(in_ms(self.posts.latencies_s), 0.5),
            "post_p99_ms": percentile(in_ms(self.posts.latencies_s), 0.99),
            "resyncs": self.resyncs,
            "closed": self.closed,
        }


def measure(bench: Bench) -> list[Figure]:
    """1, 50, 200 and 1 000 sockets over 20 wards at 20 POSTs a second; then without the disk's own waits."""
    figures: list[Figure] = []
    with bench.stage() as stage:
        for count, watched in _watch_all(stage, bench, bench.pick([1, 20], [1, 50, 200, 1000])):
            figures += as_figures(ROW, watched, limit_ms=LIMIT_MS.get(count))
    with bench.stage() as stage:
        stage.commit_without_disk()
        for count, watched in _watch_all(stage, bench, bench.pick([20], list(LIMIT_MS))):
            p99 = percentile(watched.latencies_ms, 0.99)
            what = f"{count} sockets, commits that do not wait for the disk: p99"
            figures.append(Figure(ROW, what, p99, "ms", details=watched.details()))
    return figures


def _watch_all(stage: Stage, bench: Bench, counts: list[int]) -> Iterator[tuple[int, Watched]]:
    address = stage.web()
    stage.start_background()
    for count in counts:
        bench.settle()
        seconds = seconds_of(bench) * (2 if count < WARDS else 1)
        yield count, watch(stage, bench, post_to=[address], listen_at=[address], count=count, seconds=seconds)


def seconds_of(bench: Bench) -> float:
    """How long a size is posted to."""
    return bench.pick(2.0, 15.0, 60.0)


def watch(
    stage: Stage,
    bench: Bench,
    *,
    post_to: list[str],
    listen_at: list[str],
    count: int,
    seconds: float,
    wards: list[dict[str, Any]] | None = None,
    per_second: float = PER_SECOND,
) -> Watched:
    """Post at a steady pace while `count` dashboards listen; returns what each of them heard when."""
    around = wards or bench.hospital.wards[:WARDS]
    sockets = dashboards(listen_at, around, count)
    sessions = _sessions(around)
    with Listeners(stage, sockets) as listeners:
        time.sleep(1.0)  # subscriptions stand, and what was said before has arrived
        _post(post_to, sessions, per_second, 1.0)
        listeners.forget()
        posts = _post(post_to, sessions, per_second, seconds)
        time.sleep(FRAMES_LATE_S)
        heard = listeners.stop()
    if posts.refused:
        raise BenchProblem(f"{len(posts.refused)} writes were refused: {posts.refused[:2]}")
    return _compare(posts, heard, sessions, sockets)


def as_figures(row: str, watched: Watched, *, limit_ms: float | None) -> list[Figure]:
    """The rows of the table for one size."""
    details = watched.details()
    size = f"{watched.sockets} sockets" if watched.sockets != 1 else "1 socket"
    p50 = percentile(watched.latencies_ms, 0.5)
    return [
        Figure(row, f"{size}: p50, × the POST's p50", p50 / details["post_p50_ms"], "×", most=1.5),
        Figure(row, f"{size}: p50", p50, "ms", details=details),
        Figure(row, f"{size}: p99", percentile(watched.latencies_ms, 0.99), "ms", most=limit_ms),
        Figure(row, f"{size}: p50 of the POST", details["post_p50_ms"], "ms"),
        Figure(
            row, f"{size}: frames lost of {details['frames'] + watched.missing}", watched.missing, "", most=0
        ),
    ]


def _sessions(wards: list[dict[str, Any]]) -> list[dict[str, Any]]:
    depth = max(len(ward["sessions"]) for ward in wards)
    return [
        {"id": ward["sessions"][n], "ward": ward["id"], "token": ward["nurses"][0]["token"]}
        for n in range(depth)
        for ward in wards
        if n < len(ward["sessions"])
    ]


def _post(addresses: list[str], sessions: list[dict[str, Any]], per_second: float, seconds: float) -> Round:
    def make(number: int) -> Post:
        session = sessions[number % len(sessions)]
        taken = wall_now().isoformat()
        post = observation(session, number, effective_at=taken)
        post.tag = f"session:{session['id']} {taken}"
        return post

    return at_pace(addresses, make, per_second=per_second, seconds=seconds)


def _compare(
    posts: Round, heard: Heard, sessions: list[dict[str, Any]], sockets: list[dict[str, Any]]
) -> Watched:
    ward_of = {f"session:{session['id']}": session["ward"] for session in sessions}
    listening: dict[int, int] = {}
    for socket in sockets:
        listening[socket["ward"]] = listening.get(socket["ward"], 0) + 1
    arrived = {(row, _moment(at)): times for (row, at), times in heard.rows().items() if at != "None"}
    frames = Counter[str]()
    for (row, _), times in arrived.items():
        frames[row] += len(times)
    due = Counter[str]()
    latencies: list[float] = []
    for tag, began in posts.started.items():
        row, _, at = tag.partition(" ")
        due[row] += listening.get(ward_of[row], 0)
        latencies += [1000 * (moment - began) for moment in arrived.get((row, _moment(at)), [])]
    missing = sum(max(0, wanted - frames[row]) for row, wanted in due.items())
    return Watched(posts, latencies, missing, heard.resyncs(), len(heard.closed), len(sockets))


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
