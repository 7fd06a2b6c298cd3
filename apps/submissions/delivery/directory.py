"""A directory from which somebody else's software takes files, and one in which answers lie."""

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

MOST_FILES = 500
_DONE, _UNREAD = "imported", "not-read"


class DropError(Exception):
    """The file could not be put there; the text says why."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file that lies in a directory of answers."""

    path: Path
    content: bytes


def drop(directory: str, name: str, parts: Iterable[bytes]) -> None:
    """Put a file into a directory as a whole or not at all: written aside, brought to the disk, renamed.

    A file of that name is replaced: its bytes are the same. Raises DropError.
    """
    place = Path(directory)
    aside = place / f".{name}.part"
    try:
        with aside.open("wb") as file:
            for part in parts:
                file.write(part)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(place / name)
        _sync(place)
    except OSError as error:
        with suppress(OSError):
            aside.unlink()
        raise DropError(
            f"{type(error).__name__}: {error.strerror or 'the directory cannot be written'}"
        ) from error


def lying_in(directory: str, *, largest_bytes: int) -> Iterator[Found]:
    """The XML files of a directory, the oldest name first; links, hidden and unfinished files are left alone.

    Of a file that is too large only the beginning is read: it will be refused. Raises DropError.
    """
    try:
        paths = sorted(path for path in Path(directory).iterdir() if path.suffix.lower() == ".xml")
        for path in paths[:MOST_FILES]:
            if path.name.startswith(".") or path.is_symlink() or not path.is_file():
                continue
            with path.open("rb") as file:
                yield Found(path, file.read(largest_bytes + 1))
    except OSError as error:
        raise DropError(
            f"{type(error).__name__}: {error.strerror or 'the directory cannot be read'}"
        ) from error


def put_away(path: Path, *, was_read: bool) -> None:
    """Move an answer out of the way: to `imported`, or to `not-read` for a person to look at. Raises DropError."""
    place = path.parent / (_DONE if was_read else _UNREAD)
    try:
        place.mkdir(exist_ok=True)
        target = place / path.name
        number = 1
        while target.exists():
            number += 1
            target = place / f"{path.stem}-{number}{path.suffix}"
        path.rename(target)
    except OSError as error:
        raise DropError(f"{type(error).__name__}: {error.strerror or 'the file cannot be moved'}") from error


def _sync(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
