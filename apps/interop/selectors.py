"""What a scanned code means for this person's patient. Writes nothing."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from apps.accounts.selectors import Staff
from apps.courses.selectors import CourseRecord, access_course
from apps.guidelines.domain import Guidelines
from apps.guidelines.selectors import guidelines_version
from apps.infusions.selectors import SessionRecord, access_session, known_product, vial_hung_at
from apps.interop.domain.vials import NamedProduct, Problem, VialCode, check_vial
from apps.interop.gs1 import read_vial_code, read_wristband
from apps.kernel.errors import DomainError
from apps.kernel.text import N_
from apps.lots.selectors import hold_on
from apps.patients.selectors import access_patient


@dataclass(frozen=True, slots=True)
class ScannedVial:
    """A vial's code beside what is ordered; `product` is None while nobody has confirmed its GTIN."""

    code: VialCode
    expected: NamedProduct
    product: NamedProduct | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class ScannedWristband:
    """What a wristband reads, and the record number it should read."""

    identifier: str
    medical_record_number: str
    matches: bool


def scanned_vial(
    *, user: Staff, text: str, course_id: int | None, session_id: int | None, now: datetime
) -> ScannedVial:
    """A vial in hand for a course about to start, or for an infusion that runs.

    Raises NotFoundError when it is on none of the person's wards, and what `read_vial_code` raises.
    """
    order = _order(user, course_id, session_id)
    code = read_vial_code(text)
    guidelines = guidelines_version(order.guideline_version)
    expected = _named(guidelines, order.product_code)
    product_code = known_product(code.gtin)
    known = _named(guidelines, product_code) if product_code else None
    zone = ZoneInfo(order.ward.time_zone)
    hold = hold_on(order.product_code, code.lot_number) if code.lot_number else None
    return ScannedVial(
        code=code,
        expected=expected,
        product=known,
        problems=check_vial(
            code,
            expected=expected,
            known=known,
            hung_on=_hung_on(code, zone),
            today=now.astimezone(zone).date(),
            held_because=hold.reason if hold else "",
        ),
    )


def scanned_wristband(*, user: Staff, text: str, patient_id: int) -> ScannedWristband:
    """A wristband beside the patient whose page is open.

    Raises NotFoundError when the patient is on none of the person's wards, and what `read_wristband` raises.
    """
    patient = access_patient(user, patient_id)
    wristband = read_wristband(text)
    return ScannedWristband(
        identifier=wristband.identifier,
        medical_record_number=patient.medical_record_number,
        matches=wristband.belongs_to(patient.medical_record_number),
    )


def _order(user: Staff, course_id: int | None, session_id: int | None) -> CourseRecord | SessionRecord:
    if session_id is not None:
        return access_session(user, session_id)
    if course_id is not None:
        return access_course(user, course_id)
    raise DomainError(
        "scan_without_order",
        N_("Say for which course (course_id) or infusion (session_id) the vial is meant."),
    )


def _named(guidelines: Guidelines, code: str) -> NamedProduct:
    """A product that was confirmed on a newer guideline may be missing in the one the course was ordered on."""
    names = (product.name for product in guidelines.products if product.code == code)
    return NamedProduct(code, next(names, code))


def _hung_on(code: VialCode, zone: ZoneInfo) -> date | None:
    if code.serial is None:
        return None
    hung_at = vial_hung_at(gtin=code.gtin, serial=code.serial)
    return hung_at.astimezone(zone).date() if hung_at else None
