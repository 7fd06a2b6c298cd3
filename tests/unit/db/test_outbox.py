"""The outbox as its readers use it: what follows a number, a backlog that is skipped, what is forgotten."""

import json
from datetime import timedelta

import pytest

from apps.ledger.models import OutboxMessage
from apps.ledger.selectors import messages_after
from apps.ledger.services import publish_row, unit_of_work
from apps.ledger.services.messages import forget_sent_messages, hand_over_messages, skip_backlog
from apps.ledger.wire import pack, unpack
from tests.builders import NOW

pytestmark = pytest.mark.django_db
WARD, OTHER = 1, 2


def publish(ward_id, *names):
    with unit_of_work():
        for name in names:
            publish_row(ward_id=ward_id, row_id=name, read=lambda name=name: {"name": name})


def test_what_follows_a_number_comes_in_order_and_at_most_so_much_of_each_ward():
    publish(WARD, "a", "b", "c")
    publish(OTHER, "x", "y")
    found = messages_after({WARD: 1, OTHER: 0}, limit=10)
    assert [(message.ward_id, message.sequence) for message in found] == [(1, 2), (1, 3), (2, 1), (2, 2)]
    assert json.loads(found[0].text) == {
        "type": "row",
        "sequence": 2,
        "row": {"name": "b", "row_id": "b", "sequence": 2},
    }
    limited = messages_after({WARD: 0, OTHER: 2}, limit=2)
    assert [(message.ward_id, message.sequence) for message in limited] == [(1, 1), (1, 2)]
    assert messages_after({}, limit=5) == []


def test_the_text_is_handed_over_as_it_is_stored():
    publish(WARD, "æ – ۱")
    sent = []
    hand_over_messages(send=sent.extend, wall_now=NOW)
    (stored,) = messages_after({WARD: 0}, limit=1)
    assert sent == [stored]
    assert unpack(pack(stored.sequence, stored.text)) == (1, stored.text)


def test_a_short_backlog_is_left_alone_and_a_long_one_becomes_one_message_a_ward():
    publish(WARD, "a", "b")
    publish(OTHER, "x")
    assert skip_backlog(send=pytest.fail, wall_now=NOW, longer_than=3) == 0
    sent = []
    assert skip_backlog(send=sent.extend, wall_now=NOW, longer_than=2) == 3
    assert {(message.ward_id, message.sequence, message.text) for message in sent} == {(1, 2, ""), (2, 1, "")}
    assert not OutboxMessage.objects.filter(sent_at__isnull=True).exists()


def test_a_backlog_that_could_not_be_announced_stays():
    publish(WARD, "a", "b")

    def broken(batch):
        raise ConnectionError("Redis is away")

    with pytest.raises(ConnectionError):
        skip_backlog(send=broken, wall_now=NOW, longer_than=1)
    assert OutboxMessage.objects.filter(sent_at__isnull=True).count() == 2


def test_only_what_was_sent_long_ago_is_forgotten():
    publish(WARD, "old", "new", "unsent")
    OutboxMessage.objects.filter(sequence=1).update(sent_at=NOW - timedelta(hours=25))
    OutboxMessage.objects.filter(sequence=2).update(sent_at=NOW - timedelta(hours=1))
    assert forget_sent_messages(wall_now=NOW, limit=1) == 1
    assert forget_sent_messages(wall_now=NOW) == 0
    assert list(OutboxMessage.objects.order_by("sequence").values_list("sequence", flat=True)) == [2, 3]
