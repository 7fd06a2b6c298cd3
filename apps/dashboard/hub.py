"""From the outbox to the sockets of this process: each ward's messages in order, none missing, none twice.

Redis brings messages within milliseconds; each second the hub compares what it has told with the ward's
number in the database and reads from the outbox what did not come. So Redis makes it fast, and PostgreSQL
makes it certain. Each socket has a bounded queue: one that stops reading is told to start over from the
snapshot, and the others do not notice.
"""

import asyncio
import json
import logging
import random
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from channels.db import database_sync_to_async

from apps.dashboard.rights import Visitor, refused
from apps.dashboard.seats import RESYNC, Seat, Send
from apps.dashboard.subscription import Subscription
from apps.kernel import clock
from apps.ledger.selectors import last_sequences, messages_after
from apps.ledger.services import note_heartbeat

logger = logging.getLogger(__name__)

LOOK_S = 1.0
HEARTBEAT_S = 5.0
CATCH_UP_LIMIT = 500

# Of the hub's own: a burst of new sockets or requests must not delay a heartbeat.
_threads = ThreadPoolExecutor(max_workers=3, thread_name_prefix="hub")


def _in_thread(function: Callable[..., Any]) -> Callable[..., Awaitable[Any]]:
    in_thread: Callable[..., Awaitable[Any]] = database_sync_to_async(
        function, thread_sensitive=False, executor=_threads
    )
    return in_thread


sequences_now = _in_thread(last_sequences)
_messages_after = _in_thread(messages_after)
_refused = _in_thread(refused)
_note_heartbeat = _in_thread(note_heartbeat)


class _Ward:
    """The sockets of one ward, and the number up to which all of them were told."""

    def __init__(self) -> None:
        self.seats: set[Seat] = set()
        self.told: int | None = None
        self.target = 0
        # Each ward at its own moment: all at once, a thousand sockets would hold up an alert.
        self.beats_at = asyncio.get_running_loop().time() + random.uniform(0, HEARTBEAT_S)  # nosec B311  # a moment

    def tell(self, text: str) -> None:
        for seat in self.seats:
            seat.tell(text)


