"""What receivers answer: kept as it came, matched to what was sent, and what it changes."""

from datetime import timedelta

import pytest

from apps.alerts.selectors import alerts_for_officer
from apps.cases.domain.versions import Kind
from apps.cases.models import CaseClock
from apps.kernel.errors import DomainError
from apps.ledger.models import Event, Timer
from apps.submissions import delivering
from apps.submissions.models import ForeignFile, ForeignReport, StoredAcknowledgement, Submission
from apps.submissions.selectors import parts_of, sendable, unmatched_acknowledgements
from apps.submissions.services import import_acknowledgement, import_reports, note_handed_over
from apps.submissions.site import site_receiver
from tests.unit.db.case_stories import keep
from tests.unit.db.submission_stories import (
    LATER,
    Answering,
    GatewaySink,
    batch_answer,
    open_gateway,
    prepare,
    report_answer,
    sendable_case,
    sending,
    set_receivers,
)

pytestmark = pytest.mark.django_db
DAY = LATER + timedelta(days=1)


@pytest.fixture
def case(hospital, settings, monkeypatch):
    return sendable_case(hospital, settings, monkeypatch)


@pytest.fixture
def receiver(settings, tmp_path):
    set_receivers(settings, tmp_path, {"code": "centre"})


@pytest.fixture
def sent(hospital, case, receiver):
    submission = prepare(hospital, case)
    note_handed_over(performer=hospital.safety_officer, submission_id=submission.pk, reference="", now=LATER)
    return submission


def take(hospital, content, *, now=DAY, origin="upload"):
    return import_acknowledgement(performer=hospital.safety_officer, content=content, origin=origin, now=now)


def states(submission):
    submission.refresh_from_db()
    return submission.answered, [report.outcome for report in submission.reports.all()]


def test_an_accepted_report_stops_the_clock_at_the_moment_it_was_delivered(hospital, case, sent):
    stored = take(hospital, batch_answer(sent, report_answer(case.report_id)))
    assert (stored.match, stored.submission_id) == ("matched", sent.pk)
    assert states(sent) == ("accepted", ["accepted"])
    assert sent.reports.get().local_number == "PV-" + case.report_id[-3:]
    clocks = CaseClock.objects.filter(case=case)
    assert {(clock.state, clock.met_at) for clock in clocks} == {("met", LATER)}
    assert not Timer.objects.filter(kind="submission.answer.late", state="pending").exists()
    assert Event.objects.filter(name="submission.answered").count() == 1


@pytest.mark.parametrize(
    ("verdict", "remark", "batch", "answered", "outcome", "clock", "told"),
    [
        ("CA", "", "AA", "accepted", "accepted", "met", False),
        ("CA", "Weight looks low.", "AA", "accepted_with_remarks", "accepted_with_remarks", "met", False),
        ("CR", "No MedDRA version.", "AE", "rejected", "rejected", "running", True),
        ("CR", "", "AR", "rejected", "rejected", "running", True),
        ("CA", "", "AR", "contradicting", "contradicting", "running", True),
        ("CR", "", "AA", "contradicting", "contradicting", "running", True),
    ],
)
def test_what_each_answer_changes(
    hospital, case, sent, verdict, remark, batch, answered, outcome, clock, told
):
    take(hospital, batch_answer(sent, report_answer(case.report_id, verdict, remark), verdict=batch))
    assert states(sent) == (answered, [outcome])
    assert set(CaseClock.objects.filter(case=case).values_list("state", flat=True)) == {clock}
    alerts = [alert.code for alert in alerts_for_officer(hospital.safety_officer)]
    assert alerts == (["submission_refused"] if told else [])


