"""What a name is found by: its words without case, marks and variants of letters and digits, and their beginnings."""

import re
import unicodedata
from datetime import date

from apps.kernel.numbers import fold_digits

SHORTEST_BEGINNING = 3  # letters
LONGEST_WORD = 40  # letters; what comes after them tells nobody apart

# Letters that Unicode does not take apart, and Arabic ones where Persian has its own.
_LETTERS = str.maketrans(
    {"ي": "ی", "ى": "ی", "ك": "ک", "ة": "ه", "ـ": None, "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d"}
    | {"ł": "l", "þ": "th", "ı": "i"}
)
_JOINERS = "\u200c\u200d"
_WITHIN = re.compile(rf"[{_JOINERS}'’\-‐‑.]+")
_BETWEEN = re.compile(r"[^\w\u200c\u200d'’\-‐‑.]+")


def words_of(name: str) -> frozenset[str]:
    """The words of a name as they are compared. A joined name counts as a whole and in its parts."""
    words = set()
    for piece in _BETWEEN.split(_plain(name)):
        parts = [part for part in _WITHIN.split(piece) if part]
        words |= {part[:LONGEST_WORD] for part in (*parts, "".join(parts)) if part}
    return frozenset(words)


def beginnings_of(name: str) -> frozenset[str]:
    """Each word of a name, and its beginnings of three letters or more."""
    words = words_of(name)
    longer = {word[:length] for word in words for length in range(SHORTEST_BEGINNING, len(word))}
    return words | longer


def asked_words(text: str) -> tuple[str, ...]:
    """The words somebody looks for; a joined one as a whole."""
    pieces = ["".join(_WITHIN.split(piece)) for piece in _BETWEEN.split(_plain(text))]
    return tuple(piece[:LONGEST_WORD] for piece in pieces if piece)


def comparable_number(record_number: str) -> str:
    """A record number as two of them are compared: digits of one kind, nothing around it."""
    return fold_digits(unicodedata.normalize("NFKC", record_number)).strip()


def asked_numbers(text: str) -> tuple[str, ...]:
    """The spellings under which a typed record number is looked for: letters as typed, upper and lower case."""
    number = comparable_number(text)
    return tuple({number, number.upper(), number.lower()}) if number else ()


def asked_pseudonyms(text: str) -> tuple[str, ...]:
    """The pseudonym that was typed; nothing for what is none, so that a name never reaches the database."""
    typed = comparable_number(text).upper()
    return (typed,) if re.fullmatch(r"P-[0-9A-Z]{6}", typed, re.ASCII) else ()


def asked_day(text: str) -> date | None:
    """The day that somebody looks for, year first or last (1980-05-17, 17.05.1980); None when it is none."""
    found = re.fullmatch(r"(\d{1,4})[-./ ](\d{1,2})[-./ ](\d{1,4})", comparable_number(text))
    if not found:
        return None
    first, month, last = (int(part) for part in found.groups())
    year, day = (first, last) if len(found[1]) == 4 else (last, first)
    try:
        return date(year, month, day) if year >= 1800 else None
    except ValueError:
        return None


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFKD", fold_digits(text).casefold())
    return "".join(one for one in apart if unicodedata.category(one) != "Mn").translate(_LETTERS)
