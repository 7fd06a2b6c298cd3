"""A message out of the ward: tried until it arrives, always under one id, and it names nobody."""

from datetime import timedelta

import pytest

from apps.alerts.delivery import sender
from apps.alerts.delivery.gateways import GatewayError
from apps.alerts.delivery.messages import MAX_ATTEMPTS, PAUSES
from apps.alerts.domain.escalation import Priority
from apps.alerts.models import AlertHop, OutgoingMessage
from apps.alerts.services import Condition, acknowledge_alert, raise_alert
from apps.ledger.models import Timer
from tests.builders import NOW, Door, admit_patient
from tests.sinks import Behaviour, SmtpSink, WebhookSink

pytestmark = pytest.mark.django_db
TOP = NOW + timedelta(minutes=7)


@pytest.fixture
def hook(settings):
    with WebhookSink() as sink:
        settings.ALERT_FALLBACK_URL = sink.url
        settings.ALERT_FALLBACK_ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
        settings.PUBLIC_URL = "https://ivig.hospital.example"
        yield sink


@pytest.fixture
def fire(clock, monkeypatch):
    """Fire what is due, then send as the worker's thread does after the commit."""
    monkeypatch.setattr("apps.alerts.handlers.start_sending", lambda: None)

    def at(moment):
        clock.fire(moment)
        clock.fire(moment)
        sender.send_waiting()

    return at


@pytest.fixture
def alert(hospital):
    patient = admit_patient(hospital, name="Testperson Rogn-Særpreget")
    return raise_alert(
        ward_id=hospital.ward.pk,
        patient_id=patient.pk,
        subject="session:1",
        condition=Condition("hypotension", Priority.HIGH, "Pressure %(value)s.", {"value": 82}),
        now=NOW,
    )


@pytest.fixture
def at_the_top(alert, fire):
    """Nobody took it; returns the moment at which the call left the ward."""

    def climb():
        for minute in (2, 4, 7):
            fire(NOW + timedelta(minutes=minute))
        return TOP

    return climb


def calls_on_board(hospital):
    board = Door(hospital.nurse).get(f"wards/{hospital.ward.pk}/board/").json()
    return [call["message"] for row in board["rows"] if row["kind"] == "alert" for call in row["calls"]]


def test_it_leaves_once_and_the_board_says_so(hook, alert, hospital, at_the_top, fire):
    at_the_top()
    (post,) = hook.posted
    message = OutgoingMessage.objects.get()
    assert (message.state, message.attempts, post.body["id"]) == ("sent", 1, str(message.message_id))
    assert AlertHop.objects.get(level=3).delivery == "sent"
    assert calls_on_board(hospital)[-1] == "outside the ward: message was sent"
    fire(TOP + timedelta(minutes=59))
    assert len(hook.posted) == 1
    assert not Timer.objects.filter(kind="message.send", state="pending").exists()


def test_it_names_ward_priority_number_and_address_and_nobody(hook, alert, hospital, at_the_top):
    at_the_top()
    (post,) = hook.posted
    assert post.body["link"] == f"https://ivig.hospital.example/wards/{hospital.ward.pk}/"
    assert (post.body["ward"], post.body["priority"], post.body["alert"]) == ("Neurology", "high", alert.pk)
    everything = str(post.body) + str(post.headers)
    patient = alert.patient
    for secret in (
        patient.name,
        "Rogn",
        patient.medical_record_number,
        "hypotension",
        "Pressure",
        "session:1",
    ):
        assert secret not in everything


def test_what_is_refused_is_tried_again_under_the_same_id(hook, at_the_top, fire, hospital):
    hook.behaviour = Behaviour(status=503)
    at = at_the_top()
    assert AlertHop.objects.get(level=3).delivery == "waiting"
    at += timedelta(seconds=PAUSES[0] - 1)
    fire(at)
    assert len(hook.posted) == 1
    hook.behaviour = Behaviour()
    fire(at + timedelta(seconds=1))
    fire(at + timedelta(minutes=59))
    assert [post.body["id"] for post in hook.posted] == [str(OutgoingMessage.objects.get().message_id)] * 2
    assert OutgoingMessage.objects.get().state == "sent"


def test_in_the_end_the_board_says_that_it_could_not_be_sent(hook, at_the_top, fire, hospital):
    hook.behaviour = Behaviour(status=500)
    at = at_the_top()
    for pause in (*PAUSES, 900):
        at += timedelta(seconds=pause)
        fire(at)
    message = OutgoingMessage.objects.get()
    assert (message.state, message.attempts, len(hook.posted)) == ("failed", MAX_ATTEMPTS, MAX_ATTEMPTS)
    assert message.last_error == "The webhook answered 500."
    assert AlertHop.objects.filter(level=3).order_by("-climb").first().delivery == "failed"
    assert "could NOT be sent" in calls_on_board(hospital)[-1]
    fire(at + timedelta(minutes=40))
    assert len(hook.posted) == MAX_ATTEMPTS


def test_nobody_takes_it_the_call_leaves_again_every_hour_each_under_its_own_id(hook, at_the_top, fire):
    at = at_the_top()
    for hour in (1, 2):
        fire(at + timedelta(hours=hour))
    assert len({post.body["id"] for post in hook.posted}) == len(hook.posted) == 3
    assert [hop.delivery for hop in AlertHop.objects.filter(level=3)] == ["sent"] * 3


