"""The same write on each server that was tried; the losing ones keep their numbers."""

from statistics import median

from bench.context import Bench, in_ms
from bench.figures import Figure, percentile, spread
from bench.http import Post, Round
from bench.measures.writing import PLAIN, one_each, prepare_plain, send
from bench.servers import daphne, granian_asgi, granian_wsgi, uvicorn
from bench.stage import Stage

ROW = "server choice, one write"
TRIED = {
    "granian WSGI, 2 processes": [granian_wsgi()],
    "granian ASGI, 2 processes": [granian_asgi()],
    "uvicorn, 2 processes": [uvicorn()],
    "daphne, 2 processes": [daphne(), daphne()],
}


def measure(bench: Bench) -> list[Figure]:
    """Throughput and p99 of each server; under the WSGI one also beside the plain create."""
    rounds, seconds = bench.pick(1, 3, 5), bench.pick(1.0, 3.0, 6.0)
    taken: dict[str, list[Round]] = {name: [] for name in TRIED}
    plain: list[Round] = []
    with bench.stage() as stage:
        peer_posts = prepare_plain(stage, bench)
        stage.start_background()
        posts = one_each(bench)
        for _ in range(rounds):
            bench.settle()
            for name, commands in TRIED.items():
                taken[name].append(_served(stage, commands, posts, seconds))
            plain.append(_served(stage, [granian_wsgi()], peer_posts, seconds, settings=PLAIN))
    best = next(iter(TRIED))
    ratios = [own.per_second / peer.per_second for own, peer in zip(taken[best], plain, strict=True)]
    figures = [
        Figure(ROW, f"{best}, × plain DRF create there", median(ratios), "×", details=spread(ratios)),
        Figure(ROW, f"{best}: p99, × plain DRF create there", _p99(taken[best]) / _p99(plain), "×"),
    ]
    for name, rounds_of in taken.items():
        speeds = [one.per_second for one in rounds_of]
        figures += [
            Figure(ROW, name, median(speeds), "/s", details=spread(speeds)),
            Figure(ROW, f"{name}: p99", _p99(rounds_of), "ms"),
        ]
    return figures


def _served(
    stage: Stage, commands: list[list[str]], posts: list[Post], seconds: float, **environment: str
) -> Round:
    names = [f"server-{number}" for number in range(len(commands))]
    own = {"DJANGO_SETTINGS_MODULE": environment["settings"]} if environment else {}
    addresses = [stage.server(name, command, **own) for name, command in zip(names, commands, strict=True)]
    try:
        send(addresses, posts, 1.0)
        return send(addresses, posts, seconds)
    finally:
        stage.stop(*names)


def _p99(rounds: list[Round]) -> float:
    return median(percentile(in_ms(one.latencies_s), 0.99) for one in rounds)
