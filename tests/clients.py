"""People and machines at the doors of a running stack."""

import json
import re
import uuid
from collections.abc import Callable
from contextlib import ExitStack
from time import monotonic
from types import TracebackType
from typing import Any, Self

import httpx
from websockets.sync.client import ClientConnection, connect

from ivig_monitor.demo_accounts import PASSWORD
from tests.stack import Stack


class ApiClient:
    """Signed in with a token. Paths are relative to /api/v1/; every write has its own Idempotency-Key."""

    def __init__(self, stack: Stack, username: str, *, password: str = PASSWORD, web: str = "web") -> None:
        self.username = username
        self.password = password
        self.origin = stack.url_of(web)
        self._cookies: dict[str, str] | None = None
        self._http = httpx.Client(base_url=f"{self.origin}/api/v1/", timeout=20, trust_env=False)
        answer = self._http.post("auth/token/", json={"username": username, "password": password})
        assert answer.status_code == 200, f"{username} cannot sign in: {answer.status_code} {answer.text}"
        self._http.headers["Authorization"] = f"Token {answer.json()['token']}"

    def get(self, path: str, **parameters: Any) -> httpx.Response:
        """GET; keyword arguments become the query."""
        return self._http.get(path, params=parameters or None)

    def post(self, path: str, body: object = None, *, key: str | None = None) -> httpx.Response:
        """POST as JSON; `key` replaces the fresh Idempotency-Key."""
        headers = {"Idempotency-Key": key or str(uuid.uuid4())}
        return self._http.post(path, json={} if body is None else body, headers=headers)

    def read(self, path: str, **parameters: Any) -> Any:
        """The JSON of a GET that must succeed."""
        return succeeded(self.get(path, **parameters))

    def write(self, path: str, body: object = None, *, key: str | None = None) -> Any:
        """The JSON of a POST that must succeed."""
        return succeeded(self.post(path, body, key=key))

    def page_cookies(self) -> dict[str, str]:
        """The cookies of one sign-in at the page, kept for further sockets."""
        if self._cookies is None:
            self._cookies = self.session_cookies()
        return self._cookies

    def session_cookies(self) -> dict[str, str]:
        """Signs in at the page as a browser does; returns the cookies."""
        return sign_in(self.origin, self.username, self.password)


class WardSocket:
    """A dashboard's socket on one ward. Use as a context manager; raises websockets' errors when refused.

    `through` is another address of the web process (http://127.0.0.1:<a proxy's port>).
    """

    def __init__(
        self,
        stack: Stack,
        client: ApiClient,
        ward_id: int,
        *,
        origin: str | None = None,
        through: str | None = None,
        patience_s: float = 20,
    ) -> None:
        cookies = "; ".join(f"{name}={value}" for name, value in client.page_cookies().items())
        self.messages: list[dict[str, Any]] = []
        self._open = ExitStack()
        connection = connect(
            f"{(through or client.origin).replace('http', 'ws', 1)}/ws/wards/{ward_id}/",
            origin=origin or client.origin,  # type: ignore[arg-type]
            additional_headers={"Cookie": cookies},
            open_timeout=patience_s,
            close_timeout=patience_s,
            proxy=None,
        )
        self._connection: ClientConnection = self._open.enter_context(connection)

    def receive(self, timeout: float = 10) -> dict[str, Any]:
        """The next message. TimeoutError when none comes."""
        message: dict[str, Any] = json.loads(self._connection.recv(timeout=timeout))
        self.messages.append(message)
        return message

    def wait_for(self, wanted: Callable[[dict[str, Any]], bool], timeout: float = 15) -> dict[str, Any]:
        """The next wanted message; the others are kept in `messages`. TimeoutError when none comes."""
        end = monotonic() + timeout
        while True:
            message = self.receive(max(end - monotonic(), 0.001))
            if wanted(message):
                return message

    def close(self) -> None:
        """Hang up."""
        self._open.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def sign_in(origin: str, username: str, password: str = PASSWORD) -> dict[str, str]:
    """Cookies of a person who signed in at the page."""
    with httpx.Client(base_url=origin, timeout=20, trust_env=False) as browser:
        page = browser.get("/sign-in/")
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        assert found, f"The sign-in page has no form: {page.status_code}"
        form = {"username": username, "password": password, "csrfmiddlewaretoken": found.group(1)}
        answer = browser.post("/sign-in/", data=form, headers={"Origin": origin})
        assert answer.status_code == 302, f"{username} cannot sign in: {answer.status_code}"
        return dict(browser.cookies)


def succeeded(answer: httpx.Response) -> Any:
    """Its JSON. AssertionError with what the service said when it refused."""
    assert answer.is_success, (
        f"{answer.request.method} {answer.request.url}: {answer.status_code} {answer.text}"
    )
    return answer.json()
