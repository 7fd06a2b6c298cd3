"""What is counted: infusions beside events, lots beside lots; and who is told of a lot that stands out."""

from dataclasses import replace
from datetime import timedelta
from time import perf_counter

import pytest
from django.db import connection
from django.db.utils import InternalError, ProgrammingError
from django.test.utils import CaptureQueriesContext

from apps.alerts.models import Alert
from apps.alerts.selectors import alerts_for_officer
from apps.alerts.services import acknowledge_alert
from apps.edge.messages import fill, params_from_json
from apps.infusions.models import HungVial
from apps.kernel.errors import ForbiddenError
from apps.lots.services import hold_lot
from apps.safety import services as safety
from apps.safety.models import AdverseEvent
from apps.safety.selectors import counted_events
from apps.signals.domain import Axis, rates_by
from apps.signals.models import LotSignal
from apps.signals.selectors import counted_for, exposed_to, lots_in_hospital
from tests.builders import NOW, fire_due_timers
from tests.unit.db.signal_stories import event, infusions, sign
from tests.unit.db.test_case_reviews import SERIOUS
from tests.unit.db.test_reviews import WHOLE

pytestmark = pytest.mark.django_db


@pytest.fixture
def look(clock):
    """Let the lot watch do what waits for it."""

    def fire():
        clock.set(NOW)
        fire_due_timers(NOW)

    return fire


def test_events_stand_beside_the_infusions_they_were_told_of(hospital):
    bad = infusions(hospital, 6, lot="LOT-A")
    infusions(hospital, 10, lot="LOT-B", since=NOW - timedelta(days=300))
    event(hospital, bad[1])
    event(hospital, bad[2], term="hemolysis")
    counted = counted_for(hospital.safety_officer)
    rows = {row.key: row for row in rates_by(Axis.LOT, counted.given, counted.told)}
    assert (rows["kiovig/LOT-A"].events, rows["kiovig/LOT-A"].infusions) == (2, 6)
    assert (rows["kiovig/LOT-B"].events, rows["kiovig/LOT-B"].infusions) == (0, 10)
    assert rows["kiovig/LOT-A"].grams == 150 and rows["kiovig/LOT-A"].grams_known == 6
    (indication,) = rates_by(Axis.INDICATION, counted.given, counted.told)
    assert (indication.key, indication.infusions) == ("nel_cidp", 16)


def test_one_lot_counts_once_however_its_number_is_written(hospital):
    infusions(hospital, 2, lot="LOT-A1")
    again = infusions(hospital, 2, lot="lota1", since=NOW - timedelta(days=300))
    event(hospital, again[1])
    counted = counted_for(hospital.physician)
    (row,) = rates_by(Axis.LOT, counted.given, counted.told)
    assert (row.key, row.infusions, row.events) == ("kiovig/LOT-A1", 4, 1)


def test_what_was_entered_in_error_is_counted_nowhere(hospital):
    sessions = infusions(hospital, 3, lot="LOT-A")
    wrong = event(hospital, sessions[1])
    AdverseEvent.objects.filter(pk=wrong.pk).update(status="entered_in_error")
    HungVial.objects.filter(session=sessions[2]).update(status="entered_in_error")
    counted = counted_for(hospital.physician)
    assert counted.told == ()
    assert [one.lots for one in counted.given] == [("LOT-A",), ("LOT-A",), ()]


def test_a_lot_that_was_hung_after_the_onset_has_no_part_in_the_event(hospital):
    sessions = infusions(hospital, 2, lot="LOT-A")
    drip = HungVial.objects.get(session=sessions[1])
    drip.pk, drip.lot_number = None, "LOT-B"
    drip.save()
    event(hospital, sessions[1], lots=["LOT-A"])
    rows = {row.lot_number: row.every.count for row in lots_in_hospital(hospital.physician)}
    assert (rows["LOT-A"].lot_events, rows["LOT-A"].lot_infusions) == (1, 2)
    assert (rows["LOT-B"].lot_events, rows["LOT-B"].lot_infusions) == (0, 1)


