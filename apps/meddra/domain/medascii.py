"""MedAscii: lines of fields that end in `$`, without a header, told apart by their position.

Columns that were given up long ago are empty in current releases; fields behind those that are known are
tolerated, missing ones are not.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from apps.kernel.errors import DomainError
from apps.kernel.plain_text import Kind, check_text
from apps.kernel.text import N_

DELIMITER = "$"
MAX_LINE = 4000  # characters; the longest line of a hierarchy is a tenth of it
_CODE = re.compile(r"\d{8}", re.ASCII)
_VERSION = re.compile(r"[1-9]\d?\.[01]", re.ASCII)  # E2B(R3) keeps four characters for it

LLT_CURRENCY = 9  # the tenth column of llt.asc
PRIMARY_FLAG = 11  # the twelfth column of mdhier.asc


@dataclass(frozen=True, slots=True)
class LowLevelTerm:
    """A line of llt.asc: what is coded with. Only a current one may be sent."""

    code: str
    name: str
    preferred_code: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class PreferredTerm:
    """A line of pt.asc: what its low level terms mean, under one primary class."""

    code: str
    name: str
    primary_class_code: str


@dataclass(frozen=True, slots=True)
class Place:
    """A line of mdhier.asc: one way from a preferred term up to an organ class."""

    preferred_code: str
    high_level_code: str
    group_code: str
    class_code: str
    high_level_name: str
    group_name: str
    class_name: str
    is_primary: bool


@dataclass(frozen=True, slots=True)
class ReleaseLine:
    """The line of meddra_release.asc."""

    version: str
    language: str


def read_release(lines: Iterable[str]) -> ReleaseLine:
    """Version and language. Raises DomainError `meddra_release_unclear`."""
    for number, line in enumerate(lines, start=1):
        fields = _fields(line, number, "meddra_release.asc", least=1)
        if fields:
            return ReleaseLine(release_version(fields[0]), fields[1] if len(fields) > 1 else "")
    raise _release_unclear("")


def release_version(text: str) -> str:
    """A version as E2B(R3) writes it, such as `29.0`. Raises DomainError `meddra_release_unclear`."""
    version = text.strip()
    if not _VERSION.fullmatch(version):
        raise _release_unclear(version[:20])
    return version


def read_low_level_terms(lines: Iterable[str]) -> Iterator[LowLevelTerm]:
    """The terms of llt.asc. Raises DomainError `meddra_line_invalid`."""
    file = "llt.asc"
    for number, fields in _lines(lines, file, least=LLT_CURRENCY + 1):
        currency = fields[LLT_CURRENCY]
        if currency not in ("Y", "N"):
            raise _invalid(file, number)
        yield LowLevelTerm(
            code=_code(fields[0], file, number),
            name=_name(fields[1], file, number),
            preferred_code=_code(fields[2], file, number),
            is_current=currency == "Y",
        )


def read_preferred_terms(lines: Iterable[str]) -> Iterator[PreferredTerm]:
    """The terms of pt.asc. Raises DomainError `meddra_line_invalid`."""
    file = "pt.asc"
    for number, fields in _lines(lines, file, least=4):
        yield PreferredTerm(
            code=_code(fields[0], file, number),
            name=_name(fields[1], file, number),
            primary_class_code=_code(fields[3], file, number),
        )


def read_places(lines: Iterable[str]) -> Iterator[Place]:
    """The lines of mdhier.asc. Raises DomainError `meddra_line_invalid`."""
    file = "mdhier.asc"
    for number, fields in _lines(lines, file, least=PRIMARY_FLAG + 1):
        flag = fields[PRIMARY_FLAG]
        if flag not in ("Y", "N"):
            raise _invalid(file, number)
        yield Place(
            preferred_code=_code(fields[0], file, number),
            high_level_code=_code(fields[1], file, number),
            group_code=_code(fields[2], file, number),
            class_code=_code(fields[3], file, number),
            high_level_name=_name(fields[5], file, number),
            group_name=_name(fields[6], file, number),
            class_name=_name(fields[7], file, number),
            is_primary=flag == "Y",
        )


def _lines(lines: Iterable[str], file: str, *, least: int) -> Iterator[tuple[int, list[str]]]:
    for number, line in enumerate(lines, start=1):
        fields = _fields(line, number, file, least=least)
        if fields:
            yield number, fields


def _fields(line: str, number: int, file: str, *, least: int) -> list[str]:
    """The fields of a line; none for an empty one."""
    if len(line) > MAX_LINE:
        raise _invalid(file, number)
    text = line.rstrip("\r\n")
    if not text.strip():
        return []
    fields = [field.strip() for field in text.split(DELIMITER)]
    if len(fields) < least:
        raise _invalid(file, number)
    return fields


def _code(field: str, file: str, number: int) -> str:
    if not _CODE.fullmatch(field):
        raise _invalid(file, number)
    return field


def _name(field: str, file: str, number: int) -> str:
    if not field or len(field) > 250:
        raise _invalid(file, number)
    try:
        return check_text(field, kind=Kind.LINE)
    except DomainError:
        raise _invalid(file, number) from None


def _invalid(file: str, number: int) -> DomainError:
    return DomainError(
        "meddra_line_invalid",
        N_("Line %(line)s of %(file)s does not look like MedDRA's. Take the archive as it was delivered."),
        file=file,
        line=number,
    )


def _release_unclear(version: str) -> DomainError:
    return DomainError(
        "meddra_release_unclear",
        N_("“%(version)s” is no version of MedDRA, such as 29.0. Check meddra_release.asc in the archive."),
        version=version,
    )
