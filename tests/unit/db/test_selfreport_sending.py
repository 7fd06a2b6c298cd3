"""A link on its way to a patient: by mail or SMS, again until it arrives, and nothing in it says who or what for."""

from datetime import timedelta
from email.header import decode_header, make_header

import pytest

from apps.kernel.errors import ConflictError, DomainError
from apps.ledger.models import Event, Timer
from apps.selfreport import delivering
from apps.selfreport.models import SelfReportLink, Sending
from apps.selfreport.services import issue_link, revoke_link, send_link
from tests.builders import NOW, Door, finish, running_session
from tests.sinks import Behaviour, SmtpSink, WebhookSink

CANARY = "Testperson Rogn-Særpreget"
ADDRESS, NUMBER = "someone@post.example", "+989123456789"
pytestmark = pytest.mark.django_db


@pytest.fixture
def session(hospital):
    session = running_session(hospital, name=CANARY)
    finish(hospital, session.pk)
    return session


@pytest.fixture
def mail(settings):
    with SmtpSink() as sink:
        settings.PATIENT_SMTP_URL = sink.url
        settings.PATIENT_MAIL_FROM = "noreply@hospital.example"
        settings.ALERT_FALLBACK_ALLOWED_HOSTS = ["127.0.0.1"]
        settings.PUBLIC_URL = "https://ivig.hospital.example"
        yield sink


@pytest.fixture
def hook(settings):
    with WebhookSink() as sink:
        settings.PATIENT_SMS_URL = sink.url
        settings.ALERT_FALLBACK_ALLOWED_HOSTS = ["127.0.0.1"]
        settings.PUBLIC_URL = "https://ivig.hospital.example"
        yield sink


@pytest.fixture
def fire(clock, monkeypatch):
    """Fire what is due, then send as the worker's thread does after the commit."""
    monkeypatch.setattr("apps.selfreport.handlers.start_sending", lambda: None)

    def at(moment):
        clock.fire(moment)
        delivering.send_waiting()

    return at


def issue(hospital, session, language="fa"):
    return issue_link(performer=hospital.nurse, course_id=session.course_id, language=language, now=NOW)


def send(hospital, issued, channel="mail", address=ADDRESS, consent=True, token=None):
    return send_link(
        performer=hospital.nurse,
        link_id=issued.link.pk,
        token=token or issued.token,
        channel=channel,
        address=address,
        consent=consent,
        now=NOW,
    )


def test_a_real_mail_server_gets_the_link_and_nothing_that_identifies(
    mail, hospital, session, fire, settings
):
    settings.EMERGENCY_NUMBER = "115"
    issued = issue(hospital, session)
    send(hospital, issued)
    fire(NOW)
    (letter,) = mail.mails
    text = letter.get_payload(decode=True).decode()
    title = str(make_header(decode_header(letter["Subject"])))
    assert f"https://ivig.hospital.example/r/{issued.token}/" in text
    assert (letter["To"], letter["From"]) == (ADDRESS, "noreply@hospital.example")
    assert "115" in text
    patient = session.patient
    for secret in (
        CANARY, "Rogn", patient.medical_record_number, patient.pseudonym, hospital.ward.name, "Kiovig",
        "immunoglobulin", "IVIG ", "CIDP", hospital.nurse.display_name,
    ):  # fmt: skip
        assert secret not in text + title + str(letter.items())


def test_the_sms_gateway_gets_documented_json(hook, hospital, session, fire):
    issued = issue(hospital, session)
    send(hospital, issued, channel="sms", address="۰۰۹۸ ۹۱۲ ۳۴۵ ۶۷۸۹")
    fire(NOW)
    (post,) = hook.posted
    sending = Sending.objects.get()
    assert set(post.body) == {"id", "title", "text", "to", "channel", "language"}
    assert (post.body["to"], post.body["channel"], post.body["language"]) == (NUMBER, "sms", "fa")
    assert post.body["id"] == post.headers["Idempotency-Key"] == str(sending.message_id)
    assert f"/r/{issued.token}/" in post.body["text"] and CANARY not in str(post.body)


