"""Texts where no translation library may be imported: marked here, translated at the edge."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Phrase:
    """A text of the product inside a sentence, marked with `N_`: it is translated with the sentence."""

    english: str

    def __str__(self) -> str:
        return self.english


# What may fill an English %-template. Numbers and times are written as the reader's language writes them,
# a mapping of language codes to wordings gives the reader's. A str is a name, a code or somebody's own
# words: it stays as it is, whatever digits it is made of.
Param: TypeAlias = str | int | Decimal | date | time | Phrase | Mapping[str, str]
Params: TypeAlias = Mapping[str, Param]


def N_(message: str) -> str:
    """Return `message` unchanged; message extraction finds it by this call."""
    return message


def fill_in_english(message: str, params: Params) -> str:
    """The template filled in for logs and people who run the system."""
    return message % {name: _english(value) for name, value in params.items()} if params else message


def _english(value: Param) -> str:
    if isinstance(value, Mapping):
        return value["en"]
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
