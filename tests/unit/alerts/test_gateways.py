"""One letter to a real server on this machine: accepted or refused within a bounded time, and never passed on."""

import socket
import time
import uuid

import pytest

from apps.alerts.delivery.administrator import notify_administrator
from apps.alerts.delivery.gateways import GatewayError, Letter, send
from apps.alerts.domain.targets import Mailbox, Webhook
from tests.sinks import Behaviour, SmtpSink, WebhookSink


def letter():
    return Letter(str(uuid.uuid4()), "An alert on Nevrologi Ø waits", "Call the ward.", {"alert": 12})


def hook(port):
    return Webhook("127.0.0.1", port, "/ward", False)


def box(port):
    return Mailbox("duty@localhost", "ivig@localhost", "127.0.0.1", port, "none")


def test_a_webhook_gets_the_letter_with_its_id():
    sent = letter()
    with WebhookSink() as sink:
        send(hook(sink.port), sent)
    (post,) = sink.posted
    assert post.path == "/ward" and post.headers["Idempotency-Key"] == sent.message_id
    assert post.body == {"id": sent.message_id, "title": sent.title, "text": sent.text, "alert": 12}


def test_a_mailbox_gets_the_letter_with_its_id():
    sent = letter()
    with SmtpSink() as sink:
        send(box(sink.port), sent)
    (mail,) = sink.mails
    assert (mail["To"], mail["Message-ID"]) == ("duty@localhost", f"<{sent.message_id}@ivig-monitor>")
    assert mail.get_payload().strip() == "Call the ward."


@pytest.mark.parametrize("status", [199, 301, 302, 307, 400, 429, 500, 503])
def test_anything_but_a_yes_is_a_no_and_a_redirection_is_not_followed(status):
    with WebhookSink() as elsewhere, WebhookSink() as sink:
        sink.behaviour = Behaviour(status=status, location=elsewhere.url)
        with pytest.raises(GatewayError):
            send(hook(sink.port), letter(), limit_s=8)
    assert elsewhere.posted == []


def test_a_mail_server_that_refuses_is_named_by_its_code():
    with SmtpSink() as sink:
        sink.refuse = True
        with pytest.raises(GatewayError):
            send(box(sink.port), letter())
    assert sink.mails == []


def test_a_name_that_leads_to_this_machine_gets_nothing(monkeypatch):
    with WebhookSink() as sink:
        here = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", sink.port))]
        monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: here)
        with pytest.raises(GatewayError, match="where no message may go"):
            send(Webhook("pager.hospital.example", sink.port, "/", False), letter())
    assert sink.posted == []


@pytest.mark.parametrize("target", [hook, box])
def test_nobody_there_is_said_at_once(target):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        began = time.monotonic()
        with pytest.raises(GatewayError):
            send(target(closed.getsockname()[1]), letter())
        assert time.monotonic() - began < 5


@pytest.mark.parametrize("target", [hook, box])
def test_a_server_that_accepts_and_is_silent_holds_nobody_longer_than_the_limit(target):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        began = time.monotonic()
        with pytest.raises(GatewayError):
            send(target(silent.getsockname()[1]), letter(), limit_s=1)
        assert time.monotonic() - began < 4


def test_the_administrator_is_told_directly_by_whatever_works(settings):
    with WebhookSink() as hook_sink, SmtpSink() as mail_sink:
        settings.ALERT_FALLBACK_ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
        settings.ADMINISTRATOR_URL = hook_sink.url
        settings.ADMINISTRATOR_EMAIL = "admin@localhost"
        settings.ALERT_FALLBACK_SMTP_URL = mail_sink.url
        assert notify_administrator("The relay stands still.") == 2
        mail_sink.refuse = True
        assert notify_administrator("The relay stands still.") == 1
        settings.ADMINISTRATOR_EMAIL = "admin@elsewhere.example"
        assert notify_administrator("The relay stands still.") == 1
        settings.ADMINISTRATOR_URL = settings.ADMINISTRATOR_EMAIL = ""
        assert notify_administrator("The relay stands still.") == 0
        settings.ALERT_FALLBACK_URL = hook_sink.url
        assert notify_administrator("The relay stands still.") == 1
    assert [post.body["text"] for post in hook_sink.posted] == ["The relay stands still."] * 4
    assert len(mail_sink.mails) == 1
