"""Alerts from before there were levels climb on after the upgrade; none stands still."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from apps.alerts.domain.escalation import Priority
from apps.alerts.models import Alert, AlertHop
from apps.alerts.services import Condition, acknowledge_alert, raise_alert
from apps.ledger.models import Timer
from tests.builders import NOW, admit_patient


def minutes(count):
    return NOW + timedelta(minutes=count)


def migrate(targets):
    MigrationExecutor(connection).migrate(targets)


@pytest.fixture
def newest():
    """Back at the newest migration whatever happens."""
    leaves = MigrationExecutor(connection).loader.graph.leaf_nodes()
    yield leaves
    migrate(leaves)


@pytest.mark.django_db(transaction=True)
def test_an_alert_of_before_climbs_on(hospital, newest, clock):
    patient = admit_patient(hospital)
    fresh, escalated, taken = [
        raise_alert(
            ward_id=hospital.ward.pk,
            patient_id=patient.pk,
            subject=f"session:{number}",
            condition=Condition("hypotension", Priority.HIGH, "Low.", {}),
            now=NOW,
        )
        for number in (1, 2, 3)
    ]
    acknowledge_alert(performer=hospital.nurse, alert_id=taken.pk, now=minutes(1))
    migrate([("alerts", "0001_initial")])
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE alerts_alert SET escalated_at = %s WHERE id IN (%s, %s)",
            [minutes(2), escalated.pk, taken.pk],
        )
    Timer.objects.filter(subject=f"alert:{fresh.pk}").update(payload={}, occurrence=NOW.isoformat())
    Timer.objects.filter(subject=f"alert:{escalated.pk}").update(
        payload={}, occurrence=NOW.isoformat(), state="done"
    )
    migrate(newest)

    stand = {alert.pk: (alert.level, alert.next_level) for alert in Alert.objects.all()}
    assert stand == {fresh.pk: (0, 1), escalated.pk: (1, 2), taken.pk: (1, None)}
    clock.fire(minutes(2))
    clock.fire(minutes(4))
    assert sorted(AlertHop.objects.values_list("alert_id", "level")) == sorted(
        [(fresh.pk, 1), (fresh.pk, 2), (escalated.pk, 2)]
    )


@pytest.mark.django_db(transaction=True)
def test_a_high_alert_of_before_that_reached_the_top_is_called_for_again(hospital, newest, clock):
    patient = admit_patient(hospital)
    high, medium = [
        raise_alert(
            ward_id=hospital.ward.pk,
            patient_id=patient.pk,
            subject=f"session:{number}",
            condition=Condition("hypotension", priority, "Low.", {}),
            now=NOW,
        )
        for number, priority in ((1, Priority.HIGH), (2, Priority.MEDIUM))
    ]
    for minute in (2, 4, 7, 10, 20, 35):
        clock.fire(minutes(minute))
    migrate([("alerts", "0003_carry_over_levels")])
    # as the version before left them: the top was called and nothing followed
    Timer.objects.filter(kind="alert.escalate", state="pending").delete()
    Alert.objects.filter(pk=high.pk).update(climb=1, next_level=None)
    migrate(newest)

    clock.fire(minutes(66))
    assert AlertHop.objects.filter(level=3).count() == 2
    clock.fire(minutes(67))
    assert sorted(AlertHop.objects.filter(level=3).values_list("alert_id", "climb")) == sorted(
        [(high.pk, 1), (high.pk, 2), (medium.pk, 1)]
    )
