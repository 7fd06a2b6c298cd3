"""Files from outside that are made to read ours, to fill the memory or the disk, or to pass for something else."""

import base64
import io
import re
import struct
import time
import tracemalloc
import zipfile

import pytest

from apps.icsr.services import batch_bytes
from apps.submissions.models import ForeignFile, StoredAcknowledgement
from tests.builders import Door
from tests.unit.icsr.valid_cases import full_case, wrapped

pytestmark = pytest.mark.django_db

LAUGHS = "<!DOCTYPE x [<!ENTITY a0 'ha'>{}]>".format(
    "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12))
)
DOCTYPES = {
    "a file of this machine": "<!DOCTYPE x [<!ENTITY a11 SYSTEM 'file:///etc/passwd'>]>",
    "an address inside": "<!DOCTYPE x [<!ENTITY a11 SYSTEM 'http://169.254.169.254/latest/'>]>",
    "a parameter entity": "<!DOCTYPE x [<!ENTITY % p SYSTEM 'file:///etc/passwd'> %p;<!ENTITY a11 'x'>]>",
    "an external subset": "<!DOCTYPE x SYSTEM 'file:///etc/passwd'>",
    "a billion laughs": LAUGHS,
}
DOORS = {"foreign-cases/": ForeignFile, "acknowledgements/": StoredAcknowledgement}


@pytest.fixture
def report() -> bytes:
    """A batch that is taken as it is."""
    message, batch = wrapped(full_case())
    return bytes(batch_bytes(batch, [message]))


def with_doctype(report: bytes, doctype: str) -> bytes:
    """The same batch with a document type, and its first text replaced by the last entity."""
    declaration, _, body = report.partition(b"?>")
    told, replaced = re.subn(rb">[^<>\s][^<>]*</", b">&a11;</", body, count=1)
    assert replaced
    return declaration + b"?>" + doctype.encode() + told


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("doctype", DOCTYPES)
def test_no_document_type_is_taken_from_outside(hospital, report, door, doctype):
    """XXE and billion laughs, at both doors that take XML: refused before anything is expanded.

    Seen to fail with the looks at the document type before and after parsing taken out, and the parser's
    `resolve_entities`, `load_dtd` and `huge_tree` on.
    """
    content = with_doctype(report, DOCTYPES[doctype])
    started = time.monotonic()
    answer = Door(hospital.safety_officer).post(door, {"content": base64.b64encode(content).decode()})
    assert (answer.status_code, answer.json()["code"]) == (400, "icsr_file_doctype"), answer.content
    assert b"root:" not in answer.content
    assert DOORS[door].objects.count() == 0
    assert time.monotonic() - started < 10


def test_the_same_report_without_a_document_type_is_taken(hospital, report):
    """The refusals above are about the document type and nothing else."""
    body = {"content": base64.b64encode(report).decode()}
    assert Door(hospital.safety_officer).post("foreign-cases/", body).status_code == 201


def upload(door: Door, archive: bytes) -> object:
    """An archive in parts, as the page sends it; the answer to loading it."""
    begun = door.post("meddra/uploads/", {"size_bytes": len(archive)})
    assert begun.status_code == 201, begun.content
    upload_id, size = begun.json()["id"], begun.json()["part_bytes"]
    for number, start in enumerate(range(0, len(archive), size)):
        part = base64.b64encode(archive[start : start + size]).decode()
        answer = door.post(f"meddra/uploads/{upload_id}/parts/", {"number": number, "content": part})
        assert answer.status_code == 204, answer.content
    return door.post(f"meddra/uploads/{upload_id}/load/", {"version": "99.0"})


def zipped(entries: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return stream.getvalue()


def lying_about_size(archive: bytes) -> bytes:
    """Every header says that its file unpacks to 100 bytes."""
    changed = bytearray(archive)
    for sign, place in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = changed.find(sign)
        while at >= 0:
            struct.pack_into("<I", changed, at + place, 100)
            at = changed.find(sign, at + 4)
    return bytes(changed)


def bomb() -> bytes:
    """200 MB of one letter, without ever holding them."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("MedAscii/pt.asc", b"x\n")
        archive.writestr("MedAscii/mdhier.asc", b"x\n")
        with archive.open("MedAscii/llt.asc", "w") as file:
            for _ in range(200):
                file.write(b"0" * 1024 * 1024)
    return stream.getvalue()


@pytest.mark.parametrize("lies", [False, True])
def test_a_bomb_in_the_upload_goes_out_while_it_is_small(hospital, lies):
    """200 MB in a file of 200 kB, announced or not: the memory of the process hardly grows.

    Seen to fail with `ZipFile.read(name)` in the place of counted lines: 200 MB more.
    """
    small = lying_about_size(bomb()) if lies else bomb()
    assert len(small) < 300_000
    door, started = Door(hospital.safety_officer), time.monotonic()
    tracemalloc.start()
    try:
        answer = upload(door, small)
        peak_mb = tracemalloc.get_traced_memory()[1] / 1024 / 1024
    finally:
        tracemalloc.stop()
    assert answer.status_code == 400, answer.content  # type: ignore[attr-defined]
    assert answer.json()["code"].startswith("meddra_")  # type: ignore[attr-defined]
    assert peak_mb < 50 and time.monotonic() - started < 60


@pytest.mark.parametrize(
    "entries",
    [
        {"../../../../tmp/ivig-slip.asc": b"x"},
        {f"{number}.asc": b"" for number in range(2500)},
        {"MedAscii/llt.asc": b"", "other/LLT.ASC": b""},
    ],
    ids=["a path that climbs", "thousands of files", "one name twice"],
)
def test_other_archives_that_mean_harm(hospital, entries):
    answer = upload(Door(hospital.safety_officer), zipped(entries))
    assert answer.status_code == 400 and answer.json()["code"].startswith("meddra_")  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "content", [b"%PDF-1.7 ...", b"MZ\x90\x00", b"\x7fELF", b"<html><script>1</script></html>", b""]
)
def test_what_only_passes_for_an_archive_is_none(hospital, content):
    door = Door(hospital.safety_officer)
    if content:
        answer = upload(door, content)
        assert answer.status_code == 400 and answer.json()["code"] == "meddra_not_an_archive"  # type: ignore[attr-defined]
    else:
        assert door.post("meddra/uploads/", {"size_bytes": 0}).status_code == 400
