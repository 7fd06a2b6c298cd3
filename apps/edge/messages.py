"""Sentences in the reader's language."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language, gettext

from apps.kernel.errors import DomainError


def fill(message: str, params: Mapping[str, Any]) -> str:
    """Translate an English %-template and fill it in.

    A parameter may be a mapping of language codes to wordings (guideline data); the reader's is taken.
    """
    text = gettext(message)
    return text % {name: _wording(value) for name, value in params.items()} if params else text


def translated(error: DomainError) -> str:
    """A refusal as a sentence in the active language."""
    return fill(error.message, error.params)


def _wording(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    language = (get_language() or "en").split("-")[0]
    return value.get(language, value["en"])
