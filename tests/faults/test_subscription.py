"""The last board closes, others open: their wards' messages come over Redis, not by the slower way."""

import asyncio
from collections.abc import Callable

import pytest
import redis
from django.conf import settings

from apps.dashboard.subscription import Subscription
from apps.ledger.wire import channel_of, pack

WARDS = range(1, 21)
ROUNDS = 6
PATIENCE_S = 20.0

pytestmark = pytest.mark.usefixtures("servers")


def test_boards_that_open_after_all_have_closed_hear_every_ward_at_once() -> None:
    asyncio.run(_open_and_close())


async def _open_and_close() -> None:
    heard: set[tuple[int, int]] = set()
    watched: dict[int, bool] = {}
    subscription = Subscription(lambda ward, number, text: heard.add((ward, number)), watched.keys)
    with redis.Redis.from_url(settings.REDIS.client_url) as server:
        for number in range(1, ROUNDS + 1):
            following = await _open_boards(subscription, watched)
            await _until(lambda: _subscribers(server) == dict.fromkeys(WARDS, 1))
            for ward in WARDS:
                server.publish(channel_of(ward), pack(number, "text"))
            expected = {(ward, number) for ward in WARDS}
            await _until(lambda expected=expected: expected <= heard)
            for ward in WARDS:
                del watched[ward]
                subscription.changed()
                await asyncio.sleep(0)  # it takes back one ward when the end comes
            following.cancel()
        await _until(lambda: _subscribers(server) == dict.fromkeys(WARDS, 0))


async def _open_boards(subscription: Subscription, watched: dict[int, bool]) -> asyncio.Task[None]:
    """A board of each ward, one after the other, as browsers come back after a night."""
    following = None
    for ward in WARDS:
        watched[ward] = True
        subscription.changed()
        following = following or asyncio.create_task(subscription.run())
        await asyncio.sleep(0.002)
    assert following is not None
    return following


def _subscribers(server: redis.Redis) -> dict[int, int]:
    counts = dict(server.pubsub_numsub(*[channel_of(ward) for ward in WARDS]))
    return {ward: counts[channel_of(ward).encode()] for ward in WARDS}


async def _until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not condition():
            await asyncio.sleep(0.01)