def test_one_of_two_refused_is_partly(hospital, case, receiver, settings, monkeypatch):
    other = sendable_case(hospital, settings, monkeypatch, name="Testperson Furu")
    submission = prepare(hospital, case, other)
    answers = report_answer(case.report_id), report_answer(other.report_id, "CR")
    take(hospital, batch_answer(submission, *answers, verdict="AE"))
    assert states(submission) == ("partly", ["accepted", "rejected"])
    assert set(CaseClock.objects.filter(case=case).values_list("state", flat=True)) == {"met"}
    assert set(CaseClock.objects.filter(case=other).values_list("state", flat=True)) == {"running"}
    assert submission.state == "sent"  # who answers it has it


def test_the_same_answer_again_is_kept_and_changes_nothing(hospital, case, sent):
    content = batch_answer(sent, report_answer(case.report_id))
    take(hospital, content)
    again = take(hospital, content, now=DAY + timedelta(days=1))
    assert (again.match, again.submission_id) == ("repeated", sent.pk)
    assert states(sent) == ("accepted", ["accepted"])
    assert Event.objects.filter(name="submission.answered").count() == 1
    assert sent.receipts.filter(kind="acknowledged").count() == 2


def test_a_contradicting_answer_is_kept_told_and_undoes_no_clock(hospital, case, sent):
    take(hospital, batch_answer(sent, report_answer(case.report_id)))
    take(hospital, batch_answer(sent, report_answer(case.report_id, "CR"), verdict="AE", number="ACK-2"))
    assert states(sent) == ("contradicting", ["contradicting"])
    assert [one.match for one in sent.acknowledgements.all()] == ["matched", "matched"]
    assert [alert.code for alert in alerts_for_officer(hospital.safety_officer)] == ["submission_refused"]
    assert set(CaseClock.objects.filter(case=case).values_list("state", flat=True)) == {"met"}


def test_a_refused_version_may_be_sent_again_and_a_follow_up_is_then_the_first(hospital, case, sent):
    take(hospital, batch_answer(sent, report_answer(case.report_id, "CR"), verdict="AE"))
    assert not sendable(case.pk, site_receiver("centre"), now=DAY).already_sent
    second = prepare(hospital, case, now=DAY)
    assert second.batch_number != sent.batch_number
    take(hospital, batch_answer(second, report_answer(case.report_id), number="ACK-2"))
    assert states(second) == ("accepted", ["accepted"]) and states(sent)[0] == "rejected"


def test_an_answer_without_a_batch_finds_the_one_that_held_its_reports(hospital, case, sent):
    stored = take(hospital, batch_answer(sent, report_answer(case.report_id), batch=""))
    assert stored.submission_id == sent.pk and states(sent)[0] == "accepted"


@pytest.mark.parametrize("batch", ["SOMEBODY-ELSES", ""])
def test_what_answers_nothing_of_ours_is_kept_and_shown(hospital, sent, batch):
    stored = take(hospital, batch_answer(sent, report_answer("XX-OTHER-1"), batch=batch))
    assert (stored.match, stored.submission_id) == ("unmatched", None)
    assert unmatched_acknowledgements(hospital.safety_officer) == [stored]
    assert states(sent)[0] == "not_yet"


def test_what_is_no_acknowledgement_is_refused_with_a_sentence(hospital, sent):
    for content in (b"<nothing/>", b"no xml", b"".join(parts_of(sent.pk))):
        with pytest.raises(DomainError) as raised:
            take(hospital, content)
        assert str(raised.value)
    with pytest.raises(DomainError) as raised:
        import_acknowledgement(
            performer=hospital.physician, content=batch_answer(sent), origin="upload", now=DAY
        )
    assert raised.value.code == "not_your_role"
    assert not StoredAcknowledgement.objects.exists()


def test_a_gateway_may_answer_at_once(hospital, case, settings, tmp_path, clock, monkeypatch):
    fire = sending(clock, monkeypatch)
    with GatewaySink() as sink:
        open_gateway(settings, tmp_path, sink)
        submission = prepare(hospital, case)
        sink.answering = Answering(body=batch_answer(submission, report_answer(case.report_id)))
        fire(LATER)
    assert states(submission) == ("accepted", ["accepted"])
    assert submission.acknowledgements.get().origin == "gateway"


