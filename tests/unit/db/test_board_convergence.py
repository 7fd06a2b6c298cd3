"""Old snapshot + what was pushed and pulled == fresh snapshot, whatever happens at the bedside and on the way.

Hypothesis lets people act, timers fire, messages arrive late, twice, in another order or never, sockets drop and
return, and answers to pulls get lost. Two things must hold: at every moment a dashboard shows every change up to
its cursor, and once the way is clear it shows what a fresh one shows.
"""

import contextlib
import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from apps.alerts.models import Alert
from apps.alerts.services import acknowledge_alert
from apps.dashboard.models import BoardRow
from apps.dashboard.selectors import board_changes, board_snapshot
from apps.infusions import services
from apps.infusions.models import Observation
from apps.infusions.selectors import access_session
from apps.infusions.services.observing import ObservationEntry
from apps.kernel.errors import DomainError
from apps.ledger.models import OutboxMessage
from tests.board_client import BoardClient
from tests.builders import NOW, react, running_session, vitals

pytestmark = pytest.mark.django_db
CLIENTS = 3
FIRST = st.integers(0, 1)  # which patient
WHO = st.integers(0, CLIENTS - 1)


class Way:
    """The socket of one dashboard: frames on their way to it. None is a socket that is down."""

    def __init__(self) -> None:
        self.frames: list[dict[str, Any]] | None = []


class Ward(RuleBasedStateMachine):
    hospital: Any
    clock: Any
    sessions: list[int]

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.clock.set(NOW + timedelta(minutes=1))
        self.told = OutboxMessage.objects.order_by("-pk").values_list("pk", flat=True).first() or 0

    @initialize()
    def open_dashboards(self) -> None:
        snapshot = self.fetch(None)
        self.clients = [BoardClient(self.fetch, snapshot) for _ in range(CLIENTS)]
        self.ways = [Way() for _ in range(CLIENTS)]

    def teardown(self) -> None:
        try:
            if hasattr(self, "clients"):
                for who in range(CLIENTS):
                    self.settle(who)
        finally:
            transaction.set_rollback(True)
            self.savepoint.__exit__(None, None, None)

    # What happens on the ward.

    @rule(first=FIRST, systolic=st.sampled_from([84, 124, 124]), late_minutes=st.integers(0, 3))
    def somebody_measures(self, first: int, systolic: int, late_minutes: int) -> None:
        at = self.clock.now - timedelta(minutes=late_minutes)
        entry = ObservationEntry(vitals=vitals(at, systolic_mmhg=systolic))
        self.try_(services.record_observation, first, entry=entry)

    @rule(first=FIRST)
    def a_set_was_wrong(self, first: int) -> None:
        wrong = Observation.objects.filter(session_id=self.sessions[first], is_baseline=False).last()
        if wrong is not None:
            self.try_(
                services.mark_observation_in_error, first, observation_id=wrong.pk, reason="another patient"
            )

    @rule()
    def somebody_takes_an_alert(self) -> None:
        alert = Alert.objects.filter(state="raised", ward=self.hospital.ward).first()
        if alert is not None:
            acknowledge_alert(performer=self.hospital.nurse, alert_id=alert.pk, now=self.clock.now)
            self.tell()

    @rule(first=FIRST, act=st.sampled_from(["pause", "resume", "confirm", "stop", "complete"]))
    def somebody_acts(self, first: int, act: str) -> None:
        version = access_session(self.hospital.nurse, self.sessions[first]).version
        if act == "pause":
            self.try_(services.pause_session, first, reason="line")
        elif act == "stop":
            self.try_(services.stop_session, first, reason="asked")
        elif act == "complete":
            self.try_(services.complete_session, first, version=version, reason="early")
        elif act == "confirm":
            self.try_(services.confirm_step, first, version=version)
        else:
            self.try_(services.resume_session, first, version=version, step_index=0, reason="")

    @rule(first=FIRST)
    def somebody_sees_a_reaction(self, first: int) -> None:
        with contextlib.suppress(DomainError):
            react(self.hospital, self.sessions[first], self.clock.now)
        self.tell()

    @rule(minutes=st.sampled_from([1, 5, 30, 60 * 49]))
    def time_passes(self, minutes: int) -> None:
        self.clock.fire(self.clock.now + timedelta(minutes=minutes))
        self.tell()

    # What happens on the way.

    @rule(who=WHO, place=st.integers(0, 6), again=st.booleans())
    def a_frame_arrives(self, who: int, place: int, again: bool) -> None:
        frames = self.ways[who].frames
        if frames:
            place %= len(frames)
            frame = frames[place] if again else frames.pop(place)
            self.clients[who].receive(frame)

    @rule(who=WHO, place=st.integers(0, 6))
    def a_frame_is_lost(self, who: int, place: int) -> None:
        frames = self.ways[who].frames
        if frames:
            frames.pop(place % len(frames))

    @rule(who=WHO)
    def a_heartbeat_is_sent(self, who: int) -> None:
        if self.ways[who].frames is not None:
            self.ways[who].frames.append({"type": "heartbeat", "sequence": self.fetch(None)["sequence"]})

    @rule(who=WHO)
    def the_hub_starts_over(self, who: int) -> None:
        if self.ways[who].frames is not None:
            self.ways[who].frames = [{"type": "resync"}]

    @rule(who=WHO)
    def the_socket_drops(self, who: int) -> None:
        if self.ways[who].frames is not None:
            self.ways[who].frames = None
            self.clients[who].dropped()

    @rule(who=WHO)
    def the_socket_returns(self, who: int) -> None:
        if self.ways[who].frames is None:
            self.ways[who].frames = [{"type": "hello", "sequence": self.fetch(None)["sequence"]}]

    @rule(who=WHO)
    def it_polls(self, who: int) -> None:
        self.clients[who].pull()

    @rule(who=WHO, lost=st.sampled_from([False, False, True]))
    def an_answer_comes_or_not(self, who: int, lost: bool) -> None:
        client = self.clients[who]
        if client.asked is not None:
            client.unanswered() if lost else client.answered()

    @rule(who=WHO)
    def the_page_is_loaded_anew(self, who: int) -> None:
        self.clients[who] = BoardClient(self.fetch, self.fetch(None))

    @rule(who=WHO)
    @precondition(lambda self: hasattr(self, "clients"))
    def the_way_is_clear(self, who: int) -> None:
        self.settle(who)

    # What must hold.

    @invariant()
    def nothing_up_to_the_cursor_is_missing(self) -> None:
        if not hasattr(self, "clients"):
            return
        stored = list(BoardRow.objects.filter(ward_id=self.hospital.ward.pk))
        for client in self.clients:
            for row in stored:
                if client.cursor is not None and row.sequence <= client.cursor and not client.full:
                    shown = client.rows.get(row.row_id)
                    if row.removed:
                        assert shown is None, f"{row.row_id} left with {row.sequence}, cursor {client.cursor}"
                    else:
                        assert shown == row.payload, f"{row.row_id} at {row.sequence}, cursor {client.cursor}"

    def settle(self, who: int) -> None:
        """Everything arrives, then a heartbeat; questions are asked and answered until there are none."""
        client, way = self.clients[who], self.ways[who]
        if way.frames is None:
            self.the_socket_returns(who)
        self.a_heartbeat_is_sent(who)
        while way.frames:
            client.receive(way.frames.pop(0))
        for _ in range(5):
            if client.asked is not None:
                client.answered()
            if client.wants_pull or client.failed:
                client.pull()
        assert client.asked is None and not client.wants_pull, "it keeps asking"
        fresh = self.fetch(None)
        assert client.rows == {row["row_id"]: row for row in fresh["rows"]}
        assert client.cursor == fresh["sequence"]
        assert fresh["people"].items() <= client.people.items()

    # The server.

    def fetch(self, after: int | None) -> dict[str, Any]:
        ward, now = self.hospital.ward, self.clock.now
        board = board_snapshot(ward, now=now) if after is None else board_changes(ward, after=after, now=now)
        answer: dict[str, Any] = json.loads(board)
        return answer

    def try_(self, act: Any, first: int, **entry: Any) -> None:
        """An act that the rules may refuse."""
        with contextlib.suppress(DomainError):
            act(performer=self.hospital.nurse, session_id=self.sessions[first], now=self.clock.now, **entry)
        self.tell()

    def tell(self) -> None:
        """The relay sends what the outbox holds to every socket that stands."""
        for message in OutboxMessage.objects.filter(pk__gt=self.told).order_by("pk"):
            self.told = message.pk
            for way in getattr(self, "ways", []):
                if way.frames is not None:
                    way.frames.append(message.payload)


