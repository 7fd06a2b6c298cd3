"""A case on its way to a receiver: checked before, the same bytes each time, a trail of every step."""

import hashlib
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.db.models import ProtectedError

from apps.alerts.models import Alert
from apps.alerts.selectors import alerts_for_officer
from apps.cases.domain.versions import Kind
from apps.cases.models import CaseClock
from apps.icsr.services import read_batch
from apps.kernel.errors import ConflictError, DomainError, NotFoundError
from apps.ledger.models import Event, Timer
from apps.submissions import delivering
from apps.submissions.domain.outcomes import MAX_ATTEMPTS
from apps.submissions.models import Receipt, Submission, SubmissionPart
from apps.submissions.selectors import parts_of, sendable
from apps.submissions.services import (
    note_handed_over,
    prepare_submission,
    send_again,
    withdraw_submission,
)
from apps.submissions.site import site_receiver
from tests.builders import NOW
from tests.unit.db.case_stories import describe_site, headache, keep, load_terms, open_for
from tests.unit.db.submission_stories import (
    LATER,
    Answering,
    GatewaySink,
    open_gateway,
    prepare,
    sendable_case,
    sending,
    set_receivers,
)

pytestmark = pytest.mark.django_db
K = Receipt.Kind


@pytest.fixture
def case(hospital, settings, monkeypatch):
    return sendable_case(hospital, settings, monkeypatch)


@pytest.fixture
def hook(settings, tmp_path):
    with GatewaySink() as sink:
        open_gateway(settings, tmp_path, sink)
        yield sink


@pytest.fixture
def fire(clock, monkeypatch):
    return sending(clock, monkeypatch)


def trail(submission):
    return list(submission.receipts.values_list("kind", flat=True))


def code_of(action, kind=DomainError):
    with pytest.raises(kind) as raised:
        action()
    assert str(raised.value)
    return raised.value.code


# Before anything leaves.


def test_what_breaks_a_rule_is_told_before_it_is_sent(hospital, settings, tmp_path):
    describe_site(settings)
    set_receivers(settings, tmp_path, {"code": "centre"})
    load_terms()
    case = open_for(hospital, headache(hospital))
    assert code_of(lambda: prepare(hospital, case)) == "case_without_version"
    keep(hospital, case, Kind.INITIAL, now=NOW + timedelta(hours=5))
    with pytest.raises(DomainError) as raised:
        prepare(hospital, case)
    assert raised.value.code == "rules_not_kept"
    faults = raised.value.extra["faults"]
    assert {"E.1.2.1a", "E.1.2.1b"} <= {fault["element"] for fault in faults}
    assert all(fault["text"] and fault["case_id"] == case.pk for fault in faults)
    assert not Submission.objects.exists() and not SubmissionPart.objects.exists()
    seen = sendable(case.pk, site_receiver("centre"), now=LATER)
    assert len(seen.faults) == len(faults) and not seen.already_sent


def test_the_file_holds_the_case_under_the_identifiers_agreed_with_the_receiver(
    hospital, case, settings, tmp_path
):
    set_receivers(settings, tmp_path, {"code": "centre"})
    submission = prepare(hospital, case)
    content = b"".join(parts_of(submission.pk))
    assert (submission.state, submission.sha256) == ("ready", hashlib.sha256(content).hexdigest())
    assert submission.size_bytes == len(content)
    read = read_batch(content)
    assert (read.batch.number, read.batch.sender, read.batch.receiver) == (
        submission.batch_number,
        "CLINIC",
        "CENTRE",
    )
    (message,) = [one.message for one in read.messages]
    assert (message.identifier, message.sender, message.receiver) == (case.report_id, "CLINIC", "CENTRE")
    report = submission.reports.get()
    assert (report.version_number, report.message_number, report.outcome) == (1, case.report_id, "not_told")


def test_a_version_is_sent_once_to_a_receiver_and_to_another_as_well(hospital, case, settings, tmp_path):
    set_receivers(settings, tmp_path, {"code": "centre"}, {"code": "other", "identifier": "OTHER"})
    first = prepare(hospital, case)
    assert code_of(lambda: prepare(hospital, case), ConflictError) == "already_sent"
    assert sendable(case.pk, site_receiver("centre"), now=LATER).already_sent
    prepare(hospital, case, receiver="other")
    withdraw_submission(
        performer=hospital.safety_officer, submission_id=first.pk, reason="Not yet.", now=LATER
    )
    assert prepare(hospital, case).pk != first.pk


def test_a_nullification_goes_only_to_who_has_the_case(hospital, case, settings, tmp_path):
    set_receivers(settings, tmp_path, {"code": "centre"}, {"code": "other", "identifier": "OTHER"})
    prepare(hospital, case)
    at = LATER + timedelta(days=1)
    keep(hospital, case, Kind.NULLIFICATION, now=at, reason="The patient was another one.")
    with pytest.raises(DomainError) as raised:
        prepare(hospital, case, receiver="other", now=at)
    assert [fault["code"] for fault in raised.value.extra["faults"]] == ["nothing_to_change"]
    assert prepare(hospital, case, now=at).reports.get().version_kind == "nullification"


