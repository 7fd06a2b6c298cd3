"""Beyond one process and one ward: two of everything, WSGI beside ASGI, and a thousand wards."""

from typing import Any

from bench.context import Bench
from bench.figures import Figure
from bench.measures.frames import LIMIT_MS, as_figures, seconds_of, watch
from bench.servers import granian_wsgi
from bench.stage import Stage

MANY_WARDS = 1000

# Every infusion gets a ward of its own, where its nurse works too; nothing is made that a ward would not hold.
_SPREAD = """
    INSERT INTO accounts_ward (name, time_zone) SELECT 'Wide ' || id, 'Europe/Oslo' FROM infusions_infusionsession;
    CREATE TEMPORARY TABLE moved AS
        SELECT s.id AS session_id, s.patient_id, s.ward_id AS old_ward, w.id AS new_ward
        FROM infusions_infusionsession s JOIN accounts_ward w ON w.name = 'Wide ' || s.id;
    UPDATE infusions_infusionsession t SET ward_id = new_ward FROM moved WHERE t.id = session_id;
    UPDATE patients_patient t SET ward_id = new_ward FROM moved WHERE t.id = moved.patient_id;
    UPDATE dashboard_boardrow t SET ward_id = new_ward FROM moved WHERE t.row_id = 'session:' || session_id;
    INSERT INTO ledger_wardsequence (ward_id, last_sequence)
        SELECT new_ward, 1000 FROM moved;
    INSERT INTO accounts_user_wards (user_id, ward_id)
        SELECT u.user_id, new_ward FROM moved JOIN accounts_user_wards u ON u.ward_id = old_ward;
    ANALYZE;
"""


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
    return as_figures("two web, two workers, two beats", watched, limit_ms=LIMIT_MS.get(count))


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
    return as_figures("WSGI for writes beside ASGI for sockets", watched, limit_ms=LIMIT_MS.get(count))


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
    stage.sql(_SPREAD)
    nurses = {ward["id"]: ward["nurses"] for ward in bench.hospital.wards}
    old_ward = {number: ward["id"] for ward in bench.hospital.wards for number in ward["sessions"]}
    rows = stage.sql("SELECT id, ward_id FROM infusions_infusionsession ORDER BY id LIMIT %s", [MANY_WARDS])
    return [
        {"id": row["ward_id"], "sessions": [row["id"]], "nurses": nurses[old_ward[row["id"]]]} for row in rows
    ]
