"""Handing one message to the outside, within a bounded time, over an address that was checked."""

import http.client
import json
import smtplib
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from threading import Thread
from typing import Any

from apps.alerts.domain.targets import Mailbox, Target, Webhook, may_connect
from apps.edge.outbound import AddressRefusedError, open_connection

STEP_TIMEOUT_S = 5.0  # each wait for the network
LIMIT_S = 12.0  # everything together, resolving the name included


class GatewayError(Exception):
    """The message did not get out; the text says why, without secrets."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What is sent. `message_id` stays the same on each attempt, so that a receiver can drop doubles."""

    message_id: str
    title: str
    text: str
    details: dict[str, Any] = field(default_factory=dict)


def send(target: Target, letter: Letter, *, limit_s: float = LIMIT_S) -> None:
    """Hand the letter over; returns when the receiver has accepted it.

    Raises GatewayError, after `limit_s` seconds at the latest.
    """

    def job() -> None:
        if isinstance(target, Webhook):
            _post(target, letter)
        else:
            _mail(target, letter)

    _within(job, limit_s)


def _within(job: Callable[[], None], limit_s: float) -> None:
    """Run the job in a thread of its own: neither a slow name server nor a trickling answer holds us longer."""
    problem: list[Exception] = []

    def run() -> None:
        try:
            job()
        except Exception as error:
            problem.append(error)

    thread = Thread(target=run, daemon=True)
    thread.start()
    thread.join(limit_s)
    if thread.is_alive():
        raise GatewayError(f"No answer within {limit_s:.0f} s.")
    if problem:
        raise _as_gateway_error(problem[0]) from problem[0]


def _as_gateway_error(error: Exception) -> GatewayError:
    if isinstance(error, GatewayError):
        return error
    # Answers of servers may repeat what was sent, a password among it: only the kind is kept.
    if isinstance(error, smtplib.SMTPResponseException):
        return GatewayError(f"The mail server answered {error.smtp_code} ({type(error).__name__}).")
    return GatewayError(f"{type(error).__name__} at the gateway.")


def _connect(host: str, port: int) -> socket.socket:
    try:
        return open_connection(
            host,
            port,
            may_reach=lambda address: may_connect(host, address),
            step_timeout_s=STEP_TIMEOUT_S,
        )
    except AddressRefusedError as error:
        raise GatewayError(f"{host} resolves to {error.address}, where no message may go.") from error


def _post(target: Webhook, letter: Letter) -> None:
    body = {"id": letter.message_id, "title": letter.title, "text": letter.text, **letter.details}
    raw = _connect(target.host, target.port)
    if target.encrypted:
        raw = ssl.create_default_context().wrap_socket(raw, server_hostname=target.host)
    connection = http.client.HTTPConnection(target.host, target.port, timeout=STEP_TIMEOUT_S)
    connection.sock = raw
    try:
        connection.request(
            "POST",
            target.path,
            json.dumps(body, ensure_ascii=False).encode(),
            {
                "Content-Type": "application/json; charset=utf-8",
                "Idempotency-Key": letter.message_id,
                "User-Agent": "IVIG-Monitor",
                "Connection": "close",
            },
        )
        status = connection.getresponse().status
    finally:
        connection.close()
    if not 200 <= status < 300:
        # A redirection is followed nowhere: it might lead out of the list.
        raise GatewayError(f"The webhook answered {status}.")


def _mail(target: Mailbox, letter: Letter) -> None:
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = letter.title
    mail["From"], mail["To"] = target.sender, target.recipient
    mail["Message-ID"] = f"<{letter.message_id}@ivig-monitor>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(letter.text)
    server = _Implicit(target) if target.security == "tls" else _Plain(target)
    with server as smtp:
        if target.security == "starttls":
            smtp.starttls(context=ssl.create_default_context())
        if target.username:
            smtp.login(target.username, target.password)
        smtp.send_message(mail)


class _Plain(smtplib.SMTP):
    def __init__(self, target: Mailbox) -> None:
        super().__init__(target.host, target.port, timeout=STEP_TIMEOUT_S)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return _connect(host, port)


class _Implicit(smtplib.SMTP_SSL):
    def __init__(self, target: Mailbox) -> None:
        super().__init__(
            target.host, target.port, timeout=STEP_TIMEOUT_S, context=ssl.create_default_context()
        )

    def _get_socket(self, host: str, port: int, timeout: float) -> ssl.SSLSocket:
        return ssl.create_default_context().wrap_socket(_connect(host, port), server_hostname=host)
