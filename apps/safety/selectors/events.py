"""Readers of adverse events."""

import csv
import io
from collections.abc import Iterable, Iterator

from django.db.models import QuerySet

from apps.accounts.selectors import Action, Staff, require
from apps.guidelines.domain import Guidelines, LocalText, symptoms_by_code
from apps.guidelines.selectors import current_guidelines, guidelines_version, in_reader_language
from apps.kernel.errors import DomainError, NotFoundError
from apps.kernel.numbers import plain
from apps.kernel.text import N_
from apps.safety.domain import Onset, classify_onset, neutralise
from apps.safety.models import AdverseEvent

AdverseEventRecord = AdverseEvent

CSV_COLUMNS = (
    "adverse_event_id",
    "patient_pseudonym",
    "ward",
    "term",
    "severity",
    "onset_at",
    "onset_class",
    "minutes_since_start",
    "product",
    "lots",
    "rate_ml_per_h",
    "rate_ml_per_kg_h",
    "volume_given_ml",
    "action",
    "note",
    "reported_by",
    "recorded_at",
)


def access_adverse_event(
    user: Staff, event_id: int, action: Action = Action.SEE_ADVERSE_EVENTS
) -> AdverseEventRecord:
    """The adverse event, if it is on one of the person's wards; otherwise NotFoundError."""
    event = _events().filter(pk=event_id, ward__in=user.wards.all()).first()
    if event is None:
        raise NotFoundError("not_found", N_("There is no such adverse event on your wards."))
    require(user, action)
    return event


def adverse_events_for(user: Staff, action: Action = Action.SEE_ADVERSE_EVENTS) -> list[AdverseEventRecord]:
    """Adverse events of the person's wards, newest onset first, without those entered in error."""
    require(user, action)
    events = _events().exclude(status=AdverseEvent.Status.ENTERED_IN_ERROR)
    return list(events.filter(ward__in=user.wards.all()))


def onset_of(event: AdverseEventRecord) -> Onset | None:
    """The onset class in both schemes; None when the times do not allow one."""
    if event.infusion_started_at is None:
        return None
    try:
        return classify_onset(
            onset_at=event.onset_at,
            started_at=event.infusion_started_at,
            ended_at=event.infusion_ended_at,
        )
    except DomainError:
        return None


def minutes_since_start(event: AdverseEventRecord) -> int | None:
    """Whole minutes from the first drop to onset."""
    if event.infusion_started_at is None:
        return None
    return int((event.onset_at - event.infusion_started_at).total_seconds() // 60)


def term_name(event: AdverseEventRecord) -> LocalText:
    """The reaction term or delayed effect in words; terms that came later are in today's guidelines."""
    for guidelines in (guidelines_version(event.guideline_version), current_guidelines()):
        names = term_names(guidelines)
        if event.term in names:
            return names[event.term]
    return LocalText(event.term, event.term, event.term)


def term_names(guidelines: Guidelines) -> dict[str, LocalText]:
    """Every term that an adverse event may have, in words."""
    names = {rule.effect: rule.name for rule in guidelines.laboratory_rules}
    names |= {rule.effect: rule.name for rule in guidelines.follow_up_rules}
    names |= _screened(guidelines)
    names |= {window.effect: window.name for window in guidelines.risk_windows}
    return names | {term.code: term.name for term in guidelines.reaction_terms}


def symptoms_of(event: AdverseEventRecord) -> list[dict[str, str]]:
    """What was seen, as `{term, name, severity}` in the reader's language."""
    guidelines = current_guidelines()
    names = _screened(guidelines) | {term.code: term.name for term in guidelines.reaction_terms}
    return [
        symptom | {"name": in_reader_language(names[symptom["term"]])}
        for symptom in event.details.get("symptoms", [])
        if symptom["term"] in names
    ]


def _screened(guidelines: Guidelines) -> dict[str, LocalText]:
    """Symptoms of the follow-up questions, and what their red flags speak for, in words."""
    names = {code: item.name for code, item in symptoms_by_code(guidelines.screening_questions).items()}
    for question in guidelines.screening_questions:
        for flag in question.red_flags:
            names.setdefault(flag.effects[0], flag.name)
    return {code: LocalText(_title(name.en), _title(name.nb), name.fa) for code, name in names.items()}


def _title(name: str) -> str:
    return name[:1].upper() + name[1:]


def interventions_of(event: AdverseEventRecord) -> list[dict[str, str]]:
    """What was done or given, with its name in the reader's language."""
    names = {kind.code: kind.name for kind in current_guidelines().interventions}
    return [
        item | {"name": in_reader_language(names[item["code"]])}
        for item in event.details.get("interventions", [])
        if item["code"] in names
    ]


def as_csv(events: Iterable[AdverseEventRecord]) -> Iterator[str]:
    """The events as CSV lines, header first; cells that a spreadsheet would run are neutralised."""
    yield _line(CSV_COLUMNS)
    for event in events:
        onset, minutes = onset_of(event), minutes_since_start(event)
        cells = (
            str(event.pk),
            event.patient.pseudonym,
            event.ward.name,
            term_name(event).en,
            event.severity,
            event.onset_at.isoformat(),
            onset.review.value if onset else "",
            "" if minutes is None else str(minutes),
            guidelines_version(event.guideline_version).product(event.product_code).name,
            "; ".join(lot["lot_number"] for lot in event.lots),
            plain(event.rate_ml_per_h) if event.rate_ml_per_h is not None else "",
            plain(event.rate_ml_per_kg_h) if event.rate_ml_per_kg_h is not None else "",
            plain(event.volume_given_ml) if event.volume_given_ml is not None else "",
            event.action,
            event.note,
            event.reported_by.username if event.reported_by else "",
            event.recorded_at.isoformat(),
        )
        yield _line(neutralise(cell) for cell in cells)


def _line(cells: Iterable[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(cells)
    return buffer.getvalue()


def _events() -> QuerySet[AdverseEvent]:
    return AdverseEvent.objects.select_related("patient__ward", "ward", "reported_by")
