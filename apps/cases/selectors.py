"""Readers of cases."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from apps.accounts.selectors import Action, Staff, require, role_allows, wards_of_now
from apps.cases.domain.completeness import Completeness, completeness
from apps.cases.domain.content import CaseContent
from apps.cases.domain.duplicates import Likeness, Traits, duplicates
from apps.cases.domain.keeping import content_from_json
from apps.cases.domain.versions import Kind
from apps.cases.gathering import events_of, gather, terms_of
from apps.cases.models import Case, CaseClock, CaseEvent, CaseQuery, CaseVersion
from apps.cases.reporting import VersionFacts, build_report
from apps.icsr.domain import Icsr
from apps.icsr.domain.rules import Fault, faults
from apps.kernel.errors import NotFoundError
from apps.kernel.text import N_
from apps.patients.domain.identity import initials
from apps.patients.selectors import born_on_the_same_day
from apps.safety.selectors import AdverseEventRecord, adverse_events_for

CaseRecord = Case
CaseVersionRecord = CaseVersion
CaseQueryRecord = CaseQuery
CaseClockRecord = CaseClock

QUEUE_SHOWN = 60
_COMPARED = 400  # cases a case is compared with: its patient's, and the newest


@dataclass(frozen=True, slots=True)
class CaseInQueue:
    """A case as the queue shows it. `due` is the clock that runs out first; None when none counts days."""

    case: CaseRecord
    terms: tuple[str, ...]
    completeness: Completeness
    due: CaseClockRecord | None
    open_queries: int
    latest: CaseVersionRecord | None
    serious: bool | None


@dataclass(frozen=True, slots=True)
class CasePicture:
    """Everything the case page shows; `content` is what a version made now would keep."""

    case: CaseRecord
    events: tuple[AdverseEventRecord, ...]
    content: CaseContent
    completeness: Completeness
    versions: tuple[CaseVersionRecord, ...]
    clocks: tuple[CaseClockRecord, ...]
    queries: tuple[CaseQueryRecord, ...]
    likenesses: tuple[Likeness, ...]


def access_case(
    user: Staff, case_id: int, action: Action = Action.SEE_CASES, *, for_update: bool = False
) -> CaseRecord:
    """The case, if it is on one of the person's wards; otherwise NotFoundError."""
    cases = _cases().select_for_update(of=("self",)) if for_update else _cases()
    case = cases.filter(pk=case_id, ward__in=wards_of_now(user)).first()
    if case is None:
        raise NotFoundError("not_found", N_("There is no such case on your wards."))
    require(user, action)
    return case


def access_query(user: Staff, query_id: int, action: Action, *, for_update: bool = False) -> CaseQueryRecord:
    """The question, if it was put to one of the person's wards; otherwise NotFoundError."""
    queries = CaseQuery.objects.select_for_update(of=("self",)) if for_update else CaseQuery.objects
    query = (
        queries.select_related("case__patient", "ward")
        .filter(pk=query_id, ward__in=wards_of_now(user))
        .first()
    )
    if query is None:
        raise NotFoundError("not_found", N_("There is no such question on your wards."))
    require(user, action)
    return query


def cases_for(user: Staff) -> list[CaseRecord]:
    """The standing cases of the person's wards, the newest first."""
    require(user, Action.SEE_CASES)
    return list(_cases().filter(ward__in=wards_of_now(user), state=Case.State.OPEN))


def nullified_cases_for(user: Staff) -> list[CaseRecord]:
    """The nullified cases of the person's wards, the newest first."""
    require(user, Action.SEE_CASES)
    return list(_cases().filter(ward__in=wards_of_now(user), state=Case.State.NULLIFIED))


def case_queue(user: Staff, *, now: datetime) -> list[CaseInQueue]:
    """The standing cases, what is due first on top; those without a limit last, the oldest first.

    QUEUE_SHOWN at most: each is gathered from the record as it stands.
    """
    due = {clock.case_id: clock for clock in reversed(calendar_for(user))}
    latest = datetime.max.replace(tzinfo=UTC)

    def urgency(case: Case) -> tuple[datetime, datetime, int]:
        clock = due.get(case.pk)
        return (clock.runs_out_at if clock and clock.runs_out_at else latest, case.opened_at, case.pk)

    first = sorted(cases_for(user), key=urgency)[:QUEUE_SHOWN]
    return [_in_queue(case, due.get(case.pk), now) for case in first]


