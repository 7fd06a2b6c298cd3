"""The proxy that the fault tests stand on does what it says."""

import socket
import socketserver
import threading
import time
from collections.abc import Iterator

import pytest

from tests.proxy import Proxy
from tests.stack import wait_until


class Echo(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        while data := self.request.recv(4096):
            self.request.sendall(data)


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Echo) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with Proxy(("127.0.0.1", server.server_address[1])) as between:
            yield between
        server.shutdown()


def dial(proxy: Proxy, patience_s: float = 10) -> socket.socket:
    return socket.create_connection(("127.0.0.1", proxy.port), timeout=patience_s)


def answer(client: socket.socket, words: bytes) -> bytes:
    client.sendall(words)
    return client.recv(100)


def test_it_forwards_and_can_be_late(proxy: Proxy) -> None:
    with dial(proxy) as client:
        assert answer(client, b"one") == b"one"
        proxy.latency_s = 0.1
        start = time.monotonic()
        assert answer(client, b"two") == b"two"
        assert time.monotonic() - start >= 0.2  # there and back


def test_it_can_be_slow(proxy: Proxy) -> None:
    with dial(proxy) as client:
        proxy.bytes_per_s = 1000
        start = time.monotonic()
        assert answer(client, b"x" * 100) == b"x" * 100
        assert time.monotonic() - start >= 0.2


def test_a_cut_is_a_reset(proxy: Proxy) -> None:
    with dial(proxy) as client:
        assert answer(client, b"one") == b"one"
        proxy.cut()
        with pytest.raises(ConnectionResetError):
            client.recv(100)
    wait_until(lambda: proxy.connections == 0)


def test_a_black_hole_accepts_and_answers_nothing_until_healed(proxy: Proxy) -> None:
    proxy.blackhole()
    with dial(proxy) as client:
        client.settimeout(0.3)
        with pytest.raises(TimeoutError):
            answer(client, b"one")
        proxy.heal()
        client.settimeout(10)
        assert client.recv(100) == b"one"


def test_frozen_connections_stay_silent_and_new_ones_work(proxy: Proxy) -> None:
    with dial(proxy) as old:
        assert answer(old, b"one") == b"one"
        proxy.freeze()
        old.settimeout(0.3)
        with pytest.raises(TimeoutError):
            answer(old, b"two")
        with dial(proxy) as new:
            assert answer(new, b"three") == b"three"
        proxy.heal()
        with pytest.raises(TimeoutError):
            old.recv(100)


def test_nobody_behind_it_is_a_reset() -> None:
    with Proxy("/nowhere/at.sock") as proxy, pytest.raises(ConnectionResetError), dial(proxy) as client:
        client.recv(100)
