"""What a backup says about itself, and what a restored database must agree with."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Description:
    """A database as counted in one snapshot. Times are ISO 8601."""

    counts: Mapping[str, int]  # table -> rows
    migrations: tuple[str, ...]  # "app.name", sorted
    broken_chains: tuple[tuple[str, int], ...]  # (subject, position of the first unsound event)
    overdue_timers: int
    last_event_at: str | None


@dataclass(frozen=True, slots=True)
class Manifest:
    """Lies beside the dump. `sha256` is of the dump's bytes."""

    file: str
    size_bytes: int
    sha256: str
    made_at: str
    postgresql: str
    counts: Mapping[str, int]
    migrations: tuple[str, ...]
    format: int = FORMAT

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def manifest_from_json(data: Any) -> Manifest:
    """Raises ValueError with a sentence when it is none of ours, or half of one."""
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise ValueError(f"The manifest is not of format {FORMAT}: restore with the release that made it.")
    try:
        return Manifest(
            file=str(data["file"]),
            size_bytes=int(data["size_bytes"]),
            sha256=str(data["sha256"]),
            made_at=str(data["made_at"]),
            postgresql=str(data["postgresql"]),
            counts={str(table): int(rows) for table, rows in data["counts"].items()},
            migrations=tuple(str(name) for name in data["migrations"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ValueError(f"The manifest is incomplete ({error}): the backup cannot be trusted.") from error


def differences(manifest: Manifest, restored: Description) -> list[str]:
    """What a restored database lacks or has too much, as sentences; empty when it is what was dumped."""
    found = []
    for table in sorted({*manifest.counts, *restored.counts}):
        before, after = manifest.counts.get(table), restored.counts.get(table)
        if before != after:
            found.append(f"{table}: {_rows(before)} when it was dumped, {_rows(after)} restored.")
    missing = sorted(set(manifest.migrations) ^ set(restored.migrations))
    if missing:
        found.append(f"Migrations differ: {', '.join(missing[:10])}.")
    found += [f"The chain of {subject} is broken at event {at}." for subject, at in restored.broken_chains]
    return found


def _rows(count: int | None) -> str:
    return "no such table" if count is None else f"{count} rows"
