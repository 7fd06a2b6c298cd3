"""How each rule is broken: one change to a valid case, by the code that must catch it."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from apps.icsr.domain import (
    CauseOfDeath,
    Death,
    HeldDocument,
    IncludedFile,
    NullFlavor,
    OtherCaseId,
    PastHistory,
    TestResult,
)
from tests.unit.icsr.mutations import Envelope
from tests.unit.icsr.valid_cases import NI, at, nullification

OTHER_NUMBER = "NO-CLINIC-2026999"


def about(envelope, **changes):
    report = envelope.report
    return envelope.with_report(replace(report, identification=replace(report.identification, **changes)))


def patient(envelope, **changes):
    return envelope.with_report(replace(envelope.report, patient=replace(envelope.report.patient, **changes)))


def first(envelope, section, **changes):
    """The envelope with the first row of a section changed."""
    rows = getattr(envelope.report, section)
    return envelope.with_report(
        replace(envelope.report, **{section: (replace(rows[0], **changes), *rows[1:])})
    )


def lot(envelope, **changes):
    drug = envelope.report.drugs[0]
    return first(envelope, "drugs", dosages=(replace(drug.dosages[0], **changes), *drug.dosages[1:]))


def numbered(envelope, number):
    return about(envelope, report_id=number, worldwide_id=number)


def pair(envelope, **changes):
    """The first drug against the first reaction, changed."""
    pairs = envelope.report.drugs[0].reactions
    return first(envelope, "drugs", reactions=(replace(pairs[0], **changes), *pairs[1:]))


Change = Callable[[Envelope], Envelope]
# Code of the rule: the valid case that is broken, and how.
MUTATIONS: dict[str, tuple[str, Change]] = {
    "report_id_shape": ("full", lambda e: about(e, report_id="NO-CLINIC-NORTH-1")),
    "report_id_country": ("full", lambda e: about(e, report_id="SE-CLINIC-2026001")),
    "worldwide_id_shape": ("full", lambda e: about(e, worldwide_id="2026001")),
    "worldwide_id_differs": ("fatal", lambda e: about(e, worldwide_id=OTHER_NUMBER)),
    "most_recent_before_first": ("full", lambda e: about(e, most_recent=at("20260228"))),
    "created_before_information": ("full", lambda e: about(e, created=at("20260302235959+0100"))),
    "documents_missing": ("full", lambda e: about(e, documents=())),
    "documents_unannounced": ("full", lambda e: about(e, has_documents=False)),
    "file_unreadable": (
        "full",
        lambda e: about(
            e,
            documents=(
                HeldDocument(title="Scan", included=IncludedFile(media_type="pdf", base64="JVBERi0xLjQK")),
            ),
        ),
    ),
    "expedited_open": ("fatal", lambda e: about(e, expedited=NI)),
    "other_ids_missing": ("full", lambda e: about(e, other_ids=())),
    "other_ids_unannounced": (
        "fatal",
        lambda e: about(e, other_ids=(OtherCaseId(source="CLINIC", identifier="1"),)),
    ),
    "linked_to_itself": ("full", lambda e: about(e, linked_reports=("NO-CLINIC-2026001",))),
    "linked_twice": ("full", lambda e: about(e, linked_reports=(OTHER_NUMBER, OTHER_NUMBER))),
    "reporter_not_identifiable": (
        "full",
        lambda e: e.with_report(
            replace(e.report, primary_sources=(replace(e.report.primary_sources[1], **NOBODY),))
        ),
    ),
    "one_primary_source": (
        "full",
        lambda e: e.with_report(
            replace(
                e.report,
                primary_sources=tuple(replace(one, is_primary="1") for one in e.report.primary_sources),
            )
        ),
    ),
    "primary_source_country": ("full", lambda e: first(e, "primary_sources", country=None)),
    "primary_source_qualification": ("full", lambda e: first(e, "primary_sources", qualification=None)),
    "sender_organisation": (
        "full",
        lambda e: e.with_report(replace(e.report, sender=replace(e.report.sender, organisation=None))),
    ),
    "sender_in_eu": (
        "full",
        lambda e: e.with_report(replace(e.report, sender=replace(e.report.sender, country="EU"))),
    ),
    "study_kind_missing": (
        "fatal",
        lambda e: e.with_report(replace(e.report, study=replace(e.report.study, kind=None))),
    ),
    "meddra_versions_differ": ("full", lambda e: first(e, "reactions", meddra_version="28.0")),
    "patient_not_identifiable": (
        "full",
        lambda e: patient(
            e,
            name=NullFlavor.UNKNOWN,
            hospital_record_number=None,
            age=None,
            age_unit=None,
            sex=NullFlavor.UNKNOWN,
        ),
    ),
    "age_twice": ("full", lambda e: patient(e, born=at("19710401"))),
    "age_group_beside_age": ("full", lambda e: patient(e, age_group="5")),
    "weight_of_nothing": ("full", lambda e: patient(e, weight_kg=Decimal("0.0"))),
    "height_not_whole": ("full", lambda e: patient(e, height_cm=Decimal("1.7"))),
    "born_after_reaction": ("fatal", lambda e: patient(e, born=at("20260302"))),
    "history_missing": ("full", lambda e: patient(e, history=(), history_text=None)),
    "history_without_disease": (
        "full",
        lambda e: patient(e, history=(PastHistory(comments="long ago"),)),
    ),
    "past_drug_ends_before_start": (
        "full",
        lambda e: patient(e, past_drugs=(replace(e.report.patient.past_drugs[0], ended=at("2019")),)),
    ),
    "death_date_missing": ("fatal", lambda e: patient(e, death=Death())),
    "cause_without_code_and_words": (
        "fatal",
        lambda e: patient(e, death=replace(e.report.patient.death, causes=(CauseOfDeath(),))),
    ),
    "died_before_reaction": (
        "fatal",
        lambda e: patient(e, death=replace(e.report.patient.death, date=at("20260228"))),
    ),
    "no_reaction": (
        "full",
        lambda e: e.with_report(
            replace(
                e.report, reactions=(), drugs=tuple(replace(drug, reactions=()) for drug in e.report.drugs)
            )
        ),
    ),
    "highlight_disagrees": ("full", lambda e: first(e, "reactions", highlighted="2")),
    "fatal_without_death": (
        "fatal",
        lambda e: first(e, "reactions", results_in_death=NI),
    ),
    "reaction_ends_before_start": ("full", lambda e: first(e, "reactions", ended=at("202603011024+0100"))),
    "confirmed_by_itself": ("full", lambda e: first(e, "reactions", medically_confirmed=True)),
    "test_date_missing": ("full", lambda e: first(e, "tests", date=None)),
    "test_name_missing": ("full", lambda e: first(e, "tests", name=None)),
    "test_result_missing": (
        "full",
        lambda e: e.with_report(
            replace(e.report, tests=(TestResult(date=at("20260301"), name="Haptoglobin"),))
        ),
    ),
    "normal_without_unit": (
        "full",
        lambda e: first(e, "tests", result=None, result_unit=None, result_text="low"),
    ),
    "normal_upside_down": ("full", lambda e: first(e, "tests", normal_low=Decimal(150))),
    "no_suspect_drug": ("full", lambda e: first(e, "drugs", role="2")),
    "lot_not_told": ("full", lambda e: lot(e, lot=None, text=None)),
    "lot_is_no_lot": ("full", lambda e: lot(e, lot="Unknown")),
    "two_lots_in_one": ("full", lambda e: lot(e, lot="LOT-A1, LOT-B2")),
    "drug_ends_before_start": ("full", lambda e: lot(e, ended=at("202603010959+0100"))),
    "total_with_count": ("full", lambda e: lot(e, interval_unit="{total}")),
    "form_version_missing": ("full", lambda e: lot(e, form_code_version=None)),
    "form_code_missing": ("full", lambda e: lot(e, form_code=None)),
    "route_version_missing": ("full", lambda e: lot(e, route_code_version=None)),
    "route_code_missing": ("full", lambda e: lot(e, route_code=None)),
    "drug_reaction_unknown": ("full", lambda e: pair(e, reaction=3)),
    "drug_reaction_twice": ("full", lambda e: pair(e, reaction=2)),
    "assessment_without_result": (
        "full",
        lambda e: pair(e, assessments=(replace(e.report.drugs[0].reactions[0].assessments[0], result=None),)),
    ),
    "report_id_changed": ("follow_up", lambda e: about(e, report_id=OTHER_NUMBER)),
    "worldwide_id_changed": ("follow_up", lambda e: about(e, worldwide_id=OTHER_NUMBER)),
    "created_not_moved": ("follow_up", lambda e: about(e, created=at("20260310095959+0100"))),
    "most_recent_not_moved": ("follow_up", lambda e: about(e, most_recent=at("20260303"))),
    "most_recent_moved": ("nullification", lambda e: about(e, most_recent=at("20260304"))),
    "nothing_to_change": ("amendment", lambda e: replace(e, previous=None)),
    "after_nullification": (
        "follow_up",
        lambda e: replace(
            e, previous=nullification(created=at("20260310103000+0100"), most_recent=at("20260303"))
        ),
    ),
    "message_id_differs": ("full", lambda e: e.put("N.2.r.1", OTHER_NUMBER)),
    "message_created_differs": ("full", lambda e: e.put("N.2.r.4", at("20260310100001+0100"))),
    "message_sender_differs": ("full", lambda e: e.put("N.2.r.2", "ANOTHER")),
    "batch_before_message": ("full", lambda e: e.put("N.1.5", at("20260310095959+0100"))),
}
NOBODY = {
    "given_name": NullFlavor.ASKED_BUT_UNKNOWN,
    "family_name": None,
    "country": None,
    "qualification": NullFlavor.UNKNOWN,
}
# Rules that cannot be broken alone: nobody who told of it is no primary source either.
NEVER_ALONE = {"reporter_not_identifiable": {"one_primary_source"}}
