"""Nurses at their tablets, for locust. BENCH_HOSPITAL names the file with the wards; loopback only.

Each nurse has the infusions of one ward and does something every 10 to 30 seconds: looks at the board, opens an
infusion, records vital signs, now and then pauses and goes on, asks what to do next. Acknowledged writes are
noted, one line each, in BENCH_ACKNOWLEDGED.
"""

import itertools
import json
import os
import random
import uuid
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from locust import HttpUser, between, events, task

from bench.vitals import vitals

HOSPITAL: dict[str, Any] = json.loads(Path(os.environ["BENCH_HOSPITAL"]).read_text())
NURSES = itertools.cycle(
    [(ward, number, nurse) for ward in HOSPITAL["wards"] for number, nurse in enumerate(ward["nurses"])]
)
ACKNOWLEDGED: list[str] = []
ABNORMAL = 0.03  # of the sets: fever


class Nurse(HttpUser):
    """One nurse with her share of the ward's infusions."""

    wait_time = between(float(os.environ["BENCH_PAUSE_FROM_S"]), float(os.environ["BENCH_PAUSE_TO_S"]))

    def on_start(self) -> None:
        """Take a tablet."""
        assert urlsplit(self.host).hostname == "127.0.0.1", "The load runs against this machine alone."
        self.ward, number, nurse = next(NURSES)
        self.client.headers["Authorization"] = f"Token {nurse['token']}"
        self.client.trust_env = False
        share = len(self.ward["nurses"])
        self.mine = self.ward["sessions"][number::share] or self.ward["sessions"]
        self.round = itertools.cycle(self.mine)
        self.paused: int | None = None

    @task(4)
    def look_at_board(self) -> None:
        """The snapshot, as a page does when it opens or was away."""
        self.client.get(f"/api/v1/wards/{self.ward['id']}/board/", name="board")

    @task(4)
    def open_infusion(self) -> None:
        """The bedside page's content."""
        self.client.get(f"/api/v1/sessions/{random.choice(self.mine)}/", name="infusion")

    @task(10)
    def record_vitals(self) -> None:
        """The work of the shift."""
        body = vitals(random.randrange(1000))
        if random.random() < ABNORMAL:
            body = body | {"temperature_c": "38.4"}
        session = next(self.round)
        self._write("vital signs", session, "observations", body)

    @task(1)
    def pause_or_go_on(self) -> None:
        """Stand still for a moment; the next time, go on."""
        if self.paused is None:
            session = random.choice(self.mine)
            if self._write("pause", session, "pause", {"reason": "Patient to the bathroom"}):
                self.paused = session
            return
        session, self.paused = self.paused, None
        found = self.client.get(f"/api/v1/sessions/{session}/", name="infusion").json()
        if found["state"] == "paused":
            self._write("resume", session, "resume", {"version": found["version"]}, may_refuse=True)

    def _write(
        self, name: str, session: int, act: str, body: dict[str, Any], *, may_refuse: bool = False
    ) -> bool:
        key = str(uuid.uuid4())
        with self.client.post(
            f"/api/v1/sessions/{session}/{act}/",
            json=body,
            headers={"Idempotency-Key": key, "Prefer": "return=minimal"},
            name=name,
            catch_response=True,
        ) as answer:
            if answer.ok:
                ACKNOWLEDGED.append(f"{name}\t{session}\t{key}")
                answer.success()
                return True
            if answer.status_code in (409, 422) or (may_refuse and answer.status_code == 400):
                answer.success()  # a refusal that says why is an answer, not an error
            else:
                answer.failure(f"{answer.status_code} {answer.text[:200]}")
            return False


@events.quitting.add_listener
def keep(**_: Any) -> None:
    """Write down what was acknowledged."""
    Path(os.environ["BENCH_ACKNOWLEDGED"]).write_text("\n".join(ACKNOWLEDGED))
