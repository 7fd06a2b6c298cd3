"""The errors people can act on: a stable code, a sentence, and the numbers behind it."""

from typing import Any

from apps.kernel.text import Param, fill_in_english


class DomainError(Exception):
    """A refusal that a person can understand and fix.

    `code` is stable and machine-readable. `message` is an English %-template with named
    parameters; the edge translates and fills it. `params` fill the template: numbers as numbers,
    names and codes as str (see `Param`). `extra` goes to the client beside it (JSON-safe values).
    """

    http_status = 400

    def __init__(
        self, code: str, message: str, /, *, extra: dict[str, Any] | None = None, **params: Param
    ) -> None:
        super().__init__(code, message, params)
        self.code = code
        self.message = message
        self.params = params
        self.extra = extra or {}

    def __str__(self) -> str:
        return fill_in_english(self.message, self.params)


class NotFoundError(DomainError):
    """The object does not exist, or this person may not know that it does."""

    http_status = 404


class ForbiddenError(DomainError):
    """The person is known and the object is theirs to see, but the act is not theirs to do."""

    http_status = 403


class ConflictError(DomainError):
    """Somebody else was first; `extra` carries the current state."""

    http_status = 409