def test_the_link_lies_sealed_until_it_left_and_is_wiped_then(mail, hospital, session, fire):
    issued = issue(hospital, session)
    sending = send(hospital, issued)
    stored = (
        str(Sending.objects.values().get())
        + str(list(Timer.objects.values()))
        + str(list(Event.objects.values()))
    )
    assert issued.token not in stored and ADDRESS not in str(list(Event.objects.values()))
    assert sending.sealed_token and len(sending.sealed_token) == 43
    fire(NOW)
    sending.refresh_from_db()
    assert (sending.state, sending.sealed_token, sending.attempts) == ("sent", "", 1)
    assert not Timer.objects.filter(kind="selfreport.link.send", state="pending").exists()
    assert Event.objects.filter(name="selfreport.link.sent").count() == 1


def test_what_is_refused_is_tried_again_under_the_same_id(hook, hospital, session, fire):
    hook.behaviour = Behaviour(status=503)
    send(hospital, issue(hospital, session), channel="sms", address=NUMBER)
    fire(NOW)
    assert Sending.objects.get().last_error == "The webhook answered 503."
    hook.behaviour = Behaviour()
    fire(NOW + timedelta(seconds=14))
    assert len(hook.posted) == 1
    fire(NOW + timedelta(seconds=15))
    fire(NOW + timedelta(hours=2))
    assert [post.body["id"] for post in hook.posted] == [str(Sending.objects.get().message_id)] * 2
    assert Sending.objects.get().state == "sent"


def test_in_the_end_staff_see_that_it_could_not_be_sent_and_the_seal_is_gone(mail, hospital, session, fire):
    mail.refuse = True
    send(hospital, issue(hospital, session))
    at = NOW
    for _ in range(12):
        fire(at)
        at += timedelta(minutes=16)
    sending = Sending.objects.get()
    assert (sending.state, sending.sealed_token) == ("failed", "")
    link = Door(hospital.nurse).get(f"courses/{session.course_id}/self-report-link/").json()[0]
    assert link["sendings"][0]["state"] == "failed"
    assert mail.mails == []


def test_taken_back_meanwhile_it_is_not_sent_any_more(mail, hospital, session, fire):
    issued = issue(hospital, session)
    send(hospital, issued)
    revoke_link(performer=hospital.nurse, link_id=issued.link.pk, reason="", now=NOW)
    fire(NOW + timedelta(minutes=5))
    assert mail.mails == []
    assert (Sending.objects.get().state, Sending.objects.get().sealed_token) == ("withdrawn", "")


def test_a_worker_that_died_while_sending_has_lost_nothing(mail, hospital, session, clock, monkeypatch):
    monkeypatch.setattr("apps.selfreport.handlers.start_sending", lambda: None)
    send(hospital, issue(hospital, session))
    clock.fire(NOW)
    assert (Sending.objects.get().state, mail.mails) == ("sending", [])
    clock.fire(NOW + timedelta(seconds=15))
    delivering.send_waiting()
    assert (Sending.objects.get().state, len(mail.mails)) == ("sent", 1)


def test_without_consent_or_with_another_token_nothing_leaves(mail, hospital, session, fire):
    issued = issue(hospital, session)
    with pytest.raises(DomainError, match="consent"):
        send(hospital, issued, consent=False)
    with pytest.raises(DomainError, match="not the link"):
        send(hospital, issued, token="x" * 43)
    replaced, _ = issued, issue(hospital, session)
    with pytest.raises(ConflictError):
        send(hospital, replaced)
    assert not Sending.objects.exists()


def test_who_noted_the_consent_and_when(mail, hospital, session):
    issued = issue(hospital, session)
    body = {"token": issued.token, "channel": "mail", "address": ADDRESS, "consent": True}
    answer = Door(hospital.physician).post(f"self-report-links/{issued.link.pk}/send/", body)
    assert answer.status_code == 202, answer.json()
    sending = Sending.objects.get()
    assert (sending.consent_noted_by, sending.consent_at, sending.address) == (
        hospital.physician,
        NOW,
        ADDRESS,
    )
    assert issued.token not in str(answer.json())


def test_what_is_not_set_up_says_so(hospital, session, settings, mail):
    issued = issue(hospital, session)
    with pytest.raises(DomainError, match="not set up"):
        send(hospital, issued, channel="sms", address=NUMBER)
    settings.ALERT_FALLBACK_ALLOWED_HOSTS = []
    with pytest.raises(DomainError, match="not set up"):
        send(hospital, issued)


def test_only_the_newest_link_of_a_course_is_open(hospital, session):
    for _ in range(3):
        issue(hospital, session)
    assert SelfReportLink.objects.filter(revoked_at__isnull=True).count() == 1