def test_a_review_says_what_it_was_and_whether_it_was_serious(hospital):
    sessions = infusions(hospital, 2, lot="LOT-A")
    told = event(hospital, sessions[1])
    (one,) = counted_events([sessions[1].pk])
    assert (one.terms, one.is_serious) == (("headache",), None)  # nobody has decided
    two = replace(
        WHOLE, reactions=(WHOLE.reactions[0], replace(WHOLE.reactions[0], term="", severity_term="fever"))
    )
    sign(hospital.physician, told, two)
    (one,) = counted_events([sessions[1].pk])
    assert (one.terms, one.is_serious) == (("headache", "fever"), False)
    sign(hospital.second_physician, told, SERIOUS, now=NOW + timedelta(hours=8))
    (one,) = counted_events([sessions[1].pk])
    assert (one.terms, one.is_serious) == (("headache",), True)  # the newest words, the stricter judgement


def test_people_count_their_own_wards(hospital, elsewhere):
    there = infusions(elsewhere, 3, lot="LOT-A")
    event(elsewhere, there[0])
    assert counted_for(hospital.safety_officer).given == ()
    assert len(counted_for(elsewhere.safety_officer).given) == 3
    assert exposed_to(hospital.safety_officer, product_code="kiovig", lot_number="LOT-A") == []
    # A lot is counted over the hospital, as it is held over the hospital; nobody is named.
    (row,) = lots_in_hospital(hospital.safety_officer)
    assert row.every.count.lot_infusions == 3


@pytest.mark.parametrize("role", ["nurse", "charge_nurse", "administrator"])
def test_signals_are_for_officers_and_physicians(hospital, role):
    person = getattr(hospital, role)
    for read in (
        lambda: counted_for(person),
        lambda: lots_in_hospital(person),
        lambda: exposed_to(person, product_code="kiovig", lot_number="LOT-A"),
    ):
        with pytest.raises(ForbiddenError):
            read()


def test_who_was_given_a_lot_with_what_of_it_and_what_followed(hospital):
    sessions = infusions(hospital, 3, lot="LOT-A")
    told = event(hospital, sessions[2], term="chills")
    HungVial.objects.filter(session=sessions[1]).update(volume_ml=None)
    rows = exposed_to(hospital.physician, product_code="kiovig", lot_number="lot a")
    assert [row.infusion.session_id for row in rows] == [one.pk for one in sessions]
    assert [row.infusion.hung_g for row in rows] == [25, None, 25]
    assert [[one.event_id for one in row.events] for row in rows] == [[], [], [told.pk]]


def test_a_lot_that_stands_out_is_told_once_at_each_look_with_its_numbers(hospital, look):
    bad = infusions(hospital, 10, lot="LOT-A")
    infusions(hospital, 90, lot="LOT-B", since=NOW - timedelta(days=300))
    event(hospital, bad[0])
    look()
    assert not LotSignal.objects.exists()  # one event alone says nothing
    event(hospital, bad[1])
    look()
    assert not LotSignal.objects.exists()  # 2 of 10 and 0 of 90: 1 in 110, not improbable enough
    third = event(hospital, bad[2])
    look()
    signal = LotSignal.objects.get()
    assert (signal.lot_events, signal.lot_infusions, signal.other_events, signal.other_infusions) == (
        3,
        10,
        0,
        90,
    )
    (alert,) = alerts_for_officer(hospital.safety_officer)
    said = fill(alert.message, params_from_json(alert.params))
    assert "LOT-A" in said and "3 of 10" in said and "0 of 90" in said
    # Nothing new was learnt: nobody is told again.
    AdverseEvent.objects.filter(pk=third.pk).update(onset_at=third.onset_at + timedelta(minutes=1))
    event(hospital, bad[2], term="fever")
    look()
    assert LotSignal.objects.count() == 1 and Alert.objects.filter(code="lot_stands_out").count() == 1
    # The next look has numbers of its own and takes the place of the first.
    event(hospital, bad[3])
    look()
    (alert,) = alerts_for_officer(hospital.safety_officer)
    assert "4 of 10" in fill(alert.message, params_from_json(alert.params))
    assert LotSignal.objects.count() == 2


def test_serious_events_are_looked_at_alone_once_a_review_says_so(hospital, look):
    bad = infusions(hospital, 10, lot="LOT-A")
    good = infusions(hospital, 90, lot="LOT-B", since=NOW - timedelta(days=300))
    for session in good[:60]:
        event(hospital, session)
    serious = [event(hospital, session) for session in bad[:3]]
    look()
    assert not LotSignal.objects.exists()
    for told in serious:
        sign(hospital.physician, told, SERIOUS)
    look()
    signal = LotSignal.objects.get()
    assert signal.serious_only and (signal.lot_events, signal.other_events) == (3, 0)
    (alert,) = alerts_for_officer(hospital.safety_officer)
    assert alert.priority == "high"


