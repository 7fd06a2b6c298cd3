"""A case's content as JSON a person can read decades later, and back; and its hash.

Names that a later software no longer knows are passed over, names an earlier one did not know yet take their default.
"""

import hashlib
import json
import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from apps.cases.domain.content import CaseContent


def content_to_json(content: CaseContent) -> dict[str, Any]:
    """The content as JSON: numbers and times as text."""
    found: dict[str, Any] = _plain(content)
    return found


def content_from_json(data: Mapping[str, Any]) -> CaseContent:
    """What `content_to_json` made."""
    content: CaseContent = _read(CaseContent, data)
    return content


def content_hash(data: Mapping[str, Any]) -> str:
    """SHA-256 over the content as it is kept."""
    text = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    return value


def _read(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    if is_dataclass(kind):
        return _read_section(kind, value)
    if get_origin(kind) is tuple:
        return tuple(_read(get_args(kind)[0], item) for item in value)
    if get_origin(kind) in (Union, types.UnionType):
        return _read(next(one for one in get_args(kind) if one is not type(None)), value)
    if kind is Decimal:
        return Decimal(value)
    if kind in (datetime, date):
        return kind.fromisoformat(value)
    return value


def _read_section(kind: Any, data: Mapping[str, Any]) -> Any:
    hints = _hints(kind)
    return kind(
        **{
            field.name: _read(hints[field.name], data[field.name])
            for field in fields(kind)
            if field.name in data or (field.default is MISSING and field.default_factory is MISSING)
        }
    )


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)
