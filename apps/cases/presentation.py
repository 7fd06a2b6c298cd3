"""A case as JSON for the API and the pages, in the reader's language."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from apps.accounts.selectors import Staff
from apps.cases.domain.completeness import Completeness
from apps.cases.domain.content import CaseContent, CaseReaction
from apps.cases.domain.duplicates import Likeness
from apps.cases.gathering import events_of
from apps.cases.screens import address_of
from apps.cases.selectors import (
    CaseClockRecord,
    CaseInQueue,
    CasePicture,
    CaseQueryRecord,
    CaseRecord,
    CaseVersionRecord,
    case_number,
    numbers_of,
)
from apps.cases.words import KINDS, OUTCOMES, QUALIFICATIONS, SERIOUSNESS, STATES, WEIGHTS
from apps.edge.messages import fill
from apps.guidelines.selectors import current_guidelines, in_reader_language
from apps.icsr.domain.clocks import day_in
from apps.icsr.domain.rules import Fault
from apps.kernel.numbers import plain
from apps.safety.selectors import AdverseEventRecord, term_name


def queue_row(row: CaseInQueue, *, now: datetime) -> dict[str, Any]:
    """A case in the queue."""
    case = row.case
    return {
        "id": case.pk,
        "number": case_number(case),
        "patient": patient_shown(case),
        "ward": {"id": case.ward_id, "name": case.ward.name},
        "terms": [in_reader_language(name) for name in _names(case)],
        "serious": row.serious,
        "valid": row.completeness.valid,
        "percent": row.completeness.percent,
        "open_queries": row.open_queries,
        "version": row.latest.number if row.latest else 0,
        "due": clock_shown(row.due, now=now) if row.due else None,
        "opened_at": case.opened_at.isoformat(),
    }


def nullified_row(case: CaseRecord) -> dict[str, Any]:
    """A nullified case, and the one that stands in its place."""
    return {
        "id": case.pk,
        "number": case_number(case),
        "pseudonym": case.patient.pseudonym,
        "same_as": {"id": case.same_as.pk, "number": case_number(case.same_as)} if case.same_as else None,
    }


def case_shown(picture: CasePicture, *, user: Staff, now: datetime) -> dict[str, Any]:
    """The whole case."""
    case, content = picture.case, picture.content
    return {
        "id": case.pk,
        "number": case_number(case),
        "state": case.state,
        "state_name": gettext(STATES[case.state]),
        "revision": case.revision,
        "patient": patient_shown(case),
        "ward": {"id": case.ward_id, "name": case.ward.name},
        "serious": content.serious,
        "first_received_at": case.first_received_at.isoformat(),
        "meddra_version": case.meddra_version,
        "same_as": {"id": case.same_as.pk, "number": case_number(case.same_as)} if case.same_as else None,
        "completeness": completeness_shown(picture.completeness, case=case, user=user),
        "reactions": [
            _reaction(reaction, event)
            for reaction in content.reactions
            for event in picture.events
            if event.pk == reaction.event_id
        ],
        "drugs": _drugs(content),
        "history": list(content.patient.history),
        "weight_kg": plain(content.patient.weight_kg) if content.patient.weight_kg is not None else None,
        "reporter": {
            "qualification": content.reporter.qualification,
            "chosen": case.reporter_qualification,
            "name": gettext(QUALIFICATIONS[content.reporter.qualification])
            if content.reporter.qualification
            else "",
        },
        "narrative": {
            "text": content.narrative,
            "drafted": not case.narrative,
            "written_by": case.narrative_by.display_name if case.narrative_by else None,
            "written_at": case.narrative_at.isoformat() if case.narrative_at else None,
        },
        "native_narrative": content.native_narrative,
        "sender_comment": content.sender_comment,
        "clocks": [clock_shown(clock, now=now) for clock in picture.clocks],
        "queries": [query_shown(query) for query in picture.queries],
        "versions": [version_shown(version) for version in picture.versions],
        "likenesses": likenesses_shown(picture.likenesses),
    }


def patient_shown(case: CaseRecord) -> dict[str, Any]:
    """The patient as officers see them: by pseudonym, sex and year of birth."""
    return {"id": case.patient_id, "pseudonym": case.patient.pseudonym, "sex": case.patient.sex}


def completeness_shown(weighed: Completeness, *, case: CaseRecord, user: Staff) -> dict[str, Any]:
    """What is missing, each with the page that mends it."""
    return {
        "percent": weighed.percent,
        "valid": weighed.valid,
        "ready": weighed.ready,
        "gaps": [
            {
                "code": gap.code,
                "weight": gap.weight,
                "weight_name": gettext(WEIGHTS[gap.weight]),
                "text": fill(gap.message, gap.params),
                "screen": gap.screen,
                "address": address_of(gap.screen, case=case, user=user, about=gap.about),
            }
            for gap in weighed.gaps
        ],
    }


def fault_shown(fault: Fault, *, case: CaseRecord, user: Staff) -> dict[str, Any]:
    """A rule that is not kept, with the page that mends it."""
    return {
        "code": fault.code,
        "element": fault.label,
        "text": fill(fault.message, fault.params),
        "screen": fault.screen.value,
        "address": address_of(fault.screen.value, case=case, user=user),
    }


def clock_shown(clock: CaseClockRecord, *, now: datetime) -> dict[str, Any]:
    """A clock; `days_left` in the receiver's days, negative when overdue."""
    regimes = current_guidelines().reporting_regimes
    regime = next((one for one in regimes if one.code == clock.regime), None)
    limits = regime.limits if regime else ()
    limit = next((one for one in limits if one.code == clock.limit), None)
    today = day_in(now, regime.time_zone) if regime else now.date()
    running = clock.state == "running"
    return {
        "id": clock.pk,
        "case_id": clock.case_id,
        "regime": clock.regime,
        "regime_name": in_reader_language(regime.name) if regime else clock.regime,
        "limit_name": in_reader_language(limit.name) if limit else clock.limit,
        "is_aim": limit.is_aim if limit else False,
        "source": limit.citation.label if limit else "",
        "start": clock.start,
        "version": clock.version_number,
        "day_zero": clock.day_zero.isoformat(),
        "due_on": clock.due_on.isoformat() if clock.due_on else None,
        "days_left": (clock.due_on - today).days if clock.due_on and running else None,
        "overdue": bool(running and clock.runs_out_at and clock.runs_out_at <= now),
        "state": clock.state,
        "state_name": gettext(STATES[clock.state]),
        "met_at": clock.met_at.isoformat() if clock.met_at else None,
    }


