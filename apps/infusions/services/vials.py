"""Hanging vials and bags: each with its lot, from where it hangs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from apps.accounts.selectors import Staff
from apps.alerts.services import resolve_alerts
from apps.guidelines.selectors import guidelines_version
from apps.infusions.domain import SessionState
from apps.infusions.held_lots import refuse_held_lot, tell_of_held_lot
from apps.infusions.models import HungVial, InfusionSession
from apps.infusions.packages import known_product, vial_hung_at
from apps.infusions.rows import vials_of
from apps.infusions.services.common import locked_session, refuse_without_reason, save_change
from apps.infusions.services.ending import VIAL_ALERTS, note_given
from apps.kernel.errors import ConflictError, DomainError, NotFoundError
from apps.kernel.text import N_
from apps.ledger.services import actor_of, record_event, unit_of_work

_IN_ERROR = "infusion.vial.entered_in_error"


@dataclass(frozen=True, slots=True)
class VialEntry:
    """A vial or bag about to be hung; `gtin` and `serial` as scanned, empty when typed."""

    lot_number: str
    expires_on: date
    volume_ml: Decimal
    gtin: str = ""
    serial: str = ""
    scanned: bool = False


def hang_vial(
    *,
    performer: Staff,
    session_id: int,
    vial: VialEntry,
    now: datetime,
    hung_at: datetime | None = None,
    identity_scanned: bool = False,
    replaces: int | None = None,
    reason: str = "",
) -> InfusionSession:
    """Hang the next vial. Its lot begins at `hung_at`, now unless it was hung while the page was offline.

    `replaces` names a wrong entry that this one corrects: that one is marked with the `reason`, and this one
    hung when that one was said to. Raises ConflictError `session_not_open`; DomainError `hung_before_start`,
    `reason_needed` and those of `add_vials`.
    """
    with unit_of_work():
        session = locked_session(performer, session_id)
        if session.state not in (SessionState.RUNNING, SessionState.PAUSED):
            raise ConflictError("session_not_open", N_("This infusion does not run: nothing can be hung."))
        wrong = None if replaces is None else _vial(session, replaces)
        if wrong is not None:
            refuse_without_reason(reason)
        at = hung_at or (wrong.hung_at if wrong else now)
        if session.started_at is None or at < session.started_at:
            raise DomainError(
                "hung_before_start",
                N_("A vial cannot be hung before the infusion began. Check the time."),
                extra={"field": "hung_at"},
            )
        if wrong is not None:
            _mark_in_error(wrong, reason, performer=performer, now=now)
            record_event(
                name=_IN_ERROR,
                subject=f"session:{session.pk}",
                ward_id=session.ward_id,
                actor=actor_of(performer),
                now=now,
                payload=_marked(wrong),
            )
        add_vials(session, [vial], performer=performer, at=at, now=now)
        save_change(
            session,
            event="infusion.vial.hung",
            performer=performer,
            now=now,
            occurred_at=at,
            payload={
                "lot_number": vial.lot_number,
                "volume_ml": str(vial.volume_ml),
                "identity_scanned": identity_scanned,
            },
        )
        resolve_alerts(subject=f"session:{session.pk}", codes=VIAL_ALERTS, done_by=performer, now=now)
    return session


def mark_vial_in_error(
    *, performer: Staff, session_id: int, vial_id: int, reason: str, now: datetime
) -> InfusionSession:
    """A vial was entered that was not hung, or with the wrong lot. The entry stays, marked, and counts no more.

    Raises DomainError `last_vial`: something must hang, so the only one can but be replaced.
    """
    with unit_of_work():
        session = locked_session(performer, session_id)
        vial = _vial(session, vial_id)
        if len(vials_of(session)) == 1:
            raise DomainError("last_vial", N_("This is the only vial: replace it with the one that hangs."))
        _mark_in_error(vial, reason, performer=performer, now=now)
        if session.ended_at is not None:
            note_given(session, "done" if session.state == SessionState.COMPLETED else "stopped")
        save_change(session, event=_IN_ERROR, performer=performer, now=now, payload=_marked(vial))
    return session


def _vial(session: InfusionSession, vial_id: int) -> HungVial:
    vial = next((vial for vial in vials_of(session) if vial.pk == vial_id), None)
    if vial is None:
        raise NotFoundError("not_found", N_("This infusion has no such vial."))
    return vial


def _mark_in_error(vial: HungVial, reason: str, *, performer: Staff, now: datetime) -> None:
    vial.status, vial.status_reason = HungVial.Status.ENTERED_IN_ERROR, reason
    vial.status_changed_at, vial.status_changed_by = now, performer
    vial.save()


def _marked(vial: HungVial) -> dict[str, str]:
    return {"lot_number": vial.lot_number, "reason": vial.status_reason}


def add_vials(
    session: InfusionSession,
    vials: Sequence[VialEntry],
    *,
    performer: Staff,
    at: datetime,
    now: datetime,
) -> None:
    """Check and write vials of a locked session.

    A lot on hold is refused while the vial is in hand (`at` is now); one that hangs already is written, with an
    alert. Raises DomainError `vials_missing`, `lot_expired`, `lot_on_hold`, `vial_of_other_product`,
    `vial_hung_before`, `volume_hangs_already`.
    """
    if not vials:
        raise DomainError("vials_missing", N_("Enter the lot number of at least one vial."))
    today = at.astimezone(ZoneInfo(session.ward.time_zone)).date()
    hung = sum((vial.volume_ml or Decimal(0) for vial in vials_of(session)), Decimal(0))
    for vial in vials:
        _refuse_expired(vial, today)
        _refuse_other_product(session, vial)
        _refuse_hung_before(vial)
        if at == now:
            refuse_held_lot(session, vial.lot_number)
        else:
            tell_of_held_lot(session, vial.lot_number, now=now)
        if hung >= session.volume_total_ml:
            raise DomainError(
                "volume_hangs_already",
                N_("The %(ordered)s mL of this day hang already. Another vial would be too much."),
                ordered=session.volume_total_ml,
            )
        hung += vial.volume_ml
        HungVial.objects.create(
            session=session,
            lot_number=vial.lot_number,
            expires_on=vial.expires_on,
            volume_ml=vial.volume_ml,
            gtin=vial.gtin,
            serial=vial.serial,
            scanned=vial.scanned,
            hung_at=at,
            recorded_at=now,
            performer=performer,
        )


def _refuse_expired(vial: VialEntry, today: date) -> None:
    if vial.expires_on < today:
        raise DomainError(
            "lot_expired",
            N_("Lot %(lot)s expired on %(date)s. Take another vial and tell the pharmacy."),
            lot=vial.lot_number,
            date=vial.expires_on,
        )


def _refuse_other_product(session: InfusionSession, vial: VialEntry) -> None:
    known = known_product(vial.gtin) if vial.gtin else None
    if known and known != session.product_code:
        guidelines = guidelines_version(session.guideline_version)
        raise DomainError(
            "vial_of_other_product",
            N_("This vial is %(found)s, ordered is %(ordered)s. Take the right one; do not hang this."),
            found=guidelines.product(known).name,
            ordered=guidelines.product(session.product_code).name,
        )


def _refuse_hung_before(vial: VialEntry) -> None:
    if vial.serial and vial_hung_at(gtin=vial.gtin, serial=vial.serial):
        raise DomainError(
            "vial_hung_before",
            N_("The vial with serial number %(serial)s was hung before. Check what you hold."),
            serial=vial.serial,
        )