def test_answers_lying_in_a_directory_are_picked_up(
    hospital, case, settings, tmp_path, clock, monkeypatch, django_capture_on_commit_callbacks
):
    out, back = tmp_path / "out", tmp_path / "back"
    out.mkdir()
    back.mkdir()
    set_receivers(
        settings,
        tmp_path,
        {"code": "centre", "delivery": "directory", "directory": str(out), "answers_directory": str(back)},
    )
    fire = sending(clock, monkeypatch)
    submission = prepare(hospital, case)
    fire(LATER)
    (back / "ack.xml").write_bytes(batch_answer(submission, report_answer(case.report_id)))
    (back / "broken.xml").write_bytes(b"<broken")
    (back / ".unfinished.xml").write_bytes(b"<")
    (back / "link.xml").symlink_to(back / "ack.xml")
    with django_capture_on_commit_callbacks(execute=True):
        fire(LATER + timedelta(minutes=15))
    assert states(submission)[0] == "accepted"
    assert [path.name for path in (back / "imported").iterdir()] == ["ack.xml"]
    assert [path.name for path in (back / "not-read").iterdir()] == ["broken.xml"]
    assert (back / ".unfinished.xml").exists()
    assert not Timer.objects.filter(kind="submission.answer.look", state="pending").exists()


def test_an_answer_whose_moving_failed_is_imported_once(
    hospital, case, sent, settings, tmp_path, monkeypatch
):
    back = tmp_path / "back"
    back.mkdir()
    set_receivers(settings, tmp_path, {"code": "centre", "answers_directory": str(back)})
    (back / "ack.xml").write_bytes(batch_answer(sent, report_answer(case.report_id)))
    moved = delivering.put_away
    monkeypatch.setattr(delivering, "put_away", lambda *_, **__: None)
    delivering.pick_up_answers()
    monkeypatch.setattr(delivering, "put_away", moved)
    delivering.pick_up_answers()
    assert StoredAcknowledgement.objects.count() == 1 and not (back / "ack.xml").exists()


# Reports of others.


def test_reports_of_others_are_kept_beside_ours_and_once(hospital, case, sent):
    from apps.cases.models import Case

    content = b"".join(parts_of(sent.pk))
    file = import_reports(performer=hospital.safety_officer, content=content, now=DAY, name="theirs.xml")
    assert import_reports(performer=hospital.safety_officer, content=content, now=DAY) == file
    (report,) = ForeignReport.objects.all()
    assert (report.report_number, file.sender, file.batch_number) == (
        case.report_id,
        "CLINIC",
        sent.batch_number,
    )
    assert report.reactions and report.drugs
    assert Case.objects.count() == 1 and Submission.objects.count() == 1
    with pytest.raises(DomainError):
        import_reports(performer=hospital.safety_officer, content=b"<nothing/>", now=DAY)
    with pytest.raises(DomainError) as raised:
        import_reports(performer=hospital.physician, content=content, now=DAY)
    assert raised.value.code == "not_your_role" and ForeignFile.objects.count() == 1


def test_a_follow_up_is_measured_by_what_this_receiver_has(hospital, case, sent, monkeypatch):
    from dataclasses import replace

    from tests.unit.db.submission_stories import SEVERE

    monkeypatch.setattr(
        "apps.cases.gathering.reviewed_parts", lambda event: (replace(SEVERE, outcome="recovering"),)
    )
    keep(hospital, case, Kind.FOLLOW_UP, now=DAY)
    seen = sendable(case.pk, site_receiver("centre"), now=DAY)
    assert (seen.faults, seen.already_sent, seen.last.version_number) == ((), False, 1)
    assert prepare(hospital, case, now=DAY).reports.get().version_number == 2
