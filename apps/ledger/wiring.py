"""Finds the handlers that the composition root wired to event and timer names.

The table itself lives at the top (settings.LEDGER_WIRING); the ledger only looks names up in it, so
that a lower app never imports a higher one.
"""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from apps.ledger.types import DueTimer, RecordedEvent


@cache
def event_handlers(name: str) -> tuple[Callable[[RecordedEvent], None], ...]:
    """Handlers of an event name, in the order in which they are listed."""
    table: dict[str, tuple[str, ...]] = _table("EVENT_HANDLERS")
    return tuple(import_string(path) for path in table.get(name, ()))


@cache
def timer_handler(kind: str) -> Callable[..., None]:
    """The one handler of a timer kind. Raises KeyError for a kind nobody wired."""
    handler: Callable[..., None] = import_string(_table("TIMER_HANDLERS")[kind])
    return handler


@cache
def timer_failed_handler() -> Callable[[DueTimer, str], None]:
    """Tells a human that a timer's retries ended."""
    handler: Callable[[DueTimer, str], None] = import_string(_table("TIMER_FAILED_HANDLER"))
    return handler


def timer_words() -> dict[str, str]:
    """Timer kind -> what it is, in English for translation."""
    words: dict[str, str] = _table("TIMER_WORDS")
    return words


def _table(name: str) -> Any:
    return getattr(import_module(settings.LEDGER_WIRING), name)
