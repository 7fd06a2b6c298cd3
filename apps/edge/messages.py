"""Sentences in the reader's language, and how what fills them travels as JSON."""

from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, gettext

from apps.edge.wording import date_text, number_text, time_text, verbatim
from apps.kernel.errors import DomainError
from apps.kernel.text import Param, Params, Phrase


def fill(message: str, params: Params) -> str:
    """Translate an English %-template and fill it in, for the reader (see `Param`)."""
    text = gettext(message)
    return text % {name: _wording(value) for name, value in params.items()} if params else text


def fill_wording(texts: Mapping[str, str], params: Params) -> str:
    """A %-template that guideline data holds in every language, filled in as `fill` does."""
    text = _wording(texts)
    return text % {name: _wording(value) for name, value in params.items()} if params else text


def translated(error: DomainError) -> str:
    """A refusal as a sentence in the active language."""
    return fill(error.message, error.params)


def params_to_json(params: Params) -> dict[str, Any]:
    """Parameters as JSON that still tells a number, `{"number": "36.8"}`, from a code, `"36.8"`."""
    return {name: _to_json(value) for name, value in params.items()}


def params_from_json(data: Mapping[str, Any]) -> dict[str, Param]:
    """What `params_to_json` made, as parameters again."""
    return {name: _from_json(value) for name, value in data.items()}


def _wording(value: Param) -> str:
    if isinstance(value, Mapping):
        language = (get_language() or "en").split("-")[0]
        return value.get(language, value["en"])
    if isinstance(value, Phrase):
        return gettext(value.english)
    if isinstance(value, int | Decimal):
        return number_text(value)
    if isinstance(value, time):
        return time_text(value)
    if isinstance(value, date):
        return date_text(value)
    return verbatim(str(value))


def _to_json(value: Param) -> Any:
    if isinstance(value, int | Decimal):
        return {"number": str(value)}
    if isinstance(value, Phrase):
        return {"phrase": value.english}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, str | Mapping):
        return value
    raise TypeError(f"{type(value).__name__} does not travel in an alert")


def _from_json(value: Any) -> Param:
    if isinstance(value, dict) and "number" in value:
        return Decimal(value["number"])
    if isinstance(value, dict) and "phrase" in value:
        return Phrase(value["phrase"])
    if isinstance(value, dict) and "date" in value:
        return date.fromisoformat(value["date"])
    wording_or_text: Param = value
    return wording_or_text
