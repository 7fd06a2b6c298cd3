"""JSON as the API takes it: one object, read strictly, refused with a sentence before anything happens."""

import json
import math
import re
from collections.abc import Mapping
from typing import Any, NoReturn

from rest_framework.parsers import BaseParser

from apps.edge.door import MAX_BODY_BYTES, too_large
from apps.kernel.errors import DomainError
from apps.kernel.text import N_

MAX_DEPTH = 32
MAX_DIGITS = 40
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)  # linear, also without a closing quote
_NOT_STORABLE = re.compile("[\x00\ud800-\udfff]")
_KEPT_KEY = 80  # characters of a name that are repeated in a refusal


class StrictJSONParser(BaseParser):
    """Reads a JSON object. What Python's decoder tolerates and no client of ours means is refused.

    Raises DomainError `body_too_large` (413), and with 400 `not_json`, `json_too_deep`, `json_name_twice`,
    `json_number_invalid`, or `entries_invalid` for text that the database cannot hold and for anything but an object.
    """

    media_type = "application/json"

    def parse(
        self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        content = stream.read(MAX_BODY_BYTES + 1)
        if len(content) > MAX_BODY_BYTES:
            raise too_large()
        return read_object(content)


def read_object(content: bytes) -> dict[str, Any]:
    """The JSON object in a body; see `StrictJSONParser` for what is refused."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise _not_json() from None
    _refuse_depth(text)
    try:
        value = _DECODER.decode(text)
    except ValueError:
        raise _not_json() from None
    if not isinstance(value, dict):
        raise DomainError(
            "entries_invalid",
            N_("Send one JSON object that holds the entries by their names."),
            extra={"field": "body"},
        )
    if "\\u" in text:  # only an escape can bring in what UTF-8 and JSON themselves refuse
        for name, entry in value.items():
            _refuse_unstorable(name, name)
            _refuse_unstorable(entry, name)
    return value


def _refuse_depth(text: str) -> None:
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return
    depth = 0
    for token in _TOKEN.finditer(text):
        sign = token[0][0]
        depth += (sign in "[{") - (sign in "]}")
        if depth > MAX_DEPTH:
            raise DomainError(
                "json_too_deep",
                N_("This entry is nested more than %(depth)s levels deep. No entry of this service is."),
                depth=MAX_DEPTH,
            )


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        seen: set[str] = set()
        twice = next(name for name, _ in pairs if name in seen or seen.add(name))
        raise DomainError(
            "json_name_twice",
            N_("“%(name)s” is there twice, and nobody can know which one is meant. Send it once."),
            name=_shown(twice),
        )
    return value


def _number(text: str, number: type[int] | type[float]) -> Any:
    if len(text) <= MAX_DIGITS and math.isfinite(value := number(text)):
        return value
    raise DomainError(
        "json_number_invalid",
        N_("“%(number)s…” is a number that nothing at a bedside can have. Check the value and its unit."),
        number=text[:12],
    )


def _constant(word: str) -> NoReturn:
    raise DomainError("json_number_invalid", N_("%(word)s is not a number. Leave it out."), word=word)


def _refuse_unstorable(value: Any, name: str) -> None:
    if isinstance(value, str):
        if _NOT_STORABLE.search(value):
            raise DomainError(
                "entries_invalid",
                N_(
                    "This text holds a character that is no text (NUL, or half of a character). Type it again."
                ),
                extra={"field": _shown(name)},
            )
    elif isinstance(value, dict):
        for key, entry in value.items():
            _refuse_unstorable(key, name)
            _refuse_unstorable(entry, name)
    elif isinstance(value, list):
        for entry in value:
            _refuse_unstorable(entry, name)


def _shown(name: str) -> str:
    return _NOT_STORABLE.sub("\ufffd", name[:_KEPT_KEY])


def _not_json() -> DomainError:
    return DomainError("not_json", N_("This is not JSON in UTF-8. Send one JSON object."))


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_float=lambda text: _number(text, float),
    parse_int=lambda text: _number(text, int),
    parse_constant=_constant,
)
