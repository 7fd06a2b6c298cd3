"""Barcodes at the door: what a scanned vial or wristband means for this patient."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from apps.infusions.models import HungVial, InfusionSession, KnownPackage
from apps.infusions.services.packages import confirm_package
from apps.kernel.errors import ConflictError
from apps.ledger.models import Event
from tests.builders import NOW, Door, Hospital, admit_patient, order_course
from tests.unit.interop.codes import GTIN, OTHER_GTIN, gs1_code, with_check_digit

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(hospital):
    """A course of Kiovig, not yet started."""
    return order_course(hospital, admit_patient(hospital))


def know(hospital: Hospital, product_code: str = "kiovig", gtin: str = GTIN) -> KnownPackage:
    return confirm_package(performer=hospital.nurse, gtin=gtin, product_code=product_code, now=NOW)


def scan(hospital: Hospital, data: str, **where: Any) -> Any:
    return Door(hospital.nurse).post("barcodes/vial/", {"data": data, **where}, key="")


def session_of(course: Any) -> InfusionSession:
    return InfusionSession.objects.create(
        patient=course.patient,
        ward=course.ward,
        course_id=course.pk,
        day_number=1,
        days=course.days,
        guideline_version=course.guideline_version,
        product_code=course.product_code,
        rate_table_code=course.rate_table_code,
        concentration_mg_per_ml=100,
        weight_kg=60,
        volume_total_ml=250,
    )


def hang(hospital: Hospital, course: Any, *, serial: str, at: datetime = NOW, **changes: Any) -> HungVial:
    return HungVial.objects.create(
        session=session_of(course),
        lot_number="LE12X345AB",
        expires_on=date(2027, 12, 31),
        gtin=GTIN,
        serial=serial,
        hung_at=at,
        recorded_at=at,
        performer=hospital.nurse,
        **changes,
    )


def codes(answer: Any) -> list[str]:
    return [problem["code"] for problem in answer.json()["problems"]]


def test_a_vial_of_the_ordered_product_has_no_problem(hospital, course):
    know(hospital)
    assert scan(hospital, gs1_code(), course_id=course.pk).json() == {
        "gtin": GTIN,
        "lot_number": "LE12X345AB",
        "expires_on": "2027-12-31",
        "serial": "7K3M9Q2X",
        "expected": {"code": "kiovig", "name": "Kiovig"},
        "product": {"code": "kiovig", "name": "Kiovig"},
        "known": True,
        "problems": [],
    }


def test_for_a_running_infusion_its_own_product_counts(hospital, course):
    know(hospital, "privigen")
    session = session_of(course)
    InfusionSession.objects.filter(pk=session.pk).update(product_code="privigen")
    assert codes(scan(hospital, gs1_code(), session_id=session.pk)) == []
    assert codes(scan(hospital, gs1_code(), course_id=course.pk)) == ["other_product"]


def test_expiry_is_judged_by_the_wards_own_day(hospital, course, clock):
    """23:30 UTC on 1 March is already the 2nd in Oslo."""
    know(hospital)
    last_day = gs1_code(expires_on=date(2026, 3, 1))
    clock.set(datetime.fromisoformat("2026-03-01T22:30:00+00:00"))
    assert codes(scan(hospital, last_day, course_id=course.pk)) == []
    clock.forward(hours=1)
    answer = scan(hospital, last_day, course_id=course.pk)
    assert codes(answer) == ["expired"]
    assert "1 Mar 2026" in answer.json()["problems"][0]["text"]


def test_an_unknown_package_is_confirmed_once_by_a_person(hospital, course):
    answer = scan(hospital, gs1_code(), course_id=course.pk)
    assert codes(answer) == ["unknown_package"]
    assert answer.json()["known"] is False and answer.json()["product"] is None
    package = {"gtin": GTIN, "product_code": answer.json()["expected"]["code"]}
    confirmed = Door(hospital.nurse).post("barcodes/packages/", package)
    assert confirmed.status_code == 201
    assert confirmed.json() == {"gtin": GTIN, "product": {"code": "kiovig", "name": "Kiovig"}}
    assert codes(scan(hospital, gs1_code(), course_id=course.pk)) == []
    event = Event.objects.get(name="infusion.package.confirmed")
    assert event.payload == {"gtin": GTIN, "product": "kiovig"}
    assert event.actor == f"user:{hospital.nurse.pk}"


def test_confirming_again_changes_nothing_and_otherwise_is_refused(hospital):
    first = know(hospital)
    assert know(hospital) == first
    assert Event.objects.filter(name="infusion.package.confirmed").count() == 1
    with pytest.raises(ConflictError, match="Nurse Neurology"):
        know(hospital, "privigen")
    assert know(hospital, "privigen", OTHER_GTIN).product_code == "privigen"


@pytest.mark.parametrize(
    ("gtin", "product_code", "code"),
    [
        (GTIN[:-1] + str((int(GTIN[-1]) + 1) % 10), "kiovig", "scan_check_digit"),
        (GTIN, "no-such-product", "guideline_unknown_code"),
        ("123", "kiovig", "entries_invalid"),
    ],
)
def test_only_real_numbers_and_products_are_confirmed(hospital, gtin, product_code, code):
    answer = Door(hospital.nurse).post("barcodes/packages/", {"gtin": gtin, "product_code": product_code})
    assert answer.status_code == 400 and answer.json()["code"] == code
    assert not KnownPackage.objects.exists()


def test_only_who_runs_infusions_confirms_packages(hospital):
    package = {"gtin": GTIN, "product_code": "kiovig"}
    for person in hospital.safety_officer, hospital.administrator:
        assert Door(person).post("barcodes/packages/", package).status_code == 403
    assert not KnownPackage.objects.exists()


def test_a_vial_hung_on_any_ward_is_not_hung_again(hospital, elsewhere, course):
    know(hospital)
    other = order_course(elsewhere, admit_patient(elsewhere, name="Testperson Alm"))
    hang(elsewhere, other, serial="7K3M9Q2X", at=NOW - timedelta(days=1))
    answer = scan(hospital, gs1_code(), course_id=course.pk)
    assert codes(answer) == ["already_hung"]
    assert "1 Mar 2026" in answer.json()["problems"][0]["text"]
    assert "Alm" not in answer.content.decode()
    assert codes(scan(hospital, gs1_code(serial="7K3M9Q2Y"), course_id=course.pk)) == []
    assert codes(scan(hospital, gs1_code(serial=None), course_id=course.pk)) == []


def test_an_entry_made_in_error_does_not_count_as_hung(hospital, course):
    know(hospital)
    hang(hospital, course, serial="7K3M9Q2X", status=HungVial.Status.ENTERED_IN_ERROR)
    assert codes(scan(hospital, gs1_code(), course_id=course.pk)) == []


def test_a_linear_code_leaves_lot_and_expiry_to_be_typed(hospital, course):
    know(hospital)
    found = scan(hospital, with_check_digit("704000000001"), course_id=course.pk).json()
    assert (found["gtin"], found["lot_number"], found["expires_on"]) == (GTIN, None, None)
    assert found["problems"] == []


def test_a_misread_code_is_refused_with_a_sentence(hospital, course):
    wrong = gs1_code(gtin=GTIN[:-1] + str((int(GTIN[-1]) + 1) % 10))
    answer = scan(hospital, wrong, course_id=course.pk)
    assert answer.status_code == 400 and answer.json()["code"] == "scan_check_digit"
    assert answer.json()["message"].endswith("Scan it again.")
    assert scan(hospital, gs1_code()).json()["code"] == "scan_without_order"


def test_scanning_writes_nothing(hospital, course):
    events = Event.objects.count()
    scan(hospital, gs1_code(), course_id=course.pk)
    wristband(hospital, course, "UNIT-0")
    assert Event.objects.count() == events and not KnownPackage.objects.exists()


def test_what_lies_on_another_ward_is_not_there(elsewhere, course):
    session = session_of(course)
    for where in {"course_id": course.pk}, {"session_id": session.pk}, {"course_id": 10**17}:
        assert scan(elsewhere, gs1_code(), **where).status_code == 404
    assert wristband(elsewhere, course, course.patient.medical_record_number).status_code == 404
    nobody = Door(None).post("barcodes/vial/", {"data": gs1_code(), "course_id": course.pk})
    assert nobody.json()["code"] == "not_signed_in"


def wristband(hospital: Hospital, course: Any, data: str) -> Any:
    entry = {"data": data, "patient_id": course.patient_id}
    return Door(hospital.nurse).post("barcodes/wristband/", entry, key="")


def test_the_wristband_of_this_patient(hospital, course):
    number = course.patient.medical_record_number
    answer = wristband(hospital, course, f"]C0{number}\r").json()
    assert answer["matches"] is True and number in answer["text"]


def test_the_wristband_of_somebody_else_stops_and_does_not_say_whose_it_is(hospital, course):
    other = admit_patient(hospital, name="Testperson Alm")
    answer = wristband(hospital, course, other.medical_record_number).json()
    assert answer["matches"] is False
    assert "Stop" in answer["text"] and course.patient.medical_record_number in answer["text"]
    assert "Alm" not in answer["text"]


def test_a_vial_is_no_wristband(hospital, course):
    answer = wristband(hospital, course, gs1_code())
    assert answer.status_code == 400 and answer.json()["code"] == "scan_is_package"
