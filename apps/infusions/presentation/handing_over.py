"""What the next nurse must know of a patient on the drip, in one glance."""

from datetime import datetime, timedelta
from typing import Any

from apps.accounts.selectors import Action, Staff, Ward, staff_who_may, wards_of
from apps.alerts.selectors import open_alerts
from apps.guidelines.selectors import in_reader_language
from apps.infusions.domain import to_tenth_ml
from apps.infusions.models import Handover, InfusionSession, Observation, Reaction
from apps.infusions.presentation.observations import shown_score
from apps.infusions.rows import given_ml, guidelines_of, last_change, valid_observations
from apps.infusions.selectors import offers_to, open_offer, sessions_to_hand_over
from apps.infusions.selectors.board import dues_of
from apps.infusions.watching import reaction_term_of

NEWEST_NOTES = 3


def handover_sheet(user: Staff, *, now: datetime) -> dict[str, Any]:
    """`{wards, offers}`: by ward the person's patients, everybody else's, and who may take them."""
    return {
        "wards": [_of_ward(user, ward, now) for ward in wards_of(user)],
        "offers": [{"handover": offer, **summary_of(offer.session, now=now)} for offer in offers_to(user)],
    }


def summary_of(session: InfusionSession, *, now: datetime) -> dict[str, Any]:
    """Bed, state, rate, volume left, what is due when, alerts, reactions, last score, notes."""
    rate = last_change(session)
    rows = valid_observations(session)
    open_reactions = [row for row in Reaction.objects.filter(session=session) if row.resolved_at is None]
    left = session.volume_total_ml - given_ml(session, now)
    return {
        "session": session,
        "product": guidelines_of(session).product(session.product_code).name,
        "rate_ml_per_h": rate.rate_ml_per_h if rate else None,
        "volume_left_ml": to_tenth_ml(left) if session.ended_at is None else None,
        "dues": _dues(session, open_reactions, now),
        "alerts": open_alerts(f"session:{session.pk}"),
        "reactions": [
            {
                "name": in_reader_language(reaction_term_of(session, row.term).name),
                "severity": row.severity,
                "onset_at": row.onset_at,
            }
            for row in open_reactions
        ],
        "score": shown_score(session, rows, now),
        "notes": _notes(session, rows),
        "offer": open_offer(session),
    }


def _of_ward(user: Staff, ward: Ward, now: datetime) -> dict[str, Any]:
    sessions = sessions_to_hand_over(user, ward.pk)
    return {
        "ward": ward,
        "mine": [summary_of(session, now=now) for session in sessions if session.responsible_id == user.pk],
        "others": [
            {"session": session, "offer": open_offer(session)}
            for session in sessions
            if session.responsible_id != user.pk
        ],
        "colleagues": [staff for staff in staff_who_may(Action.RUN_INFUSION, ward.pk) if staff.pk != user.pk],
    }


def _dues(session: InfusionSession, open_reactions: list[Reaction], now: datetime) -> list[dict[str, Any]]:
    dues = [(code, due_at) for code, due_at, _ in dues_of(session)]
    dues += [("recheck_due", row.recheck_due_at) for row in open_reactions if row.recheck_due_at]
    if session.ended_at is not None:
        dues.append(("watch_ends", session.ended_at + timedelta(minutes=session.watch_minutes_after)))
    return [
        {"code": code, "due_at": due_at, "past": due_at <= now}
        for code, due_at in sorted(dues, key=lambda due: due[1])
    ]


def _notes(session: InfusionSession, rows: list[Observation]) -> list[dict[str, Any]]:
    """The newest things that people wrote in their own words."""
    notes = [
        {"at": row.effective_at, "by": row.performer.display_name, "text": row.note}
        for row in rows
        if row.note
    ]
    notes += [
        {"at": row.onset_at, "by": row.performer.display_name, "text": row.note}
        for row in Reaction.objects.filter(session=session).select_related("performer")
        if row.note
    ]
    notes += [
        {"at": row.accepted_at, "by": row.given_by.display_name, "text": row.note}
        for row in Handover.objects.filter(session=session, accepted_at__isnull=False).select_related(
            "given_by"
        )
        if row.note
    ]
    return sorted(notes, key=lambda note: note["at"], reverse=True)[:NEWEST_NOTES]
