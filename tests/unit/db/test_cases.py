"""A case from the bedside to a version: complete, coded, asked about, drafted, kept for good."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import ProgrammingError, transaction
from django.utils.translation import override

from apps.cases.domain.content import Assessed
from apps.cases.domain.versions import Kind
from apps.cases.gathering import gather
from apps.cases.models import Case, CaseEvent, CaseQuery, CaseVersion, CodedTerm
from apps.cases.reviews import ReviewedPart
from apps.cases.selectors import (
    build_icsr,
    case_of_event,
    case_queue,
    content_of,
    events_without_case,
    faults_of,
    nullified_cases_for,
    picture_of,
)
from apps.cases.services import (
    add_event,
    answer_query,
    ask_ward,
    change_meddra_version,
    code_reaction,
    describe_case,
    draft_again,
    open_case,
    withdraw_query,
    write_narrative,
)
from apps.courses.selectors import access_course
from apps.infusions.selectors import infusion_at
from apps.kernel.errors import DomainError, ForbiddenError, NotFoundError
from apps.ledger.models import Event
from apps.safety.models import AdverseEvent
from apps.safety.services import open_adverse_event
from apps.signals.selectors import counted_for
from tests.builders import (
    NOW,
    admit_patient,
    finish,
    give,
    measure,
    order_course,
    react,
    running_session,
    start_day,
)
from tests.unit.db.case_stories import (
    anaphylaxis,
    code_all,
    describe_site,
    headache,
    keep,
    load_terms,
    open_for,
)

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=6)
SEVERE = ReviewedPart(
    reviewed=True,
    seriousness=("life_threatening", "medically_important"),
    expected=False,
    outcome="recovered",
    action_taken="withdrawn",
    rechallenge="not_done",
    assessments=(
        Assessed("reporter", "WHO-UMC", "Probable/Likely"),
        Assessed("sender", "Naranjo", "Probable (6)"),
    ),
)
MILD = ReviewedPart(
    reviewed=True, seriousness=(), expected=True, outcome="recovered", action_taken="dose_reduced"
)


@pytest.fixture
def site(settings):
    describe_site(settings)
    return settings


@pytest.fixture
def reviews(monkeypatch):
    """Event number -> what its physician signed, for tests that are not about the review itself."""
    found = {}
    monkeypatch.setattr(
        "apps.cases.gathering.reviewed_parts", lambda event: (found.get(event.pk, ReviewedPart()),)
    )
    return found


def code_of(action):
    with pytest.raises(DomainError) as raised:
        action()
    assert str(raised.value)
    return raised.value.code


# A case begins with what happened.


def test_a_case_knows_what_the_bedside_knew(hospital, site):
    event = anaphylaxis(hospital)
    case = open_for(hospital, event)
    content = gather(case, now=LATER)
    assert case.first_received_at == event.recorded_at
    (reaction,), (drug,) = content.reactions, content.drugs
    assert (reaction.english, reaction.severity, reaction.verbatim) == (
        "Anaphylaxis",
        "severe",
        "Anaphylaxis",
    )
    assert reaction.onset_at.utcoffset() == timedelta(hours=1)
    (infusion,) = drug.infusions
    assert [(lot.number, str(lot.given_ml)) for lot in infusion.lots] == [
        ("LOT-A1204", "100.0"),
        ("LOT-B77", str(infusion.given_ml - 100)),
    ]
    assert sum(lot.given_g for lot in infusion.lots) == infusion.given_g
    assert reaction.given_g == infusion.given_g  # it was stopped then
    assert (content.patient.weight_kg, content.patient.sex) == (Decimal("60.00"), "female")
    assert content.patient.initials == ""
    assert {one.name for one in content.measurements} >= {"Pulse rate", "Systolic blood pressure"}


def test_later_infusions_of_the_course_are_no_part_of_what_came_before_the_reaction(hospital, site):
    session = running_session(hospital)
    ended = finish(hospital, session.pk)
    react(hospital, session.pk, ended + timedelta(minutes=5))
    tomorrow = NOW + timedelta(days=1)
    start_day(hospital, access_course(hospital.nurse, session.course_id), day=2, now=tomorrow)
    case = open_for(hospital, AdverseEvent.objects.get(), now=tomorrow + timedelta(hours=1))
    (drug,) = gather(case, now=tomorrow + timedelta(hours=1)).drugs
    assert [infusion.day_number for infusion in drug.infusions] == [1]


def test_laboratory_results_before_and_after_are_told_with_their_units(hospital, site):
    event = headache(hospital)
    patient = event.patient_id
    for days, value in ((-40, "120"), (-3, "132"), (2, "98"), (200, "140")):
        measure(hospital, patient, "hemoglobin", value, "g/L", at=NOW + timedelta(days=days))
    case = open_for(hospital, event, now=NOW + timedelta(days=3))
    told = [
        one for one in gather(case, now=NOW + timedelta(days=201)).measurements if one.name == "Hemoglobin"
    ]
    assert [(str(one.value.normalize()), one.unit, one.comment) for one in told] == [
        ("132", "g/L", "before the first infusion"),
        ("98", "g/L", ""),
    ]


def test_an_event_belongs_to_one_standing_case(hospital, site):
    event = headache(hospital)
    case = open_for(hospital, event)
    assert case_of_event(event.pk) == case
    assert code_of(lambda: open_for(hospital, event)) == "event_in_case"
    assert events_without_case(hospital.safety_officer) == []


def test_a_case_is_about_one_patient(hospital, site):
    first, second = headache(hospital), headache(hospital, name="Testperson Alm")
    assert code_of(lambda: open_for(hospital, first, second)) == "events_of_several_patients"
    case = open_for(hospital, first)
    officer = hospital.safety_officer
    add = lambda: add_event(performer=officer, case_id=case.pk, event_id=second.pk, now=LATER)  # noqa: E731
    assert code_of(add) == "events_of_several_patients"
    assert code_of(lambda: open_case(performer=officer, event_ids=[], now=LATER)) == "case_without_event"


def test_who_does_not_manage_cases_opens_none(hospital, elsewhere, site):
    event = headache(hospital)
    for person in (hospital.nurse, hospital.physician, hospital.administrator):
        with pytest.raises(ForbiddenError):
            open_case(performer=person, event_ids=[event.pk], now=LATER)
    with pytest.raises(NotFoundError):
        open_case(performer=elsewhere.safety_officer, event_ids=[event.pk], now=LATER)
    assert not Case.objects.exists()


# Coding.


def test_a_reaction_is_coded_with_a_current_term_in_one_version(hospital, site):
    event = anaphylaxis(hospital)
    load_terms("98.1")
    case = open_for(hospital, event)
    load_terms("99.0")
    code_all(hospital, case, now=LATER)
    assert gather(case, now=LATER).reactions[0].coded.version == "98.1"
    change_meddra_version(performer=hospital.safety_officer, case_id=case.pk, version="99.0", now=LATER)
    case.refresh_from_db()
    content = gather(case, now=LATER)
    assert (content.meddra_version, content.reactions[0].coded.code) == ("99.0", "90000002")
    assert CodedTerm.objects.count() == 2


def test_a_term_that_is_not_current_and_a_thing_the_case_does_not_hold_are_refused(hospital, site):
    event = headache(hospital)
    load_terms()
    case = open_for(hospital, event)

    def code(about, code):
        return code_of(
            lambda: code_reaction(
                performer=hospital.safety_officer, case_id=case.pk, about=about, code=code, now=LATER
            )
        )

    assert code(f"event:{event.pk}", "90000012") == "meddra_term_not_current"
    assert code(f"event:{event.pk}", "91111111") == "meddra_code_unknown"
    assert code("event:987654", "90000001") == "coding_of_nothing"
    assert not CodedTerm.objects.exists()


def test_without_meddra_a_case_is_complete_up_to_the_code_and_says_so(hospital, site, reviews):
    event = anaphylaxis(hospital)
    reviews[event.pk] = SEVERE
    case = open_for(hospital, event)
    weighed = picture_of(case, now=LATER).completeness
    assert weighed.valid and not weighed.ready
    assert [gap.code for gap in weighed.gaps if gap.weight != "useful"] == ["reaction_not_coded"]
    missing = lambda: code_all(hospital, case, now=LATER)  # noqa: E731
    assert code_of(missing) == "meddra_missing"
    version = keep(hospital, case, Kind.INITIAL, now=LATER)
    assert {fault.element for fault in faults_of(version, now=LATER)} == {"E.i.2.1a", "E.i.2.1b"}


# The narrative.


def test_a_narrative_grows_with_the_record_until_a_person_writes_it(hospital, site):
    event = anaphylaxis(hospital)
    case, officer = open_for(hospital, event), hospital.safety_officer
    drafted = gather(case, now=LATER).narrative
    assert "A 45-year-old female patient (weight 60 kg)" in drafted
    assert "150 minutes" not in drafted and "2 h 30 min after the start" in drafted
    assert "lot LOT-A1204" in drafted and "lot LOT-B77" in drafted
    assert "Fikk adrenalin" not in drafted
    case = write_narrative(
        performer=officer, case_id=case.pk, revision=case.revision, text="What I know.", now=LATER
    )
    measure(hospital, event.patient_id, "hemoglobin", "98", "g/L", at=LATER)
    assert gather(case, now=LATER).narrative == "What I know."
    stale = lambda: write_narrative(  # noqa: E731
        performer=officer, case_id=case.pk, revision=case.revision - 1, text="Mine.", now=LATER
    )
    assert code_of(stale) == "case_changed"
    case = draft_again(performer=officer, case_id=case.pk, revision=case.revision, now=LATER)
    assert "Hemoglobin 98 g/L" in gather(case, now=LATER).narrative


def test_the_same_record_is_told_in_the_same_words_in_every_language(hospital, site):
    case = open_for(hospital, anaphylaxis(hospital))
    told = set()
    for language in ("en", "nb", "fa"):
        with override(language):
            told.add(gather(case, now=LATER).narrative)
    assert len(told) == 1


def test_what_the_ward_wrote_in_its_language_stays_in_the_summary_of_its_language(hospital, site, settings):
    settings.CASE_LANGUAGE = "nb"
    case = open_for(hospital, anaphylaxis(hospital))
    content = gather(case, now=LATER)
    assert (content.native_language, content.reactions[0].language) == ("nor", "nor")
    assert "Fikk adrenalin." in content.native_narrative
    saved = describe_case(
        performer=hospital.safety_officer,
        case_id=case.pk,
        revision=case.revision,
        reporter_qualification="physician",
        native_narrative=content.native_narrative,
        sender_comment="",
        now=LATER,
    )
    assert saved.native_narrative == ""  # still drafted
    assert gather(saved, now=LATER).reporter.qualification == "physician"


# Questions.


def test_an_answer_of_the_ward_lands_in_the_case(hospital, site):
    event = headache(hospital)
    case, officer = open_for(hospital, event), hospital.safety_officer
    asked = {"performer": officer, "case_id": case.pk, "now": LATER}
    query = ask_ward(question="When did it pass?", event_id=event.pk, **asked)
    other = ask_ward(question="Never mind?", event_id=None, **asked)
    withdraw_query(performer=officer, query_id=other.pk, now=LATER)
    answer_query(performer=hospital.nurse, query_id=query.pk, answer="At noon.", now=LATER)
    again = lambda: answer_query(performer=hospital.nurse, query_id=query.pk, answer="No.", now=LATER)  # noqa: E731
    assert code_of(again) == "query_closed"
    gone = lambda: answer_query(performer=hospital.nurse, query_id=other.pk, answer="No.", now=LATER)  # noqa: E731
    assert code_of(gone) == "query_closed"
    case.refresh_from_db()
    content = gather(case, now=LATER)
    assert [(one.question, one.answer) for one in content.answers] == [("When did it pass?", "At noon.")]
    assert "the ward answered: “At noon.”" in content.narrative
    with pytest.raises(ProgrammingError), transaction.atomic():
        CaseQuery.objects.filter(pk=query.pk).update(answer="Something else")


# Versions.


def test_versions_keep_the_case_for_good_under_one_number(hospital, site, reviews):
    event = anaphylaxis(hospital)
    load_terms()
    case = open_for(hospital, event)
    code_all(hospital, case, now=LATER)
    first = keep(hospital, case, Kind.INITIAL, now=LATER)
    assert first.case.report_id == f"NO-HOSP-2026{case.pk:06d}"
    assert first.most_recent_at == event.recorded_at
    reviews[event.pk] = SEVERE
    told_at = LATER + timedelta(days=2)
    second = keep(hospital, case, Kind.FOLLOW_UP, now=told_at, information_at=told_at)
    assert (second.number, second.case.report_id, second.most_recent_at) == (2, first.case.report_id, told_at)
    assert content_of(first).reactions[0].seriousness is None
    assert content_of(second).reactions[0].seriousness == SEVERE.seriousness
    third = keep(hospital, case, Kind.NULLIFICATION, now=told_at + timedelta(days=1), reason="Entered twice.")
    assert third.most_recent_at == told_at
    again = lambda: keep(hospital, case, Kind.FOLLOW_UP, now=told_at + timedelta(days=2))  # noqa: E731
    assert code_of(again) == "case_nullified"
    for act in (
        lambda: CaseVersion.objects.update(content={}),
        lambda: CaseVersion.objects.all()._raw_delete("default"),
        lambda: Case.objects.update(report_id="NO-OTHER-1"),
    ):
        with pytest.raises(ProgrammingError), transaction.atomic():
            act()
    names = (
        Event.objects.filter(subject=f"case:{case.pk}").order_by("position").values_list("name", flat=True)
    )
    assert [*names].count("case.version_made") == 3


def test_what_stands_in_the_way_of_a_version(hospital, site):
    event = headache(hospital)
    case = open_for(hospital, event)
    assert code_of(lambda: keep(hospital, case, Kind.FOLLOW_UP, now=LATER)) == "case_version_order"
    assert code_of(lambda: keep(hospital, case, Kind.AMENDMENT, now=LATER)) == "reason_missing"
    keep(hospital, case, Kind.INITIAL, now=LATER)
    assert code_of(lambda: keep(hospital, case, Kind.INITIAL, now=LATER)) == "case_version_order"
    tomorrow = LATER + timedelta(days=1)
    assert code_of(lambda: keep(hospital, case, Kind.FOLLOW_UP, now=tomorrow)) == "case_unchanged"
    for moment in (tomorrow + timedelta(hours=1), NOW - timedelta(days=9)):
        future = lambda at=moment: keep(  # noqa: E731
            hospital, case, Kind.FOLLOW_UP, now=tomorrow, information_at=at
        )
        assert code_of(future) == "information_at_implausible"


def test_without_the_sites_name_no_number_is_given(hospital, settings):
    describe_site(settings, CASE_COUNTRY="", CASE_ORGANISATION_CODE="HO-SP")
    case = open_for(hospital, headache(hospital))
    assert code_of(lambda: keep(hospital, case, Kind.INITIAL, now=LATER)) == "site_not_described"
    case.refresh_from_db()
    assert case.report_id == "" and not case.versions.exists()


def test_a_nullified_duplicate_lets_its_event_go_and_names_the_case_that_stays(hospital, site):
    session = running_session(hospital)
    first, second = _two_headaches(hospital, session.pk)
    stays, goes = open_for(hospital, first), open_for(hospital, second)
    (likeness,) = picture_of(goes, now=LATER).likenesses
    assert likeness.case_id == stays.pk and likeness.score >= 80
    keep(hospital, goes, Kind.INITIAL, now=LATER)
    keep(
        hospital,
        goes,
        Kind.NULLIFICATION,
        now=LATER + timedelta(hours=1),
        reason="Duplicate.",
        same_as=stays.pk,
    )
    goes.refresh_from_db()
    assert (goes.state, goes.same_as_id) == ("nullified", stays.pk)
    assert CaseEvent.objects.get(case=goes).let_go
    assert picture_of(stays, now=LATER).likenesses == ()
    # It is told in the case that stays: nobody is asked to open a third one from it.
    assert events_without_case(hospital.safety_officer) == []
    assert [case.pk for case in nullified_cases_for(hospital.safety_officer)] == [goes.pk]
    assert [one.event_id for one in counted_for(hospital.safety_officer).told] == [first.pk]
    add_event(performer=hospital.safety_officer, case_id=stays.pk, event_id=second.pk, now=LATER)
    assert len(gather(stays, now=LATER).reactions) == 2
    assert len(counted_for(hospital.safety_officer).told) == 2


def _two_headaches(hospital, session_id):
    react(hospital, session_id, NOW + timedelta(minutes=20))
    one = AdverseEvent.objects.get()
    with_origin = AdverseEvent.objects.get(pk=one.pk)
    with_origin.pk, with_origin.origin = None, "check:987"
    with_origin.save()
    return one, with_origin


# What a report says of all this.


def test_an_anaphylaxis_with_two_lots_keeps_every_rule_of_the_standard(hospital, site, reviews):
    event = anaphylaxis(hospital)
    reviews[event.pk] = SEVERE
    load_terms()
    case = open_for(hospital, event)
    code_all(hospital, case, now=LATER)
    version = keep(hospital, case, Kind.INITIAL, now=LATER)
    assert faults_of(version, now=LATER) == ()
    report = build_icsr(version)
    (drug,), (reaction,) = report.drugs, report.reactions
    assert [dosage.lot for dosage in drug.dosages] == ["LOT-A1204", "LOT-B77"]
    assert sum(dosage.dose for dosage in drug.dosages) == drug.cumulative_dose
    assert "mL/kg/h" in drug.dosages[0].text and "g/kg" in drug.dosages[0].text
    (matrix,) = drug.reactions
    assert (matrix.start_to_onset, matrix.start_to_onset_unit) == (Decimal(150), "min")
    assert [one.result for one in matrix.assessments] == ["Probable/Likely", "Probable (6)"]
    assert (drug.action_taken, matrix.recurrence) == ("1", "4")
    assert reaction.life_threatening is True and reaction.results_in_death == "NI"
    assert report.patient.name == "MSK" and report.patient.age == 45
    assert report.identification.expedited is True
    assert build_icsr(version) == report


def test_a_follow_up_and_a_nullification_keep_every_rule_too(hospital, site, reviews):
    event = headache(hospital)
    reviews[event.pk] = MILD
    load_terms()
    case = open_for(hospital, event)
    code_all(hospital, case, now=LATER)
    assert faults_of(keep(hospital, case, Kind.INITIAL, now=LATER), now=LATER) == ()
    reviews[event.pk] = replace(MILD, seriousness=("hospitalisation",))
    second = keep(hospital, case, Kind.FOLLOW_UP, now=LATER + timedelta(days=1))
    assert faults_of(second, now=LATER + timedelta(days=1)) == ()
    at = LATER + timedelta(days=2)
    third = keep(hospital, case, Kind.NULLIFICATION, now=at, reason="The patient was another one.")
    assert faults_of(third, now=at) == ()
    assert build_icsr(third).identification.change == "1"


def test_with_initials_the_birth_date_goes_along_and_without_the_age_alone(hospital, site, settings):
    case = open_for(hospital, headache(hospital))
    first = keep(hospital, case, Kind.INITIAL, now=LATER)
    assert str(build_icsr(first).patient.age) == "45" and build_icsr(first).patient.born is None
    settings.CASE_SHOWS_INITIALS = settings.CASE_NAMES_REPORTER = True
    second = keep(hospital, case, Kind.FOLLOW_UP, now=LATER + timedelta(days=1))
    told = build_icsr(second)
    assert (told.patient.name, str(told.patient.born), told.patient.age) == ("T.G.", "19800517", None)
    assert told.primary_sources[0].family_name == "Neurology"


def test_initials_in_another_script_are_masked(hospital, site, settings):
    settings.CASE_SHOWS_INITIALS = True
    case = open_for(hospital, headache(hospital, name="زهرا احمدی"))
    patient = build_icsr(keep(hospital, case, Kind.INITIAL, now=LATER)).patient
    assert (patient.name, patient.age) == ("MSK", 45)


def test_nothing_identifying_is_in_a_masked_version(hospital, site):
    event = headache(hospital, name="Særpreget Navn")
    case = open_for(hospital, event)
    version = keep(hospital, case, Kind.INITIAL, now=LATER)
    told = str(build_icsr(version)) + gather(case, now=LATER).narrative + str(version.content)
    for secret in ("Særpreget", event.patient.medical_record_number, "1980-05-17", "19800517"):
        assert secret not in told


def test_the_queue_puts_what_is_due_first_on_top(hospital, site, reviews):
    mild = headache(hospital, now=NOW - timedelta(days=10))
    reviews[mild.pk] = MILD
    severe = anaphylaxis(hospital, name="Testperson Alm")
    relaxed, urgent = open_for(hospital, mild, now=LATER), open_for(hospital, severe, now=LATER)
    rows = case_queue(hospital.safety_officer, now=LATER)
    assert [row.case.pk for row in rows] == [urgent.pk, relaxed.pk]
    assert rows[0].serious is None and rows[1].serious is False
    assert rows[0].due.runs_out_at < rows[1].due.runs_out_at


def test_an_aseptic_meningitis_at_thirty_hours_keeps_every_rule(hospital, site, reviews):
    session = running_session(hospital)
    ended = finish(hospital, session.pk)
    onset = ended + timedelta(hours=30)
    event = open_adverse_event(
        origin="check:987",
        moment=infusion_at(session.pk, onset),
        term="aseptic_meningitis",
        severity="severe",
        onset_at=onset,
        action="",
        note="Stiv nakke og lysskyhet.",
        reported_by=hospital.nurse,
        now=onset + timedelta(hours=2),
    )
    reviews[event.pk] = replace(SEVERE, action_taken="not_applicable", seriousness=("hospitalisation",))
    load_terms()
    at = onset + timedelta(days=1)
    case = open_for(hospital, event, now=at)
    code_all(hospital, case, now=at)
    version = keep(hospital, case, Kind.INITIAL, now=at)
    assert faults_of(version, now=at) == ()
    report = build_icsr(version)
    ((matrix,),) = [drug.reactions for drug in report.drugs]
    assert (matrix.last_dose_to_onset, matrix.last_dose_to_onset_unit) == (Decimal(30 * 60), "min")
    assert report.drugs[0].action_taken == "9"
    assert "30 hours after the end of the infusion" in report.narrative.text


def test_a_hemolysis_of_which_more_becomes_known_has_a_second_version(hospital, site, reviews):
    patient = admit_patient(hospital)
    measure(hospital, patient.pk, "hemoglobin", "130", "g/L", at=NOW - timedelta(days=1))
    give(hospital, order_course(hospital, patient))
    at = NOW + timedelta(days=11)
    measure(hospital, patient.pk, "hemoglobin", "108", "g/L", at=at)
    event = AdverseEvent.objects.get()
    reviews[event.pk] = replace(MILD, action_taken="not_applicable", seriousness=("medically_important",))
    load_terms()
    case = open_for(hospital, event, now=at + timedelta(hours=1))
    code_all(hospital, case, now=at + timedelta(hours=1))
    describe_case(
        performer=hospital.safety_officer,
        case_id=case.pk,
        revision=Case.objects.get(pk=case.pk).revision,
        reporter_qualification="physician",
        native_narrative="",
        sender_comment="",
        now=at + timedelta(hours=1),
    )
    first = keep(hospital, case, Kind.INITIAL, now=at + timedelta(hours=2))
    assert faults_of(first, now=at + timedelta(hours=2)) == ()
    later = at + timedelta(days=1)
    measure(hospital, patient.pk, "dat", "positive", at=at, now=later)
    second = keep(hospital, case, Kind.FOLLOW_UP, now=later + timedelta(hours=1), information_at=later)
    assert faults_of(second, now=later + timedelta(hours=1)) == ()
    tests = {test.name for test in build_icsr(second).tests} - {test.name for test in build_icsr(first).tests}
    assert len(tests) == 1
    days = {dosage.text[:5] for dosage in build_icsr(second).drugs[0].dosages}
    assert days == {f"Day {number}" for number in range(1, 6)}
    assert build_icsr(first).identification.report_id == build_icsr(second).identification.report_id


def test_what_only_the_laboratory_told_has_no_reporter_until_somebody_says_who(hospital, site):
    patient = admit_patient(hospital)
    measure(hospital, patient.pk, "hemoglobin", "130", "g/L", at=NOW - timedelta(days=1))
    give(hospital, order_course(hospital, patient))
    at = NOW + timedelta(days=11)
    measure(hospital, patient.pk, "hemoglobin", "108", "g/L", at=at)
    case = open_for(hospital, AdverseEvent.objects.get(), now=at)
    assert "reporter_missing" in {gap.code for gap in picture_of(case, now=at).completeness.gaps}
    assert code_of(lambda: keep(hospital, case, Kind.INITIAL, now=at)) == "case_not_valid"
