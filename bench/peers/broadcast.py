"""`websockets.broadcast` and nothing else: `python -m bench.peers.broadcast <port>`.

Sends what stands on standard input (JSON: text, count, per_second) to every socket, then says `sent`.
"""

import asyncio
import json
import sys
import time

from websockets.asyncio.server import ServerConnection, broadcast, serve

sockets: set[ServerConnection] = set()


async def join(line: ServerConnection) -> None:
    """Keep a socket until it leaves."""
    sockets.add(line)
    try:
        await line.wait_closed()
    finally:
        sockets.discard(line)


async def main(port: int) -> None:
    """Serve until standard input ends."""
    async with serve(join, "127.0.0.1", port, compression=None):
        print("ready", flush=True)
        while order := (await asyncio.to_thread(sys.stdin.readline)).strip():
            wanted = json.loads(order)
            begun = time.monotonic()
            for number in range(wanted["count"]):
                await asyncio.sleep(max(0.0, begun + number / wanted["per_second"] - time.monotonic()))
                broadcast(sockets, wanted["text"])
            await asyncio.sleep(0.5)
            print("sent", flush=True)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
