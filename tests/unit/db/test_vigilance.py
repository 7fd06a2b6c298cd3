"""The watch over the service: what the database shows of it, kept findings, health, measurements."""

from datetime import timedelta

import pytest
from django.test import Client

from apps.kernel import clock as kernel_clock
from apps.ledger.models import Heartbeat, OutboxMessage, Timer
from apps.ledger.standing import broken_chains, overdue_timers, unsent_messages
from apps.vigilance.domain.findings import Finding
from apps.vigilance.models import Finding as FindingRow
from apps.vigilance.selectors import board_findings, open_findings, signs_by_the_clock
from apps.vigilance.services.findings import forget_findings, keep_findings
from ivig_monitor import health
from tests.builders import NOW, running_session

pytestmark = pytest.mark.django_db
TOKEN = "a-token-of-more-than-32-characters-0123"


def timer(**changes):
    entry = {"kind": "bell", "subject": "thing:1", "occurrence": "1", "due_at": NOW - timedelta(seconds=40)}
    return Timer.objects.create(**entry | changes)


def message(sequence, **changes):
    entry = {"ward_id": 1, "sequence": sequence, "payload": {}, "created_at": NOW - timedelta(seconds=30)}
    return OutboxMessage.objects.create(**entry | changes)


def life(kind, at, process="host:1", **details):
    return Heartbeat.objects.create(kind=kind, process=process, at=at, details=details)


def signs(**changes):
    return signs_by_the_clock(**{"now": NOW, "wall_now": NOW, "speed": 1.0} | changes)


def test_a_timer_is_overdue_until_it_is_settled_but_not_while_it_waits_for_its_next_attempt():
    oldest = timer(state="claimed")
    timer(occurrence="2", due_at=NOW)
    timer(occurrence="3", due_at=NOW + timedelta(seconds=1))
    timer(occurrence="4", state="done")
    timer(occurrence="5", state="cancelled")
    timer(occurrence="6", retry_at=NOW + timedelta(seconds=3))
    timer(occurrence="7", retry_at=NOW - timedelta(seconds=3))
    waiting = overdue_timers(now=NOW, wall_now=NOW)
    assert (waiting.count, waiting.since) == (3, NOW - timedelta(seconds=40))
    assert oldest.due_at == waiting.since
    assert signs().timers_behind_s == 40
    assert signs(speed=60.0).timers_behind_s == pytest.approx(40 / 60)


def test_an_unsent_message_waits_since_its_commit():
    assert unsent_messages().count == 0
    message(1, sent_at=NOW)
    first = message(2)
    message(3)
    assert (unsent_messages().count, unsent_messages().oldest_id) == (2, first.pk)
    assert signs().outbox_behind_s == 30


def test_what_never_lived_is_unknown_and_the_newest_process_of_a_kind_speaks_for_it():
    life("beat", NOW - timedelta(hours=3), "old:1")
    life("beat", NOW - timedelta(seconds=4), "new:1")
    assert (signs().beat_silent_s, signs().relay_silent_s) == (4, None)


def test_findings_open_once_are_renewed_and_close():
    late = Finding("timers_late", {"count": 3, "seconds": 12})
    change = keep_findings(found=[late, Finding("redis_down")], wall_now=NOW)
    assert ({one.code for one in change.opened}, change.closed) == ({"timers_late", "redis_down"}, ())
    later = NOW + timedelta(seconds=2)
    again = keep_findings(found=[Finding("timers_late", {"count": 4, "seconds": 14})], wall_now=later)
    assert (again.opened, again.closed) == ((), ("redis_down",))
    [row] = FindingRow.objects.filter(closed_at__isnull=True)
    assert (row.numbers["count"], row.opened_at) == (4, NOW)
    keep_findings(found=[], wall_now=later)
    keep_findings(found=[late], wall_now=later)
    assert FindingRow.objects.filter(code="timers_late").count() == 2
    assert forget_findings(wall_now=NOW + timedelta(days=100)) == 2


