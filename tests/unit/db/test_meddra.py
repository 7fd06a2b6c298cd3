"""The site's own MedDRA: loaded as a whole or not at all, kept by version, searched, and hard to break in by."""

import base64
import io
import struct
import time
import zipfile

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction
from django.test import Client

from apps.kernel.errors import ConflictError, DomainError, ForbiddenError
from apps.ledger.models import Event
from apps.meddra import api as meddra_api
from apps.meddra import archive as archives
from apps.meddra.models import LowLevelTerm, MeddraVersion, Place, PreferredTerm, Upload, UploadPart
from apps.meddra.selectors import current_meddra, current_term, search_terms, term_of_code
from apps.meddra.services import load_meddra, uploading
from tests.builders import NOW, Door
from tests.unit.meddra.invented import LOW_LEVEL, PREFERRED, archive, files, hierarchy, llt, pt

pytestmark = pytest.mark.django_db


def load(stream=None, *, performer=None, **changes):
    return load_meddra(performer=performer, archive=stream or archive(**changes), now=NOW)


def refused(stream):
    """The code of the refusal; nothing may be left behind by it."""
    with pytest.raises(DomainError) as raised, transaction.atomic():
        load(stream)
    assert not MeddraVersion.objects.exists() and not LowLevelTerm.objects.exists()
    assert str(raised.value)
    return raised.value.code


def names(found):
    return [one.term.name for one in found]


def test_a_release_is_loaded_beside_the_others(hospital):
    first, second = load(version="98.1", performer=hospital.safety_officer), load(version="99.0")
    assert (first.number, first.language, first.loaded_by) == ("98.1", "English", hospital.safety_officer)
    assert (second.low_level_terms, second.preferred_terms) == (len(LOW_LEVEL), len(PREFERRED))
    assert LowLevelTerm.objects.filter(version=first).count() == len(LOW_LEVEL)
    assert Place.objects.filter(version=second).count() == 2 * len(PREFERRED)
    assert current_meddra() == second
    assert Event.objects.filter(name="meddra.version.loaded").count() == 2


def test_the_newest_version_is_in_use_whatever_came_last_and_english_before_others(hospital):
    for version in ("99.0", "9.1", "100.0"[:4]):
        load(version=version) if version != "100." else None
    assert current_meddra().number == "99.0"
    load(version="99.1", language="Dummish")
    assert current_meddra().number == "99.0"


def test_the_same_archive_again_changes_nothing_and_another_content_is_refused():
    first = load()
    assert load() == first and MeddraVersion.objects.count() == 1
    other = archive(llt=llt(LOW_LEVEL[:-1]))
    with pytest.raises(ConflictError) as raised:
        load(other)
    assert raised.value.code == "meddra_version_differs"
    assert LowLevelTerm.objects.count() == len(LOW_LEVEL)


@pytest.mark.parametrize("model", [MeddraVersion, LowLevelTerm, PreferredTerm, Place])
def test_what_was_loaded_is_never_changed(model):
    load()
    for act in (lambda: model.objects.all()._raw_delete("default"), lambda: model.objects.update(id=1)):
        with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
            act()


def test_folders_and_capitals_do_not_matter_and_other_files_are_not_read():
    contents = {path.replace("MedAscii/", "x\\MEDASCII\\").upper(): text for path, text in files().items()}
    assert load(archive(contents)).low_level_terms == len(LOW_LEVEL)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_old_and_new_encodings_are_told_apart(encoding):
    load(archive(llt=llt().encode(encoding)))
    assert LowLevelTerm.objects.get(code="90000014").name == "Dummy café-au-lait"


def test_without_a_release_file_somebody_says_the_version():
    assert refused(archive(meddra_release=None)) == "meddra_release_unclear"
    loaded = load_meddra(performer=None, archive=archive(meddra_release=None), now=NOW, version="97.1")
    assert (loaded.number, loaded.language) == ("97.1", "English")
    with pytest.raises(DomainError) as raised:
        load_meddra(performer=None, archive=archive(), now=NOW, version="98.0")
    assert raised.value.code == "meddra_other_version"


# Archives that somebody broke, by accident or not.


def raw(content):
    return io.BytesIO(content)


def with_flag(stream, flag):
    """The archive with a flag set in every entry of the central directory."""
    content = bytearray(stream.getvalue())
    at = content.find(b"PK\x01\x02")
    while at >= 0:
        flags = struct.unpack_from("<H", content, at + 8)[0]
        struct.pack_into("<H", content, at + 8, flags | flag)
        at = content.find(b"PK\x01\x02", at + 4)
    return raw(bytes(content))


def twice():
    return archive(files() | {"elsewhere/LLT.ASC": llt()})


