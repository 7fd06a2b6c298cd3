"""Sending over the API and its pages: what an officer reads and does, what a physician reads, in every language."""

import base64
import hashlib
import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from apps.audit.models import Reading
from apps.cases.domain.versions import Kind
from apps.icsr.services import read_batch
from apps.ledger.models import Event
from apps.submissions.models import ForeignReport, StoredAcknowledgement, Submission
from tests.builders import NOW, Door
from tests.unit.db.case_stories import headache, keep, open_for
from tests.unit.db.submission_stories import (
    LATER,
    batch_answer,
    prepare,
    report_answer,
    sendable_case,
    set_receivers,
)

pytestmark = pytest.mark.django_db
NAME = "Testperson Gran"


@pytest.fixture
def case(hospital, settings, monkeypatch, tmp_path, clock):
    made = sendable_case(hospital, settings, monkeypatch)
    set_receivers(settings, tmp_path, {"code": "centre"}, {"code": "no", "identifier": "DMP"})
    clock.set(LATER)
    return made


def page(user, path, language="en"):
    client = Client(headers={"accept-language": language})
    client.force_login(user)
    answer = client.get(path)
    return answer.status_code, answer.content.decode()


def encoded(content, name="ack.xml"):
    return {"name": name, "content": base64.b64encode(content).decode()}


def test_an_officer_sends_takes_hands_over_and_brings_the_answer(hospital, case):
    door = Door(hospital.safety_officer)
    rows = {row["receiver"]: row for row in door.get(f"cases/{case.pk}/sending/").json()}
    assert rows["centre"]["sendable"] and not rows["centre"]["faults"]
    assert "No public source" in rows["no"]["remark"]
    made = door.post("submissions/", {"case_ids": [case.pk], "receiver": "centre"})
    assert made.status_code == 201
    sent = made.json()
    assert (sent["state"], sent["answered"]) == ("ready", "not_yet")
    again = door.post("submissions/", {"case_ids": [case.pk], "receiver": "centre"})
    assert (again.status_code, again.json()["code"]) == (409, "already_sent")
    assert again.json()["extra"]["submission_id"] == sent["id"]

    file = door.get(f"submissions/{sent['id']}/file/")
    content = b"".join(file.streaming_content)
    assert hashlib.sha256(content).hexdigest() == sent["sha256"]
    assert file["Content-Type"].startswith("application/xml")
    assert file["Content-Disposition"] == f'attachment; filename="{sent["batch_number"]}.xml"'
    left = Event.objects.get(name="audit.export.taken").payload
    assert (left["sha256"], left["bytes"]) == (sent["sha256"], len(content))
    assert (left["records"], left["patients"]) == (1, 1)
    assert Reading.objects.get(purpose="export").patient_id == case.patient_id
    handed = door.post(f"submissions/{sent['id']}/hand-over/", {"reference": "AR-1"}).json()
    assert handed["state"] == "sent" and not handed["can_withdraw"]

    submission = Submission.objects.get()
    answer = batch_answer(submission, report_answer(case.report_id, remark="Weight looks low."))
    brought = door.post("acknowledgements/", encoded(answer)).json()
    assert (brought["match"], brought["submission_id"]) == ("matched", submission.pk)
    (said,) = brought["answers"]
    assert said["remarks"] == [{"kind_name": "Warning", "text": "Weight looks low."}]
    shown = door.get(f"submissions/{sent['id']}/").json()
    assert shown["answered"] == "accepted_with_remarks"
    assert shown["reports"][0]["outcome"] == "accepted_with_remarks"
    assert [line["kind"] for line in shown["receipts"]] == [
        "prepared", "taken", "handed_over", "acknowledged",
    ]  # fmt: skip
    assert len(door.get("submissions/").json()) == 1
    (row,) = [one for one in door.get(f"cases/{case.pk}/sending/").json() if one["receiver"] == "centre"]
    assert row["already_sent"] and row["sent_version"] == 1