def test_only_officers_of_the_ward_send(hospital, elsewhere, case, settings, tmp_path):
    set_receivers(settings, tmp_path, {"code": "centre"})
    for performer in (hospital.physician, hospital.nurse, hospital.administrator):
        with pytest.raises(DomainError) as raised:
            prepare_submission(performer=performer, case_ids=[case.pk], receiver="centre", now=LATER)
        assert raised.value.code == "not_your_role"
    with pytest.raises(NotFoundError):
        prepare_submission(
            performer=elsewhere.safety_officer, case_ids=[case.pk], receiver="centre", now=LATER
        )
    assert code_of(lambda: prepare(hospital, case, receiver="nobody")) == "receiver_unknown"
    assert code_of(lambda: prepare(hospital)) == "no_case_to_send"


def test_nothing_of_what_was_sent_can_be_changed(hospital, case, settings, tmp_path):
    set_receivers(settings, tmp_path, {"code": "centre"})
    submission = prepare(hospital, case)
    for act in (
        lambda: submission.parts.update(content=b"other"),
        lambda: submission.receipts.update(note="other"),
        lambda: submission.receipts.all().delete(),
        lambda: Submission.objects.update(sha256="0" * 64),
        lambda: Submission.objects.update(batch_number="other"),
        lambda: Submission.objects.all().delete(),
    ):
        with pytest.raises((DatabaseError, ProtectedError)), transaction.atomic():
            act()


# On the way.


def test_a_gateway_gets_the_bytes_as_kept(hook, hospital, case, fire):
    submission = prepare(hospital, case)
    assert submission.state == "queued" and not hook.posted
    fire(LATER)
    (post,) = hook.posted
    assert post.body == b"".join(parts_of(submission.pk))
    assert post.path == "/icsr"
    assert post.headers["Idempotency-Key"] == submission.batch_number
    assert post.headers["Content-Type"] == "application/xml; charset=utf-8"
    submission.refresh_from_db()
    assert (submission.state, submission.sent_at) == ("sent", LATER)
    assert trail(submission) == [K.PREPARED, K.ATTEMPTED, K.DELIVERED]
    assert not Timer.objects.filter(kind="submission.send", state="pending").exists()
    assert list(
        Event.objects.filter(subject=f"submission:{submission.pk}").values_list("name", flat=True)
    ) == ["submission.prepared", "submission.delivered"]


def test_what_was_refused_is_sent_again_with_the_same_bytes_and_numbers(hook, hospital, case, fire):
    hook.answering = Answering(status=500, body=b"database is down")
    submission = prepare(hospital, case)
    fire(LATER)
    submission.refresh_from_db()
    assert (submission.state, submission.attempts) == ("queued", 1)
    assert "500" in submission.receipts.last().note and "database is down" in submission.receipts.last().note
    fire(LATER + timedelta(minutes=4))
    assert len(hook.posted) == 1
    fire(LATER + timedelta(minutes=5))
    hook.answering = Answering()
    fire(LATER + timedelta(minutes=14))
    assert len(hook.posted) == 2
    fire(LATER + timedelta(minutes=15))
    fire(LATER + timedelta(days=1))
    assert len({post.body for post in hook.posted}) == 1 and len(hook.posted) == 3
    assert {post.headers["Idempotency-Key"] for post in hook.posted} == {submission.batch_number}
    assert Submission.objects.get().state == "sent"


def test_in_the_end_officers_are_told_and_send_it_again(hook, hospital, case, fire):
    hook.answering = Answering(status=503)
    submission = prepare(hospital, case)
    at = LATER
    for _ in range(MAX_ATTEMPTS):
        fire(at)
        at += timedelta(hours=12)
    submission.refresh_from_db()
    assert (submission.state, len(hook.posted)) == ("failed", MAX_ATTEMPTS)
    assert trail(submission)[-2:] == [K.NOT_DELIVERED, K.GIVEN_UP]
    assert [alert.code for alert in alerts_for_officer(hospital.safety_officer)] == ["submission_failed"]
    assert not Timer.objects.filter(kind="submission.send", state="pending").exists()
    hook.answering = Answering()
    send_again(performer=hospital.safety_officer, submission_id=submission.pk, now=at)
    assert alerts_for_officer(hospital.safety_officer) == []
    fire(at)
    assert Submission.objects.get().state == "sent"
    assert len({post.body for post in hook.posted}) == 1
    assert (
        code_of(
            lambda: send_again(performer=hospital.safety_officer, submission_id=submission.pk, now=at),
            ConflictError,
        )
        == "not_given_up"
    )


