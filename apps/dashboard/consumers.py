"""The socket of a ward board: the server speaks, the client listens."""

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings

from apps.accounts.selectors import Action
from apps.dashboard.hub import hub
from apps.dashboard.rights import admit
from apps.dashboard.seats import Seat

_admit = database_sync_to_async(admit)


class WardConsumer(AsyncWebsocketConsumer):
    """Pushes a ward's rows to one dashboard, as long as its person may see them."""

    rights = Action.SEE_BOARD
    seat: Seat | None = None

    async def connect(self) -> None:
        await self.accept()
        ward_id = int(self.scope["url_route"]["kwargs"]["ward_id"])
        visitor = await _admit(
            self.scope["session"].session_key,
            ward_id,
            device=self.scope["cookies"].get(settings.DEVICE_COOKIE_NAME, ""),
            without_names=b"names=initials" in self.scope["query_string"].split(b"&"),
        )
        if isinstance(visitor, int):
            await self.close(visitor)
            return
        # Frames go straight to the server: the consumer's own send would add its steps to each of them.
        self.seat = await hub().join(visitor, self.base_send, self.close)

    async def disconnect(self, code: int) -> None:
        if self.seat is not None:
            hub().leave(self.seat)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Clients have nothing to say here; writes go through the API."""