def test_a_write_that_is_repeated_under_its_key_sends_once(hospital, case):
    door = Door(hospital.safety_officer)
    body = {"case_ids": [case.pk], "receiver": "centre"}
    one, other = (door.post("submissions/", body, key="6b1f4a0e-0000-4000-8000-000000000001") for _ in "12")
    assert one.json()["id"] == other.json()["id"] and Submission.objects.count() == 1


def test_rules_that_are_not_kept_are_told_with_the_page_that_mends_them(hospital, case, monkeypatch):
    loose = open_for(hospital, headache(hospital, name="Testperson Lind"))
    keep(hospital, loose, Kind.INITIAL, now=NOW + timedelta(hours=5))
    door = Door(hospital.safety_officer)
    (row,) = [one for one in door.get(f"cases/{loose.pk}/sending/").json() if one["receiver"] == "centre"]
    assert not row["sendable"] and row["faults"]
    assert all(fault["text"] for fault in row["faults"])
    assert any(fault["address"].startswith(f"/cases/{loose.pk}/") for fault in row["faults"])
    refused = door.post("submissions/", {"case_ids": [loose.pk], "receiver": "centre"})
    assert (refused.status_code, refused.json()["code"]) == (400, "rules_not_kept")
    status, text = page(hospital.safety_officer, f"/cases/{loose.pk}/?tab=sending")
    assert status == 200 and 'data-test="sending-faults"' in text and 'value="centre"' not in text


@pytest.mark.parametrize("language", ["en", "nb", "fa"])
def test_every_page_opens_in_every_language_and_names_nobody(hospital, case, language):
    submission = prepare(hospital, case)
    door = Door(hospital.safety_officer)
    door.post("acknowledgements/", encoded(batch_answer(submission, report_answer(case.report_id, "CR"))))
    door.post("acknowledgements/", encoded(batch_answer(submission, report_answer("X-1"), batch="OTHER")))
    door.post(
        "foreign-cases/", encoded(b"".join(door.get(f"submissions/{submission.pk}/file/").streaming_content))
    )
    for path in (
        "/submissions/",
        f"/submissions/{submission.pk}/",
        f"/cases/{case.pk}/?tab=sending",
        "/foreign-cases/",
        f"/foreign-cases/{ForeignReport.objects.get().pk}/",
    ):
        status, text = page(hospital.safety_officer, path, language)
        assert status == 200, path
        assert NAME not in text and case.patient.medical_record_number not in text
        assert case.report_id in text


def test_the_case_says_on_every_tab_what_became_of_it(hospital, case):
    assert 'data-test="case-sending"' not in page(hospital.physician, f"/cases/{case.pk}/")[1]
    submission = prepare(hospital, case)
    assert "Ready to be handed over" in page(hospital.physician, f"/cases/{case.pk}/")[1]
    Door(hospital.safety_officer).post(
        "acknowledgements/", encoded(batch_answer(submission, report_answer(case.report_id)))
    )
    _, text = page(hospital.physician, f"/cases/{case.pk}/?tab=clocks")
    assert 'data-test="case-sending">Accepted<' in text
    assert "Met" in text


def test_a_physician_reads_and_does_not_send(hospital, case):
    submission = prepare(hospital, case)
    for path in ("/submissions/", f"/submissions/{submission.pk}/", f"/cases/{case.pk}/?tab=sending"):
        status, text = page(hospital.physician, path)
        assert status == 200
        assert 'data-test="send-case"' not in text and 'data-test="hand-over"' not in text
    assert page(hospital.physician, "/foreign-cases/")[0] == 403
    door = Door(hospital.physician)
    for path in ("acknowledgements/", "foreign-cases/"):
        assert door.get(path).status_code == 403
        assert door.post(path, encoded(b"<x/>")).status_code == 403
    assert page(hospital.nurse, "/submissions/")[0] == 403
    assert (
        Door(hospital.nurse).post("submissions/", {"case_ids": [case.pk], "receiver": "centre"}).status_code
        == 403
    )


