"""From values to elements: which field holds which element, and every element of a report in its order."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, get_type_hints

from apps.icsr.domain.elements import BY_NUMBER, Element


@dataclass(frozen=True, slots=True)
class Place:
    """A field of a section: its name, and its element, or None where it leads to a section below."""

    field: str
    element: Element | None


@dataclass(frozen=True, slots=True)
class Held:
    """What a report holds in one place: `section` is the row it stands in, `rows` its numbers from 1.

    `value` is None where the element was left out. An element that is itself repeated comes once for
    each value, or once with None.
    """

    element: Element
    section: Any
    rows: tuple[int, ...]
    value: Any

    @property
    def label(self) -> str:
        """The number with its rows filled in: G.k.4.r.7 of the second lot of the first drug is `G.1.4.2.7`."""
        numbers = iter(self.rows)
        parts = self.element.number.split(".")
        return ".".join(str(next(numbers, part)) if part in ("i", "k", "r") else part for part in parts)


_PLACES: dict[type, tuple[Place, ...]] = {}


def places(section: type) -> tuple[Place, ...]:
    """The fields of a section in their order, each with its element."""
    if section not in _PLACES:
        hints = get_type_hints(section, include_extras=True)
        _PLACES[section] = tuple(Place(field.name, _element(hints[field.name])) for field in fields(section))
    return _PLACES[section]


def field_of(section: type, number: str) -> str:
    """The name of the field that holds the element. Raises KeyError when the section has none such."""
    return {place.element.number: place.field for place in places(section) if place.element}[number]


def held(section: Any, rows: tuple[int, ...] = ()) -> Iterator[Held]:
    """Every element below a section (a report, a message, a batch or a part of them), left out or not."""
    for place in places(type(section)):
        value = getattr(section, place.field)
        if place.element is None:
            yield from _below(value, rows)
        elif isinstance(value, tuple):
            for number, one in enumerate(value, start=1):
                yield Held(place.element, section, (*rows, number), one)
            if not value:
                yield Held(place.element, section, (*rows, 1), None)
        else:
            yield Held(place.element, section, rows, value)


def _below(value: Any, rows: tuple[int, ...]) -> Iterator[Held]:
    if isinstance(value, tuple):
        for number, part in enumerate(value, start=1):
            yield from held(part, (*rows, number))
    elif is_dataclass(value):
        yield from held(value, rows)


def _element(hint: Any) -> Element | None:
    marks = getattr(hint, "__metadata__", ())
    return BY_NUMBER[marks[0]] if marks else None
