"""Recording one set of vital signs over HTTP, beside the plain create of the same row."""

from statistics import median
from typing import Any

from bench.context import Bench, in_ms
from bench.figures import Figure, percentile, spread
from bench.http import Post, Round, flat_out
from bench.stage import BenchProblem, Stage
from bench.vitals import observation, vitals

ROW = "record one vital-sign set"
PLAIN = "bench.peers.plain.settings"
CONNECTIONS = 8
FEW_SESSIONS = 16
MANY_SETS = 100


def measure(bench: Bench) -> list[Figure]:
    """Throughput and p99 beside the peer on the same server; then with a hundred sets already recorded."""
    with bench.stage() as stage:
        peer_posts = prepare_plain(stage, bench)
        ours = stage.web("web")
        peer = stage.web("plain", DJANGO_SETTINGS_MODULE=PLAIN)
        stage.start_background()
        posts = one_each(bench)
        figures = side_by_side(bench, ROW, [ours], posts, [peer], peer_posts)
        stage.stop("plain")
        return figures + _whole_answer(bench, ours, posts) + _grown(bench, ours, posts)


def one_each(bench: Bench) -> list[Post]:
    """A set for each infusion."""
    return [observation(session, number) for number, session in enumerate(bench.hospital.sessions())]


def prepare_plain(stage: Stage, bench: Bench) -> list[Post]:
    """The peer's tokens and its posts of the same rows."""
    environment = stage.environment
    stage.environment = environment | {"DJANGO_SETTINGS_MODULE": PLAIN}
    stage.manage("migrate", "authtoken", "--verbosity", "0")
    tokens = stage.inside("plain_tokens")
    stage.environment = environment
    return [
        Post(
            path="/observations/",
            body=vitals(number) | {"session": session["id"], "effective_at": "2026-01-05T10:00:00Z"},
            headers={"Authorization": f"Token {tokens[number % len(tokens)]}"},
        )
        for number, session in enumerate(bench.hospital.sessions())
    ]


def side_by_side(
    bench: Bench, row: str, ours: list[str], our_posts: list[Post], peer: list[str], peer_posts: list[Post]
) -> list[Figure]:
    """Peer and product by turns; the ratio is taken within each round."""
    rounds, seconds = bench.pick(1, 5, 9), bench.pick(1.0, 3.0, 6.0)
    send(ours, our_posts, 0.5)
    send(peer, peer_posts, 0.5)
    taken: list[tuple[Round, Round]] = []
    for _ in range(rounds):
        bench.settle()
        taken.append((send(peer, peer_posts, seconds), send(ours, our_posts, seconds)))
    ratios = [own.per_second / plain.per_second for plain, own in taken]
    tails = [_p99(own) / _p99(plain) for plain, own in taken]
    details = {"ratio": spread(ratios), "plain": _summary([one for one, _ in taken])}
    details["product"] = _summary([own for _, own in taken])
    return [
        Figure(row, "throughput, × plain DRF create", median(ratios), "×", least=1.0, details=details),
        Figure(row, "p99, × plain DRF create", median(tails), "×", most=1.0, details=spread(tails)),
        Figure(row, "throughput", details["product"]["per_second"], "/s"),
        Figure(row, "throughput of the plain create", details["plain"]["per_second"], "/s"),
        Figure(row, "p50", details["product"]["p50_ms"], "ms"),
        Figure(row, "p99", details["product"]["p99_ms"], "ms"),
        Figure(row, "p99 of the plain create", details["plain"]["p99_ms"], "ms"),
    ]


def send(addresses: list[str], posts: list[Post], seconds: float) -> Round:
    """Flat out. Raises BenchProblem when one was refused."""
    outcome = flat_out(addresses, posts, connections=CONNECTIONS, seconds=seconds)
    if outcome.refused or not outcome.latencies_s:
        raise BenchProblem(f"{len(outcome.refused)} writes were refused: {outcome.refused[:2]}")
    return outcome


def _whole_answer(bench: Bench, ours: str, posts: list[Post]) -> list[Figure]:
    bench.settle()
    outcome = send([ours], [post.with_headers(Prefer="") for post in posts], bench.pick(1.0, 3.0))
    what = "answered with the whole infusion"
    return [
        Figure(ROW, f"throughput, {what}", outcome.per_second, "/s"),
        Figure(ROW, f"p99, {what}", _p99(outcome), "ms"),
    ]


def _grown(bench: Bench, ours: str, posts: list[Post]) -> list[Figure]:
    few = posts[:FEW_SESSIONS]
    seconds = bench.pick(0.5, 2.0)
    fresh = send([ours], few, seconds)
    wanted = bench.pick(5, MANY_SETS) * len(few)
    written = len(fresh.latencies_s)
    while written < wanted:
        written += len(send([ours], few, 1.0).latencies_s)
    bench.settle()
    grown = send([ours], few, seconds)
    return [
        Figure(
            ROW,
            f"throughput with {written // len(few)} sets recorded in each session, × the first sets",
            grown.per_second / fresh.per_second,
            "×",
            details={"first": _summary([fresh]), "grown": _summary([grown])},
        )
    ]


def _summary(rounds: list[Round]) -> dict[str, Any]:
    return {
        "per_second": median(one.per_second for one in rounds),
        "p50_ms": median(percentile(in_ms(one.latencies_s), 0.5) for one in rounds),
        "p99_ms": median(_p99(one) for one in rounds),
        "writes": sum(len(one.latencies_s) for one in rounds),
    }


def _p99(one: Round) -> float:
    return percentile(in_ms(one.latencies_s), 0.99)
