"""By when a case must be reported: computed from what is known, told to officers alone, met by what was sent."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from apps.alerts.domain.escalation import Priority
from apps.alerts.models import Alert, AlertHop
from apps.alerts.selectors import alerts_for_officer
from apps.alerts.services import Condition, raise_alert
from apps.cases.domain.versions import Kind
from apps.cases.models import CaseClock
from apps.cases.reviews import ReviewedPart
from apps.cases.selectors import calendar_for, clocks_of
from apps.cases.services import note_sent, refresh_clocks
from apps.dashboard.models import BoardRow
from apps.infusions import services as infusions
from apps.ledger.models import Timer
from tests.builders import NOW, Door
from tests.unit.db.case_stories import anaphylaxis, describe_site, headache, keep, open_for

pytestmark = pytest.mark.django_db
EU, NORWAY = "eu_post_marketing", "norway_health_personnel"
LATER = NOW + timedelta(hours=6)
MILD = ReviewedPart(reviewed=True, seriousness=(), expected=True)
SERIOUS = ReviewedPart(reviewed=True, seriousness=("hospitalisation",), expected=True)


@pytest.fixture(autouse=True)
def site(settings):
    describe_site(settings)


@pytest.fixture
def reviews(monkeypatch):
    """Event number -> what its physician signed."""
    found = {}
    monkeypatch.setattr(
        "apps.cases.gathering.reviewed_parts", lambda event: (found.get(event.pk, ReviewedPart()),)
    )
    return found


def told(case):
    return {(clock.regime, clock.version_number): (clock.limit, clock.due_on) for clock in clocks_of(case)}


def test_what_nobody_has_decided_counts_as_serious_from_the_first_day(hospital):
    case = open_for(hospital, anaphylaxis(hospital))
    assert case.first_received_at.date() == date(2026, 3, 2)
    assert told(case)[EU, 1] == ("serious", date(2026, 3, 17))
    (clock,) = [clock for clock in clocks_of(case) if clock.regime == EU]
    assert clock.runs_out_at == datetime(2026, 3, 17, 23, 0, tzinfo=UTC)  # the end of the day in Amsterdam
    assert (NORWAY, 1) in told(case)


def test_a_review_that_finds_it_not_serious_gives_more_time(hospital, reviews):
    event = headache(hospital)
    case = open_for(hospital, event)
    reviews[event.pk] = MILD
    refresh_clocks(case_id=case.pk, now=LATER)
    assert told(case)[EU, 1] == ("non_serious_in_area", date(2026, 5, 31))
    assert case.clocks.filter(regime=EU, state=CaseClock.State.SUPERSEDED).count() == 1
    assert Timer.objects.filter(kind="case.clock.runs_out", state="pending").count() == len(
        [clock for clock in clocks_of(case) if clock.runs_out_at]
    )


def test_refreshing_what_has_not_changed_changes_nothing(hospital, reviews):
    case = open_for(hospital, anaphylaxis(hospital))
    rows = list(case.clocks.values_list("pk", "state"))
    refresh_clocks(case_id=case.pk, now=LATER)
    assert list(case.clocks.values_list("pk", "state")) == rows


def test_what_turns_out_serious_later_starts_a_new_clock_that_day(hospital, reviews):
    event = headache(hospital)
    reviews[event.pk] = MILD
    case = open_for(hospital, event)
    keep(hospital, case, Kind.INITIAL, now=LATER)
    note_sent(case_id=case.pk, version_number=1, regimes=None, now=LATER)
    day = NOW + timedelta(days=20)
    reviews[event.pk] = SERIOUS
    refresh_clocks(case_id=case.pk, now=day)
    assert told(case)[EU, 2] == ("serious", date(2026, 4, 6))
    refresh_clocks(case_id=case.pk, now=day + timedelta(days=3))
    assert told(case)[EU, 2] == ("serious", date(2026, 4, 6))  # day 0 stays
    keep(hospital, case, Kind.FOLLOW_UP, now=day + timedelta(days=3), information_at=day)
    assert told(case)[EU, 2] == ("serious", date(2026, 4, 6))


def test_what_was_sent_meets_its_clock_and_not_that_of_what_came_after(hospital, reviews):
    event = anaphylaxis(hospital)
    reviews[event.pk] = SERIOUS
    case = open_for(hospital, event)
    keep(hospital, case, Kind.INITIAL, now=LATER)
    day = LATER + timedelta(days=4)
    reviews[event.pk] = ReviewedPart(
        reviewed=True, seriousness=("hospitalisation",), expected=True, outcome="recovered"
    )
    keep(hospital, case, Kind.FOLLOW_UP, now=day)
    note_sent(case_id=case.pk, version_number=1, regimes=frozenset({EU}), now=day)
    states = {(clock.regime, clock.version_number): clock.state for clock in clocks_of(case)}
    assert (states[EU, 1], states[EU, 2], states[NORWAY, 1]) == ("met", "running", "running")


def test_a_nullified_case_has_no_clock(hospital):
    case = open_for(hospital, anaphylaxis(hospital))
    keep(hospital, case, Kind.INITIAL, now=LATER)
    keep(hospital, case, Kind.NULLIFICATION, now=LATER + timedelta(hours=1), reason="Duplicate.")
    assert {clock.state for clock in clocks_of(case)} == {"ended"}
    assert not Timer.objects.filter(kind__startswith="case.clock", state="pending").exists()
    assert calendar_for(hospital.safety_officer) == []


def test_an_event_that_was_a_mistake_is_heard_of(hospital):
    event = anaphylaxis(hospital)
    case = open_for(hospital, event)
    number = int(event.origin.split(":")[1])
    infusions.mark_reaction_in_error(
        performer=hospital.physician,
        session_id=event.session_id,
        reaction_id=number,
        reason="another's",
        now=LATER,
    )
    event.refresh_from_db()
    assert event.status == "entered_in_error"
    assert told(case)[EU, 1] == ("serious", date(2026, 3, 17))  # until somebody nullifies the case


# Officers alone are told.


def test_three_days_before_and_when_it_ran_out_an_officer_is_told_and_no_ward(hospital, elsewhere, clock):
    case = open_for(hospital, anaphylaxis(hospital))
    clock.fire(datetime(2026, 3, 14, 23, 0, tzinfo=UTC))
    (nears,) = [one for one in alerts_for_officer(hospital.safety_officer) if EU in _regimes(one)]
    assert (nears.code, nears.priority, nears.audience) == ("case_clock_nears", "low", "officers")
    clock.fire(datetime(2026, 3, 18, 0, 0, tzinfo=UTC))
    codes = {one.code for one in alerts_for_officer(hospital.safety_officer) if EU in _regimes(one)}
    assert codes == {"case_clock_nears", "case_clock_ran_out"}
    for person in (hospital.nurse, hospital.physician, elsewhere.safety_officer):
        assert alerts_for_officer(person) == []
    row_ids = {f"alert:{alert.pk}" for alert in Alert.objects.filter(audience="officers")}
    assert not BoardRow.objects.filter(row_id__in=row_ids).exists()
    assert not AlertHop.objects.filter(alert__audience="officers").exists()
    note_sent(case_id=case.pk, version_number=1, regimes=None, now=clock.now)
    assert alerts_for_officer(hospital.safety_officer) == []


def _regimes(alert):
    number = int(alert.subject.split(":")[1])
    return {CaseClock.objects.get(pk=number).regime}


def test_an_officer_takes_such_an_alert_and_a_nurse_does_not_even_find_it(hospital, clock):
    open_for(hospital, anaphylaxis(hospital))
    clock.fire(datetime(2026, 3, 18, 0, 0, tzinfo=UTC))
    alert = alerts_for_officer(hospital.safety_officer)[0]
    path = f"alerts/{alert.pk}/acknowledge/"
    for person in (hospital.nurse, hospital.physician):
        assert Door(person).post(path).status_code == 404
    assert Door(hospital.administrator).post(path).status_code == 403  # takes no alert at all
    answer = Door(hospital.safety_officer).post(path)
    assert (answer.status_code, answer.json()["state"]) == (200, "acknowledged")


def test_an_alert_of_the_ward_is_still_not_the_officers_to_take(hospital):
    alert = raise_alert(
        ward_id=hospital.ward.pk,
        patient_id=None,
        subject="test:1",
        condition=Condition("test", Priority.LOW, "Look here.", {}),
        now=NOW,
    )
    assert Door(hospital.safety_officer).post(f"alerts/{alert.pk}/acknowledge/").status_code == 403
    assert BoardRow.objects.filter(row_id=f"alert:{alert.pk}").exists()


def test_the_calendar_shows_what_runs_out_first(hospital, reviews):
    mild, severe = headache(hospital, name="Testperson Alm"), anaphylaxis(hospital)
    reviews[mild.pk] = MILD
    open_for(hospital, mild)
    open_for(hospital, severe)
    rows = Door(hospital.physician).get("case-clocks/").json()
    assert [row["due_on"] for row in rows] == sorted(row["due_on"] for row in rows)
    assert {row["regime"] for row in rows} >= {EU}
    assert all(row["days_left"] > 0 and not row["overdue"] for row in rows)


def test_a_regime_nobody_knows_hinders_nothing_and_the_page_says_so(hospital, settings):
    settings.CASE_REGIMES = [EU, "atlantis"]
    case = open_for(hospital, anaphylaxis(hospital))
    assert {clock.regime for clock in clocks_of(case)} == {EU}
    client = Client()
    client.force_login(hospital.safety_officer)
    assert "atlantis" in client.get(f"/cases/{case.pk}/?tab=clocks").content.decode()
