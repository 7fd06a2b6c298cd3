"""A connection goes to the address that was looked at, and nowhere a name server changes its mind to."""

import socket
from threading import Thread
from typing import Any

import pytest

from apps.edge.outbound import AddressRefusedError, UnknownHostError, open_connection


def answers_in_turn(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> list[str]:
    """A name server that says another address each time; returns what it was asked."""
    asked: list[str] = []

    def getaddrinfo(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        address = addresses[min(len(asked), len(addresses)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 0, "", (address, port))]

    monkeypatch.setattr("socket.getaddrinfo", getaddrinfo)
    return asked


def test_a_name_is_asked_for_once_so_that_it_cannot_change_between_look_and_use(monkeypatch):
    """Rebinding. Seen to fail with `socket.create_connection((host, port))` after the look."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        reached: list[Any] = []
        Thread(target=lambda: reached.append(server.accept()), daemon=True).start()
        asked = answers_in_turn(monkeypatch, "127.0.0.1", "169.254.169.254")
        connection = open_connection(
            "gateway.example",
            server.getsockname()[1],
            may_reach=lambda address: address == "127.0.0.1",
            step_timeout_s=2,
        )
        assert connection.getpeername()[0] == "127.0.0.1"
        connection.close()
    assert asked == ["gateway.example"]


def test_an_address_that_may_not_be_reached_is_not_tried(monkeypatch):
    answers_in_turn(monkeypatch, "169.254.169.254")
    with pytest.raises(AddressRefusedError, match=r"169\.254"):
        open_connection("gateway.example", 80, may_reach=lambda _: False, step_timeout_s=2)


def test_a_name_nobody_knows(monkeypatch):
    def unknown(*_: Any, **__: Any) -> None:
        raise socket.gaierror("nobody knows it")

    monkeypatch.setattr("socket.getaddrinfo", unknown)
    with pytest.raises(UnknownHostError):
        open_connection("nowhere.example", 80, may_reach=lambda _: True, step_timeout_s=2)
