"""Loading a release: the whole of it in one transaction, or nothing."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import IO, Any

from django.db import connection

from apps.accounts.selectors import Action, Staff, require
from apps.kernel.errors import ConflictError, DomainError
from apps.kernel.text import N_
from apps.ledger.services import actor_of, record_event, unit_of_work
from apps.meddra.archive import HIERARCHY, LLT, PT, RELEASE, Archive
from apps.meddra.domain.medascii import (
    ReleaseLine,
    read_low_level_terms,
    read_places,
    read_preferred_terms,
    read_release,
    release_version,
)
from apps.meddra.models import LowLevelTerm, MeddraVersion, Place, PreferredTerm

MAX_ROWS = 400_000
ENGLISH = "English"
_LOCK = 0x4D65644452  # one load at a time


def load_meddra(
    *, performer: Staff | None, archive: IO[bytes], now: datetime, version: str = "", language: str = ""
) -> MeddraVersion:
    """Load a MedAscii archive beside the versions that are there; `performer` None from the command line.

    `version` and `language` are used where the archive holds no meddra_release.asc. The same content again
    changes nothing. Raises DomainError with a code `meddra_…` for what is wrong with the archive, and
    ConflictError `meddra_version_differs` when this version is there with other content.
    """
    if performer is not None:
        require(performer, Action.LOAD_TERMINOLOGY)
    files = Archive(archive)
    release = _release(files, version, language)
    digest = files.digest()
    with unit_of_work():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        there = MeddraVersion.objects.filter(number=release.version, language=release.language).first()
        if there is not None:
            if there.sha256 != digest:
                raise _differs(release)
            return there
        return _load(files, release, digest, performer, now)


def _load(
    files: Archive, release: ReleaseLine, digest: str, performer: Staff | None, now: datetime
) -> MeddraVersion:
    # The counts are known once the lines were read and a version is never changed: its row comes last, and
    # the database looks at foreign keys at the end.
    version_id = _next_id()
    preferred: dict[str, str] = {}
    meanings: dict[str, str] = {}

    def preferred_rows() -> Iterator[tuple[Any, ...]]:
        for term in read_preferred_terms(files.lines(PT)):
            preferred[term.code] = term.name
            yield version_id, term.code, term.name, term.primary_class_code

    def low_level_rows() -> Iterator[tuple[Any, ...]]:
        for term in read_low_level_terms(files.lines(LLT)):
            meanings[term.code] = term.preferred_code
            yield version_id, term.code, term.name, term.preferred_code, term.is_current

    def place_rows() -> Iterator[tuple[Any, ...]]:
        for place in read_places(files.lines(HIERARCHY)):
            _expect(place.preferred_code in preferred, HIERARCHY, place.preferred_code)
            yield (
                version_id, place.preferred_code, place.high_level_code, place.group_code, place.class_code,
                place.high_level_name, place.group_name, place.class_name, place.is_primary,
            )  # fmt: skip

    _copy(PreferredTerm, ("version_id", "code", "name", "primary_class_code"), preferred_rows(), PT)
    _copy(LowLevelTerm, ("version_id", "code", "name", "preferred_code", "is_current"), low_level_rows(), LLT)
    for code, meaning in meanings.items():
        _expect(meaning in preferred, LLT, code)
    _copy(
        Place,
        (
            "version_id", "preferred_code", "high_level_code", "group_code", "class_code",
            "high_level_name", "group_name", "class_name", "is_primary",
        ),
        place_rows(),
        HIERARCHY,
    )  # fmt: skip
    if not meanings:
        raise DomainError("meddra_empty", N_("The archive holds no term at all. Check which file this is."))
    loaded = MeddraVersion.objects.create(
        pk=version_id,
        number=release.version,
        language=release.language,
        sha256=digest,
        low_level_terms=len(meanings),
        preferred_terms=len(preferred),
        loaded_at=now,
        loaded_by=performer,
    )
    record_event(
        name="meddra.version.loaded",
        subject=f"meddra:{loaded.pk}",
        ward_id=None,
        actor=actor_of(performer),
        now=now,
        payload={
            "version": loaded.number,
            "language": loaded.language,
            "sha256": digest,
            "low_level_terms": loaded.low_level_terms,
        },
    )
    return loaded


def _release(files: Archive, version: str, language: str) -> ReleaseLine:
    stated = read_release(files.lines(RELEASE)) if files.has(RELEASE) else None
    if stated is None and not version:
        raise DomainError(
            "meddra_release_unclear",
            N_("The archive does not say which version it is. Type the version beside it, such as 29.0."),
            extra={"field": "version"},
        )
    if stated is not None and version and release_version(version) != stated.version:
        raise DomainError(
            "meddra_other_version",
            N_("The archive says that it is version %(version)s. Check which file this is."),
            extra={"field": "version"},
            version=stated.version,
        )
    number = stated.version if stated is not None else release_version(version)
    spoken = (stated.language if stated is not None else "") or language.strip() or ENGLISH
    return ReleaseLine(number, spoken[:40])


def _next_id() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [MeddraVersion._meta.db_table])
        number: int = cursor.fetchone()[0]
    return number


def _copy(model: Any, columns: tuple[str, ...], rows: Iterable[tuple[Any, ...]], file: str) -> None:
    listed = ", ".join(columns)
    seen: set[str] = set()
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {model._meta.db_table} ({listed}) FROM STDIN") as copy,
    ):
        for count, row in enumerate(rows, start=1):
            if count > MAX_ROWS:
                raise DomainError(
                    "meddra_too_many_lines",
                    N_("%(file)s holds more than %(limit)s lines. MedDRA's does not: nothing was loaded."),
                    file=file,
                    limit=MAX_ROWS,
                )
            if model is not Place:
                _expect_once(row[1], seen, file)
            copy.write_row(row)


def _expect_once(code: str, seen: set[str], file: str) -> None:
    if code in seen:
        raise DomainError(
            "meddra_code_twice",
            N_("%(file)s holds the code %(code)s twice. Take the archive as it was delivered."),
            file=file,
            code=code,
        )
    seen.add(code)


def _expect(holds: bool, file: str, code: str) -> None:
    if not holds:
        raise DomainError(
            "meddra_files_disagree",
            N_("What %(file)s says about %(code)s does not fit pt.asc. The files are of different releases."),
            file=file,
            code=code,
        )


def _differs(release: ReleaseLine) -> ConflictError:
    return ConflictError(
        "meddra_version_differs",
        N_(
            "Version %(version)s is there already with other content. Cases rest on it, so it stays;"
            " find out which archive is the right one."
        ),
        version=release.version,
    )
