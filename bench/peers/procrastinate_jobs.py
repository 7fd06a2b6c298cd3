"""Jobs as rows, worked off by procrastinate: call `run("work")` in a process of its own."""

import asyncio
import os

import procrastinate
import psycopg
from psycopg_pool import AsyncConnectionPool

from bench.timing.effects import NOTE

POLL_S = 1.0
CONCURRENCY = 4
TASK = "bench.procrastinate.note"
FILL = """
    INSERT INTO procrastinate_jobs (queue_name, task_name, args, scheduled_at)
    SELECT 'default', %s, jsonb_build_object('subject', 'bench:' || n, 'due_at', due), due
    FROM (SELECT n, %s::timestamptz + random() * %s * interval '1 second' AS due
          FROM generate_series(1, %s) AS n) AS wanted
"""

app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=os.environ.get("DATABASE_URL", "")))
pool: AsyncConnectionPool | None = None


@app.task(name=TASK)
async def note(subject: str, due_at: str) -> None:
    """The effect."""
    assert pool is not None
    async with pool.connection() as connection:
        await connection.execute(NOTE, [subject, due_at])


async def work() -> None:
    """Work off jobs until stopped."""
    global pool
    pool = AsyncConnectionPool(os.environ["DATABASE_URL"], kwargs={"autocommit": True}, open=False)
    async with pool, app.open_async():
        await app.run_worker_async(concurrency=CONCURRENCY, fetch_job_polling_interval=POLL_S)


async def schema() -> None:
    """Make procrastinate's tables."""
    async with app.open_async():
        await app.schema_manager.apply_schema_async()


def fill(address: str, count: int, begins: str, window_s: float) -> None:
    """Store the jobs as rows; deferring them one by one takes longer than the window."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(FILL, [TASK, begins, window_s, count])
        connection.execute("ANALYZE procrastinate_jobs")


def run(what: str) -> None:
    """`schema` or `work`."""
    asyncio.run({"schema": schema, "work": work}[what]())
