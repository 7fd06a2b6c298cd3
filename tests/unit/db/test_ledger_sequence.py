"""Messages of a ward are numbered without gaps, and whoever sees number n+1 has already been able to see n."""

from threading import Barrier, Event
from time import monotonic

import pytest
from django.db import connection, transaction

from apps.ledger.models import OutboxMessage
from apps.ledger.selectors import last_sequences
from apps.ledger.services import publish_row, unit_of_work
from apps.ledger.services.messages import hand_over_messages
from tests.builders import NOW, in_parallel

pytestmark = pytest.mark.django_db(transaction=True)
WARD, OTHER = 1, 2


def publish(*row_ids, ward_id=WARD):
    for row_id in row_ids:
        publish_row(ward_id=ward_id, row_id=row_id, read=lambda name=row_id: {"name": name})


def visible(ward_id=WARD):
    return list(
        OutboxMessage.objects.filter(ward_id=ward_id).order_by("sequence").values_list("sequence", flat=True)
    )


def test_a_unit_numbers_its_messages_in_order_and_one_row_is_one_message():
    with unit_of_work():
        publish("a", "b")
        publish("a")
    messages = OutboxMessage.objects.order_by("sequence").values_list("sequence", "payload")
    assert list(messages) == [
        (number, {
            "type": "row", "sequence": number, "row": {"name": name, "row_id": name, "sequence": number},
        })
        for number, name in ((1, "a"), (2, "b"))
    ]  # fmt: skip
    assert last_sequences([WARD, OTHER]) == {WARD: 2, OTHER: 0}


def test_a_unit_that_fails_leaves_no_gap():
    with unit_of_work():
        publish("a")
    with pytest.raises(ZeroDivisionError), unit_of_work():
        publish("b")
        raise ZeroDivisionError
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        with unit_of_work():
            publish("c")
        raise ZeroDivisionError
    with unit_of_work():
        publish("d")
    assert visible() == [1, 2]


def test_parallel_units_use_every_number_once():
    start = Barrier(6)

    def write(name):
        start.wait(timeout=20)
        for turn in range(10):
            with unit_of_work():
                publish(f"{name}-{turn}", f"{name}-{turn}-more")
                publish(f"{name}-{turn}", ward_id=OTHER)

    results = in_parallel(*[lambda name=name: write(name) for name in "abcdef"])
    assert results == [None] * 6
    assert visible() == list(range(1, 121))
    assert visible(OTHER) == list(range(1, 61))
    assert last_sequences([WARD, OTHER]) == {WARD: 120, OTHER: 60}


def test_two_wards_in_either_order_do_not_deadlock():
    start = Barrier(4)

    def write(first, second):
        start.wait(timeout=20)
        for turn in range(15):
            with unit_of_work():
                publish(f"row-{turn}", ward_id=first)
                publish(f"row-{turn}", ward_id=second)

    jobs = [(WARD, OTHER), (OTHER, WARD), (WARD, OTHER), (OTHER, WARD)]
    assert in_parallel(*[lambda job=job: write(*job) for job in jobs]) == [None] * 4
    assert visible() == visible(OTHER) == list(range(1, 61))


def test_a_reader_never_sees_a_number_before_the_ones_below_it():
    done = Event()
    start = Barrier(5)

    def write(name):
        start.wait(timeout=20)
        for turn in range(15):
            with unit_of_work():
                publish(f"{name}-{turn}")

    def read():
        start.wait(timeout=20)
        seen = []
        while not done.is_set():
            numbers = visible()
            assert numbers == list(range(1, len(numbers) + 1)), f"a hole in {numbers}"
            seen.append(len(numbers))
        return seen

    def watch_and_stop():
        try:
            return in_parallel(*[lambda name=name: write(name) for name in "abcd"])
        finally:
            done.set()

    seen, written = in_parallel(read, watch_and_stop)
    assert written == [None] * 4
    assert isinstance(seen, list), seen
    assert seen == sorted(seen)
    assert visible() == list(range(1, 61))


def test_the_next_number_waits_until_the_one_before_is_committed():
    numbered, may_commit = Event(), Event()

    def slow():
        with transaction.atomic():
            with unit_of_work():
                publish("slow")
            numbered.set()
            assert may_commit.wait(timeout=20)

    def quick():
        assert numbered.wait(timeout=20)
        with unit_of_work():
            publish("quick")

    def watch():
        assert numbered.wait(timeout=20)
        try:
            wait_until_somebody_waits_for_a_lock()
            return visible()
        finally:
            may_commit.set()

    results = in_parallel(slow, quick, watch)
    assert results == [None, None, []]
    rows = OutboxMessage.objects.order_by("sequence").values_list("payload__row__name", flat=True)
    assert list(rows) == ["slow", "quick"]


def test_messages_are_settled_after_they_were_handed_over():
    with unit_of_work():
        publish("a", "b", "c")
    sent = []

    def broken(batch):
        raise ConnectionError("Redis is away")

    with pytest.raises(ConnectionError):
        hand_over_messages(send=broken, wall_now=NOW)
    assert OutboxMessage.objects.filter(sent_at__isnull=True).count() == 3

    def send(batch):
        sent.extend(message.sequence for message in batch)

    assert hand_over_messages(send=send, wall_now=NOW, limit=2) == 2
    assert hand_over_messages(send=send, wall_now=NOW) == 1
    assert hand_over_messages(send=send, wall_now=NOW) == 0
    assert sent == [1, 2, 3]


def wait_until_somebody_waits_for_a_lock():
    """Watches the server, so that the test needs no sleep: the second writer is standing in the queue."""
    end = monotonic() + 20
    while monotonic() < end:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if cursor.fetchone()[0]:
                return
    raise AssertionError("nobody waited: the counter is not locked until commit")
