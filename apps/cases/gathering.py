"""What the record knows of a case now, as the content a version would keep. Reads, and writes nothing."""

from dataclasses import replace
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from django.utils.translation import override

from apps.accounts.selectors import Role
from apps.cases.domain.content import (
    Answered,
    CaseContent,
    CaseDrug,
    CaseReaction,
    Done,
    InfusionGiven,
    Lot,
    RateStretch,
    Reporter,
    Term,
    about_event,
)
from apps.cases.domain.narrative import draft_narrative, draft_native
from apps.cases.measuring import measurements_of
from apps.cases.models import Case, CodedTerm
from apps.cases.persons import patient_of
from apps.cases.reviews import ReviewedPart, reviewed_parts
from apps.cases.site import names_reporter, site, ward_language
from apps.courses.selectors import get_course
from apps.guidelines.selectors import guidelines_version
from apps.icsr.domain.rules_values import reads_as_english
from apps.infusions.selectors import DrugGiven, drug_given_in_courses, grams_until
from apps.safety.selectors import AdverseEventRecord, interventions_of, symptoms_of, term_name

_QUALIFICATIONS = {
    Role.PHYSICIAN.value: "physician",
    Role.NURSE.value: "other_health_professional",
    Role.CHARGE_NURSE.value: "other_health_professional",
    Role.PHARMACIST.value: "pharmacist",
    Role.PHARMACOVIGILANCE.value: "other_health_professional",
}
ENGLISH = "eng"
_HUNDREDTH = Decimal("0.01")


def events_of(case: Case) -> list[AdverseEventRecord]:
    """The case's adverse events, the first onset first; those entered in error are left out."""
    links = case.events.select_related("event__patient", "event__ward", "event__reported_by")
    events = [link.event for link in links if link.event.status != "entered_in_error"]
    return sorted(events, key=lambda event: (event.onset_at, event.pk))


def gather(case: Case, *, now: datetime) -> CaseContent:
    """The content as it stands now. A narrative nobody has written is drafted from it."""
    with override("en"):
        content = _gather(case, now)
    native = content.native_narrative
    if not native and content.native_language != ENGLISH:
        content = replace(content, native_narrative=draft_native(content))
    return content if content.narrative else replace(content, narrative=draft_narrative(content))


def terms_of(case: Case) -> dict[str, CodedTerm]:
    """What is coded in the case's version of MedDRA: `event:4` -> its newest term."""
    found = case.coded.filter(version=case.meddra_version) if case.meddra_version else case.coded.none()
    return {term.about: term for term in found}


def _gather(case: Case, now: datetime) -> CaseContent:
    events, zone = events_of(case), ZoneInfo(case.ward.time_zone)
    coded = {about: Term(term.code, term.name, term.version) for about, term in terms_of(case).items()}
    reactions = tuple(
        _reaction(event, part, review, coded.get(about_event(event.pk, part)), zone)
        for event in events
        for part, review in enumerate(reviewed_parts(event))
    )
    drugs = _drugs(events, coded, zone, now)
    weight = next((given[1] for given in _weights(events, now)), None)
    return CaseContent(
        site=site(),
        reporter=_reporter(case, events),
        patient=patient_of(case, events, weight_kg=weight),
        drugs=drugs,
        reactions=reactions,
        measurements=measurements_of(case, events, drugs, zone=zone),
        answers=tuple(
            Answered(query.question, query.answer, query.answered_at.astimezone(zone))
            for query in case.queries.filter(answered_at__isnull=False)
            if query.answered_at is not None
        ),
        narrative=case.narrative,
        native_narrative=case.native_narrative,
        native_language=ward_language()[1],
        sender_comment=case.sender_comment,
        meddra_version=case.meddra_version,
        linked=_linked(case),
    )


def _linked(case: Case) -> tuple[str, ...]:
    """Other standing cases of the patient that have a number (C.1.10.r)."""
    others = Case.objects.filter(patient_id=case.patient_id, state=Case.State.OPEN).exclude(pk=case.pk)
    return tuple(others.exclude(report_id="").order_by("pk").values_list("report_id", flat=True))


def _reporter(case: Case, events: list[AdverseEventRecord]) -> Reporter:
    person = next((event.reported_by for event in events if event.reported_by is not None), None)
    told = case.reporter_qualification
    if person is None:
        return Reporter(qualification=told, department=_english(case.ward.name))
    named = names_reporter()
    return Reporter(
        qualification=told or _QUALIFICATIONS.get(person.role, ""),
        given_name=_english(person.first_name) if named else "",
        family_name=_english(person.last_name) if named else "",
        department=_english(case.ward.name),
    )


def _english(name: str) -> str:
    """A name in Latin letters; one in others cannot be sent and is masked."""
    return name if reads_as_english(name) else ""


