"""A database from before the bedside was rewritten comes over with its infusions, in one go."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from apps.infusions import services
from apps.infusions.models import InfusionSession, RateChange
from apps.infusions.presentation import present
from apps.infusions.rows import given_ml
from tests.builders import NOW, climb, react, running_session

BEFORE = [("infusions", "0003_complete_columns")]
# On the way back: a rate has its end again, and nothing yet asks that only one is open.
ON_THE_WAY = [("infusions", "0005_bedside_rows")]


def migrate(targets):
    """Go to these migrations. Returns the models as they are there."""
    executor = MigrationExecutor(connection)
    return executor.migrate(targets).apps


@pytest.fixture
def newest():
    """Back at the newest migration whatever happens."""
    leaves = MigrationExecutor(connection).loader.graph.leaf_nodes()
    yield leaves
    migrate(leaves)


@pytest.mark.django_db(transaction=True)
def test_an_infusion_of_before_keeps_its_rates_its_lot_and_its_reaction(hospital, newest):
    session = running_session(hospital)
    climb(hospital, session.pk, to_step=1)
    paused_at, later = NOW + timedelta(minutes=40), NOW + timedelta(minutes=50)
    react(hospital, session.pk, paused_at)
    services.pause_session(performer=hospital.nurse, session_id=session.pk, reason="", now=paused_at)
    given = given_ml(InfusionSession.objects.get(), later)

    old = migrate(ON_THE_WAY)
    rates = old.get_model("infusions", "RateChange").objects.order_by("started_at")
    first, second, ended = rates
    rates.filter(pk=first.pk).update(ended_at=second.started_at)
    rates.filter(pk=second.pk).update(ended_at=ended.started_at)
    ended.delete()
    migrate(BEFORE)
    migrate(newest)

    moved = InfusionSession.objects.select_related("patient", "ward").get()
    assert [(one.rate_ml_per_h, one.started_at) for one in RateChange.objects.all()] == [
        (30, NOW),
        (60, NOW + timedelta(minutes=30)),
        (0, paused_at),
    ]
    assert given_ml(moved, later) == given
    assert (moved.responsible_id, moved.watched_until) == (hospital.nurse.pk, None)
    shown = present(moved, now=later)
    assert [(vial["row"].lot_number, vial["row"].hung_at) for vial in shown["vials"]] == [("LOT-A1204", NOW)]
    reaction = moved.reactions.get()
    assert reaction.symptoms == [{"term": "headache", "severity": "mild"}]
    assert reaction.described_at == reaction.recorded_at