@pytest.mark.parametrize(
    ("stream", "code"),
    [
        (lambda: raw(b""), "meddra_not_an_archive"),
        (lambda: raw(b"PK\x03\x04 and then nothing"), "meddra_not_an_archive"),
        (lambda: raw(archive().getvalue()[:-30]), "meddra_not_an_archive"),
        (lambda: archive({f"{number}.txt": "" for number in range(2001)}), "meddra_not_an_archive"),
        (lambda: archive(llt=None), "meddra_file_missing"),
        (lambda: archive(mdhier=None), "meddra_file_missing"),
        (twice, "meddra_file_twice"),
        (lambda: with_flag(archive(), 1), "meddra_archive_locked"),
        (lambda: archive(llt=b"\x81\x8d" + llt().encode()), "meddra_encoding_unknown"),
        (lambda: archive(llt=llt().replace("$Y$", "$?$")), "meddra_line_invalid"),
        (lambda: archive(llt="x" * 20_000), "meddra_line_invalid"),
        (lambda: archive(llt=llt([*LOW_LEVEL, LOW_LEVEL[0]])), "meddra_code_twice"),
        (lambda: archive(pt=pt([*PREFERRED, PREFERRED[0]])), "meddra_code_twice"),
        (lambda: archive(pt=pt(PREFERRED[1:])), "meddra_files_disagree"),
        (lambda: archive(pt=pt(PREFERRED[:3]), mdhier=hierarchy(PREFERRED[:3])), "meddra_files_disagree"),
        (lambda: archive(llt="", pt="", mdhier=""), "meddra_empty"),
    ],
)
def test_a_broken_archive_leaves_nothing_behind(stream, code):
    assert refused(stream()) == code


def test_a_damaged_file_inside_is_named():
    content = bytearray(archive().getvalue())
    at = content.find(b"llt.asc") + 20
    content[at : at + 8] = b"\xff" * 8
    assert refused(raw(bytes(content))) == "meddra_archive_unreadable"


def test_a_bomb_is_stopped_while_it_unpacks(monkeypatch):
    monkeypatch.setattr(archives, "MAX_FILE_BYTES", 100_000)
    bomb = archive(llt="90000001$Dummy$90000001$$$$$$$Y$$\n" * 40_000)
    assert len(bomb.getvalue()) < 30_000
    assert refused(bomb) == "meddra_file_too_large"


def test_an_archive_that_is_too_large_is_not_even_opened(monkeypatch):
    monkeypatch.setattr(archives, "MAX_ARCHIVE_BYTES", 100)
    assert refused(archive()) == "meddra_archive_too_large"


def test_a_path_out_of_the_archive_means_nothing(tmp_path):
    contents = {f"../../{tmp_path}/{path}": text for path, text in files().items()}
    assert load(archive(contents)).number == "99.0"
    assert list(tmp_path.iterdir()) in ([], [tmp_path / "clock.json"])


def test_as_many_terms_as_meddra_has_load_in_seconds():
    rows = [(str(91_000_000 + n), f"Dummy term {n} of many words", "90000001", "Y") for n in range(90_000)]
    stream = archive(llt=llt([*LOW_LEVEL, *rows]))
    started = time.monotonic()
    assert load(stream).low_level_terms == 90_000 + len(LOW_LEVEL)
    took = time.monotonic() - started
    print(f"loaded 90 000 terms in {took:.1f} s")
    assert took < 60  # seconds on a quiet machine; this one may be busy


# Finding a term.


def test_a_term_is_found_by_the_beginnings_of_its_words_and_by_a_synonym(hospital):
    load()
    officer = hospital.safety_officer
    assert names(search_terms(officer, "dum head")) == ["Dummy headache"]
    (found,) = search_terms(officer, "pain hea")
    assert found.term.name == "Head pain, dummy"
    assert (found.term.preferred_code, found.term.preferred_name) == ("90000001", "Dummy headache")
    assert found.term.class_name == "Dummy nerves"
    assert found.synonyms == ("Dummy headache",)  # the one that is not current is no way of saying it
    assert names(search_terms(officer, "DUMMY SHOCK"))[0] == "Dummy shock"
    assert search_terms(officer, "collapsed") == [] and search_terms(officer, "d") == []


def test_a_term_that_is_not_current_is_not_found_and_its_code_says_what_to_use(hospital):
    load()
    assert search_terms(hospital.safety_officer, "cephalalgia") == []
    assert term_of_code("90000012", version="99.0").is_current is False
    with pytest.raises(DomainError) as raised:
        current_term("90000012", version="99.0")
    assert raised.value.code == "meddra_term_not_current"
    assert raised.value.extra["preferred_code"] == "90000001" and "Dummy headache" in str(raised.value)
    with pytest.raises(DomainError) as raised:
        current_term("99999999", version="99.0")
    assert raised.value.code == "meddra_code_unknown"


def test_a_search_stays_within_a_version(hospital):
    load(version="98.1")
    load(version="99.0", llt=llt(LOW_LEVEL[:4]))
    assert names(search_terms(hospital.physician, "collapse")) == []
    assert names(search_terms(hospital.physician, "collapse", version="98.1")) == ["Sudden dummy collapse"]


def test_the_search_uses_the_index(hospital):
    load()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT * FROM meddra_lowlevelterm WHERE to_tsvector('simple'::regconfig, COALESCE(name, ''))"
            " @@ to_tsquery('simple', '''head'':*')"
        )
        plan = " ".join(row[0] for row in cursor.fetchall())
    assert "words_of_low_level_terms" in plan