def test_every_screen_is_told_of_alarms_and_of_no_warning():
    codes = ("timers_late", "beat_silent", "disk_low", "outbox_stuck")
    numbers = {"count": 1, "seconds": 1, "free_mb": 1, "place": "/"}
    keep_findings(found=[Finding(code, numbers) for code in codes], wall_now=NOW)
    said = board_findings()
    assert [one["code"] for one in said] == ["timers_late", "beat_silent", "outbox_stuck"]
    assert "reminders stand still" in said[0]["text"]


def test_a_watchdog_that_fell_silent_is_itself_a_finding_but_one_that_never_ran_is_none():
    assert open_findings() == []
    life("watchdog", kernel_clock.wall_now())
    assert open_findings() == []
    Heartbeat.objects.update(at=kernel_clock.wall_now() - timedelta(seconds=31))
    assert [one.code for one in open_findings()] == ["watchdog_silent"]


def test_what_the_watchdog_could_not_keep_is_read_from_its_sign_of_life():
    life("watchdog", kernel_clock.wall_now(), findings=["postgresql_full", "no_such_code"])
    assert [one.code for one in open_findings()] == ["postgresql_full"]
    keep_findings(found=[Finding("postgresql_full")], wall_now=NOW)
    assert [one["code"] for one in board_findings()] == ["postgresql_full"]


def test_a_chain_that_was_tampered_with_is_named(hospital):
    session = running_session(hospital)
    assert broken_chains() == []
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ledger_event DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE ledger_event SET actor = 'user:0' WHERE subject = %s AND position = 1",
            [f"session:{session.pk}"],
        )
        cursor.execute("ALTER TABLE ledger_event ENABLE TRIGGER USER")
    assert broken_chains() == [(f"session:{session.pk}", 1)]


@pytest.mark.django_db(transaction=True)
def test_ready_names_each_part_and_serves_without_them():
    answer = Client().get("/health/ready")
    body = answer.json()
    assert (answer.status_code, body["status"], body["postgresql"], body["redis"]) == (
        200,
        "degraded",
        "ok",
        "ok",
    )
    assert (body["beat"], body["timers"], body["relay"]) == (
        "beat_silent",
        "workers_silent",
        "workers_silent",
    )
    assert body["watchdog"] == "watchdog_silent"
    for kind in ("beat", "tick", "relay", "watchdog"):
        life(kind, kernel_clock.wall_now())
    assert Client().get("/health/ready").json()["status"] == "ok"


@pytest.mark.django_db(transaction=True)
def test_the_screens_ask_for_findings_without_signing_in(monkeypatch):
    monkeypatch.setattr(health, "_kept", (float("-inf"), []))
    keep_findings(found=[Finding("redis_down")], wall_now=NOW)
    answer = Client().get("/health/findings")
    assert [one["code"] for one in answer.json()["findings"]] == ["redis_down"]


def test_measurements_are_for_those_with_the_token(settings, hospital):
    assert Client().get("/metrics").status_code == 404
    settings.METRICS_TOKEN = TOKEN
    assert Client().get("/metrics").status_code == 401
    assert Client().get("/metrics", headers={"Authorization": "Bearer no"}).status_code == 401
    running_session(hospital)
    timer(state="done", due_at=NOW, fired_at=NOW + timedelta(seconds=2))
    message(9, sent_at=NOW, payload={"row": {"kind": "alert"}})
    life("web", kernel_clock.wall_now(), "a:1", sockets=7)
    life("web", kernel_clock.wall_now(), "b:1", sockets=5)
    life("web", kernel_clock.wall_now() - timedelta(minutes=2), "gone:1", sockets=100)
    keep_findings(found=[Finding("redis_down")], wall_now=NOW)
    text = Client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).content.decode()
    assert "ivig_sockets 12.0" in text
    assert 'ivig_finding_open{code="redis_down",severity="alarm"} 1.0' in text
    assert 'ivig_timer_lateness_seconds_bucket{le="1"} 0.0' in text
    assert 'ivig_timer_lateness_seconds_bucket{le="2.5"} 1.0' in text
    assert 'ivig_alert_delivery_seconds_bucket{le="30"} 1.0' in text
    assert "ivig_celery_queue_depth" in text and "ivig_redis_up 1.0" in text
