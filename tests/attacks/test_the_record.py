"""Rewriting what happened, with the very rights that the service has in its database."""

import pytest
from django.db import DatabaseError, connection, transaction

from apps.ledger.models import Event
from tests.builders import running_session

pytestmark = pytest.mark.django_db

ATTEMPTS = [
    "UPDATE ledger_event SET payload = '{}'",
    "UPDATE ledger_event SET actor = 'user:1' WHERE id = (SELECT max(id) FROM ledger_event)",
    "UPDATE ledger_event SET hash = hash",
    "DELETE FROM ledger_event WHERE id = (SELECT min(id) FROM ledger_event)",
    "WITH gone AS (DELETE FROM ledger_event RETURNING 1) SELECT count(*) FROM gone",
    "INSERT INTO ledger_event SELECT * FROM ledger_event LIMIT 1 ON CONFLICT (id) DO UPDATE SET actor = 'user:1'",
    "MERGE INTO ledger_event t USING (SELECT 1 AS one) s ON true WHEN MATCHED THEN DELETE",
]


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_an_event_can_be_neither_changed_nor_deleted(hospital, attempt):
    """Refused by the database itself. Seen to succeed with the trigger `event_append_only` dropped."""
    running_session(hospital)
    before = list(Event.objects.order_by("pk").values())
    assert before
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(attempt)
    assert list(Event.objects.order_by("pk").values()) == before
