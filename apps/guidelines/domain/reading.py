"""Strict reading of a parsed document: every refusal names the place, as in `products.products[2].name`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from apps.guidelines.domain.texts import Citation, LocalText, Source
from apps.kernel.errors import DomainError
from apps.kernel.numbers import parse_decimal
from apps.kernel.text import N_

_LARGEST = Decimal(999_999)

_Value = TypeVar("_Value")


def refuse(where: str, expected: str) -> DomainError:
    """The error for a document that cannot be used."""
    return DomainError(
        "guideline_invalid", N_("Guideline data: %(where)s: %(expected)s."), where=where, expected=expected
    )


@dataclass(frozen=True, slots=True)
class Node:
    """A mapping inside a document, its place, and the sources it may cite."""

    data: Mapping[str, Any]
    where: str
    sources: Mapping[str, Source]

    def value(self, key: str) -> Any:
        """Whatever stands under `key`; refuses when nothing does."""
        if key not in self.data:
            raise refuse(f"{self.where}.{key}", "missing")
        return self.data[key]

    def text(self, key: str) -> str:
        """A non-empty text."""
        text = self.free_text(key)
        if not text:
            raise refuse(f"{self.where}.{key}", "must not be empty")
        return text

    def free_text(self, key: str) -> str:
        """A text, possibly empty."""
        value = self.value(key)
        if not isinstance(value, str):
            raise refuse(f"{self.where}.{key}", "must be a text")
        return value

    def one_of(self, key: str, *allowed: str) -> str:
        """One of the allowed words."""
        value = self.text(key)
        if value not in allowed:
            raise refuse(f"{self.where}.{key}", f"must be one of {', '.join(allowed)}")
        return value

    def decimal(self, key: str) -> Decimal:
        """A number that is not negative, written as text so that no float is involved."""
        try:
            return parse_decimal(
                self.text(key), minimum=Decimal(0), maximum=_LARGEST, max_decimal_places=4, unit=key
            )
        except DomainError as error:
            raise refuse(f"{self.where}.{key}", str(error)) from error

    def positive(self, key: str) -> Decimal:
        """A number above zero."""
        number = self.decimal(key)
        if not number:
            raise refuse(f"{self.where}.{key}", "must be above zero")
        return number

    def integer(self, key: str) -> int:
        """A whole number that is not negative."""
        return _integer(self.value(key), f"{self.where}.{key}")

    def number(self, key: str) -> Decimal:
        """A number that is not negative, written as a whole number or as text."""
        return Decimal(self.integer(key)) if isinstance(self.value(key), int) else self.decimal(key)

    def optional_integer(self, key: str) -> int | None:
        """A whole number, or None where the document says null."""
        return self._optional(key, self.integer)

    def optional_positive(self, key: str) -> Decimal | None:
        """A number above zero, or None where the document says null."""
        return self._optional(key, self.positive)

    def optional_number(self, key: str) -> Decimal | None:
        """A number as in `number`, or None where the document says null."""
        return self._optional(key, self.number)

    def optional_one_of(self, key: str, *allowed: str) -> str | None:
        """One of the allowed words, or None where the document says null."""
        return self._optional(key, lambda name: self.one_of(name, *allowed))

    def optional_text(self, key: str) -> str | None:
        """A non-empty text, or None where the document says null."""
        return self._optional(key, self.text)

    def boolean(self, key: str) -> bool:
        """True or false."""
        value = self.value(key)
        if not isinstance(value, bool):
            raise refuse(f"{self.where}.{key}", "must be true or false")
        return value

    def integers(self, key: str) -> tuple[int, ...]:
        """A list of whole numbers."""
        return tuple(_integer(value, f"{self.where}.{key}") for value in self._list(key))

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts."""
        values = self._list(key)
        if not all(isinstance(value, str) for value in values):
            raise refuse(f"{self.where}.{key}", "must be a list of texts")
        return tuple(values)

    def words(self, key: str, *allowed: str) -> tuple[str, ...]:
        """A list of some of the allowed words, none of them twice."""
        values = self.texts(key)
        if len(set(values)) != len(values) or not set(values) <= set(allowed):
            raise refuse(f"{self.where}.{key}", f"must be some of {', '.join(allowed)}, each once")
        return values

    def day(self, key: str) -> date:
        """A calendar day as in 2020-09-06."""
        try:
            return date.fromisoformat(self.text(key))
        except ValueError as error:
            raise refuse(f"{self.where}.{key}", "must be a day such as 2020-09-06") from error

    def child(self, key: str) -> "Node":
        """The mapping under `key`."""
        return self._node(self.value(key), f"{self.where}.{key}")

    def children(self, key: str) -> tuple["Node", ...]:
        """The list of mappings under `key`; empty when the section is absent."""
        if key not in self.data:
            return ()
        return tuple(self._node(item, f"{self.where}.{key}[{n}]") for n, item in enumerate(self._list(key)))

    def local_text(self, key: str) -> LocalText:
        """A wording in all three languages."""
        return _wording(self.child(key))

    def local_texts(self, key: str) -> tuple[LocalText, ...]:
        """A list of wordings in all three languages."""
        return tuple(_wording(child) for child in self.children(key))

    def optional_local_text(self, key: str) -> LocalText | None:
        """A wording in all three languages, or None where the document says null."""
        return self._optional(key, self.local_text)

    def citations(self, key: str = "cites") -> tuple[Citation, ...]:
        """One or more citations."""
        if not self._list(key):
            raise refuse(f"{self.where}.{key}", "must name a source")
        return tuple(_citation(child) for child in self.children(key))

    def citation(self, key: str = "cite") -> Citation:
        """A citation; every key must be a known source."""
        return _citation(self.child(key))

    def optional_citation(self, key: str) -> Citation | None:
        """A citation, or None where the document says null."""
        return self._optional(key, self.citation)

    def _optional(self, key: str, read: Callable[[str], _Value]) -> _Value | None:
        return None if self.value(key) is None else read(key)

    def _list(self, key: str) -> Sequence[Any]:
        value = self.value(key)
        if not isinstance(value, list):
            raise refuse(f"{self.where}.{key}", "must be a list")
        return value

    def _node(self, value: Any, where: str) -> "Node":
        if not isinstance(value, Mapping):
            raise refuse(where, "must be a mapping")
        return Node(value, where, self.sources)


def _wording(node: Node) -> LocalText:
    return LocalText(en=node.text("en"), nb=node.text("nb"), fa=node.text("fa"))


def _citation(node: Node) -> Citation:
    keys = node.texts("keys")
    unknown = [name for name in keys if name not in node.sources]
    if unknown or not keys:
        raise refuse(f"{node.where}.keys", f"unknown source {', '.join(unknown)}".rstrip())
    cited = tuple(node.sources[name] for name in keys)
    return Citation(sources=cited, section=node.free_text("section"), quote=node.free_text("quote"))


def _integer(value: Any, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise refuse(where, "must be a whole number")
    return value