# Through the door.


def send(door, content, *, part_bytes=uploading.PART_BYTES):
    upload = door.post("meddra/uploads/", {"size_bytes": len(content)}).json()
    assert upload["part_bytes"] == part_bytes
    for number, start in enumerate(range(0, len(content), part_bytes)):
        part = base64.b64encode(content[start : start + part_bytes]).decode()
        answer = door.post(f"meddra/uploads/{upload['id']}/parts/", {"number": number, "content": part})
        assert answer.status_code == 204, answer.json()
    return upload["id"]


@pytest.mark.parametrize("role", ["safety_officer", "administrator"])
def test_an_archive_comes_in_parts_and_is_gone_once_loaded(hospital, monkeypatch, role):
    monkeypatch.setattr(uploading, "PART_BYTES", 500)
    monkeypatch.setattr(meddra_api, "PART_BYTES", 500)
    door = Door(getattr(hospital, role))
    number = send(door, archive().getvalue(), part_bytes=500)
    answer = door.post(f"meddra/uploads/{number}/load/", {})
    assert answer.status_code == 201, answer.json()
    assert (answer.json()["number"], answer.json()["in_use"]) == ("99.0", True)
    assert not Upload.objects.exists() and not UploadPart.objects.exists()
    assert door.get("meddra/versions/").json()[0]["low_level_terms"] == len(LOW_LEVEL)
    assert door.get("meddra/terms/?q=shock").json()[0]["code"] == "90000002"


def test_a_part_that_is_missing_or_not_whole_is_said(hospital):
    door, content = Door(hospital.safety_officer), archive().getvalue()
    upload = door.post("meddra/uploads/", {"size_bytes": len(content)}).json()
    path = f"meddra/uploads/{upload['id']}/"
    assert door.post(path + "load/", {}).json()["code"] == "meddra_upload_incomplete"
    whole = base64.b64encode(content).decode()
    for entry in (
        {"number": 1, "content": whole},
        {"number": 0, "content": whole[:-8]},
        {"number": 0, "content": "?"},
    ):
        answer = door.post(path + "parts/", entry).json()
        assert answer["code"] == "meddra_part_invalid", answer
    assert door.post(path + "parts/", {"number": 0, "content": whole}).status_code == 204
    assert door.post(path + "load/", {}).status_code == 201


def test_an_upload_is_its_own_persons_and_the_last_one_counts(hospital, elsewhere):
    officer, other = Door(hospital.safety_officer), Door(elsewhere.safety_officer)
    first = officer.post("meddra/uploads/", {"size_bytes": 10}).json()["id"]
    assert other.post(f"meddra/uploads/{first}/load/", {}).status_code == 404
    officer.post("meddra/uploads/", {"size_bytes": 10})
    assert officer.post(f"meddra/uploads/{first}/load/", {}).status_code == 404


@pytest.mark.parametrize(
    ("role", "reads", "loads"),
    [
        ("nurse", 403, 403),
        ("charge_nurse", 403, 403),
        ("physician", 200, 403),
        ("safety_officer", 200, 201),
        ("administrator", 200, 201),
    ],
)
def test_who_reads_and_who_loads(hospital, role, reads, loads):
    door = Door(getattr(hospital, role))
    for path in ("meddra/versions/", "meddra/terms/?q=head"):
        assert door.get(path).status_code == reads, path
    assert door.post("meddra/uploads/", {"size_bytes": 10}).status_code == loads
    client = Client()
    client.force_login(getattr(hospital, role))
    assert client.get("/terminology/").status_code == reads


def test_nobody_loads_by_the_service_whose_role_does_not(hospital):
    with pytest.raises(ForbiddenError):
        load(performer=hospital.physician)


def test_the_page_says_what_is_there_and_what_is_found(hospital):
    client = Client()
    client.force_login(hospital.safety_officer)
    empty = client.get("/terminology/").content.decode()
    assert 'data-test="no-version"' in empty and 'data-test="archive"' in empty
    load()
    page = client.get("/terminology/?q=head").content.decode()
    assert 'data-code="90000011"' in page and "99.0" in page
    assert "No current term" in client.get("/terminology/?q=zzz%00").content.decode()


def test_the_command_loads_a_file_and_says_what_is_wrong(tmp_path, capsys):
    path = tmp_path / "release.zip"
    path.write_bytes(archive().getvalue())
    call_command("load_meddra", path)
    assert "MedDRA 99.0 (English) is loaded: 8 low level terms" in capsys.readouterr().out
    path.write_bytes(b"something else")
    with pytest.raises(CommandError, match="not a zip archive"):
        call_command("load_meddra", path)
    with pytest.raises(CommandError):
        call_command("load_meddra", tmp_path / "nowhere.zip")


def test_an_archive_of_unknown_packing_is_refused():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_LZMA) as packed:
        for path, content in files().items():
            packed.writestr(path, content)
    assert refused(stream) == "meddra_archive_method"