def events_without_case(user: Staff) -> list[AdverseEventRecord]:
    """Adverse events of the person's wards that belong to no standing case, the newest onset first.

    One whose case was nullified as the same as a standing case is told there, and not asked for again.
    """
    require(user, Action.SEE_CASES)
    taken = events_told_twice() | set(
        CaseEvent.objects.filter(let_go=False).values_list("event_id", flat=True)
    )
    return [event for event in adverse_events_for(user) if event.pk not in taken]


def events_told_twice() -> set[int]:
    """Adverse events whose case was nullified as the same as a case that stands, and that no case holds since."""
    doubles = CaseEvent.objects.filter(let_go=True, case__same_as__state=Case.State.OPEN)
    held = CaseEvent.objects.filter(let_go=False).values("event_id")
    return set(doubles.exclude(event_id__in=held).values_list("event_id", flat=True))


def case_of_event(event_id: int) -> CaseRecord | None:
    """The standing case an adverse event belongs to."""
    return _cases().filter(events__event_id=event_id, events__let_go=False).first()


def picture_of(case: CaseRecord, *, now: datetime) -> CasePicture:
    """The case as it stands."""
    content = gather(case, now=now)
    return CasePicture(
        case=case,
        events=tuple(events_of(case)),
        content=content,
        completeness=completeness(content),
        versions=tuple(versions_of(case)),
        clocks=tuple(clocks_of(case)),
        queries=tuple(case.queries.select_related("asked_by", "answered_by", "ward")),
        likenesses=likenesses_of(case),
    )


def versions_of(case: CaseRecord) -> list[CaseVersionRecord]:
    """Every version, the oldest first."""
    return list(case.versions.select_related("made_by"))


def access_version(user: Staff, case_id: int, number: int) -> CaseVersionRecord:
    """A version of a case on the person's wards; otherwise NotFoundError."""
    case = access_case(user, case_id)
    version = case.versions.select_related("made_by", "case__ward").filter(number=number).first()
    if version is None:
        raise NotFoundError("not_found", N_("This case has no such version."))
    return version


def latest_version(case_id: int) -> CaseVersionRecord | None:
    """The newest version of a case; None before the first."""
    found = CaseVersion.objects.select_related("case__ward", "made_by")
    return found.filter(case_id=case_id).order_by("-number").first()


def version_of(case_id: int, number: int) -> CaseVersionRecord:
    """The version of that number."""
    return CaseVersion.objects.select_related("case__ward", "made_by").get(case_id=case_id, number=number)


def newest_versions() -> Iterator[CaseVersionRecord]:
    """The newest version of every case that stands, one at a time."""
    rows = CaseVersion.objects.select_related("case__ward").filter(case__state=Case.State.OPEN)
    newest = rows.order_by("case_id", "-number").distinct("case_id")
    return newest.iterator(chunk_size=20)


def content_of(version: CaseVersionRecord) -> CaseContent:
    """What a version tells."""
    return content_from_json(version.content)


def build_icsr(version: CaseVersionRecord) -> Icsr:
    """The report of a version: the same version gives the same report, whenever it is asked for."""
    zone = ZoneInfo(version.case.ward.time_zone)
    return build_report(
        content_of(version),
        VersionFacts(
            report_id=version.case.report_id,
            kind=Kind(version.kind),
            reason=version.reason,
            created_at=version.made_at.astimezone(zone),
            first_received_at=version.first_received_at.astimezone(zone),
            most_recent_at=version.most_recent_at.astimezone(zone),
        ),
    )


def faults_of(version: CaseVersionRecord, *, now: datetime) -> tuple[Fault, ...]:
    """Every rule of the standard that a version does not keep, beside the version before it."""
    before = version.case.versions.select_related("case__ward").filter(number=version.number - 1).first()
    return faults(build_icsr(version), now=now, previous=build_icsr(before) if before else None)


def clocks_of(case: CaseRecord) -> list[CaseClockRecord]:
    """The clocks that count for a case, what runs out first on top."""
    rows = case.clocks.exclude(state=CaseClock.State.SUPERSEDED)
    return sorted(rows, key=lambda row: (row.runs_out_at is None, row.runs_out_at or row.made_at, row.pk))


