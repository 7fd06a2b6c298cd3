"""Posting a file to a gateway: a checked address, TLS verified, no redirection, bounded in time and size."""

import base64
import http.client
import socket
import ssl
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from threading import Timer

from apps.edge.outbound import AddressRefusedError, UnknownHostError, open_connection
from apps.submissions.domain.gateways import Gateway, Network, may_reach

STEP_TIMEOUT_S = 15.0  # each wait for the network
LIMIT_S = 180.0  # everything together, less than the first pause between attempts
LARGEST_ANSWER = 1024 * 1024
_SHOWN = 300


class PostError(Exception):
    """The gateway did not take it; the text says why, without secrets."""


@dataclass(frozen=True, slots=True)
class Post:
    """What is posted. `number` stays the same on each attempt, so that a gateway can drop doubles."""

    number: str
    parts: Iterable[bytes]
    size_bytes: int
    sha256: str
    token: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a gateway answered; `body` is None where it was longer than is read."""

    status: int
    body: bytes | None


def post(gateway: Gateway, what: Post, *, private: Iterable[Network], limit_s: float = LIMIT_S) -> Answer:
    """Hand the file over; returns when the gateway has taken it. Raises PostError, after `limit_s` at the latest."""
    connection = http.client.HTTPConnection(gateway.host, gateway.port, timeout=STEP_TIMEOUT_S)
    guard: Timer | None = None
    hung: list[bool] = []
    try:
        line = _connect(gateway, tuple(private))
        if gateway.encrypted:
            # The context of Python's own: certificate and host name are verified.
            line = ssl.create_default_context().wrap_socket(
                line, server_hostname=gateway.host, do_handshake_on_connect=False
            )
        connection.sock = line

        def break_off() -> None:
            hung.append(True)
            with suppress(OSError):
                # Below TLS, which would first say good-bye.
                socket.socket.shutdown(line, socket.SHUT_RDWR)

        guard = Timer(limit_s, break_off)
        guard.daemon = True
        guard.start()
        if isinstance(line, ssl.SSLSocket):
            line.do_handshake()
        return _exchange(connection, gateway, what)
    except PostError:
        raise
    except ssl.SSLCertVerificationError as error:
        raise PostError(f"The gateway's certificate was refused: {error.verify_message}.") from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        if hung or isinstance(error, TimeoutError):
            raise PostError("The gateway did not answer in time.") from error
        raise PostError(f"{type(error).__name__} at the gateway.") from error
    finally:
        if guard is not None:
            guard.cancel()
        connection.close()


def _exchange(connection: http.client.HTTPConnection, gateway: Gateway, what: Post) -> Answer:
    digest = base64.b64encode(bytes.fromhex(what.sha256)).decode()
    connection.putrequest("POST", gateway.path, skip_accept_encoding=True)
    for name, value in (
        ("Content-Type", "application/xml; charset=utf-8"),
        ("Content-Length", str(what.size_bytes)),
        ("Content-Digest", f"sha-256=:{digest}:"),
        ("Idempotency-Key", what.number),
        ("Accept", "application/xml"),
        ("User-Agent", "IVIG-Monitor"),
        ("Connection", "close"),
        *([("Authorization", f"Bearer {what.token}")] if what.token else []),
    ):
        connection.putheader(name, value)
    connection.endheaders()
    for part in what.parts:
        connection.send(part)
    response = connection.getresponse()
    body = response.read(LARGEST_ANSWER + 1)
    if not 200 <= response.status < 300:
        # A redirection is followed nowhere: it might lead out of the list.
        raise PostError(f"The gateway answered {response.status}. {_printable(body)}".strip())
    return Answer(response.status, body if len(body) <= LARGEST_ANSWER else None)


def _connect(gateway: Gateway, private: tuple[Network, ...]) -> socket.socket:
    try:
        return open_connection(
            gateway.host,
            gateway.port,
            may_reach=lambda address: may_reach(address, private),
            step_timeout_s=STEP_TIMEOUT_S,
        )
    except AddressRefusedError as error:
        raise PostError(
            f"{gateway.host} is at {error.address}, which SUBMISSION_PRIVATE_NETWORKS does not list."
        ) from error
    except UnknownHostError as error:
        raise PostError(f"No address is known of {gateway.host}.") from error


def _printable(body: bytes) -> str:
    text = body[: _SHOWN * 4].decode("utf-8", errors="replace")
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())[:_SHOWN]
