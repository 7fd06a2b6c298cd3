"""The one way in which this service opens a connection to a host that the settings name.

The name is resolved once, every address is looked at, and the connection goes to the very address that was looked at:
a name server that answers differently the second time is never asked a second time. Nobody here follows a
redirection.
"""

import socket
from collections.abc import Callable
from threading import Thread

NAMES_WITHIN_S = 10.0


class UnknownHostError(OSError):
    """No address is known of the host, or its name server does not answer."""


class AddressRefusedError(OSError):
    """The host's name leads where nothing of ours may go; `address` says where."""

    def __init__(self, address: str) -> None:
        super().__init__(f"{address} may not be reached")
        self.address = address


def open_connection(
    host: str, port: int, *, may_reach: Callable[[str], bool], step_timeout_s: float
) -> socket.socket:
    """A connection to the first address of the host that answers.

    `may_reach` says of an address, written out, whether it may be connected to; the first one that may not ends the
    attempt. Raises AddressRefusedError, UnknownHostError, or the OSError of the last address tried.
    """
    last: OSError | None = None
    for family, kind, protocol, address in _addresses(host, port):
        if not may_reach(str(address[0])):
            raise AddressRefusedError(str(address[0]))
        connection = socket.socket(family, kind, protocol)
        connection.settimeout(step_timeout_s)
        try:
            connection.connect(address)
        except OSError as error:
            connection.close()
            last = error
            continue
        return connection
    raise last or UnknownHostError("no address")


def _addresses(
    host: str, port: int
) -> list[tuple[socket.AddressFamily, socket.SocketKind, int, tuple[str, int]]]:
    """The host's addresses, from a thread of its own: a name server may hang."""
    found: list[tuple[socket.AddressFamily, socket.SocketKind, int, tuple[str, int]]] = []
    problem: list[OSError] = []

    def ask() -> None:
        try:
            for family, kind, protocol, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
                found.append((family, kind, protocol, address))  # type: ignore[arg-type]
        except OSError as error:
            problem.append(error)

    thread = Thread(target=ask, daemon=True)
    thread.start()
    thread.join(NAMES_WITHIN_S)
    if problem or thread.is_alive() or not found:
        raise UnknownHostError(f"No address is known of {host}.")
    return list(found)
