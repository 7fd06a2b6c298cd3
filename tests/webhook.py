"""A web server of the tests' own that keeps what it was sent."""

import os
import threading
import urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, Self


class Webhook:
    """Listens while it is used as a context manager; `texts` are the bodies, oldest first."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        keep = self.texts

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                keep.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
                self.send_response(204)
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: Any) -> None:
        self._server.shutdown()
        self._server.server_close()


def post(text: str) -> None:
    """What a process of a stack calls to tell somebody: sends the text to TEST_WEBHOOK."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    direct.open(urllib.request.Request(os.environ["TEST_WEBHOOK"], data=text.encode()), timeout=5).close()
