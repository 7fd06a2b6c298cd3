"""A MedAscii archive from outside, read without trusting a word of it.

Nothing is unpacked to disk: the four files that are read are taken by their bare names, so that where an entry says
it belongs has no meaning. What an entry announces about its size is not believed; bytes are counted while they come.
"""

import hashlib
import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, Any

from apps.kernel.errors import DomainError
from apps.kernel.text import N_

MAX_ARCHIVE_BYTES = 64 * 1024 * 1024
MAX_FILE_BYTES = 64 * 1024 * 1024  # the largest file of a release is a tenth of it
MAX_ENTRIES = 2000
MAX_LINE_BYTES = 16_000
RELEASE, LLT, PT, HIERARCHY = "meddra_release.asc", "llt.asc", "pt.asc", "mdhier.asc"
REQUIRED = (LLT, PT, HIERARCHY)
_ENCRYPTED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)


class Archive:
    """The files of MedDRA in a zip archive. Raises DomainError with what to do about it."""

    def __init__(self, stream: IO[bytes]) -> None:
        if stream.seek(0, io.SEEK_END) > MAX_ARCHIVE_BYTES:
            raise DomainError(
                "meddra_archive_too_large",
                N_("The archive is larger than %(limit)s MB. MedDRA's is not: check which file this is."),
                limit=MAX_ARCHIVE_BYTES // 1024 // 1024,
            )
        stream.seek(0)
        try:
            self._zip = zipfile.ZipFile(stream)
            entries = self._zip.infolist()
        except _BROKEN:
            raise _not_an_archive() from None
        if len(entries) > MAX_ENTRIES:
            raise _not_an_archive()
        self._files = _wanted(entries)

    def has(self, name: str) -> bool:
        """Whether the archive holds this file."""
        return name in self._files

    def lines(self, name: str) -> Iterator[str]:
        """The lines of a file, in UTF-8 or, from before that was used, in Windows-1252.

        Raises DomainError `meddra_archive_unreadable`, `meddra_file_too_large`, `meddra_encoding_unknown`.
        """
        encoding = "utf-8-sig" if self._is_utf8(name) else "cp1252"
        for number, line in enumerate(self._raw_lines(name), start=1):
            try:
                text = line.decode(encoding if number == 1 else encoding.removesuffix("-sig"))
            except UnicodeDecodeError:
                raise DomainError(
                    "meddra_encoding_unknown",
                    N_(
                        "%(file)s is neither in UTF-8 nor in Windows-1252. Take the archive as it was delivered."
                    ),
                    file=name,
                ) from None
            yield text

    def digest(self) -> str:
        """SHA-256 over the files that are read, whatever the archive around them looks like."""
        total = hashlib.sha256()
        for name in REQUIRED:
            total.update(name.encode() + b"\0")
            for line in self._raw_lines(name):
                total.update(line)
        return total.hexdigest()

    def _is_utf8(self, name: str) -> bool:
        try:
            for line in self._raw_lines(name):
                line.decode("utf-8")
        except UnicodeDecodeError:
            return False
        return True

    def _raw_lines(self, name: str) -> Iterator[bytes]:
        entry, read = self._files[name], 0
        try:
            with self._zip.open(entry) as file:
                while line := file.readline(MAX_LINE_BYTES):
                    read += len(line)
                    if read > MAX_FILE_BYTES:
                        raise DomainError(
                            "meddra_file_too_large",
                            N_(
                                "%(file)s unpacks to more than %(limit)s MB. MedDRA's does not: nothing was loaded."
                            ),
                            file=name,
                            limit=MAX_FILE_BYTES // 1024 // 1024,
                        )
                    yield line
        except _BROKEN:
            raise DomainError(
                "meddra_archive_unreadable",
                N_("%(file)s in the archive is damaged. Fetch the archive again."),
                file=name,
            ) from None


def _wanted(entries: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    found: dict[str, zipfile.ZipInfo] = {}
    for entry in entries:
        name = entry.filename.replace("\\", "/").rsplit("/", 1)[-1].casefold()
        if entry.is_dir() or name not in (*REQUIRED, RELEASE):
            continue
        if name in found:
            raise DomainError(
                "meddra_file_twice",
                N_("The archive holds %(file)s twice, and nobody can know which one is meant."),
                file=name,
            )
        if entry.flag_bits & _ENCRYPTED:
            raise DomainError(
                "meddra_archive_locked",
                N_(
                    "The archive is locked with a password. Unpack it, and zip the folder MedAscii without one."
                ),
            )
        if entry.compress_type not in _METHODS:
            raise DomainError(
                "meddra_archive_method",
                N_("The archive is packed in a way that is not read here. Zip the folder MedAscii anew."),
            )
        found[name] = entry
    missing = [name for name in REQUIRED if name not in found]
    if missing:
        raise DomainError(
            "meddra_file_missing",
            N_("The archive does not hold %(file)s. Choose the zip archive with the folder MedAscii."),
            file=missing[0],
        )
    return found


def _not_an_archive() -> DomainError:
    return DomainError(
        "meddra_not_an_archive",
        N_("This is not a zip archive that can be read. Choose the one with the folder MedAscii."),
    )


def as_stream(parts: Any) -> IO[bytes]:
    """The parts of an upload as one stream."""
    stream = io.BytesIO()
    for part in parts:
        stream.write(part)
    stream.seek(0)
    return stream