def _reaction(
    event: AdverseEventRecord, part: int, review: ReviewedPart, coded: Term | None, zone: ZoneInfo
) -> CaseReaction:
    name = term_name(event)
    page_language, language = ward_language()
    resolved = event.details.get("resolved_at")
    running = event.rate_ml_per_h is not None
    return CaseReaction(
        event_id=event.pk,
        session_id=event.session_id,
        term_code=event.term,
        english=review.english or name.en,
        verbatim=review.verbatim or name.in_language(page_language),
        language=review.language if review.verbatim else language,
        onset_at=event.onset_at.astimezone(zone),
        ended_at=datetime.fromisoformat(resolved).astimezone(zone) if resolved else None,
        severity=event.severity,
        symptoms=tuple(symptom["name"] for symptom in symptoms_of(event)),
        seriousness=review.seriousness,
        expected=review.expected,
        outcome=review.outcome,
        action_taken=review.action_taken,
        rechallenge=review.rechallenge,
        reviewed=review.reviewed,
        medically_confirmed=review.reviewed,
        coded=coded,
        rate_ml_per_h=event.rate_ml_per_h,
        rate_ml_per_kg_h=event.rate_ml_per_kg_h,
        step=event.step_index + 1 if event.step_index is not None else None,
        given_ml=event.volume_given_ml if running else None,
        given_g=grams_until(event.session_id, event.onset_at),
        interventions=tuple(
            Done(item["name"], datetime.fromisoformat(item["given_at"]).astimezone(zone), item["detail"])
            for item in interventions_of(event)
        ),
        assessments=review.assessments,
        note=event.note,
        part=part,
    )


def _drugs(
    events: list[AdverseEventRecord], coded: dict[str, Term], zone: ZoneInfo, now: datetime
) -> tuple[CaseDrug, ...]:
    """The products of the courses in question, with what was given until the last reaction began."""
    until = max((event.onset_at for event in events), default=now)
    given = [one for one in _given(events, now) if one.started_at <= until]
    found: dict[str, list[DrugGiven]] = {}
    for one in given:
        found.setdefault(one.product_code, []).append(one)
    for event in events:
        found.setdefault(event.product_code, [])
    return tuple(
        CaseDrug(
            product_code=code,
            name=_product_name(code, events),
            concentration_mg_per_ml=infusions[0].concentration_mg_per_ml if infusions else None,
            indication=_indication(events),
            indication_term=coded.get(f"indication:{code}"),
            infusions=tuple(_infusion(one, zone) for one in infusions),
        )
        for code, infusions in found.items()
    )


def _given(events: list[AdverseEventRecord], now: datetime) -> list[DrugGiven]:
    return drug_given_in_courses(sorted({event.course_id for event in events}), now=now)


def _weights(events: list[AdverseEventRecord], now: datetime) -> list[tuple[datetime, Decimal]]:
    """When an infusion of the case began, and the weight it was dosed by, the newest first."""
    return sorted(((one.started_at, one.weight_kg) for one in _given(events, now)), reverse=True)


def _product_name(code: str, events: list[AdverseEventRecord]) -> str:
    event = next((one for one in events if one.product_code == code), events[0])
    return guidelines_version(event.guideline_version).product(code).name


def _indication(events: list[AdverseEventRecord]) -> str:
    course = get_course(events[0].course_id)
    return guidelines_version(course.guideline_version).indication(course.indication_code).name_en


def _infusion(one: DrugGiven, zone: ZoneInfo) -> InfusionGiven:
    following = [lot.hung_at for lot in one.lots[1:]]
    ends = [*(at if at > one.lots[0].hung_at else None for at in following), one.ended_at]
    return InfusionGiven(
        session_id=one.session_id,
        day_number=one.day_number,
        started_at=one.started_at.astimezone(zone),
        ended_at=one.ended_at.astimezone(zone) if one.ended_at else None,
        given_ml=one.given_ml,
        given_g=one.given_g,
        g_per_kg=(one.given_g / one.weight_kg).quantize(_HUNDREDTH, ROUND_HALF_UP),
        state=one.state,
        lots=tuple(
            Lot(
                number=lot.lot_number,
                expires_on=lot.expires_on,
                started_at=max(lot.hung_at, one.started_at).astimezone(zone),
                ended_at=_end(ends[index], one.ended_at, zone),
                given_ml=lot.given_ml,
                given_g=lot.given_g,
            )
            for index, lot in enumerate(one.lots)
        ),
        rates=tuple(
            RateStretch(rate.started_at.astimezone(zone), rate.rate_ml_per_h, rate.rate_ml_per_kg_h)
            for rate in one.rates
        ),
    )


def _end(next_hung_at: datetime | None, ended_at: datetime | None, zone: ZoneInfo) -> datetime | None:
    """A lot ran until the next one was hung; of lots hung together nobody knows, and the infusion's end counts."""
    end = next_hung_at or ended_at
    return end.astimezone(zone) if end else None