def test_a_call_that_is_still_being_tried_is_not_doubled_and_one_that_failed_is_said_until_one_arrives(
    hook, at_the_top, fire, hospital
):
    hook.behaviour = Behaviour(status=500)
    top = at_the_top()
    at = top
    for pause in (*PAUSES, 900):
        at += timedelta(seconds=pause)
        fire(at)  # the last of them lie beyond the hour
    assert (OutgoingMessage.objects.count(), AlertHop.objects.filter(level=3).count()) == (1, 2)
    assert "could NOT be sent" in calls_on_board(hospital)[-1]
    fire(top + timedelta(hours=2, minutes=1))
    assert OutgoingMessage.objects.count() == 2
    assert "could NOT be sent" in calls_on_board(hospital)[-1]
    hook.behaviour = Behaviour()
    fire(top + timedelta(hours=2, minutes=2))
    assert calls_on_board(hospital)[-1] == "outside the ward: message was sent"


def test_a_channel_that_is_down_keeps_the_other_from_nothing(hook, settings, at_the_top, fire):
    with SmtpSink() as mail:
        settings.ALERT_FALLBACK_EMAIL = "duty@localhost"
        settings.ALERT_FALLBACK_SMTP_URL = mail.url
        hook.behaviour = Behaviour(status=500)
        fire(at_the_top() + timedelta(hours=1))
        assert len(mail.mails) == 2
    assert OutgoingMessage.objects.filter(channel="webhook").count() == 1


def test_a_late_alert_says_so_in_its_message(hook, hospital, fire):
    raise_alert(
        ward_id=hospital.ward.pk,
        patient_id=admit_patient(hospital).pk,
        subject="session:2",
        condition=Condition("vial_empty", Priority.HIGH, "Empty.", {}, due_at=NOW - timedelta(hours=9)),
        now=NOW,
    )
    for minute in (2, 4, 7):
        fire(NOW + timedelta(minutes=minute))
    (post,) = hook.posted
    # 23:00 UTC of the day before is midnight on the ward
    assert "It comes late: it was due on 2 Mar 2026 at 00:00." in post.body["text"]
    assert post.body["was_due_at"] == "2026-03-01T23:00:00+00:00"


def test_taken_meanwhile_it_is_not_sent_any_more(hook, alert, at_the_top, fire, hospital):
    hook.behaviour = Behaviour(status=500)
    at_the_top()
    acknowledge_alert(performer=hospital.nurse, alert_id=alert.pk, now=TOP + timedelta(seconds=5))
    hook.behaviour = Behaviour()
    fire(TOP + timedelta(hours=1))
    assert (OutgoingMessage.objects.get().state, len(hook.posted)) == ("withdrawn", 1)


def test_a_worker_that_died_while_sending_has_lost_nothing(hook, alert, clock, monkeypatch):
    """Marked, committed, and then the process was gone before anything was sent."""
    monkeypatch.setattr("apps.alerts.handlers.start_sending", lambda: None)
    for minute in (2, 4, 7, 7):
        clock.fire(NOW + timedelta(minutes=minute))
    assert OutgoingMessage.objects.get().state == "sending"
    clock.fire(TOP + timedelta(seconds=PAUSES[0]))
    sender.send_waiting()
    assert (OutgoingMessage.objects.get().state, len(hook.posted)) == ("sent", 1)


def test_both_channels_are_used_and_one_that_works_is_enough(hook, settings, at_the_top, hospital):
    with SmtpSink() as mail:
        settings.ALERT_FALLBACK_EMAIL = "duty@localhost"
        settings.ALERT_FALLBACK_SMTP_URL = mail.url
        hook.behaviour = Behaviour(status=500)
        at_the_top()
    assert len(mail.mails) == len(hook.posted) == 1
    assert AlertHop.objects.get(level=3).delivery == "sent"


def test_a_target_that_is_set_wrongly_fails_with_a_sentence(hook, settings, at_the_top):
    settings.ALERT_FALLBACK_ALLOWED_HOSTS = []
    at_the_top()
    assert "ALERT_FALLBACK_ALLOWED_HOSTS does not list" in OutgoingMessage.objects.get().last_error
    assert hook.posted == []
    assert AlertHop.objects.get(level=3).delivery == "waiting"


def test_a_message_the_gateway_never_takes_does_not_keep_the_others_from_it(
    hook, clock, hospital, monkeypatch
):
    """Its turn is always first, and the other's comes while the gateway lets the first one wait."""
    for number in (1, 2):
        raise_alert(
            ward_id=hospital.ward.pk,
            patient_id=None,
            subject=f"session:{number}",
            condition=Condition("hypotension", Priority.HIGH, "Pressure %(value)s.", {"value": 82}),
            now=NOW,
        )
    really_send = sender.send

    def refuse_the_first(target, letter):
        if letter.message_id == str(first.message_id):
            clock.fire(clock.now + timedelta(seconds=5))
            raise GatewayError("No answer within 5 s.")
        really_send(target, letter)

    monkeypatch.setattr(sender, "send", refuse_the_first)
    monkeypatch.setattr("apps.alerts.handlers.start_sending", lambda: None)
    for minute in (2, 4, 7):
        clock.fire(NOW + timedelta(minutes=minute))
    first, second = OutgoingMessage.objects.order_by("pk")
    Timer.objects.filter(subject=f"message:{second.pk}").update(due_at=TOP + timedelta(seconds=1))
    for pause in (0, PAUSES[0]):
        assert hook.posted == []
        clock.fire(TOP + timedelta(seconds=pause))
        sender.send_waiting()
    second.refresh_from_db()
    assert (second.state, len(hook.posted)) == ("sent", 1)
