"""Beyond one process and one ward: two of everything, WSGI beside ASGI, and a thousand wards."""

from typing import Any

from bench.context import Bench
from bench.figures import Figure
from bench.measures.frames import as_figures, seconds_of, watch
from bench.servers import granian_wsgi
from bench.stage import Stage

MANY_WARDS = 1000


def measure(bench: Bench) -> list[Figure]:
    """POST to frame in each of the three set-ups."""
    return [*_two_of_each(bench), *_wsgi_beside(bench), *_many_wards(bench)]


def _two_of_each(bench: Bench) -> list[Figure]:
    count = bench.pick(20, 200)
    with bench.stage() as stage:
        addresses = [stage.web("web", workers=1), stage.web("web-2", workers=1)]
        for name in ("worker", "worker-2"):
            stage.worker(name)
        for name in ("beat", "beat-2"):
            stage.beat(name)
        stage.wait_for_relay()
        bench.settle()
        watched = watch(
            stage, bench, post_to=addresses, listen_at=addresses, count=count, seconds=seconds_of(bench)
        )
    return as_figures("two web, two workers, two beats", watched, limit_ms=None)


def _wsgi_beside(bench: Bench) -> list[Figure]:
    count = bench.pick(20, 200)
    with bench.stage() as stage:
        sockets = stage.web("web", workers=1)
        writes = stage.server("writes", granian_wsgi(workers=1))
        stage.start_background()
        bench.settle()
        watched = watch(
            stage, bench, post_to=[writes], listen_at=[sockets], count=count, seconds=seconds_of(bench)
        )
    return as_figures("WSGI for writes beside ASGI for sockets", watched, limit_ms=None)


def _many_wards(bench: Bench) -> list[Figure]:
    with bench.stage() as stage:
        wards = _spread(stage, bench)
        address = stage.web()
        stage.start_background()
        bench.settle()
        watched = watch(
            stage,
            bench,
            post_to=[address],
            listen_at=[address],
            count=len(wards),
            seconds=seconds_of(bench),
            wards=wards,
        )
    return as_figures(f"{len(wards):,} wards, a dashboard on each", watched, limit_ms=None)


def _spread(stage: Stage, bench: Bench) -> list[dict[str, Any]]:
    nurses = {number: ward["nurses"] for ward in bench.hospital.wards for number in ward["sessions"]}
    moved = stage.inside("spread", most=MANY_WARDS)
    return [{"id": ward, "sessions": [session], "nurses": nurses[session]} for session, ward in moved]
