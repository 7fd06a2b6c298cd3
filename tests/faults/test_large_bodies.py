"""50 MB at the door: refused in the one shape, and the process that refused has not kept them."""

import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.clients import ApiClient
from tests.stack import Stack

MB = 1024 * 1024
SIZE = 50 * MB


def resident_mb(pid: int) -> float:
    """Memory that a process holds at most since it started, in MB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024


def chunks() -> Iterator[bytes]:
    for _ in range(SIZE // MB):
        yield b"x" * MB


def refused(answer: httpx.Response) -> None:
    assert answer.status_code == 413, answer.text[:300]
    body = answer.json()
    assert set(body) == {"code", "message", "extra"} and body["code"] == "body_too_large"


@pytest.mark.parametrize("announced", [True, False])
def test_fifty_megabytes_are_refused_and_not_kept(stack: Stack, announced: bool) -> None:
    nurse = ApiClient(stack, "nurse")
    (pid, *_) = stack.worker_pids("web")
    before = resident_mb(pid)
    headers = {"Content-Type": "application/json"} | ({"Content-Length": str(SIZE)} if announced else {})
    with httpx.Client(base_url=nurse.origin, timeout=30, trust_env=False) as http:
        refused(http.post("/api/v1/patients/", content=chunks(), headers=headers))
        page = http.post(
            "/sign-in/",
            content=chunks(),
            headers=headers | {"Content-Type": "application/x-www-form-urlencoded"},
        )
        assert page.status_code == 413 and "1024" in page.text
    assert resident_mb(pid) - before < 20
    assert nurse.get("me/").status_code == 200


def test_who_announces_much_and_sends_little_is_answered_soon(stack: Stack) -> None:
    parts = urlsplit(stack.url)
    with socket.create_connection((parts.hostname, parts.port), timeout=20) as line:
        started = time.monotonic()
        line.sendall(
            b"POST /api/v1/patients/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            b"Content-Length: 52428800\r\n\r\n{"
        )
        answer = b""
        while content := line.recv(65536):
            answer += content
        assert time.monotonic() - started < 15
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 413") and b"connection: close" in head.lower()
    assert json.loads(body[body.index(b"{") : body.rindex(b"}") + 1])["code"] == "body_too_large"
