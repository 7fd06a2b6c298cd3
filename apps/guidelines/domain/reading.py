"""Strict reading of a parsed document: every refusal names the place, as in `products.products[2].name`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from apps.guidelines.domain.texts import Citation, LocalText, Source
from apps.kernel.errors import DomainError
from apps.kernel.numbers import parse_decimal
from apps.kernel.text import N_

_LARGEST = Decimal(999_999)


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

    def optional_integer(self, key: str) -> int | None:
        """A whole number, or None where the document says null."""
        return None if self.value(key) is None else self.integer(key)

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
        child = self.child(key)
        return LocalText(en=child.text("en"), nb=child.text("nb"), fa=child.text("fa"))

    def citation(self, key: str = "cite") -> Citation:
        """A citation; every key must be a known source."""
        child = self.child(key)
        unknown = [name for name in child.texts("keys") if name not in self.sources]
        if unknown or not child.texts("keys"):
            raise refuse(f"{child.where}.keys", f"unknown source {', '.join(unknown)}".rstrip())
        cited = tuple(self.sources[name] for name in child.texts("keys"))
        return Citation(sources=cited, section=child.free_text("section"), quote=child.free_text("quote"))

    def _list(self, key: str) -> Sequence[Any]:
        value = self.value(key)
        if not isinstance(value, list):
            raise refuse(f"{self.where}.{key}", "must be a list")
        return value

    def _node(self, value: Any, where: str) -> "Node":
        if not isinstance(value, Mapping):
            raise refuse(where, "must be a mapping")
        return Node(value, where, self.sources)


def _integer(value: Any, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise refuse(where, "must be a whole number")
    return value
