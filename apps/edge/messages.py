"""Sentences in the reader's language."""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language, gettext

from apps.kernel.errors import DomainError
from apps.kernel.numbers import to_persian_digits

_FIGURE = re.compile(r"-?\d+([.:]\d+)?")  # a number or a time of day; not a code or a name


def fill(message: str, params: Mapping[str, Any]) -> str:
    """Translate an English %-template and fill it in.

    A parameter may be a mapping of language codes to wordings (guideline data); the reader's is taken.
    Persian readers get Persian digits.
    """
    text = gettext(message)
    return text % {name: _wording(value) for name, value in params.items()} if params else text


def fill_wording(texts: Mapping[str, str], params: Mapping[str, Any]) -> str:
    """A %-template that guideline data holds in every language, filled in as `fill` does."""
    text = str(_wording(texts))
    return text % {name: _wording(value) for name, value in params.items()} if params else text


def translated(error: DomainError) -> str:
    """A refusal as a sentence in the active language."""
    return fill(error.message, error.params)


def _wording(value: Any) -> Any:
    language = (get_language() or "en").split("-")[0]
    if isinstance(value, Mapping):
        return value.get(language, value["en"])
    text = str(value)
    return to_persian_digits(text) if language == "fa" and _FIGURE.fullmatch(text) else text
