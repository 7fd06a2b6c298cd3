"""Readers of adverse events."""

from django.db.models import QuerySet

from apps.accounts.selectors import Action, Staff, require, wards_of_now, within_reach
from apps.guidelines.domain import Guidelines, LocalText, symptoms_by_code
from apps.guidelines.selectors import current_guidelines, guidelines_version, in_reader_language
from apps.kernel.errors import DomainError, NotFoundError
from apps.kernel.text import N_
from apps.safety.domain import Onset, classify_onset
from apps.safety.models import AdverseEvent

AdverseEventRecord = AdverseEvent


def access_adverse_event(
    user: Staff, event_id: int, action: Action = Action.SEE_ADVERSE_EVENTS
) -> AdverseEventRecord:
    """The adverse event, if it is on one of the person's wards; otherwise NotFoundError."""
    event = _events().filter(within_reach(user, action), pk=event_id).first()
    if event is None:
        raise NotFoundError("not_found", N_("There is no such adverse event on your wards."))
    require(user, action)
    return event


def get_event(event_id: int) -> AdverseEventRecord:
    """The adverse event by number, for handlers."""
    return AdverseEvent.objects.get(pk=event_id)


def event_of_origin(origin: str) -> AdverseEventRecord | None:
    """The adverse event that came of a reaction, a check or a finding, unless it was a mistake; for handlers."""
    events = AdverseEvent.objects.exclude(status=AdverseEvent.Status.ENTERED_IN_ERROR)
    return events.filter(origin=origin).first()


def terms_of_course(course_id: int, *, other_than: str) -> set[str]:
    """What adverse events of a course that stand are called, those left out whose origin begins with a word."""
    events = AdverseEvent.objects.exclude(status=AdverseEvent.Status.ENTERED_IN_ERROR)
    found = events.filter(course_id=course_id).exclude(origin__startswith=other_than)
    return set(found.values_list("term", flat=True))


def adverse_events_for(user: Staff, action: Action = Action.SEE_ADVERSE_EVENTS) -> list[AdverseEventRecord]:
    """Adverse events of the person's wards, newest onset first, without those entered in error."""
    require(user, action)
    events = _events().exclude(status=AdverseEvent.Status.ENTERED_IN_ERROR)
    return list(events.filter(ward__in=wards_of_now(user)))


def told_by_results(course_id: int, effect: str) -> bool:
    """Whether laboratory results opened an adverse event of this effect after the course, and it stands."""
    opened = AdverseEvent.objects.filter(course_id=course_id, term=effect, origin__startswith="laboratory:")
    return opened.exclude(status=AdverseEvent.Status.ENTERED_IN_ERROR).exists()


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
        names = known_terms(guidelines)
        if event.term in names:
            return names[event.term]
    return LocalText(event.term, event.term, event.term)


def known_terms(guidelines: Guidelines) -> dict[str, LocalText]:
    """Every reaction term and effect that can be recorded, in words."""
    names = {rule.effect: rule.name for rule in guidelines.laboratory_rules if rule.effect != "none"}
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


def _events() -> QuerySet[AdverseEvent]:
    return AdverseEvent.objects.select_related("patient__ward", "ward", "reported_by")
