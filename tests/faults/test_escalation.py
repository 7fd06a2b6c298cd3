"""Nobody takes an alert, for real: every hop by beat and workers, out of the ward to real servers, whatever dies."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.clients import ApiClient
from tests.flow.steps import QUIET, board_row, running_infusion, ward_id
from tests.sinks import Behaviour, SmtpSink, WebhookSink
from tests.stack import Stack, StackTemplate

HIGH_WAITS_S = (120, 120, 180)
FIRST_PAUSE_S = 15
PATIENCE_S = 120


@pytest.fixture
def hook() -> Iterator[WebhookSink]:
    with WebhookSink() as sink:
        yield sink


@pytest.fixture
def mail() -> Iterator[SmtpSink]:
    with SmtpSink() as sink:
        yield sink


@pytest.fixture
def calling_stack(
    stack_template: StackTemplate, tmp_path: Path, hook: WebhookSink, mail: SmtpSink
) -> Iterator[Stack]:
    """A live stack of this test's own whose calls leave to a webhook and a mailbox of ours."""
    stack = Stack(stack_template, tmp_path)
    stack.environment |= {
        "ALERT_FALLBACK_URL": hook.url,
        "ALERT_FALLBACK_EMAIL": "duty@localhost",
        "ALERT_FALLBACK_SMTP_URL": mail.url,
        "ALERT_FALLBACK_ALLOWED_HOSTS": "127.0.0.1,localhost",
    }
    try:
        # The demo ward's own alerts stay where they are: what leaves is what the test raised.
        stack.sql("UPDATE ledger_timer SET state = 'cancelled' WHERE kind = 'alert.escalate'")
        stack.start_all()
        yield stack
    finally:
        stack.stop_all()


def test_it_climbs_across_a_shift_change_and_out_of_the_ward(
    calling_stack: Stack, hook: WebhookSink, mail: SmtpSink
) -> None:
    stack = calling_stack
    nurse, charge = ApiClient(stack, "nurse"), ApiClient(stack, "charge")
    _second_physician(stack)
    _put_on_call(stack, charge, "physician")
    alert = _untaken_alert(stack, nurse, "climb-1")

    stack.advance_clock(HIGH_WAITS_S[0])
    _wait_for_level(stack, alert, 1)
    _put_on_call(stack, charge, "evening")  # the shift changes while the charge nurse is called
    stack.advance_clock(HIGH_WAITS_S[1])
    _wait_for_level(stack, alert, 2)
    assert hook.posted == [] and mail.mails == []
    stack.advance_clock(HIGH_WAITS_S[2])
    _wait_for_level(stack, alert, 3)
    _wait_for_delivery(stack, alert, "sent")

    row = board_row(nurse, ward_id(nurse), f"alert:{alert}")
    assert row is not None and row["state"] == "raised" and row["level"] == 3
    assert [call["params"].get("names") for call in row["calls"]] == [
        "Demo Charge Nurse",
        "Demo Evening Physician",
        None,
    ]
    query = "SELECT message_id FROM alerts_outgoingmessage WHERE about = %s"
    ids = {str(one["message_id"]) for one in stack.sql(query, (f"alert:{alert}",))}
    assert len(ids) == 2
    stack.wait_until(
        lambda: ids <= {post.body["id"] for post in hook.posted} | {_id_of(one) for one in mail.mails},
        PATIENCE_S,
        "A message did not arrive",
    )
    assert "climb-1" not in str(hook.posted) + str(mail.mails[0])
    nurse.write(f"alerts/{alert}/acknowledge/")
    assert not stack.sql(
        "SELECT 1 FROM ledger_timer WHERE state = 'pending' AND subject = %s", (f"alert:{alert}",)
    )


def test_a_gateway_that_is_down_is_tried_until_it_answers_once(
    calling_stack: Stack, hook: WebhookSink
) -> None:
    stack = calling_stack
    nurse = ApiClient(stack, "nurse")
    hook.behaviour = Behaviour(status=503)
    alert = _untaken_alert(stack, nurse, "down-1")
    _climb_to_the_top(stack, alert)
    stack.wait_until(lambda: _webhook(stack, alert)["last_error"], PATIENCE_S, "The failure was not noted")
    assert _webhook(stack, alert)["state"] == "queued"

    hook.behaviour = Behaviour()
    stack.advance_clock(FIRST_PAUSE_S + 1)
    stack.wait_until(lambda: _webhook(stack, alert)["state"] == "sent", PATIENCE_S, "It was not tried again")
    arrived = _posted(hook, alert)
    assert len(arrived) >= 2 and set(arrived) == {str(_webhook(stack, alert)["message_id"])}
    stack.advance_clock(3000)  # within the hour after which the top is called again
    _wait_until_nothing_is_due(stack)
    assert _posted(hook, alert) == arrived


