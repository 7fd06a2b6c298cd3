"""Finding indications as people type them: Persian letters in either keyboard's form, with or without half-spaces.

Folding is one way and only for comparing; what is shown stays as the source printed it.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from apps.guidelines.domain.indications import Indication

_ALIKE = str.maketrans(
    {
        "ي": "ی",
        "ى": "ی",
        "ئ": "ی",
        "ك": "ک",
        "ة": "ه",
        "ۀ": "ه",
        "أ": "ا",
        "إ": "ا",
        "آ": "ا",
        "ٱ": "ا",
        "ؤ": "و",
        "ø": "o",
        "æ": "ae",
        "ł": "l",
        "\u200c": " ",  # half-space
        "\u200d": None,
        "\u0640": None,  # kashida
    }
)
_NOT_WORDS = re.compile(r"[^\w]+")


@dataclass(frozen=True, slots=True)
class IndicationFilter:
    """What a reader looks for; an empty field means any."""

    text: str = ""
    category: str = ""
    evidence: str = ""
    population: str = ""
    document: str = ""


def fold(text: str) -> str:
    """A text reduced to what its reader hears: case, accents, Arabic letter forms, digits and half-spaces gone."""
    compatible = unicodedata.normalize("NFKD", text.casefold().translate(_ALIKE))
    decomposed = unicodedata.normalize("NFKD", compatible.casefold())
    plain = "".join(
        str(unicodedata.digit(sign)) if sign.isdigit() else sign
        for sign in decomposed
        if not unicodedata.combining(sign)
    )
    return _NOT_WORDS.sub(" ", plain.translate(_ALIKE)).strip()


def find_indications(indications: Iterable[Indication], wanted: IndicationFilter) -> tuple[Indication, ...]:
    """The indications that match every word and every filter, names before other text, in document order."""
    words = fold(wanted.text).split()
    named: list[Indication] = []
    mentioned: list[Indication] = []
    for indication in indications:
        if not _passes(indication, wanted):
            continue
        if _holds(_names(indication), words):
            named.append(indication)
        elif _holds(_names(indication) + " " + _words(indication), words):
            mentioned.append(indication)
    return (*named, *mentioned)


def _passes(indication: Indication, wanted: IndicationFilter) -> bool:
    return (
        wanted.category in ("", indication.category)
        and wanted.evidence in ("", indication.evidence)
        and wanted.document in ("", indication.document)
        and (not wanted.population or wanted.population in indication.population)
    )


def _holds(text: str, words: list[str]) -> bool:
    """Every word stands somewhere, with or without the blanks a half-space left."""
    closed = text.replace(" ", "")
    return all(word in text or word in closed for word in words)


def _names(indication: Indication) -> str:
    return fold(
        " ".join(
            (
                indication.name_fa or "",
                indication.name_en,
                indication.name_nb,
                indication.slug,
                indication.disease,
            )
        ).replace("_", " ")
    )


def _words(indication: Indication) -> str:
    conditions = " ".join(f"{c.en} {c.nb} {c.fa}" for c in indication.conditions)
    return fold(" ".join((*indication.quotes, conditions)))
