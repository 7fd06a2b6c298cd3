"""The line listing: a row for each reaction, with what was running, what physicians say, and its case's clocks."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from apps.cases.domain.content import about_event
from apps.cases.models import CaseClock, CaseEvent, CodedTerm
from apps.cases.reviews import NOT_REVIEWED, ReviewedPart, reviewed_parts
from apps.cases.selectors import case_number
from apps.guidelines.selectors import guidelines_version
from apps.kernel.numbers import plain
from apps.safety.selectors import AdverseEventRecord, minutes_since_start, onset_of, term_name

COLUMNS = (
    "adverse_event_id",
    "reaction",
    "patient_pseudonym",
    "ward",
    "term",
    "verbatim",
    "verbatim_language",
    "severity",
    "grade",
    "onset_at",
    "onset_class",
    "onset_class_norwegian",
    "minutes_since_start",
    "product",
    "lots",
    "lots_expire_on",
    "rate_ml_per_h",
    "rate_ml_per_kg_h",
    "step",
    "volume_given_ml",
    "action",
    "reviewed",
    "serious",
    "seriousness",
    "expected",
    "causality",
    "outcome",
    "action_taken",
    "rechallenge",
    "case_number",
    "case_versions",
    "meddra_version",
    "meddra_llt",
    "clocks",
    "next_due_on",
    "note",
    "reported_by",
    "recorded_at",
)
NOT_DECIDED = "not decided"


@dataclass(slots=True)
class _Case:
    """What the listing says of a case; `coded`: `event:4` -> (version, code)."""

    number: str = ""
    versions: str = ""
    clocks: list[CaseClock] = field(default_factory=list)
    coded: dict[str, tuple[str, str]] = field(default_factory=dict)


def listing(events: Iterable[AdverseEventRecord]) -> Iterator[tuple[str, ...]]:
    """The rows, in the order of the events. Undecided is said as such: an empty cell is no "no"."""
    events = list(events)
    cases = _cases([event.pk for event in events])
    for event in events:
        case = cases.get(event.pk, _Case())
        parts = NOT_REVIEWED if event.status == "new" else reviewed_parts(event)
        for number, part in enumerate(parts):
            yield _row(event, number, part, case)


def yes_no(value: bool | None) -> str:
    """Yes, no, or that nobody has decided."""
    return NOT_DECIDED if value is None else "yes" if value else "no"


def _row(event: AdverseEventRecord, number: int, part: ReviewedPart, case: _Case) -> tuple[str, ...]:
    onset, minutes = onset_of(event), minutes_since_start(event)
    serious = None if part.seriousness is None else bool(part.seriousness)
    version, code = case.coded.get(about_event(event.pk, number), ("", ""))
    running = [one.due_on for one in case.clocks if one.state == CaseClock.State.RUNNING and one.due_on]
    return (
        str(event.pk),
        str(number + 1),
        event.patient.pseudonym,
        event.ward.name,
        part.english or term_name(event).en,
        part.verbatim,
        part.language,
        event.severity,
        str(part.grade or ""),
        event.onset_at.isoformat(),
        onset.review.value if onset else "",
        onset.norwegian.value if onset else "",
        "" if minutes is None else str(minutes),
        guidelines_version(event.guideline_version).product(event.product_code).name,
        "; ".join(lot["lot_number"] for lot in event.lots),
        "; ".join(lot.get("expires_on", "") for lot in event.lots),
        plain(event.rate_ml_per_h) if event.rate_ml_per_h is not None else "",
        plain(event.rate_ml_per_kg_h) if event.rate_ml_per_kg_h is not None else "",
        str(event.step_index + 1) if event.step_index is not None else "",
        plain(event.volume_given_ml) if event.volume_given_ml is not None else "",
        event.action,
        "yes" if part.reviewed else "no",
        yes_no(serious),
        "; ".join(part.seriousness or ()),
        yes_no(part.expected),
        "; ".join(f"{one.source}, {one.method}: {one.result}" for one in part.assessments),
        part.outcome,
        part.action_taken,
        part.rechallenge,
        case.number,
        case.versions,
        version,
        code,
        "; ".join(_clock(clock) for clock in case.clocks),
        min(running).isoformat() if running else "",
        event.note,
        event.reported_by.username if event.reported_by else "",
        event.recorded_at.isoformat(),
    )


def _clock(clock: CaseClock) -> str:
    due = f" due {clock.due_on.isoformat()}" if clock.due_on else ""
    return f"{clock.regime} {clock.limit}, version {clock.version_number}{due}: {clock.state}"


def _cases(event_ids: list[int]) -> dict[int, _Case]:
    """Event -> its standing case, gathered in four statements however many there are."""
    links = CaseEvent.objects.filter(event__in=event_ids, let_go=False).select_related("case")
    links = links.prefetch_related("case__versions")
    found: dict[int, _Case] = {}
    of_case: dict[int, _Case] = {}
    for link in links:
        case = of_case.setdefault(link.case_id, _Case(case_number(link.case)))
        case.versions = ", ".join(str(version.number) for version in link.case.versions.all())
        found[link.event_id] = case
    for term in CodedTerm.objects.filter(case__in=list(of_case)).select_related("case"):
        if term.version == term.case.meddra_version:
            of_case[term.case_id].coded[term.about] = (term.version, term.code)
    clocks = CaseClock.objects.filter(case__in=list(of_case)).exclude(state=CaseClock.State.SUPERSEDED)
    for clock in clocks:
        of_case[clock.case_id].clocks.append(clock)
    return found