def test_another_wards_officer_finds_nothing_of_it(hospital, elsewhere, case):
    submission = prepare(hospital, case)
    door = Door(elsewhere.safety_officer)
    assert door.get("submissions/").json() == []
    assert page(elsewhere.safety_officer, f"/submissions/{submission.pk}/")[0] == 404
    assert door.get(f"submissions/{submission.pk}/file/").status_code == 404


def test_a_file_of_receivers_that_is_wrong_is_told_on_the_page(hospital, case, settings, tmp_path):
    (tmp_path / "receivers.json").write_text("[{")
    status, text = page(hospital.safety_officer, f"/cases/{case.pk}/?tab=sending")
    assert status == 200 and "SUBMISSION_RECEIVERS" in text
    settings.SUBMISSION_RECEIVERS = ""
    _, text = page(hospital.safety_officer, f"/cases/{case.pk}/?tab=sending")
    assert 'data-test="no-receiver"' in text


def test_what_is_no_base64_or_no_xml_is_refused_with_a_sentence(hospital, case):
    door = Door(hospital.safety_officer)
    for body in ({"content": "%%%"}, {"content": ""}, {}, encoded(b"\xff\xfe"), encoded(b"<x/>")):
        for path in ("acknowledgements/", "foreign-cases/"):
            answer = door.post(path, body)
            assert answer.status_code == 400 and answer.json()["message"], (path, body)
    assert not StoredAcknowledgement.objects.exists()


def test_a_report_of_others_is_read_as_its_file_says_it(hospital, case):
    submission = prepare(hospital, case)
    door = Door(hospital.safety_officer)
    content = b"".join(door.get(f"submissions/{submission.pk}/file/").streaming_content)
    (row,) = door.post("foreign-cases/", encoded(content, "theirs.xml")).json()
    assert door.post("foreign-cases/", encoded(content)).json() == [row]
    shown = door.get(f"foreign-cases/{row['id']}/").json()
    assert shown["lots"] == ["LOT-A1204", "LOT-B77"] and shown["narrative"]
    assert (shown["file_name"], shown["sender"]) == ("theirs.xml", "CLINIC")
    assert len(door.get("foreign-cases/").json()) == 1


# Commands.


def test_every_standing_case_goes_into_one_file(hospital, case, tmp_path):
    loose = open_for(hospital, headache(hospital, name="Testperson Lind"))
    keep(hospital, loose, Kind.INITIAL, now=NOW + timedelta(hours=5))
    out, said, told = tmp_path / "all.xml", io.StringIO(), io.StringIO()
    call_command("export_icsrs", receiver="centre", out=str(out), stdout=said, stderr=told)
    read = read_batch(out.read_bytes())
    assert [one.message.identifier for one in read.messages] == [case.report_id]
    assert hashlib.sha256(out.read_bytes()).hexdigest() in said.getvalue()
    loose.refresh_from_db()
    assert loose.report_id in told.getvalue()
    assert not Submission.objects.exists()
    with pytest.raises(CommandError):
        call_command("export_icsrs", receiver="centre", out=str(out))
    with pytest.raises(CommandError):
        call_command("export_icsrs", receiver="nobody", out=str(tmp_path / "other.xml"))
    assert {path.name for path in Path(tmp_path).glob("*.xml")} == {"all.xml"}


def test_files_too_large_for_a_page_come_by_a_command(hospital, case, tmp_path):
    submission = prepare(hospital, case)
    answer, report, broken = (tmp_path / name for name in ("a.xml", "b.xml", "c.xml"))
    answer.write_bytes(batch_answer(submission, report_answer(case.report_id)))
    report.write_bytes(
        b"".join(Door(hospital.safety_officer).get(f"submissions/{submission.pk}/file/").streaming_content)
    )
    broken.write_bytes(b"<x")
    with pytest.raises(CommandError, match=r"c\.xml"):
        call_command(
            "import_icsrs", str(broken), str(answer), str(report), stdout=io.StringIO(), stderr=io.StringIO()
        )
    submission.refresh_from_db()
    assert submission.answered == "accepted" and ForeignReport.objects.count() == 1