@pytest.mark.parametrize("left", [True, False])
def test_what_dies_between_the_phases_sends_the_same_again(hook, hospital, case, fire, monkeypatch, left):
    """`left`: the gateway had it, and the process died before that was noted."""
    submission = prepare(hospital, case)
    real = delivering._deliver

    def die(*args):
        if left:
            real(*args)
        raise KeyboardInterrupt

    monkeypatch.setattr(delivering, "_deliver", die)
    with pytest.raises(KeyboardInterrupt):
        fire(LATER)
    submission.refresh_from_db()
    assert submission.state == "sending"
    monkeypatch.setattr(delivering, "_deliver", real)
    fire(LATER + timedelta(minutes=5))
    submission.refresh_from_db()
    assert submission.state == "sent" and len(hook.posted) == 1 + left
    assert {(post.body, post.headers["Idempotency-Key"]) for post in hook.posted} == {
        (b"".join(parts_of(submission.pk)), submission.batch_number)
    }


def test_a_redirection_is_followed_nowhere(hook, hospital, case, fire):
    hook.answering = Answering(status=307, location="http://127.0.0.1:1/elsewhere")
    submission = prepare(hospital, case)
    fire(LATER)
    assert "307" in submission.receipts.last().note and len(hook.posted) == 1


def test_a_gateway_that_hangs_is_left_and_asked_again(hook, hospital, case, fire, monkeypatch):
    monkeypatch.setattr("apps.submissions.delivery.https.STEP_TIMEOUT_S", 0.3)
    hook.answering = Answering(delay_s=1.0)
    submission = prepare(hospital, case)
    fire(LATER)
    assert "in time" in submission.receipts.last().note
    assert Submission.objects.get().state == "queued"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"SUBMISSION_GATEWAY_HOSTS": ["gateway.example"]}, "SUBMISSION_GATEWAY_HOSTS"),
        ({"SUBMISSION_PRIVATE_NETWORKS": ["10.0.0.0/8"]}, "SUBMISSION_PRIVATE_NETWORKS"),
        ({"SUBMISSION_PRIVATE_NETWORKS": ["nonsense"]}, "SUBMISSION_PRIVATE_NETWORKS"),
        ({"SUBMISSION_RECEIVERS": "/nowhere.json"}, "SUBMISSION_RECEIVERS"),
    ],
)
def test_nothing_goes_where_the_settings_do_not_allow_it(hook, hospital, case, fire, settings, change, said):
    submission = prepare(hospital, case)
    for name, value in change.items():
        setattr(settings, name, value)
    fire(LATER)
    assert not hook.posted and said in submission.receipts.last().note
    assert Submission.objects.get().state == "queued"


def test_a_directory_gets_the_whole_file_under_its_number(hospital, case, fire, settings, tmp_path):
    place = tmp_path / "out"
    set_receivers(settings, tmp_path, {"code": "centre", "delivery": "directory", "directory": str(place)})
    submission = prepare(hospital, case)
    fire(LATER)
    assert "No such file" in submission.receipts.last().note
    place.mkdir()
    fire(LATER + timedelta(minutes=5))
    (file,) = place.iterdir()
    assert file.name == f"{submission.batch_number}.xml"
    assert hashlib.sha256(file.read_bytes()).hexdigest() == submission.sha256
    assert Submission.objects.get().state == "sent"


def test_where_nobody_acknowledges_the_clock_is_met_by_handing_over(hospital, case, settings, tmp_path):
    set_receivers(
        settings, tmp_path, {"code": "centre", "acknowledges": False, "regimes": ["eu_post_marketing"]}
    )
    submission = prepare(hospital, case)
    assert set(CaseClock.objects.filter(case=case).values_list("state", flat=True)) == {"running"}
    note_handed_over(
        performer=hospital.safety_officer, submission_id=submission.pk, reference="AR-1", now=LATER
    )
    states = dict(CaseClock.objects.filter(case=case).values_list("regime", "state"))
    assert states == {"eu_post_marketing": "met", "norway_health_personnel": "running"}
    assert submission.receipts.last().note == "AR-1"
    again = lambda: note_handed_over(  # noqa: E731
        performer=hospital.safety_officer, submission_id=submission.pk, reference="", now=LATER
    )
    assert code_of(again, ConflictError) == "not_to_hand_over"


def test_what_has_left_is_not_taken_back(hook, hospital, case, fire):
    submission = prepare(hospital, case)
    fire(LATER)
    act = lambda: withdraw_submission(  # noqa: E731
        performer=hospital.safety_officer, submission_id=submission.pk, reason="", now=LATER
    )
    assert code_of(act, ConflictError) == "submission_left"


def test_who_was_taken_back_is_not_sent(hook, hospital, case, fire):
    submission = prepare(hospital, case)
    withdraw_submission(
        performer=hospital.safety_officer, submission_id=submission.pk, reason="Wrong one.", now=LATER
    )
    fire(LATER)
    assert not hook.posted and trail(submission) == [K.PREPARED, K.WITHDRAWN]


def test_an_answer_that_does_not_come_is_told_once(hook, hospital, case, fire):
    submission = prepare(hospital, case)
    fire(LATER)
    fire(LATER + timedelta(hours=47))
    assert not Alert.objects.filter(code="submission_unanswered").exists()
    fire(LATER + timedelta(hours=48))
    assert Alert.objects.get(code="submission_unanswered").audience == "officers"
    assert trail(submission)[-1] == K.UNANSWERED