def test_a_worker_killed_while_sending_sends_again_under_the_same_id(
    calling_stack: Stack, hook: WebhookSink
) -> None:
    stack = calling_stack
    nurse = ApiClient(stack, "nurse")
    hook.behaviour = Behaviour(delay_s=60)
    alert = _untaken_alert(stack, nurse, "killed-1")
    _climb_to_the_top(stack, alert)
    stack.wait_until(lambda: _posted(hook, alert), PATIENCE_S, "Nothing was sent")
    stack.kill("worker")  # the receiver has it, nobody here knows
    assert _webhook(stack, alert)["sent_at"] is None
    hook.behaviour = Behaviour()
    stack.start("worker")
    stack.advance_clock(FIRST_PAUSE_S + 1)
    stack.wait_until(lambda: _webhook(stack, alert)["state"] == "sent", PATIENCE_S, "It was lost")
    assert len(_posted(hook, alert)) >= 2
    assert set(_posted(hook, alert)) == {str(_webhook(stack, alert)["message_id"])}


@pytest.mark.long
def test_a_slow_gateway_gets_one_message_at_a_time(calling_stack: Stack, hook: WebhookSink) -> None:
    """Three calls at once to a webhook that thinks for seconds: one after the other, and every one arrives."""
    stack = calling_stack
    nurse = ApiClient(stack, "nurse")
    hook.behaviour = Behaviour(delay_s=3)
    alerts = [_untaken_alert(stack, nurse, f"slow-{number}") for number in range(3)]
    _climb_to_the_top(stack, *alerts)
    for alert in alerts:
        _wait_for_delivery(stack, alert, "sent")
    stack.wait_until(lambda: {_webhook(stack, alert)["state"] for alert in alerts} == {"sent"}, PATIENCE_S)
    assert hook.most_at_once == 1


def _second_physician(stack: Stack) -> None:
    """A colleague of the demo's physician, called `evening`."""
    stack.sql(
        "INSERT INTO accounts_user (username, first_name, last_name, password, email, is_superuser, is_staff,"
        " is_active, date_joined, role, specialty) SELECT 'evening', first_name, 'Evening Physician', password, email,"
        " is_superuser, is_staff, is_active, date_joined, role, specialty FROM accounts_user"
        " WHERE username = 'physician'"
    )
    stack.sql(
        "INSERT INTO accounts_user_wards (user_id, ward_id) SELECT evening.id, ward_id FROM accounts_user_wards"
        " JOIN accounts_user one ON one.id = user_id AND one.username = 'physician',"
        " (SELECT id FROM accounts_user WHERE username = 'evening') evening"
    )


def _put_on_call(stack: Stack, charge: ApiClient, username: str) -> None:
    physician = stack.sql("SELECT id FROM accounts_user WHERE username = %s", (username,))[0]["id"]
    ends = (stack.clinical_now + timedelta(hours=12)).isoformat()
    charge.write(f"wards/{ward_id(charge)}/on-call/", {"physician_id": physician, "ends_at": ends})


def _untaken_alert(stack: Stack, nurse: ApiClient, number: str) -> int:
    """A high alert that nobody takes; its number."""
    session = running_infusion(stack, nurse, ApiClient(stack, "physician"), number)["id"]
    nurse.write(f"sessions/{session}/observations/", QUIET | {"systolic_mmhg": "82"})
    query = "SELECT id FROM alerts_alert WHERE subject = %s AND priority = 'high' ORDER BY id LIMIT 1"
    return int(stack.sql(query, (f"session:{session}",))[0]["id"])


def _climb_to_the_top(stack: Stack, *alerts: int) -> None:
    for level, wait_s in enumerate(HIGH_WAITS_S, start=1):
        stack.advance_clock(wait_s)
        for alert in alerts:
            _wait_for_level(stack, alert, level)


def _wait_for_level(stack: Stack, alert: int, level: int) -> None:
    query = "SELECT 1 FROM alerts_alerthop WHERE alert_id = %s AND level = %s"
    stack.wait_until(lambda: stack.sql(query, (alert, level)), PATIENCE_S, f"Level {level} was not called")


def _wait_for_delivery(stack: Stack, alert: int, delivery: str) -> None:
    query = "SELECT 1 FROM alerts_alerthop WHERE alert_id = %s AND delivery = %s"
    stack.wait_until(lambda: stack.sql(query, (alert, delivery)), PATIENCE_S, f"The call was not {delivery}")


def _webhook(stack: Stack, alert: int) -> dict[str, Any]:
    query = "SELECT * FROM alerts_outgoingmessage WHERE channel = 'webhook' AND about = %s"
    return stack.sql(query, (f"alert:{alert}",))[0]


def _posted(hook: WebhookSink, alert: int) -> list[str]:
    """The ids under which this alert's call arrived."""
    return [post.body["id"] for post in hook.posted if post.body["alert"] == alert]


def _wait_until_nothing_is_due(stack: Stack) -> None:
    query = "SELECT 1 FROM ledger_timer WHERE state IN ('pending', 'claimed') AND due_at <= %s"
    stack.wait_until(lambda: not stack.sql(query, (stack.clinical_now,)), PATIENCE_S, "Timers stayed open")


def _id_of(mail: Any) -> str:
    return str(mail["Message-ID"]).strip("<>").split("@")[0]
