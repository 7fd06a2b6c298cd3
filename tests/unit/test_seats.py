"""A socket's place: in order, bounded, and closed when its person must go."""

import asyncio
from typing import Any

from apps.dashboard.rights import Visitor
from apps.dashboard.seats import QUEUE_LIMIT, RESYNC, Seat

VISITOR = Visitor("session", 1, "hash", 7)


class Line:
    """The server's side of a socket; it can be held up."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.code: int | None = None
        self.free = asyncio.Event()
        self.free.set()

    async def send(self, message: Any) -> None:
        await self.free.wait()
        self.texts.append(message["text"])

    async def close(self, code: int) -> None:
        self.code = code


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_the_hello_is_first_whatever_came_before_it() -> None:
    line = Line()
    seat = Seat(VISITOR, line.send, line.close)
    seat.tell("row")
    seat.start("hello")
    await settle()
    seat.tell("another")
    await settle()
    assert line.texts == ["hello", "row", "another"]
    seat.stop()


async def test_one_that_stops_reading_starts_over_and_the_others_do_not_notice() -> None:
    slow, quick = Line(), Line()
    seats = [Seat(VISITOR, line.send, line.close) for line in (slow, quick)]
    for seat in seats:
        seat.start("hello")
    await settle()
    slow.free.clear()
    for number in range(QUEUE_LIMIT * 3):
        for seat in seats:
            seat.tell(str(number))
        await settle()
    assert quick.texts == ["hello", *map(str, range(QUEUE_LIMIT * 3))]
    slow.free.set()
    await settle()
    while len(slow.texts) < 2 or slow.texts[-1] != str(QUEUE_LIMIT * 3 - 1):
        await settle()
    assert RESYNC in slow.texts and len(slow.texts) <= QUEUE_LIMIT + 2
    after = slow.texts[slow.texts.index(RESYNC) + 1 :]
    assert after == [str(number) for number in range(int(after[0]), QUEUE_LIMIT * 3)]
    for seat in seats:
        seat.stop()


async def test_a_dismissed_one_is_told_the_code_and_nothing_more() -> None:
    line = Line()
    seat = Seat(VISITOR, line.send, line.close)
    seat.start("hello")
    await settle()
    seat.tell("row")
    seat.dismiss(4401)
    await settle()
    assert (line.texts, line.code) == (["hello"], 4401)
