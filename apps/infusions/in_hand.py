"""The session that a unit of work has locked: read once, and at hand for whatever follows from the write."""

from functools import cache
from typing import Any

from apps.accounts.selectors import Staff, within_reach_sql
from apps.infusions.models import HungVial, InfusionSession, Observation, RateChange, Reaction
from apps.ledger.statements import Columns, Statement, run_together
from apps.ledger.unit import keep_locked, kept_locked

_SESSION = Columns(InfusionSession, "session")
_BESIDE = tuple(
    Columns(InfusionSession._meta.get_field(name).related_model, name)
    for name in ("patient", "ward", "responsible")
)
_AROUND: dict[str, Columns[Any]] = {
    "observations": Columns(Observation, "entry"),
    "rate_changes": Columns(RateChange, "entry"),
    "vials": Columns(HungVial, "entry"),
    "reactions": Columns(Reaction, "entry"),
}


def lock_session(session_id: int, *, staff: Staff | None = None) -> InfusionSession | None:
    """Lock a session until the unit of work ends, and keep it at hand with the rows around it.

    None when there is no such session, or this person may not reach it.
    """
    reached, parameters = within_reach_sql("session", staff) if staff else ("TRUE", [])
    lock: Statement = (_lock_sql() % {"reached": reached}, [session_id, *parameters])
    found, *around = run_together([lock, *((sql, [session_id]) for sql in _around_sql())])
    if not found:
        return None
    session = _with_beside(found[0])
    for (name, columns), rows in zip(_AROUND.items(), around, strict=True):
        session.keep_all(name, columns.instances(rows))
    keep_locked(_subject(session_id), session)
    return session


def session_in_hand(session_id: int) -> InfusionSession:
    """The session as the open unit of work has it, or as it is stored."""
    session = kept_locked(_subject(session_id))
    if isinstance(session, InfusionSession):
        return session
    return InfusionSession.objects.select_related("patient", "ward", "responsible").get(pk=session_id)


def _with_beside(row: tuple[Any, ...]) -> InfusionSession:
    session, start = _SESSION.instance(row[: len(_SESSION)]), len(_SESSION)
    assert session is not None
    for columns in _BESIDE:
        setattr(session, columns.alias, columns.instance(row[start : start + len(columns)]))
        start += len(columns)
    return session


@cache
def _lock_sql() -> str:
    columns = ", ".join(columns.listed for columns in (_SESSION, *_BESIDE))
    joins = "".join(
        f" LEFT JOIN {beside.model._meta.db_table} {beside.alias} ON {beside.alias}.id = session.{beside.alias}_id"
        for beside in _BESIDE
    )
    return f"""
        SELECT {columns} FROM {InfusionSession._meta.db_table} session {joins}
        WHERE session.id = %%s AND %(reached)s FOR UPDATE OF session"""  # nosec B608  # names of ours


@cache
def _around_sql() -> tuple[str, ...]:
    return tuple(
        f"SELECT {columns.listed} FROM {columns.model._meta.db_table} entry WHERE entry.session_id = %s"  # nosec B608  # names of ours
        for columns in _AROUND.values()
    )


def _subject(session_id: int) -> str:
    return f"session:{session_id}"
