"""A backup that can be restored says so; one that cannot fails loudly and leaves nothing behind."""

import io
import json
import os
import subprocess
import sys

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from apps.ledger.services import record_event, unit_of_work
from apps.vigilance.services import backup as service
from ivig_monitor.launch.places import ROOT
from tests.builders import NOW

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def events():
    with unit_of_work():
        for _ in range(3):
            record_event(name="bell.rang", subject="thing:1", ward_id=None, actor="system", now=NOW)


@pytest.fixture
def backup(tmp_path, events):
    target = tmp_path / "ward.dump"
    call_command("backup", to=target, stdout=io.StringIO())
    return target


def drill(target):
    """The command against this test's database, as a process of its own: (exit status, report, complaint)."""
    parts = connection.settings_dict
    url = f"postgresql://{parts['USER']}@/{parts['NAME']}?host={parts['HOST']}"
    done = subprocess.run(
        [sys.executable, "manage.py", "restore_drill", str(target)],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url},
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stdout, done.stderr


def refused(target):
    """What the command says before it restores anything."""
    with pytest.raises(CommandError) as caught:
        call_command("restore_drill", target)
    return str(caught.value)


def scratch_databases():
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'ivig_drill_%%'")
        return cursor.fetchall()


def test_a_backup_restores_as_it_was_dumped_and_a_tampered_event_is_found(events, tmp_path, monkeypatch):
    run = service._run

    def somebody_writes(name, *arguments):
        parts = connection.settings_dict
        with psycopg.connect(
            host=parts["HOST"], user=parts["USER"], dbname=parts["NAME"], autocommit=True
        ) as other:
            other.execute("INSERT INTO ledger_wardsequence (ward_id, last_sequence) VALUES (777, 1)")
        run(name, *arguments)

    target = tmp_path / "ward.dump"
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(service, "_run", somebody_writes)
        call_command("backup", to=target, stdout=(said := io.StringIO()))
    assert "3 events." in said.getvalue()
    manifest = json.loads(target.with_name("ward.dump.json").read_text())
    assert (manifest["counts"]["ledger_event"], manifest["counts"]["ledger_wardsequence"]) == (3, 0)
    assert target.stat().st_mode & 0o077 == 0 and not list(tmp_path.glob(".*"))
    status, report, complaint = drill(target)
    assert status == 0, complaint
    assert "3 events" in report and "0 broken chains." in report and report.strip().endswith("Sound.")

    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ledger_event DISABLE TRIGGER USER")
        cursor.execute("UPDATE ledger_event SET actor = 'user:0' WHERE position = 2")
        cursor.execute("ALTER TABLE ledger_event ENABLE TRIGGER USER")
    call_command("backup", to=tmp_path / "tampered.dump", stdout=io.StringIO())
    status, _, complaint = drill(tmp_path / "tampered.dump")
    assert status == 1 and "The chain of thing:1 is broken at event 2" in complaint
    assert scratch_databases() == []


def test_a_truncated_a_changed_and_a_lonely_backup_are_refused(backup, tmp_path, monkeypatch):
    target = backup
    whole = target.read_bytes()
    target.write_bytes(whole[: len(whole) // 2])
    assert "it is corrupt" in refused(target)
    target.write_bytes(whole[:-9] + bytes([whole[-9] ^ 1]) + whole[-8:])
    assert "its checksum differs" in refused(target)
    target.write_bytes(whole)
    beside = target.with_name("ward.dump.json")
    entry = json.loads(beside.read_text())
    for broken in ("{", "{}", json.dumps(entry | {"counts": None})):
        beside.write_text(broken)
        assert refused(target)
    beside.write_text(json.dumps(entry | {"counts": entry["counts"] | {"ledger_event": 10**6}}))
    status, _, complaint = drill(target)
    assert status == 1 and "ledger_event: 1000000 rows when it was dumped, 3 rows restored" in complaint
    beside.unlink()
    assert "is missing" in refused(target)

    # Bytes that are as they were written, and no dump.
    other = tmp_path / "other.dump"
    other.write_bytes(b"PGDMP but nothing more")
    manifest = {
        "format": 1, "file": other.name, "size_bytes": other.stat().st_size, "sha256": service.checksum(other),
        "made_at": "2026-01-01T00:00:00+00:00", "postgresql": "18", "counts": {}, "migrations": [],
    }  # fmt: skip
    other.with_name("other.dump.json").write_text(json.dumps(manifest))
    status, _, complaint = drill(other)
    assert status == 1 and "pg_restore failed" in complaint
    assert scratch_databases() == []

    with pytest.raises(CommandError, match="exists already"):
        call_command("backup", to=target)
    with pytest.raises(CommandError, match="could not be written"):
        call_command("backup", to=tmp_path / "nowhere" / "a.dump")
    monkeypatch.setattr(service, "program", lambda name: "false")
    with pytest.raises(CommandError, match="pg_dump failed"):
        call_command("backup", to=tmp_path / "late.dump")
    assert sorted(path.name for path in tmp_path.glob("*late*")) == [] and not list(tmp_path.glob(".*"))
