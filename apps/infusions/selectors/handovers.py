"""Who has which patient, and what is offered to whom."""

from django.db.models import QuerySet

from apps.accounts.selectors import Staff, wards_of_now
from apps.infusions.models import Handover, InfusionSession


def sessions_to_hand_over(user: Staff, ward_id: int) -> list[InfusionSession]:
    """What is open or watched on a ward, by bed; nothing for a ward that is not the person's own."""
    sessions = InfusionSession.objects.select_related("patient", "ward", "responsible")
    found = sessions.filter(ward_id=ward_id, ward__in=wards_of_now(user), watched_until__isnull=True)
    return sorted(found, key=lambda session: (_bed_order(session.patient.bed), session.patient.name))


def open_offer(session: InfusionSession) -> Handover | None:
    """The offer of this patient that waits to be accepted."""
    return _open().filter(session=session).first()


def offers_to(user: Staff) -> QuerySet[Handover]:
    """Patients of the person's wards who are offered to this person by name."""
    return _open().filter(given_to=user, session__ward__in=wards_of_now(user))


def _open() -> QuerySet[Handover]:
    return Handover.objects.select_related("given_by", "given_to", "session").filter(
        accepted_at__isnull=True, withdrawn_at__isnull=True, session__watched_until__isnull=True
    )


def _bed_order(bed: str) -> tuple[int, str]:
    return (int(bed), "") if bed.isdecimal() else (10**6, bed)