def test_the_watch_counts_over_all_wards_and_names_the_lot_not_the_patient(hospital, elsewhere, look):
    here = infusions(hospital, 5, lot="LOT-A")
    there = infusions(elsewhere, 5, lot="LOT-A")
    infusions(elsewhere, 90, lot="LOT-B", since=NOW - timedelta(days=300))
    event(hospital, here[0])
    event(hospital, here[1])
    event(elsewhere, there[0])
    look()
    assert LotSignal.objects.get().lot_infusions == 10
    alert = Alert.objects.get(code="lot_stands_out")
    assert alert.patient_id is None


def test_an_event_taken_back_closes_what_was_taken_and_hides_nothing_else(hospital, look):
    bad = infusions(hospital, 10, lot="LOT-A")
    infusions(hospital, 90, lot="LOT-B", since=NOW - timedelta(days=300))
    told = [event(hospital, session) for session in bad[:3]]
    look()
    withdraw = {"actor": "system", "reason": "mistaken", "now": NOW}
    safety.withdraw_adverse_event(origin=told[0].origin, **withdraw)
    look()
    assert len(alerts_for_officer(hospital.safety_officer)) == 1  # nobody has taken it
    Alert.objects.filter(code="lot_stands_out").update(state="acknowledged")
    safety.withdraw_adverse_event(origin=told[1].origin, **withdraw)
    look()
    assert alerts_for_officer(hospital.safety_officer) == []
    assert LotSignal.objects.count() == 1  # what was found stays


@pytest.fixture
def told(hospital, look):
    """A lot that stood out, and the alert of it."""
    bad = infusions(hospital, 10, lot="LOT-A")
    infusions(hospital, 90, lot="LOT-B", since=NOW - timedelta(days=300))
    for session in bad[:3]:
        event(hospital, session)
    look()
    (alert,) = alerts_for_officer(hospital.safety_officer)
    return alert, bad


def test_who_takes_the_call_closes_it_and_the_next_look_calls_anew(hospital, told, look):
    alert, bad = told
    acknowledge_alert(performer=hospital.safety_officer, alert_id=alert.pk, now=NOW)
    assert alerts_for_officer(hospital.safety_officer) == []
    event(hospital, bad[3])
    look()
    (alert,) = alerts_for_officer(hospital.safety_officer)
    assert alert.state == "raised"


def test_putting_the_lot_on_hold_answers_the_call(hospital, told):
    hold_lot(
        performer=hospital.physician, product_code="kiovig", lot_number="lot a", reason="Chills.", now=NOW
    )
    assert alerts_for_officer(hospital.safety_officer) == []


def test_what_the_watch_found_is_never_changed(told):
    with pytest.raises((InternalError, ProgrammingError)):
        LotSignal.objects.update(lot_events=1)


def test_counting_takes_as_many_queries_for_many_as_for_few(hospital, capsys):
    def queries(read):
        with CaptureQueriesContext(connection) as few:
            read()
        return len(few)

    sessions = infusions(hospital, 5, lot="LOT-A")
    event(hospital, sessions[0])
    officer = hospital.safety_officer
    reads = [
        lambda: counted_for(officer),
        lambda: lots_in_hospital(officer),
        lambda: exposed_to(officer, product_code="kiovig", lot_number="LOT-A"),
    ]
    few = [queries(read) for read in reads]
    more = infusions(hospital, 1500, lot="LOT-B", since=NOW - timedelta(days=2000), patients=60)
    more += infusions(hospital, 1500, lot="LOT-C", since=NOW - timedelta(days=1999), patients=60)
    for session in more[::12]:
        event(hospital, session)
    assert [queries(read) for read in reads] == few
    began = perf_counter()
    counted = counted_for(officer)
    for axis in Axis:
        rates_by(axis, counted.given, counted.told)
    middle = perf_counter()
    lots_in_hospital(officer)
    took = perf_counter() - middle
    with capsys.disabled():
        print(
            f"\n{len(counted.given)} infusions: rates {middle - began:.2f} s, lots {took:.2f} s; queries {few}"
        )
    assert middle - began < 5 and took < 5
