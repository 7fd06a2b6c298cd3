"""A lot on hold is not hung on any ward; who has it on the drip is told; two people release it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import InternalError, ProgrammingError

from apps.alerts.models import Alert
from apps.infusions.models import HungVial
from apps.infusions.services import hang_vial, prepare_session
from apps.kernel.errors import ConflictError, DomainError, ForbiddenError
from apps.ledger.models import Event
from apps.lots.models import LotHold
from apps.lots.selectors import hold_on
from apps.lots.services import agree_to_release, hold_lot, keep_on_hold
from tests.builders import NOW, PASSWORD, Door, admit_patient, order_course, running_session, start_day, vial
from tests.unit.interop.codes import gs1_code

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
LOT = "LOT-A1204"
REASON = "Two patients with chills."


def hold(hospital, *, now=NOW, lot=LOT, product="kiovig"):
    return hold_lot(
        performer=hospital.safety_officer, product_code=product, lot_number=lot, reason=REASON, now=now
    )


def agree(hold_id, performer, *, now=NOW, reason="Tested by the manufacturer."):
    return agree_to_release(performer=performer, hold_id=hold_id, reason=reason, now=now)


def test_a_held_lot_is_refused_at_the_start_with_the_reason_and_nothing_is_started(hospital):
    hold(hospital)
    course = order_course(hospital, admit_patient(hospital))
    with pytest.raises(DomainError) as refused:
        start_day(hospital, course)
    assert refused.value.code == "lot_on_hold"
    assert REASON in str(refused.value) and LOT in str(refused.value)
    assert not HungVial.objects.exists()
    assert start_day(hospital, course, vials=[vial(lot_number="LOT-B")]).started_at == NOW


@pytest.mark.parametrize("written", ["LOT-A1204", "lot a1204", "LOTA1204", "Lot/A.1204 "])
def test_a_hold_finds_the_lot_however_its_number_is_written(hospital, written):
    hold(hospital)
    assert hold_on("kiovig", written) is not None


@pytest.mark.parametrize(
    ("product", "lot"), [("kiovig", "LOT-A1205"), ("privigen", LOT), ("kiovig", "A1204")]
)
def test_other_lots_and_other_products_may_be_hung(hospital, product, lot):
    hold(hospital)
    assert hold_on(product, lot) is None


def test_the_scan_of_a_held_lot_says_so_before_anything_is_typed(hospital):
    course = order_course(hospital, admit_patient(hospital))
    hold(hospital, lot="LOTA1204")
    scan = {"data": gs1_code(lot="LOTA1204"), "course_id": course.pk}
    answer = Door(hospital.nurse).post("barcodes/vial/", scan).json()
    assert "lot_on_hold" in [problem["code"] for problem in answer["problems"]]
    assert REASON in answer["problems"][0]["text"]


def test_the_next_vial_of_a_held_lot_is_refused_while_it_is_in_hand(hospital):
    session = running_session(hospital)
    HungVial.objects.update(volume_ml=50)
    hold(hospital, now=NOW + MINUTE)
    with pytest.raises(DomainError) as refused:
        hang_vial(performer=hospital.nurse, session_id=session.pk, vial=vial(), now=NOW + 5 * MINUTE)
    assert refused.value.code == "lot_on_hold"


def test_one_that_was_hung_without_network_is_written_and_told(hospital):
    session = running_session(hospital)
    HungVial.objects.update(volume_ml=50, lot_number="LOT-B")
    hold(hospital, now=NOW + MINUTE)
    hang_vial(
        performer=hospital.nurse,
        session_id=session.pk,
        vial=vial(),
        hung_at=NOW + 2 * MINUTE,
        now=NOW + 20 * MINUTE,
    )
    assert session.vials.filter(lot_number=LOT).exists()
    alert = Alert.objects.get(code="lot_on_hold")
    assert (alert.subject, alert.priority) == (f"session:{session.pk}", "high")


def test_who_has_the_lot_on_the_drip_is_told_on_every_ward(hospital, elsewhere):
    here, there = running_session(hospital), running_session(elsewhere)
    other = running_session(hospital)
    other.vials.update(lot_number="LOT-B")
    hold(hospital, now=NOW + MINUTE)
    alerts = Alert.objects.filter(code="lot_on_hold").order_by("pk")
    assert [alert.subject for alert in alerts] == [f"session:{here.pk}", f"session:{there.pk}"]
    assert {alert.ward_id for alert in alerts} == {hospital.ward.pk, elsewhere.ward.pk}
    assert all(alert.priority == "high" for alert in alerts)


def test_a_prepared_day_is_not_told_of_it_hangs_nothing(hospital):
    course = order_course(hospital, admit_patient(hospital))
    prepare_session(performer=hospital.nurse, course_id=course.pk, day_number=1, now=NOW)
    hold(hospital)
    assert not Alert.objects.filter(code="lot_on_hold").exists()


def test_a_lot_is_held_once(hospital):
    hold(hospital)
    with pytest.raises(ConflictError) as refused:
        hold(hospital, lot="lot a1204")
    assert refused.value.code == "lot_held_already"


def test_two_people_release_it_and_only_then_may_it_be_hung(hospital):
    held = hold(hospital)
    agree(held.pk, hospital.safety_officer, now=NOW + MINUTE)
    assert hold_on("kiovig", LOT) is not None  # asked for, not agreed
    with pytest.raises(ConflictError) as alone:
        agree(held.pk, hospital.safety_officer, now=NOW + 2 * MINUTE)
    assert alone.value.code == "second_person_same"
    released = agree(held.pk, hospital.physician, now=NOW + 3 * MINUTE, reason="Read the answer.")
    assert (released.released_by, released.agreement) == (hospital.physician, "Read the answer.")
    assert hold_on("kiovig", LOT) is None
    with pytest.raises(ConflictError) as late:
        agree(held.pk, hospital.second_physician, now=NOW + 4 * MINUTE)
    assert late.value.code == "lot_not_held"
    names = [event.name for event in Event.objects.filter(subject=f"lot_hold:{held.pk}").order_by("pk")]
    assert names == ["lots.lot.held", "lots.release.asked", "lots.lot.released"]
    assert hold(hospital, now=NOW + 5 * MINUTE).pk != held.pk  # it may be held anew


def test_who_does_not_agree_keeps_it_on_hold_and_two_have_to_agree_again(hospital):
    held = hold(hospital)
    agree(held.pk, hospital.safety_officer)
    keep_on_hold(performer=hospital.physician, hold_id=held.pk, reason="No answer yet.", now=NOW + MINUTE)
    agree(held.pk, hospital.physician, now=NOW + 2 * MINUTE)
    assert hold_on("kiovig", LOT) is not None
    with pytest.raises(ConflictError):
        agree(held.pk, hospital.physician, now=NOW + 3 * MINUTE)


def test_a_wrong_password_releases_nothing(hospital):
    held = hold(hospital)
    answer = Door(hospital.safety_officer).post(
        f"lots-on-hold/{held.pk}/release/", {"reason": "Tested.", "own_password": "not-mine"}
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "identity_not_proved")
    assert LotHold.objects.get().state == "held"


@pytest.mark.parametrize("role", ["nurse", "charge_nurse", "administrator"])
def test_holding_and_releasing_are_for_physicians_and_officers(hospital, role):
    held = hold(hospital)
    person = getattr(hospital, role)
    with pytest.raises(ForbiddenError):
        hold_lot(performer=person, product_code="kiovig", lot_number="X", reason=REASON, now=NOW)
    with pytest.raises(ForbiddenError):
        agree(held.pk, person)
    with pytest.raises(ForbiddenError):
        keep_on_hold(performer=person, hold_id=held.pk, reason="no", now=NOW)


def test_the_database_itself_refuses_one_person_alone_and_any_change_of_the_reason(hospital):
    held = hold(hospital)
    alone = {"release_asked_by": hospital.physician, "released_by": hospital.physician, "state": "released"}
    with pytest.raises(IntegrityError), transaction.atomic():
        LotHold.objects.filter(pk=held.pk).update(**alone)
    with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
        LotHold.objects.filter(pk=held.pk).update(reason="nothing")
    with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
        LotHold.objects.filter(pk=held.pk).delete()


def test_over_the_api_an_officer_holds_a_nurse_sees_and_two_release(hospital):
    officer, nurse, physician = (
        Door(person) for person in (hospital.safety_officer, hospital.nurse, hospital.physician)
    )
    entry = {"product_code": "kiovig", "lot_number": LOT, "reason": REASON}
    unknown = officer.post("lots-on-hold/", entry | {"product_code": "no-such"})
    assert (unknown.status_code, unknown.json()["code"]) == (400, "unknown_product")
    held = officer.post("lots-on-hold/", entry)
    assert (held.status_code, held.json()["state"]) == (201, "held")
    assert nurse.post("lots-on-hold/", entry).json()["code"] == "not_your_role"
    (shown,) = nurse.get("lots-on-hold/").json()
    assert (shown["product"], shown["lot_number"], shown["reason"]) == ("Kiovig", LOT, REASON)
    path = f"lots-on-hold/{shown['id']}/"
    agreement = {"reason": "Tested.", "own_password": PASSWORD}
    assert officer.post(path + "release/", agreement).json()["state"] == "release_asked"
    assert officer.post(path + "release/", agreement).json()["code"] == "second_person_same"
    assert physician.post(path + "keep/", {"reason": "Which test?"}).json()["state"] == "held"
    assert physician.post(path + "release/", agreement).json()["state"] == "release_asked"
    assert officer.post(path + "release/", agreement).json()["state"] == "released"
    assert physician.post("lots-on-hold/999999/release/", agreement).json()["code"] == "not_found"
