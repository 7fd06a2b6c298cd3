"""However many cases stand, one report at a time is in memory."""

import io
import tracemalloc

import pytest
from django.core.management import call_command

from apps.cases.models import Case, CaseVersion
from apps.icsr.services import read_batch
from tests.unit.db.submission_stories import LATER, sendable_case, set_receivers

pytestmark = pytest.mark.django_db


def multiply(case, number):
    """So many more cases that tell the same."""
    (version,) = case.versions.all()
    last = Case.objects.order_by("pk").last().pk
    cases = []
    for one in range(1, number + 1):
        made = Case.objects.get(pk=case.pk)
        made.pk, made.report_id = last + one, f"NO-HOSP-2026{last + one:06}"
        cases.append(made)
    Case.objects.bulk_create(cases, batch_size=500)
    versions = []
    for made in cases:
        copy = CaseVersion.objects.get(pk=version.pk) if not versions else CaseVersion(**fields(versions[0]))
        copy.pk, copy.case_id = None, made.pk
        versions.append(copy)
    CaseVersion.objects.bulk_create(versions, batch_size=500)


def fields(version):
    return {
        name: getattr(version, name)
        for name in (
            *("number", "kind", "reason", "first_received_at", "most_recent_at", "content", "sha256"),
            *("made_at", "made_by_id"),
        )
    }


def exported(path):
    """The file of all cases, and how many bytes were held at most while it was written."""
    tracemalloc.start()
    try:
        call_command("export_icsrs", receiver="centre", out=str(path), stdout=io.StringIO())
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_the_cases(hospital, settings, monkeypatch, tmp_path, clock):
    case = sendable_case(hospital, settings, monkeypatch)
    set_receivers(settings, tmp_path, {"code": "centre"})
    clock.set(LATER)
    multiply(case, 110)  # many more than are fetched at once
    exported(tmp_path / "warm.xml")
    few = exported(tmp_path / "few.xml")
    multiply(case, 220)
    many = exported(tmp_path / "many.xml")
    assert len(read_batch((tmp_path / "many.xml").read_bytes()).messages) == 331
    assert many - few < 1_000_000, (few, many)
