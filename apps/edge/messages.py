"""Sentences in the reader's language."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext

from apps.kernel.errors import DomainError


def fill(message: str, params: Mapping[str, Any]) -> str:
    """Translate an English %-template and fill it in."""
    text = gettext(message)
    return text % params if params else text


def translated(error: DomainError) -> str:
    """A refusal as a sentence in the active language."""
    return fill(error.message, error.params)