def calendar_for(user: Staff) -> list[CaseClockRecord]:
    """Every running clock with a last day on the person's wards, in order of time."""
    require(user, Action.SEE_CASES)
    rows = CaseClock.objects.select_related("case__patient", "case__ward").filter(
        state=CaseClock.State.RUNNING,
        runs_out_at__isnull=False,
        case__ward__in=wards_of_now(user),
        case__state=Case.State.OPEN,
    )
    return list(rows.order_by("runs_out_at", "pk"))


def cases_of_clocks(subjects: Iterable[str]) -> dict[str, int]:
    """Subject of a clock's alert, such as `case_clock:4` -> its case."""
    numbers = {
        subject: int(subject.rpartition(":")[2]) for subject in subjects if subject.startswith("case_clock:")
    }
    cases = dict(CaseClock.objects.filter(pk__in=numbers.values()).values_list("pk", "case_id"))
    return {subject: cases[number] for subject, number in numbers.items() if number in cases}


def queries_to_answer(user: Staff) -> list[CaseQueryRecord]:
    """The open questions to the person's wards, the oldest first."""
    require(user, Action.ANSWER_CASE_QUERY)
    rows = CaseQuery.objects.select_related("case__patient", "ward", "asked_by")
    return list(rows.filter(ward__in=wards_of_now(user), answered_at__isnull=True, withdrawn_at__isnull=True))


def count_queries_to_answer(user: Staff) -> int:
    """How many questions wait on the person's wards; 0 for who does not answer any."""
    if not role_allows(user, Action.ANSWER_CASE_QUERY):
        return 0
    return CaseQuery.objects.filter(
        ward__in=wards_of_now(user), answered_at__isnull=True, withdrawn_at__isnull=True
    ).count()


def likenesses_of(case: CaseRecord) -> tuple[Likeness, ...]:
    """Standing cases that may tell of the same thing, the likeliest first; none for one that was nullified."""
    if case.state == Case.State.NULLIFIED:
        return ()
    standing = _cases().filter(state=Case.State.OPEN, ward=case.ward_id).exclude(pk=case.pk)
    own = standing.filter(patient_id=case.patient_id)
    others = standing.exclude(patient_id=case.patient_id).filter(born_on_the_same_day(case.patient))
    compared = [*own[:_COMPARED], *others[:_COMPARED]]
    return duplicates(traits_of(case), [traits_of(other) for other in compared])


def traits_of(case: CaseRecord) -> Traits:
    """What a case is compared by."""
    events = events_of(case)
    return Traits(
        case_id=case.pk,
        patient_id=case.patient_id,
        initials=initials(case.patient.name),
        born_on=case.patient.birth_date,
        sex=case.patient.sex,
        product_codes=frozenset(event.product_code for event in events),
        lots=frozenset(lot["lot_number"] for event in events for lot in event.lots),
        onsets=tuple(event.onset_at for event in events),
        terms=frozenset(event.term for event in events),
        codes=frozenset(term.code for term in terms_of(case).values()),
        infusion_days=frozenset(
            event.infusion_started_at.date() for event in events if event.infusion_started_at is not None
        ),
    )


def has_running_clock(patient_id: int) -> bool:
    """Whether a case of this patient still waits for a clock to be met."""
    return CaseClock.objects.filter(case__patient=patient_id, state=CaseClock.State.RUNNING).exists()


def numbers_of(case_ids: Iterable[int]) -> dict[int, str]:
    """Case id -> its number to show: the report's, or the house's own before there is one."""
    return {case.pk: case_number(case) for case in Case.objects.filter(pk__in=list(case_ids))}


def case_number(case: CaseRecord) -> str:
    """The report's number, or the house's own before there is one."""
    return case.report_id or f"#{case.pk}"


def _in_queue(case: CaseRecord, due: CaseClockRecord | None, now: datetime) -> CaseInQueue:
    content = gather(case, now=now)
    open_queries = case.queries.filter(answered_at__isnull=True, withdrawn_at__isnull=True).count()
    return CaseInQueue(
        case=case,
        terms=tuple(reaction.term_code for reaction in content.reactions),
        completeness=completeness(content),
        due=due,
        open_queries=open_queries,
        latest=latest_version(case.pk),
        serious=content.serious,
    )


def _cases() -> QuerySet[Case]:
    return Case.objects.select_related("patient__ward", "ward", "opened_by", "narrative_by", "same_as")
