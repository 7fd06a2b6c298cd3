"""One vial after the other: asked for in time, missed aloud, each with its lot, and never more given than hung."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from apps.alerts.models import Alert
from apps.courses.selectors import access_course
from apps.infusions import services
from apps.infusions.domain import to_tenth_ml
from apps.infusions.models import HungVial, KnownPackage
from apps.infusions.presentation import present
from apps.infusions.rows import given_ml
from apps.infusions.selectors import access_session
from apps.kernel.errors import ConflictError, DomainError, NotFoundError
from apps.ledger.models import Event
from apps.safety.models import AdverseEvent
from tests.builders import NOW, VIAL, Door, admit_patient, climb, order_course, react, start_day, vial

pytestmark = pytest.mark.django_db
GTIN = "07046260000000"


def minutes(count):
    return NOW + timedelta(minutes=count)


@pytest.fixture
def course(hospital):
    return order_course(hospital, admit_patient(hospital))


@pytest.fixture
def session(hospital, course):
    """250 mL are ordered, 20 mL hang: at 30, then 60 mL/h they are in by minute 35."""
    return start_day(hospital, course, vials=[vial(lot_number="LOT-1", volume_ml=Decimal(20))])


@pytest.fixture
def now(hospital, session):
    return lambda: access_session(hospital.nurse, session.pk)


@pytest.fixture
def hang(hospital, session):
    """hang(35, lot_number="LOT-2"): the nurse hangs the next vial in this minute; 230 mL unless told otherwise."""

    def act(minute, *, hung_at=None, replaces=None, reason="", **changes):
        return services.hang_vial(
            performer=hospital.nurse,
            session_id=session.pk,
            vial=vial(**({"lot_number": "LOT-2", "volume_ml": Decimal(230)} | changes)),
            now=minutes(minute),
            hung_at=None if hung_at is None else minutes(hung_at),
            replaces=replaces,
            reason=reason,
        )

    return act


def given(session, minute):
    return to_tenth_ml(given_ml(session, minutes(minute)))


def refused(act, *arguments, **named):
    with pytest.raises(DomainError) as refusal:
        act(*arguments, **named)
    return refusal.value


# In time


def test_the_next_vial_is_asked_for_five_minutes_before_this_one_is_empty(clock, now, hang):
    assert now().vial_due_at == minutes(40), "20 mL at 30 mL/h"
    clock.fire(minutes(34))
    assert "vial" not in now().asked
    clock.fire(minutes(35))
    assert "vial" in now().asked
    hung = hang(36)
    assert ("vial" in hung.asked, hung.vial_due_at) == (False, None)
    clock.fire(minutes(60))
    assert not Alert.objects.filter(code="vial_empty").exists()


def test_a_faster_rate_empties_it_sooner(hospital, session, now):
    climb(hospital, session.pk, to_step=1)  # 15 mL by 30, then 60 mL/h
    assert now().vial_due_at == minutes(35)


def test_an_empty_vial_alerts_and_the_next_one_answers_the_alert(clock, now, hang, hospital):
    clock.fire(minutes(39))
    assert not Alert.objects.filter(code="vial_empty").exists()
    clock.fire(minutes(40))
    alert = Alert.objects.get(code="vial_empty")
    assert (alert.priority, alert.state) == ("medium", "raised")
    hang(42)
    alert.refresh_from_db()
    assert (alert.state, alert.acknowledged_by) == ("resolved", hospital.nurse)


def test_it_is_asked_for_once_and_alerted_once(clock, hang):
    for minute in (35, 36, 40, 41, 50):
        clock.fire(minutes(minute))
    assert Event.objects.filter(name="infusion.vial.due").count() == 1
    assert Alert.objects.filter(code="vial_empty").count() == 1


def test_while_it_is_empty_the_volume_stands_still(now, hang):
    assert [given(now(), minute) for minute in (39, 40, 50)] == [Decimal("19.5"), 20, 20]
    finish = now().finish_at
    hung = hang(50)
    assert [given(now(), minute) for minute in (50, 52, 60)] == [20, 21, 25]
    assert hung.finish_at == finish + timedelta(minutes=10), "ten minutes were lost"


def test_a_vial_hung_at_once_behind_another_waits_its_turn(now, hang):
    hang(10)
    assert [given(now(), minute) for minute in (10, 40, 60)] == [5, 20, 30]


def test_a_paused_pump_empties_nothing(clock, hospital, session, now):
    services.pause_session(performer=hospital.nurse, session_id=session.pk, reason="", now=minutes(20))
    assert now().vial_due_at is None
    clock.fire(minutes(60))
    assert not Alert.objects.filter(code="vial_empty").exists()
    services.resume_session(
        performer=hospital.nurse,
        session_id=session.pk,
        version=now().version,
        step_index=None,
        reason="",
        now=minutes(60),
    )
    assert now().vial_due_at == minutes(80)


def test_a_vial_typed_late_was_hung_when_it_was_hung(clock, now, hang):
    clock.fire(minutes(45))
    hang(45, hung_at=38)
    assert given(now(), 45) == Decimal("22.5"), "it never stood still"
    row = HungVial.objects.get(lot_number="LOT-2")
    assert (row.hung_at, row.recorded_at) == (minutes(38), minutes(45))
    event = Event.objects.get(name="infusion.vial.hung")
    assert (event.occurred_at, event.recorded_at) == (minutes(38), minutes(45))
    assert Alert.objects.get(code="vial_empty").state == "resolved"


# Lots in time


def test_the_adverse_event_names_the_lots_that_hung_by_then(hospital, session, hang):
    hang(38)
    react(hospital, session.pk, minutes(37))
    react(hospital, session.pk, minutes(39), term="nausea")
    react(hospital, session.pk, minutes(50), term="chills", onset_at=minutes(20))
    lots = {event.term: [lot["lot_number"] for lot in event.lots] for event in AdverseEvent.objects.all()}
    assert lots == {"headache": ["LOT-1"], "nausea": ["LOT-1", "LOT-2"], "chills": ["LOT-1"]}


# What is not hung


def test_an_expired_vial_is_not_hung(hang):
    assert refused(hang, 30, expires_on=date(2026, 3, 1)).code == "lot_expired"
    assert HungVial.objects.count() == 1
    hang(30, expires_on=date(2026, 3, 2))


@pytest.fixture
def packages(hospital):
    for gtin, product in ((GTIN, "kiovig"), ("07046260000017", "privigen")):
        KnownPackage.objects.create(
            gtin=gtin, product_code=product, confirmed_at=NOW, confirmed_by=hospital.nurse
        )


def test_another_product_is_not_hung(packages, hang):
    refusal = refused(hang, 30, gtin="07046260000017")
    assert refusal.code == "vial_of_other_product"
    assert str(refusal) == "This vial is Privigen, ordered is Kiovig. Take the right one; do not hang this."
    hang(30, gtin=GTIN)


def test_a_package_nobody_has_confirmed_yet_is_hung(packages, hang):
    assert hang(30, gtin="09999999999994").state == "running"


def test_one_vial_is_hung_once(packages, hang, hospital):
    hang(30, gtin=GTIN, serial="S-1", volume_ml=Decimal(100))
    assert refused(hang, 31, gtin=GTIN, serial="S-1", volume_ml=Decimal(100)).code == "vial_hung_before"
    hang(31, gtin=GTIN, serial="S-2", volume_ml=Decimal(100))
    other = order_course(hospital, admit_patient(hospital))
    with pytest.raises(DomainError) as refusal:
        start_day(hospital, other, vials=[vial(gtin=GTIN, serial="S-2")])
    assert refusal.value.code == "vial_hung_before"


def test_one_serial_number_twice_in_one_hand(packages, hospital, course):
    twice = [vial(gtin=GTIN, serial="S-1", volume_ml=Decimal(100))] * 2
    with pytest.raises(DomainError) as refusal:
        start_day(hospital, course, vials=twice)
    assert refusal.value.code == "vial_hung_before"
    assert not HungVial.objects.exists()


def test_more_than_the_days_volume_is_too_much(hang):
    hang(30)
    refusal = refused(hang, 31, volume_ml=Decimal(10))
    assert refusal.code == "volume_hangs_already"
    assert "250" in str(refusal)


def test_nothing_is_hung_before_the_start_nor_after_the_end(hang, hospital, session):
    assert refused(hang, 30, hung_at=-1).code == "hung_before_start"
    services.stop_session(performer=hospital.nurse, session_id=session.pk, reason="", now=minutes(31))
    refusal = refused(hang, 32)
    assert (type(refusal), refusal.code) == (ConflictError, "session_not_open")


def test_nobody_hangs_without_looking_at_the_wristband(hospital, session, clock):
    clock.set(minutes(30))
    door, path = Door(hospital.nurse), f"sessions/{session.pk}/vials/"
    answer = door.post(path, VIAL | {"identity_confirmed": False})
    assert (answer.status_code, answer.json()["code"]) == (400, "identity_not_confirmed")
    assert HungVial.objects.count() == 1
    shown = door.post(path, VIAL | {"volume_ml": "۲۳۰", "identity_confirmed": True}).json()
    assert [one["volume_ml"] for one in shown["vials"]] == ["20", "230"]
    assert (shown["hung_left_ml"], shown["vial_due_at"]) == ("235", None)


# Wrong entries


def mark(hospital, session, row, minute, reason="was not hung"):
    return services.mark_vial_in_error(
        performer=hospital.nurse, session_id=session.pk, vial_id=row.pk, reason=reason, now=minutes(minute)
    )


def test_a_vial_that_was_not_hung_counts_no_more_and_stays_written(hospital, session, now, hang):
    hang(30)
    wrong = HungVial.objects.get(lot_number="LOT-2")
    marked = mark(hospital, session, wrong, 50)
    wrong.refresh_from_db()
    assert (wrong.status, wrong.status_reason) == ("entered_in_error", "was not hung")
    assert (wrong.status_changed_by, wrong.status_changed_at) == (hospital.nurse, minutes(50))
    assert given(now(), 50) == 20, "what hung was empty since minute 40"
    assert "vial" in marked.asked and marked.vial_due_at == minutes(50)
    shown = present(now(), now=minutes(50))
    assert [vial["row"].status for vial in shown["vials"]] == ["final", "entered_in_error"]


def test_a_vial_in_error_that_left_the_pump_empty_alerts_at_once(clock, hospital, session, hang):
    hang(30)
    clock.fire(minutes(50))
    mark(hospital, session, HungVial.objects.get(lot_number="LOT-2"), 50)
    clock.fire(minutes(50))
    assert Alert.objects.get(code="vial_empty").state == "raised"


def test_its_serial_number_may_be_hung_after_all(packages, hospital, session, hang):
    hang(30, gtin=GTIN, serial="S-1")
    mark(hospital, session, HungVial.objects.get(serial="S-1"), 31)
    assert hang(32, gtin=GTIN, serial="S-1").state == "running"


def test_the_only_vial_is_replaced_not_struck_out(hospital, course):
    session = start_day(hospital, course)
    [wrong] = session.vials.all()
    assert refused(mark, hospital, session, wrong, 10).code == "last_vial"
    services.hang_vial(
        performer=hospital.nurse,
        session_id=session.pk,
        vial=vial(lot_number="LOT-A1240"),
        now=minutes(10),
        replaces=wrong.pk,
        reason="digits swapped",
    )
    rows = HungVial.objects.order_by("pk").values_list("lot_number", "status", "hung_at")
    assert list(rows) == [("LOT-A1204", "entered_in_error", NOW), ("LOT-A1240", "final", NOW)]
    assert given(access_session(hospital.nurse, session.pk), 10) == 5
    react(hospital, session.pk, minutes(11))
    assert [lot["lot_number"] for lot in AdverseEvent.objects.get().lots] == ["LOT-A1240"]
    names = Event.objects.filter(subject=f"session:{session.pk}").values_list("name", flat=True)
    assert "infusion.vial.entered_in_error" in names


def test_replacing_needs_a_reason_and_a_vial_of_this_infusion(hospital, session, hang):
    [row] = session.vials.all()
    assert refused(hang, 10, replaces=row.pk, reason=" ").code == "reason_needed"
    assert isinstance(refused(hang, 10, replaces=row.pk + 99, reason="slip"), NotFoundError)
    hang(10, replaces=row.pk, reason="slip")
    assert isinstance(refused(hang, 11, replaces=row.pk, reason="again"), NotFoundError)


def test_a_vial_of_another_infusion_is_not_marked_here(hospital, session):
    other = start_day(hospital, order_course(hospital, admit_patient(hospital)))
    with pytest.raises(NotFoundError):
        mark(hospital, session, other.vials.get(), 10)


# What was given in the end


def end(hospital, session, minute, **changes):
    entry = {"reason": "", "residual_ml": None} | changes
    services.complete_session(
        performer=hospital.nurse,
        session_id=session.pk,
        version=access_session(hospital.nurse, session.pk).version,
        now=minutes(minute),
        **entry,
    )
    return Event.objects.get(name="infusion.session.completed").payload


@pytest.fixture
def nearly_done(hospital, course):
    """At 360 mL/h; 230 mL are in by minute 75. Three vials of 100 mL hang, 250 mL were ordered."""
    vials = [vial(lot_number=f"LOT-{number}", volume_ml=Decimal(100)) for number in (1, 2, 3)]
    session = start_day(hospital, course, vials=vials)
    climb(hospital, session.pk, to_step=4)
    return session


def test_on_the_minute(hospital, nearly_done):
    payload = end(hospital, nearly_done, 78 + 1 / 3)
    assert (payload["volume_given_ml"], payload["difference_ml"]) == ("250.0", "0.0")


def test_an_over_run_is_told(hospital, nearly_done, course):
    payload = end(hospital, nearly_done, 85)
    assert (payload["volume_given_ml"], payload["difference_ml"]) == ("290.0", "40.0")
    assert access_course(hospital.nurse, course.pk).infusion_days.first().given_g == 29


def test_more_than_hung_is_never_given(hospital, nearly_done):
    payload = end(hospital, nearly_done, 600)
    assert (payload["volume_given_ml"], payload["difference_ml"]) == ("300.0", "50.0")


def test_an_under_run_is_told(hospital, nearly_done, course):
    payload = end(hospital, nearly_done, 65, reason="Vein lost.")
    assert (payload["volume_given_ml"], payload["difference_ml"]) == ("170.0", "-80.0")
    assert access_course(hospital.nurse, course.pk).infusion_days.first().given_g == 17


def test_what_was_left_over_decides_when_it_was_measured(hospital, nearly_done, course):
    payload = end(hospital, nearly_done, 76, residual_ml=Decimal(55))
    assert (payload["volume_given_ml"], payload["by_clock_ml"]) == ("245.0", "236.0")
    assert (payload["difference_ml"], payload["residual_ml"]) == ("-5.0", "55")
    shown = present(access_session(hospital.nurse, nearly_done.pk), now=minutes(90))
    assert (shown["volume_given_ml"], shown["hung_left_ml"], shown["grams_given"]) == (
        245,
        55,
        Decimal("24.5"),
    )
    assert access_course(hospital.nurse, course.pk).infusion_days.first().given_g == Decimal("24.5")


def test_more_left_over_than_was_hung_is_a_slip(hospital, nearly_done):
    assert refused(end, hospital, nearly_done, 76, residual_ml=Decimal(301)).code == "residual_above_hung"
    assert access_session(hospital.nurse, nearly_done.pk).state == "running"
    assert end(hospital, nearly_done, 76, residual_ml=Decimal(300))["volume_given_ml"] == "0.0"


def test_ending_answers_an_empty_vial(clock, hospital, session):
    clock.fire(minutes(41))
    end(hospital, session, 42, reason="Enough for today.")
    assert Alert.objects.get(code="vial_empty").state == "resolved"
