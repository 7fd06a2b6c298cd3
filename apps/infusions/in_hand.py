"""The session that a unit of work has locked: read once, and at hand for whatever follows from the write."""

from apps.infusions.models import InfusionSession
from apps.ledger.unit import keep_locked, kept_locked

_WITH = ("patient", "ward", "responsible")


def lock_session(session_id: int, **conditions: object) -> InfusionSession | None:
    """Lock a session that meets the conditions until the unit of work ends, and keep it at hand."""
    session = (
        InfusionSession.objects.select_for_update(of=("self",))
        .select_related(*_WITH)
        .filter(pk=session_id, **conditions)
        .first()
    )
    if session is not None:
        keep_locked(_subject(session_id), session)
    return session


def session_in_hand(session_id: int) -> InfusionSession:
    """The session as the open unit of work has it, or as it is stored."""
    session = kept_locked(_subject(session_id))
    if isinstance(session, InfusionSession):
        return session
    return InfusionSession.objects.select_related(*_WITH).get(pk=session_id)


def _subject(session_id: int) -> str:
    return f"session:{session_id}"
