"""The socket of a ward board: the server speaks, the client listens."""

import asyncio
from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.contrib.auth import get_user

from apps.accounts.selectors import Action, can
from apps.dashboard.hub import HEARTBEAT_S, clock_message, hub, sequences_now

SIGNED_OUT = 4401
NO_RIGHT = 4403


class WardConsumer(AsyncWebsocketConsumer):
    """Pushes a ward's rows to one dashboard, as long as its person may see them."""

    async def connect(self) -> None:
        self.ward_id = int(self.scope["url_route"]["kwargs"]["ward_id"])
        self.tasks: list[asyncio.Task[None]] = []
        self.queue = None
        await self.accept()
        refusal = await self._refusal()
        if refusal:
            await self.close(refusal)
            return
        self.queue = hub().join(self.ward_id)
        sequence = (await sequences_now([self.ward_id]))[self.ward_id]
        await self.send(clock_message("hello", sequence))
        self.tasks = [asyncio.create_task(self._pump()), asyncio.create_task(self._guard())]

    async def disconnect(self, code: int) -> None:
        for task in self.tasks:
            task.cancel()
        if self.queue is not None:
            hub().leave(self.ward_id, self.queue)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Clients have nothing to say here; writes go through the API."""

    async def _pump(self) -> None:
        assert self.queue is not None
        while True:
            await self.send(await self.queue.get())

    async def _guard(self) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT_S)
            refusal = await self._refusal()
            if refusal:
                await self.close(refusal)
                return

    @database_sync_to_async
    def _refusal(self) -> int | None:
        # Read anew each time: the person may have signed out, or moved to another ward.
        session = self.scope["session"]
        fresh = session.__class__(session.session_key) if session.session_key else session
        user: Any = get_user(_SessionHolder(fresh))
        if not user.is_authenticated:
            return SIGNED_OUT
        return None if can(user, Action.SEE_BOARD, self.ward_id) else NO_RIGHT


class _SessionHolder:
    """What django.contrib.auth.get_user needs of a request."""

    def __init__(self, session: Any) -> None:
        self.session = session
