"""Who has a patient on the drip: offering, accepting by name, taking over."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from apps.accounts.selectors import Action, Staff, staff_who_may, wards_of_now
from apps.alerts.services import resolve_alerts
from apps.infusions.dues import HANDOVER_OPEN, OFFER_WAITS
from apps.infusions.models import Handover, InfusionSession
from apps.infusions.selectors.handovers import open_offer
from apps.infusions.services.common import locked_session
from apps.kernel.errors import ConflictError, DomainError, ForbiddenError, NotFoundError
from apps.kernel.text import N_
from apps.ledger.services import actor_of, cancel_timers, record_event, schedule_timer, unit_of_work

HANDOVER_ALERTS = frozenset({"handover_open"})


def offer_handover(
    *, performer: Staff, session_ids: Sequence[int], given_to_id: int, note: str, now: datetime
) -> list[Handover]:
    """Offer patients to a colleague of their ward; until that person accepts, the giver stays responsible.

    An open offer of the same patient is withdrawn by the new one. All are offered, or none.
    Raises DomainError `handover_empty`, `handover_to_oneself`, `not_of_this_ward`; ForbiddenError
    `not_your_patient`; ConflictError `session_not_open`.
    """
    if not session_ids:
        raise DomainError(
            "handover_empty",
            N_("Choose at least one patient to hand over."),
            extra={"field": "session_ids"},
        )
    if given_to_id == performer.pk:
        raise DomainError(
            "handover_to_oneself",
            N_("These patients are yours already. Choose a colleague."),
            extra={"field": "given_to_id"},
        )
    with unit_of_work():
        # In the order of their numbers, so that two people who offer at once never wait for each other.
        sessions = [locked_session(performer, number) for number in sorted(set(session_ids))]
        return [
            _offer(session, performer=performer, given_to_id=given_to_id, note=note, now=now)
            for session in sessions
        ]


def accept_handover(*, performer: Staff, handover_id: int, now: datetime) -> InfusionSession:
    """Take over a patient who was offered to the performer: from now on this person is responsible.

    Raises ForbiddenError `not_offered_to_you`; ConflictError `handover_not_open`, `session_not_open`.
    """
    with unit_of_work():
        session, handover = _open_handover(performer, handover_id)
        if handover.given_to_id != performer.pk:
            raise ForbiddenError(
                "not_offered_to_you",
                N_("This patient was offered to %(name)s. Take the patient over on the infusion's page."),
                name=handover.given_to.display_name,
            )
        _refuse_ended(session)
        _accept(session, handover, performer=performer, now=now)
    return session


def withdraw_handover(*, performer: Staff, handover_id: int, now: datetime) -> InfusionSession:
    """Take an offer back, or decline one that was made to the performer. The giver stays responsible.

    Raises ForbiddenError `not_your_handover`; ConflictError `handover_not_open`.
    """
    with unit_of_work():
        session, handover = _open_handover(performer, handover_id)
        if performer.pk not in (handover.given_by_id, handover.given_to_id):
            raise ForbiddenError(
                "not_your_handover", N_("Only the two people of a handover can take the offer back.")
            )
        _withdraw(session, handover, performer=performer, now=now)
    return session


def take_over(*, performer: Staff, session_id: int, now: datetime) -> InfusionSession:
    """Take a patient without an offer. An open offer to the performer counts as accepted, another one lapses.

    Raises ConflictError `already_yours`, `session_not_open`.
    """
    with unit_of_work():
        session = locked_session(performer, session_id)
        _refuse_ended(session)
        if session.responsible_id == performer.pk:
            raise ConflictError("already_yours", N_("You have this patient already."))
        handover = open_offer(session)
        if handover is not None and handover.given_to_id == performer.pk:
            _accept(session, handover, performer=performer, now=now)
            return session
        if handover is not None:
            _withdraw(session, handover, performer=performer, now=now)
        before, session.responsible = session.responsible_id, performer
        session.save(update_fields=["responsible"])
        _record(session, "infusion.session.taken_over", performer=performer, now=now, name_id=before)
    return session


def _offer(
    session: InfusionSession, *, performer: Staff, given_to_id: int, note: str, now: datetime
) -> Handover:
    _refuse_ended(session)
    if session.responsible_id not in (None, performer.pk):
        assert session.responsible is not None
        raise ForbiddenError(
            "not_your_patient",
            N_("%(patient)s: %(name)s has this patient. Take the patient over first, then hand over."),
            patient=session.patient.name,
            name=session.responsible.display_name,
        )
    given_to = next(
        (staff for staff in staff_who_may(Action.RUN_INFUSION, session.ward_id) if staff.pk == given_to_id),
        None,
    )
    if given_to is None:
        raise DomainError(
            "not_of_this_ward",
            N_("Choose somebody who works on %(ward)s and may run infusions."),
            extra={"field": "given_to_id"},
            ward=session.ward.name,
        )
    before = open_offer(session)
    if before is not None:
        _withdraw(session, before, performer=performer, now=now)
    handover = Handover.objects.create(
        session=session, given_by=performer, given_to=given_to, offered_at=now, note=note
    )
    schedule_timer(
        kind=HANDOVER_OPEN,
        subject=f"session:{session.pk}",
        occurrence=str(handover.pk),
        due_at=now + OFFER_WAITS,
        ward_id=session.ward_id,
    )
    _record(session, "infusion.handover.offered", performer=performer, now=now, name_id=given_to.pk)
    return handover


def _accept(session: InfusionSession, handover: Handover, *, performer: Staff, now: datetime) -> None:
    handover.accepted_at = now
    handover.save(update_fields=["accepted_at"])
    session.responsible = performer
    session.save(update_fields=["responsible"])
    _settle(session, performer=performer, now=now)
    _record(session, "infusion.handover.accepted", performer=performer, now=now, name_id=handover.given_by_id)


def _withdraw(session: InfusionSession, handover: Handover, *, performer: Staff, now: datetime) -> None:
    handover.withdrawn_at = now
    handover.save(update_fields=["withdrawn_at"])
    _settle(session, performer=performer, now=now)
    _record(
        session, "infusion.handover.withdrawn", performer=performer, now=now, name_id=handover.given_to_id
    )


def _settle(session: InfusionSession, *, performer: Staff, now: datetime) -> None:
    subject = f"session:{session.pk}"
    cancel_timers(subject=subject, kinds=(HANDOVER_OPEN,))
    resolve_alerts(subject=subject, codes=HANDOVER_ALERTS, done_by=performer, now=now)


def _record(
    session: InfusionSession, event: str, *, performer: Staff, now: datetime, name_id: int | None
) -> None:
    """The infusion itself did not change: no new version, so nobody's step is refused for this."""
    payload: dict[str, Any] = {"name_id": name_id}
    record_event(
        name=event,
        subject=f"session:{session.pk}",
        ward_id=session.ward_id,
        actor=actor_of(performer),
        now=now,
        payload=payload,
    )


def _open_handover(performer: Staff, handover_id: int) -> tuple[InfusionSession, Handover]:
    on_my_wards = Handover.objects.filter(pk=handover_id, session__ward__in=wards_of_now(performer))
    found = on_my_wards.values_list("session_id", flat=True).first()
    if found is None:
        raise NotFoundError("not_found", N_("There is no such handover on your wards."))
    session = locked_session(performer, found)
    handover = Handover.objects.select_related("given_to").get(pk=handover_id)
    if handover.accepted_at is not None or handover.withdrawn_at is not None:
        raise ConflictError(
            "handover_not_open",
            N_("This offer was answered or taken back meanwhile. Look who has the patient now."),
        )
    return session, handover


def _refuse_ended(session: InfusionSession) -> None:
    if session.watched_until is not None:
        raise ConflictError(
            "session_not_open",
            N_("%(patient)s is watched no more: there is nothing to hand over."),
            patient=session.patient.name,
        )