class Hub:
    """The local sockets of every ward, fed by one subscription and by the outbox itself."""

    def __init__(self) -> None:
        self._wards: dict[int, _Ward] = {}
        self._subscription = Subscription(self._deliver, self._wards.keys)
        self._look = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def join(self, visitor: Visitor, send: Send, close: Callable[[int], Awaitable[None]]) -> Seat:
        """Say hello on a new socket; from then on it receives every message of the ward."""
        seat = Seat(visitor, send, close)
        ward = self._wards.get(visitor.ward_id)
        if ward is None:
            ward = self._wards[visitor.ward_id] = _Ward()
            self._subscription.changed()
        ward.seats.add(seat)
        if not self._tasks:
            work = (self._subscription.run(), self._beat(), self._guard())
            self._tasks = [asyncio.create_task(each) for each in work]
        try:
            sequence = (await sequences_now([visitor.ward_id]))[visitor.ward_id]
            if ward.told is None:
                ward.told = sequence
            seat.start(clock_message("hello", sequence))
        except BaseException:
            self.leave(seat)
            raise
        return seat

    def leave(self, seat: Seat) -> None:
        """Stop feeding a socket; a ward's last one ends its channel, the process's last one everything."""
        seat.stop()
        ward = self._wards.get(seat.visitor.ward_id)
        if ward is None or seat not in ward.seats:
            return
        ward.seats.discard(seat)
        if not ward.seats:
            del self._wards[seat.visitor.ward_id]
            self._subscription.changed()
        if not self._wards:
            for task in self._tasks:
                task.cancel()
            self._tasks = []

    @property
    def sockets(self) -> int:
        """How many sockets this process feeds."""
        return sum(len(ward.seats) for ward in self._wards.values())

    def _deliver(self, ward_id: int, sequence: int, text: str) -> None:
        ward = self._wards.get(ward_id)
        if ward is None or (ward.told is not None and sequence <= ward.told):
            return
        if text and ward.told in (None, sequence - 1):
            ward.told = sequence
            ward.tell(text)
        else:
            self._look.set()  # a gap: read the outbox now

    async def _beat(self) -> None:
        while True:
            try:
                async with asyncio.timeout(LOOK_S):
                    await self._look.wait()
                at_once = True
            except TimeoutError:
                at_once = not self._subscription.stands
            self._look.clear()
            try:
                sequences = await sequences_now(list(self._wards))
                await self._catch_up(sequences, at_once=at_once)
            except Exception:
                # No heartbeat without the database: dashboards then show STALE, which is the truth.
                logger.warning("No heartbeat: the database did not answer.", exc_info=True)
                continue
            self._show_life()

    def _show_life(self) -> None:
        now = asyncio.get_running_loop().time()
        for ward in self._wards.values():
            # What was told, not what was committed a moment ago: that is on its way.
            if ward.told is not None and now >= ward.beats_at:
                ward.beats_at = now + HEARTBEAT_S
                ward.tell(clock_message("heartbeat", ward.told))

    async def _catch_up(self, sequences: dict[int, int], *, at_once: bool) -> None:
        """Tell what the outbox holds and Redis did not bring within a look, or at once."""
        behind = {}
        for ward_id, sequence in sequences.items():
            ward = self._wards.get(ward_id)
            if ward is None or ward.told is None:
                continue
            if sequence < ward.target:
                # The numbers went back: a restored database. Boards start from a whole snapshot.
                ward.told = sequence
                ward.tell(clock_message("hello", sequence))
            elif ward.told < (sequence if at_once else ward.target):
                behind[ward_id] = ward.told
            ward.target = sequence
        if not behind:
            return
        for message in await _messages_after(behind, limit=CATCH_UP_LIMIT):
            self._deliver_stored(message.ward_id, message.sequence, message.text)
        for ward_id in behind:
            ward = self._wards.get(ward_id)
            if ward is not None and ward.told is not None and ward.told < sequences[ward_id]:
                # Too much, or messages long forgotten: pulling is shorter.
                ward.told = sequences[ward_id]
                ward.tell(RESYNC)

    def _deliver_stored(self, ward_id: int, sequence: int, text: str) -> None:
        ward = self._wards.get(ward_id)
        if ward is not None and ward.told == sequence - 1:
            ward.told = sequence
            ward.tell(text)

    async def _guard(self) -> None:
        """Every few seconds: close on people who lost the right, give up sockets that take nothing."""
        while True:
            await asyncio.sleep(HEARTBEAT_S)
            seats = [seat for ward in self._wards.values() for seat in ward.seats]
            for seat in [seat for seat in seats if seat.stuck]:
                logger.info("A socket of ward %s takes nothing: given up.", seat.visitor.ward_id)
                self.leave(seat)
            try:
                codes = await _refused({seat.visitor for seat in seats})
                details = {"sockets": self.sockets}
                await _note_heartbeat(kind="web", wall_now=clock.wall_now(), details=details)
            except Exception:
                logger.warning("Rights of open sockets were not checked.", exc_info=True)
                continue
            for seat in seats:
                if seat.visitor in codes:
                    seat.dismiss(codes[seat.visitor])


def clock_message(kind: str, sequence: int) -> str:
    """A hello or heartbeat: where the ward stands and what the clinical clock says."""
    content: dict[str, Any] = {
        "type": kind,
        "sequence": sequence,
        "server_now": clock.now().isoformat(),
        "clock_speed": clock.speed(),
    }
    return json.dumps(content)


_hubs: dict[asyncio.AbstractEventLoop, Hub] = {}


def hub() -> Hub:
    """This event loop's hub."""
    loop = asyncio.get_running_loop()
    for ended in [other for other in _hubs if other.is_closed()]:
        del _hubs[ended]
    return _hubs.setdefault(loop, Hub())
