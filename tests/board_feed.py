"""A dashboard without a browser: it keeps the ward's rows as static/js/ward-socket.js does."""

import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from websockets.exceptions import WebSocketException

from tests.clients import ApiClient, WardSocket
from tests.stack import Stack, wait_until

POLL_S = 5.0
QUIET_S = 8.0


class BoardFeed:
    """Listens in a thread, pulls on a gap, polls while the socket is down, dials again. A context manager."""

    def __init__(self, stack: Stack, client: ApiClient, ward_id: int, *, through: str | None = None) -> None:
        self._stack = stack
        self._client = client
        self._ward_id = ward_id
        self._through = through
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.rows: dict[str, dict[str, Any]] = {}
        self.seen_at: dict[tuple[str, int], float] = {}
        self.cursor = 0
        self.pushed: list[list[int]] = []  # of each connection: the numbers its row frames carried
        self.kinds: list[str] = []
        self.pulls = 0

    @property
    def connections(self) -> int:
        """How often it got through."""
        return len(self.pushed)

    def wait_for_row(
        self, row_id: str, wanted: Callable[[dict[str, Any]], bool] = bool, timeout: float = 30
    ) -> tuple[dict[str, Any], float]:
        """A row as wanted, and the real time at which it was first here."""

        def found() -> dict[str, Any] | None:
            row = self.rows.get(row_id)
            return row if row is not None and wanted(row) else None

        row = wait_until(found, timeout, f"{row_id} is not on the board", lambda: [self.state()])
        assert row is not None
        return row, self.seen_at[(row_id, row["sequence"])]

    def state(self) -> str:
        """What it knows, for a failing test's message."""
        return f"cursor {self.cursor}, {self.connections} connections, {self.pulls} pulls, {self.pushed}"

    def assert_in_order(self) -> None:
        """No connection was ever sent a number twice, or one out of order."""
        for numbers in self.pushed:
            assert numbers == sorted(set(numbers)), self.state()

    def __enter__(self) -> Self:
        self._thread.start()
        wait_until(lambda: "hello" in self.kinds, 30, "No hello")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end.set()
        self._thread.join(30)

    def _run(self) -> None:
        while not self._end.is_set():
            try:
                with WardSocket(
                    self._stack, self._client, self._ward_id, through=self._through, patience_s=5
                ) as ward:
                    self.pushed.append([])
                    self._listen(ward)
            except (OSError, EOFError, TimeoutError, WebSocketException):
                self._pull()
                self._end.wait(0.5)

    def _listen(self, ward: WardSocket) -> None:
        heard_at = time.monotonic()
        while not self._end.is_set():
            try:
                message = ward.receive(0.2)
            except TimeoutError:
                if time.monotonic() - heard_at > QUIET_S:
                    self._pull()
                    return  # as the page: a silent socket is dropped
                continue
            heard_at = time.monotonic()
            self._take(message)

    def _take(self, message: dict[str, Any]) -> None:
        self.kinds.append(message["type"])
        number = message.get("sequence", 0)
        if message["type"] == "row":
            self.pushed[-1].append(number)
            if number == self.cursor + 1:
                self.cursor = number
                self._apply(message["row"])
            elif number > self.cursor:
                self._pull()
        elif message["type"] == "resync" or number > self.cursor:
            self._pull()

    def _pull(self) -> None:
        self.pulls += 1
        answer = self._client.get(f"wards/{self._ward_id}/board/changes/", after=self.cursor)
        if answer.status_code == 200:
            content = answer.json()
            for row in content["rows"]:
                self._apply(row)
            self.cursor = max(self.cursor, content["sequence"])

    def _apply(self, row: dict[str, Any]) -> None:
        known = self.rows.get(row["row_id"])
        if known is None or known["sequence"] < row["sequence"]:
            self.seen_at[(row["row_id"], row["sequence"])] = time.time()
            self.rows[row["row_id"]] = row
