"""Gathering a discharge sheet from what is known of the course."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from apps.accounts.selectors import Staff
from apps.courses.selectors import CourseRecord
from apps.discharge.selectors import vaccine_releases
from apps.discharge.sheet.content import Appointment, DischargeSheet, GivenOn, Watch
from apps.followups.domain.screening import questions_for
from apps.followups.script import script_of
from apps.followups.selectors import CheckRecord, checks_of_patient
from apps.followups.timeline import follow_up_timeline
from apps.guidelines.domain import LocalText, RedFlagRule, ScreeningQuestion
from apps.guidelines.selectors import current_guidelines, guidelines_version
from apps.infusions.domain.age import age_on
from apps.infusions.selectors import infusion_at, infusions_of_course
from apps.laboratory.serology import serology_guard
from apps.selfreport.letters import link_address
from apps.selfreport.selectors import expiry_of
from apps.selfreport.services.issuing import IssuedLink
from apps.selfreport.site import emergency_number, hospital_number

_TOLD = ("call", "visit", "laboratory")
_AHEAD = ("planned", "due")


def discharge_sheet(
    course: CourseRecord, issued: IssuedLink, *, replaces_another: bool, printed_by: Staff, now: datetime
) -> DischargeSheet:
    """The sheet of a course as it stands now."""
    patient, zone = course.patient, ZoneInfo(course.ward.time_zone)
    checks = [check for check in checks_of_patient(patient.pk) if check.course_id == course.pk]
    questions = _questions(course, checks, now, zone)
    antibodies = serology_guard(patient.pk, "antibody", now).warning
    anti_hbc = serology_guard(patient.pk, "anti_hbc", now).warning
    today = now.astimezone(zone).date()
    always = emergencies(questions)
    early, early_until = _early(questions, course, now)
    return DischargeSheet(
        course_id=course.pk,
        name=patient.name,
        medical_record_number=patient.medical_record_number,
        birth_date=patient.known_birth_date,
        ward=course.ward.name,
        time_zone=course.ward.time_zone,
        emergencies=_texts(questions, always),
        early_emergencies=_texts(questions, early - always),
        early_until=early_until,
        watch=watch_for(questions, _open_effects(course, now), but_for=always),
        appointments=_appointments(checks, now),
        vaccines=tuple(
            vaccine for vaccine in vaccine_releases(patient.pk) if vaccine.release.is_blocked(today)
        ),
        antibodies_until=antibodies.until if antibodies else None,
        anti_hbc_until=anti_hbc.until if anti_hbc else None,
        given=_given(course, now, zone),
        url=link_address(issued.token),
        link_until=expiry_of(issued.link),
        replaces_another=replaces_another,
        emergency_number=emergency_number(),
        hospital_number=hospital_number(),
        printed_at=now,
        printed_by=printed_by.display_name,
    )


def emergencies(questions: Iterable[ScreeningQuestion]) -> frozenset[str]:
    """The symptoms that are an emergency by themselves, at whatever time after the infusion."""
    return frozenset(
        code
        for rule in _alone(questions)
        if rule.until_h is None and rule.after_h is None
        for code in rule.symptom_codes
    )


def early_emergencies(questions: Iterable[ScreeningQuestion], *, hours: Decimal) -> dict[str, int]:
    """The symptoms that are an emergency by themselves soon after the last dose: code -> until how many hours."""
    found: dict[str, int] = {}
    for rule in _alone(questions):
        if rule.until_h is not None and rule.after_h is None and hours < rule.until_h:
            for code in rule.symptom_codes:
                found[code] = max(rule.until_h, found.get(code, 0))
    return found


def watch_for(
    questions: Iterable[ScreeningQuestion],
    open_until: Mapping[str, datetime],
    *,
    but_for: Collection[str] = (),
) -> tuple[Watch, ...]:
    """The questions whose symptoms speak for an effect that may still begin, each until the last such effect ends.

    `open_until` are the effects by code; `but_for` are symptoms that are told elsewhere. Circumstances are asked
    on the telephone; they are nothing to watch for. A symptom that two questions share is told once.
    """
    found = []
    told = set(but_for)
    for question in questions:
        speaking = [
            symptom
            for symptom in question.symptoms
            if symptom.kind == "symptom"
            and symptom.code not in told
            and any(effect in open_until for effect in symptom.effects)
        ]
        told.update(symptom.code for symptom in speaking)
        if speaking:
            ends = [
                open_until[effect]
                for symptom in speaking
                for effect in symptom.effects
                if effect in open_until
            ]
            found.append(Watch(question.title, tuple(symptom.text for symptom in speaking), max(ends)))
    return tuple(found)


def _questions(
    course: CourseRecord, checks: Iterable[CheckRecord], now: datetime, zone: ZoneInfo
) -> tuple[ScreeningQuestion, ...]:
    """Everything this patient may be asked."""
    check = next(iter(checks), None)
    if check is not None:
        return script_of(check, now=now).every
    age = age_on(course.patient.birth_date, now.astimezone(zone).date())
    known = current_guidelines().screening_questions
    return questions_for(known, age=age, diabetes_on_maltose=False)


def _alone(questions: Iterable[ScreeningQuestion]) -> Iterator[RedFlagRule]:
    """The emergencies for which one yes suffices."""
    for question in questions:
        for rule in question.red_flags:
            if rule.urgency == "emergency" and len(rule.parts) == 1 and rule.parts[0].at_least == 1:
                yield rule


def _early(
    questions: Sequence[ScreeningQuestion], course: CourseRecord, now: datetime
) -> tuple[frozenset[str], datetime | None]:
    last = max((one.ended_at or now for one in infusions_of_course(course.pk)), default=now)
    found = early_emergencies(questions, hours=Decimal((now - last).total_seconds()) / 3600)
    if not found:
        return frozenset(), None
    return frozenset(found), last + timedelta(hours=max(found.values()))


def _texts(questions: Iterable[ScreeningQuestion], codes: Collection[str]) -> tuple[LocalText, ...]:
    """The questions to the patient, each symptom once."""
    asked = {symptom.code: symptom.text for question in questions for symptom in question.symptoms}
    return tuple(text for code, text in asked.items() if code in codes)


def _open_effects(course: CourseRecord, now: datetime) -> dict[str, datetime]:
    """Effects whose time of risk is not over, with its end."""
    bands = [
        band
        for timeline in follow_up_timeline(course.patient_id)
        if timeline.course_id == course.pk
        for band in timeline.bands
        if band.to_at > now
    ]
    return {band.effect: max(one.to_at for one in bands if one.effect == band.effect) for band in bands}


def _appointments(checks: Iterable[CheckRecord], now: datetime) -> tuple[Appointment, ...]:
    """What somebody will do, or have done, from now on."""
    ahead = [
        check
        for check in checks
        if check.kind in _TOLD
        and check.status in _AHEAD
        and (check.closes_at is None or check.closes_at > now)
    ]
    return tuple(
        Appointment(
            name=guidelines_version(check.guideline_version).follow_up_rule(check.code).name,
            kind=check.kind,
            due_at=max(check.next_attempt_at or check.due_at, now),
            closes_at=check.closes_at,
        )
        for check in sorted(ahead, key=lambda check: check.due_at)
    )


def _given(course: CourseRecord, now: datetime, zone: ZoneInfo) -> tuple[GivenOn, ...]:
    given = []
    for infusion in infusions_of_course(course.pk):
        moment = infusion_at(infusion.session_id, infusion.ended_at or now)
        product = guidelines_version(moment.guideline_version).product(moment.product_code)
        given.append(
            GivenOn(
                on=infusion.started_at.astimezone(zone).date(),
                day_number=infusion.day_number,
                product=product.name,
                volume_ml=moment.volume_given_ml,
                lots=tuple(dict.fromkeys(lot["lot_number"] for lot in moment.lots)),
            )
        )
    return tuple(given)
