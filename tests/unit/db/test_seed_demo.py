"""The demo ward: a believable dozen in different phases, made once."""

from collections import Counter

import pytest
from django.apps import apps
from django.core.management import call_command

from apps.accounts.selectors import Staff
from apps.alerts.models import Alert
from apps.courses.models import Course
from apps.followups.models import FollowUpCheck
from apps.infusions.models import InfusionSession
from apps.ledger.models import Event, Timer
from apps.ledger.selectors import first_broken_event
from apps.patients.models import Patient
from apps.safety.models import AdverseEvent
from ivig_monitor.demo.ward import seed
from ivig_monitor.demo_accounts import DEMO_ACCOUNTS
from tests.builders import NOW, Door

pytestmark = pytest.mark.django_db


def everything():
    """Every row of every table of ours."""
    return {
        model._meta.label: sorted(map(repr, model.objects.values()))
        for model in apps.get_models()
        if model.__module__.startswith("apps.")
    }


@pytest.fixture
def seeded(release):
    assert seed(now=NOW) is True


def test_seeding_again_changes_nothing(seeded, clock, capsys):
    before = everything()
    assert seed(now=clock.forward(days=1)) is False
    call_command("seed_demo")
    assert "already" in capsys.readouterr().out
    assert everything() == before


def test_a_believable_spread(seeded, clock):
    while clock.fire():
        pass
    assert 11 <= Patient.objects.count() <= 24
    states = Counter(InfusionSession.objects.values_list("state", flat=True))
    assert states["running"] >= 4 and states["paused"] == 1 and states["completed"] >= 5
    running = InfusionSession.objects.filter(state="running")
    assert len(set(running.values_list("step_index", flat=True))) >= 3
    assert Course.objects.exclude(pk__in=InfusionSession.objects.values("course_id")).exists()
    assert Patient.objects.exclude(pk__in=Course.objects.values("patient_id")).exists()
    codes = dict(Alert.objects.exclude(state="resolved").values_list("code", "priority"))
    assert "hypotension" in codes and "reaction:urticaria" in codes
    checks = Counter(FollowUpCheck.objects.values_list("status", flat=True))
    assert {"planned", "due", "overdue", "done", "superseded"} <= set(checks)
    assert AdverseEvent.objects.filter(term="urticaria", lots__0__lot_number="LOT-B7731").exists()
    assert not Timer.objects.filter(state="failed").exists()

    # Nothing happened in the future, and every chain is sound.
    assert not Event.objects.filter(recorded_at__gt=NOW).exists()
    for subject in set(Event.objects.values_list("subject", flat=True)):
        assert first_broken_event(subject) is None, subject

    # Everybody can sign in, and each bedside account finds a board that is not empty.
    for account in DEMO_ACCOUNTS:
        person = Staff.objects.get(username=account.username)
        assert person.check_password(account.password)
        if account.role in ("nurse", "physician"):
            [ward] = person.wards.all()
            assert Door(person).get(f"wards/{ward.pk}/board/").json()["rows"]
