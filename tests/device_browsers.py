"""Browsers of one process that sign in at the page, so that their sessions are bound to their device."""

from typing import Any

from django.test import Client

from apps.accounts.selectors import Staff
from tests.builders import PASSWORD


class Browser:
    """A browser with its own cookies; `cookies` may be another browser's, as a thief has them."""

    def __init__(self, cookies: dict[str, str] | None = None, *, agent: str = "") -> None:
        self.client = Client(headers={"user-agent": agent} if agent else None)
        for name, value in (cookies or {}).items():
            self.client.cookies[name] = value

    def sign_in(self, user: Staff) -> "Browser":
        """At the page, with the password."""
        answer = self.client.post("/sign-in/", {"username": user.username, "password": PASSWORD})
        assert answer.status_code == 302, answer.content.decode()
        return self

    def cookie(self, name: str) -> str:
        """The value of one of its cookies; empty without one."""
        return self.client.cookies[name].value if name in self.client.cookies else ""

    def get(self, path: str, **headers: str) -> Any:
        """GET of a page or below /api/v1/."""
        return self.client.get(path, headers=headers)

    def post(self, path: str, body: Any = None, *, key: str = "", **headers: str) -> Any:
        """POST as JSON below /api/v1/."""
        sent = {"Idempotency-Key": key} | headers if key else headers
        return self.client.post(f"/api/v1/{path}", body or {}, content_type="application/json", headers=sent)

    @property
    def is_signed_in(self) -> bool:
        """Whether the API knows who is there."""
        return bool(self.get("/api/v1/me/").status_code == 200)
