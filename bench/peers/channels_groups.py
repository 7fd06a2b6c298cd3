"""The usual way of Channels: each socket joins the group itself, each message is sent to the group.

Served by uvicorn as `bench.peers.channels_groups:application`, with DJANGO_SETTINGS_MODULE naming the product's
settings; the product has no channel layer, so this peer brings its own.
`python -m bench.peers.channels_groups <JSON>` sends the messages.
"""

import asyncio
import json
import sys
import time
from typing import Any

import django
from django.conf import settings

django.setup()
settings.CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [settings.REDIS.client_url]},
    }
}

from channels.generic.websocket import AsyncWebsocketConsumer  # noqa: E402
from channels.layers import get_channel_layer  # noqa: E402

GROUP = "bench"


class Listener(AsyncWebsocketConsumer):
    """One dashboard."""

    async def connect(self) -> None:
        await self.channel_layer.group_add(GROUP, self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard(GROUP, self.channel_name)

    async def told(self, message: dict[str, Any]) -> None:
        """Pass it on."""
        await self.send(message["text"])


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Sockets, and an answer to whoever asks whether the server stands."""
    if scope["type"] == "websocket":
        await Listener.as_asgi()(scope, receive, send)
    else:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"ready"})


async def send_all(text: str, count: int, per_second: float) -> None:
    """Send the text to the group at a steady pace."""
    layer = get_channel_layer()
    begun = time.monotonic()
    for number in range(count):
        await asyncio.sleep(max(0.0, begun + number / per_second - time.monotonic()))
        await layer.group_send(GROUP, {"type": "told", "text": text})


if __name__ == "__main__":
    asyncio.run(send_all(**json.loads(sys.argv[1])))
