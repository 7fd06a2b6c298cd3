"""A session as a ward board shows it."""

from datetime import datetime
from typing import Any

from apps.infusions.domain import VITAL_SIGNS, hung_ml, to_tenth_ml
from apps.infusions.domain.scores import trend
from apps.infusions.dues import OBSERVATION, STEP, VIAL, VOLUME
from apps.infusions.in_hand import session_in_hand
from apps.infusions.models import InfusionSession, Observation
from apps.infusions.reactions import open_reactions
from apps.infusions.rows import given_ml, guidelines_of, hung_of, last_change, valid_observations, vitals_of
from apps.infusions.watching import level_of, scored
from apps.kernel import clock
from apps.kernel.numbers import plain


def session_row(session_id: int) -> dict[str, Any] | None:
    """What a board shows of a session; None once the watch after it is over. No identifying data."""
    session = session_in_hand(session_id)
    if session.watched_until is not None:
        return None
    now = clock.now()
    rate = last_change(session)
    runs = rate is not None and rate.rate_ml_per_h > 0
    rows = valid_observations(session)
    given = given_ml(session, now)
    return {
        "kind": "session",
        "patient_id": session.patient_id,
        "session_id": session.pk,
        "state": session.state,
        "watching": session.ended_at is not None,
        "product": guidelines_of(session).product(session.product_code).name,
        "day_number": session.day_number,
        "days": session.days,
        "rate_ml_per_h": plain(rate.rate_ml_per_h) if rate and runs else None,
        "rate_ml_per_kg_h": plain(rate.rate_ml_per_kg_h) if rate and runs else None,
        "volume_given_ml": plain(to_tenth_ml(given)),
        "volume_as_of": now.isoformat(),
        "volume_total_ml": plain(session.volume_total_ml),
        "hung_left_ml": plain(to_tenth_ml(hung_ml(hung_of(session)) - given)),
        "finish_at": session.finish_at.isoformat() if session.finish_at else None,
        "next": next_due(session),
        "score": _score(session, rows, now),
        "vitals_at": rows[-1].effective_at.isoformat() if rows else None,
        "last_vitals": _vitals_json(rows[-1]) if rows else None,
        "reaction_open": bool(open_reactions(session)),
        "responsible": {"id": session.responsible.pk, "name": session.responsible.display_name}
        if session.responsible
        else None,
    }


def next_due(session: InfusionSession) -> dict[str, Any] | None:
    """The next thing this infusion asks of a person.

    What was asked for already comes first: the next vial, completion, then the step (which needs vital signs
    anyway), then vital signs. Otherwise whatever is due soonest.
    """
    dues = dues_of(session)
    if not dues:
        return None
    waiting = next((due for due in dues if due[2]), None)
    code, due_at, asked = waiting or min(dues, key=lambda due: due[1])
    return {"code": code, "due_at": due_at.isoformat(), "asked": asked}


def dues_of(session: InfusionSession) -> list[tuple[str, datetime, bool]]:
    """(what, when, whether it was asked for) of everything that is due, most pressing kind first."""
    candidates = [
        ("vial_due", session.vial_due_at, VIAL in session.asked),
        ("complete_due", session.finish_at, VOLUME in session.asked),
        ("step_due", session.step_due_at, STEP in session.asked),
        ("vitals_due", session.observation_due_at, OBSERVATION in session.asked),
    ]
    return [(code, due_at, asked) for code, due_at, asked in candidates if due_at is not None]


def _score(session: InfusionSession, rows: list[Observation], now: datetime) -> dict[str, Any] | None:
    if not rows or session.pregnant:
        return None
    scores = [scored(session, vitals_of(row), now) for row in rows[-2:]]
    earlier = scores[0] if len(scores) == 2 else None
    return {
        "code": scores[-1].code,
        "total": scores[-1].total,
        "level": level_of(session, rows[-1], now),
        "missing": list(scores[-1].missing),
        "trend": trend(earlier, scores[-1]),
        "as_of": rows[-1].effective_at.isoformat(),
    }


def _vitals_json(row: Observation) -> dict[str, Any]:
    values = {sign: getattr(row, sign) for sign in VITAL_SIGNS}
    return {
        "effective_at": row.effective_at.isoformat(),
        **{sign: None if value is None else str(value) for sign, value in values.items()},
    }
