"""What a dashboard does with what it hears, as static/js/ward-socket.js does it, without a browser or a clock.

`receive`, `pull`, `take` and `apply` follow the script line by line; its timers become `wants_pull`, and an answer
on its way is held in `asked` until the test delivers or loses it.
"""

from collections.abc import Callable, Mapping
from typing import Any

Row = Mapping[str, Any]
Board = Mapping[str, Any]


class BoardClient:
    """One dashboard of a ward. `fetch(after)` answers a pull: changes after a number, everything for None."""

    def __init__(self, fetch: Callable[[int | None], Board], snapshot: Board | None) -> None:
        self._fetch = fetch
        self.rows: dict[str, Row] = {}
        self.gone: dict[str, int] = {}
        self.people: dict[str, Any] = {}
        self.cursor: int | None = None
        self.seen = 0
        self.full = False
        self.era = 0
        self.failed = False
        self.again = False
        self.wants_pull = False
        self.asked: tuple[bool, int, Board] | None = None
        if snapshot is not None:
            self._take(snapshot, whole=True)

    # The socket.

    def receive(self, message: Mapping[str, Any]) -> None:
        """One frame."""
        if message["type"] == "row":
            self._receive_row(message)
        elif message["type"] == "resync":
            self.pull()
        elif "sequence" in message:
            if message["type"] == "hello" and self.cursor is not None and message["sequence"] < self.cursor:
                self.cursor, self.seen = None, 0
                self.era += 1
                self.gone.clear()
                self.rows = {key: {**row, "sequence": -1} for key, row in self.rows.items()}
            self.seen = max(self.seen, message["sequence"])
            if self.cursor is None or message["sequence"] > self.cursor:
                self.pull()

    def dropped(self) -> None:
        """The socket is gone."""
        self.pull()

    # Pulling.

    def pull(self) -> None:
        """Ask for what is missing; one question at a time. The answer is made now and arrives later."""
        self.wants_pull = False
        if self.asked is not None:
            self.again = True
            return
        whole = self.cursor is None or self.full
        self.asked = (whole, self.era, self._fetch(None if whole else self.cursor))

    def answered(self) -> None:
        """The answer arrives."""
        assert self.asked is not None
        (whole, era, answer), self.asked = self.asked, None
        self.failed = False
        if era == self.era:
            if whole:
                self.full = False
            self._take(answer, whole=whole)
        else:
            self.full = True
        self._after_pull()

    def unanswered(self) -> None:
        """The answer is lost."""
        self.asked, self.failed = None, True
        self._after_pull()

    def _after_pull(self) -> None:
        behind = self.cursor is not None and self.seen > self.cursor
        self.wants_pull = not self.failed and (self.again or self.full or behind)
        self.again = False

    # The rows.

    def _receive_row(self, message: Mapping[str, Any]) -> None:
        number, row = message["sequence"], message["row"]
        self.seen = max(self.seen, number)
        if self.cursor is not None and number < self.cursor:
            return
        known = row.get("removed") or str(row.get("patient_id")) in self.people
        if not known:
            self.full = True
        if self.cursor is not None and number <= self.cursor + 1:
            self.cursor = max(self.cursor, number)
            self._apply([row])
            if known:
                return
        self.pull()

    def _take(self, answer: Board, *, whole: bool) -> None:
        self.people.update(answer["people"])
        rows = list(answer["rows"])
        if whole:
            present = {row["row_id"] for row in rows}
            rows += [
                {"row_id": row["row_id"], "sequence": answer["sequence"], "removed": True}
                for row in self.rows.values()
                if row["row_id"] not in present and row["sequence"] <= answer["sequence"]
            ]
        if self.cursor is None or answer["sequence"] > self.cursor:
            self.cursor = answer["sequence"]
        self._apply(rows)

    def _apply(self, rows: list[Row]) -> None:
        for row in rows:
            name, old = row["row_id"], self.rows.get(row["row_id"])
            if max(old["sequence"] if old else -1, self.gone.get(name, -1)) >= row["sequence"]:
                continue
            if row.get("removed"):
                self.rows.pop(name, None)
                self.gone[name] = row["sequence"]
            else:
                self.rows[name] = row
