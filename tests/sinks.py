"""A mail server and a webhook of our own on this machine: they keep what arrives, and can be slow or broken."""

import json
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_string
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self


class _Server:
    """Runs a server in a thread; use as a context manager."""

    _server: socketserver.BaseServer

    @property
    def port(self) -> int:
        port: int = self._server.server_address[1]  # type: ignore[index]
        return port

    def __enter__(self) -> Self:
        threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        ).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


@dataclass
class Behaviour:
    """How a sink answers from now on."""

    status: int = 200
    delay_s: float = 0.0
    location: str = ""


@dataclass
class Posted:
    """One request at the webhook."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any] = field(default_factory=dict)


class WebhookSink(_Server):
    """http://127.0.0.1:<port>/: `posted` is what it was given, also while it answered with an error."""

    def __init__(self, port: int = 0) -> None:
        self.posted: list[Posted] = []
        self.behaviour = Behaviour()
        self.most_at_once = 0
        self._at_once = 0
        self._counting = threading.Lock()
        sink = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["Content-Length"]))
                sink.posted.append(Posted(self.path, dict(self.headers), json.loads(raw)))
                how = sink.behaviour
                with sink._counted():
                    time.sleep(how.delay_s)
                self.send_response(how.status)
                if how.location:
                    self.send_header("Location", how.location)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)

    @contextmanager
    def _counted(self) -> Iterator[None]:
        with self._counting:
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            yield
        finally:
            with self._counting:
                self._at_once -= 1

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/ward"


class SmtpSink(_Server):
    """smtp://127.0.0.1:<port>: `mails` is what it accepted. `refuse` answers every recipient with 451."""

    def __init__(self, port: int = 0) -> None:
        self.mails: list[Message] = []
        self.refuse = False
        sink = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                self._say("220 sink")
                while line := self.rfile.readline().decode().strip():
                    verb = line.split(" ")[0].split(":")[0].upper()
                    if verb == "DATA":
                        self._say("354 go on")
                        sink.mails.append(message_from_string(self._data()))
                        self._say("250 accepted")
                    elif verb == "RCPT" and sink.refuse:
                        self._say("451 not now")
                    elif verb == "QUIT":
                        self._say("221 bye")
                        return
                    else:
                        self._say("250 ok")

            def _data(self) -> str:
                lines = []
                while (line := self.rfile.readline().decode()) != ".\r\n":
                    lines.append(line.removeprefix(".") if line.startswith("..") else line)
                return "".join(lines)

            def _say(self, text: str) -> None:
                self.wfile.write(f"{text}\r\n".encode())

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address = True
            daemon_threads = True

        self._server = Server(("127.0.0.1", port), Handler)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"
