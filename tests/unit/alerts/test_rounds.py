"""Who is tried in a round of sending, and who waits for the next."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from apps.alerts.delivery.rounds import Round

THEN = datetime(2026, 3, 2, 8, tzinfo=UTC)
LATER = THEN + timedelta(seconds=15)


@dataclass
class Message:
    tried_at: datetime | None = None
    channel: str = "webhook"


def after_failure_of(message):
    one = Round()
    assert one.why_not(message) == ""
    one.failed(message, "no answer")
    return one


def test_a_channel_that_failed_rests_for_who_was_tried_as_lately():
    assert after_failure_of(Message(THEN)).why_not(Message(THEN)) == "no answer"
    assert after_failure_of(Message(THEN)).why_not(Message(LATER)) == "no answer"


def test_in_the_first_round_nobody_has_waited_longer():
    assert after_failure_of(Message()).why_not(Message()) == "no answer"


def test_one_that_waited_longer_is_tried_all_the_same_and_only_one():
    one = after_failure_of(Message(LATER))
    assert one.why_not(Message(THEN)) == ""
    assert one.why_not(Message(None)) == "no answer"
    assert after_failure_of(Message(LATER)).why_not(Message(None)) == ""


def test_another_channel_does_not_rest():
    assert after_failure_of(Message(THEN)).why_not(Message(THEN, "smtp")) == ""