def query_shown(query: CaseQueryRecord) -> dict[str, Any]:
    """A question to the ward."""
    return {
        "id": query.pk,
        "case_id": query.case_id,
        "event_id": query.event_id,
        "ward": query.ward.name,
        "question": query.question,
        "asked_at": query.asked_at.isoformat(),
        "asked_by": query.asked_by.display_name,
        "answer": query.answer,
        "answered_at": query.answered_at.isoformat() if query.answered_at else None,
        "answered_by": query.answered_by.display_name if query.answered_by else None,
        "withdrawn_at": query.withdrawn_at.isoformat() if query.withdrawn_at else None,
    }


def version_shown(version: CaseVersionRecord) -> dict[str, Any]:
    """A version."""
    return {
        "number": version.number,
        "kind": version.kind,
        "kind_name": gettext(KINDS[version.kind]),
        "reason": version.reason,
        "first_received_at": version.first_received_at.isoformat(),
        "most_recent_at": version.most_recent_at.isoformat(),
        "made_at": version.made_at.isoformat(),
        "made_by": version.made_by.display_name,
        "sha256": version.sha256,
    }


def likenesses_shown(found: tuple[Likeness, ...]) -> list[dict[str, Any]]:
    """Cases that may tell of the same thing, and why."""
    numbers = numbers_of(one.case_id for one in found)
    return [
        {
            "case_id": one.case_id,
            "number": numbers[one.case_id],
            "score": one.score,
            "reasons": [fill(reason.message, reason.params) for reason in one.reasons],
        }
        for one in found
    ]


def event_shown(event: AdverseEventRecord) -> dict[str, Any]:
    """An adverse event that belongs to no case yet."""
    return {
        "id": event.pk,
        "term": event.term,
        "name": in_reader_language(term_name(event)),
        "severity": event.severity,
        "onset_at": event.onset_at.isoformat(),
        "patient": {"id": event.patient_id, "pseudonym": event.patient.pseudonym},
        "ward": event.ward.name,
        "lots": [lot["lot_number"] for lot in event.lots],
    }


def _reaction(reaction: CaseReaction, event: AdverseEventRecord) -> dict[str, Any]:
    return {
        "event_id": reaction.event_id,
        "about": reaction.about,
        "name": reaction.verbatim if reaction.reviewed else in_reader_language(term_name(event)),
        "english": reaction.english,
        "verbatim": reaction.verbatim,
        "severity": reaction.severity,
        "onset_at": reaction.onset_at.isoformat(),
        "ended_at": reaction.ended_at.isoformat() if reaction.ended_at else None,
        "serious": reaction.serious,
        "criteria": [gettext(SERIOUSNESS[code]) for code in reaction.seriousness or ()],
        "expected": reaction.expected,
        "outcome": gettext(OUTCOMES.get(reaction.outcome, OUTCOMES["unknown"])),
        "reviewed": reaction.reviewed,
        "coded": {
            "code": reaction.coded.code,
            "name": reaction.coded.name,
            "version": reaction.coded.version,
        }
        if reaction.coded
        else None,
    }


def _drugs(content: CaseContent) -> list[dict[str, Any]]:
    return [
        {
            "product_code": drug.product_code,
            "about": f"indication:{drug.product_code}",
            "name": drug.name,
            "indication": drug.indication,
            "indication_coded": drug.indication_term.name if drug.indication_term else None,
            "infusions": [
                {
                    "session_id": infusion.session_id,
                    "day_number": infusion.day_number,
                    "started_at": infusion.started_at.isoformat(),
                    "ended_at": infusion.ended_at.isoformat() if infusion.ended_at else None,
                    "given_g": plain(infusion.given_g),
                    "g_per_kg": plain(infusion.g_per_kg),
                    "lots": [
                        {"lot_number": lot.number, "given_g": plain(lot.given_g)} for lot in infusion.lots
                    ],
                }
                for infusion in drug.infusions
            ],
        }
        for drug in content.drugs
    ]


def _names(case: CaseRecord) -> list[Any]:
    return [term_name(event) for event in events_of(case)]