def _explore(hospital: Any, clock: Any, *, examples: int, steps: int, derandomize: bool) -> None:
    sessions = [running_session(hospital).pk for _ in range(2)]
    machine = type("ThisWard", (Ward,), {"hospital": hospital, "clock": clock, "sessions": sessions})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            database=None,
            derandomize=derandomize,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate] if derandomize else [Phase.generate, Phase.shrink],
        ),
    )


def test_every_dashboard_ends_at_what_a_fresh_one_shows(hospital, clock):
    _explore(hospital, clock, examples=12, steps=40, derandomize=True)


@pytest.mark.long
def test_every_dashboard_ends_there_on_any_way(hospital, clock):
    _explore(hospital, clock, examples=150, steps=60, derandomize=False)


@pytest.mark.parametrize("whole", [False, True])
def test_an_answer_from_before_the_numbers_went_back_is_not_taken(whole):
    """A database was restored while a question was on its way: only a whole board asked for afterwards is the truth."""
    rows = {"session:1": {"row_id": "session:1", "sequence": 9, "rate": "60"}}
    sequence = 9

    def fetch(after):
        found = [row for row in rows.values() if after is None or row["sequence"] > after]
        return {"rows": found, "people": {}, "sequence": sequence}

    client = BoardClient(fetch, fetch(None))
    client.full = whole
    client.pull()
    rows, sequence = {"session:1": {"row_id": "session:1", "sequence": 4, "rate": "30"}}, 4
    client.receive({"type": "hello", "sequence": 4})
    client.answered()
    assert client.wants_pull
    client.pull()
    client.answered()
    assert (client.rows, client.cursor, client.wants_pull) == (rows, 4, False)
