"""Each rule is broken once, by one change to a valid case, and is caught by its own code."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.icsr.domain import (
    CauseOfDeath,
    Death,
    HeldDocument,
    Icsr,
    IncludedFile,
    Measured,
    NullFlavor,
    OtherCaseId,
    PastHistory,
    TestResult,
    message_of,
)
from apps.icsr.domain.rules import RULES, batch_faults, faults
from apps.icsr.domain.rules_batch import BATCH_CODES
from apps.icsr.domain.rules_table import TABLE_MESSAGES
from apps.kernel.errors import DomainError
from apps.kernel.text import fill_in_english
from tests.unit.icsr.mutations import Envelope, Mutation, of_table
from tests.unit.icsr.valid_cases import (
    NI,
    NOW,
    SENDER,
    amendment,
    at,
    fatal_case,
    follow_up,
    full_case,
    neonate_case,
    nullification,
    wrapped,
)

OTHER_NUMBER = "NO-CLINIC-2026999"
# What else must be said when an element is broken: rules that compare it with another one.
ALSO_BROKEN = {
    "N.1.3": {"message_sender_differs"},
    "N.2.r.1": {"message_id_differs"},
    "N.2.r.2": {"message_sender_differs"},
    "N.2.r.4": {"message_created_differs"},
    "C.1.4": {"most_recent_before_first"},
    "C.1.5": {"created_before_information"},
    "C.1.11.1": {"most_recent_not_moved"},
    "C.2.r.5": {"one_primary_source"},
    "D.2.1": {"born_after_reaction"},
    "D.8.r.4": {"past_drug_ends_before_start"},
    "D.9.1": {"death_date_missing"},
    "E.i.1.1a": {"stands_alone"},
    "E.i.4": {"reaction_ends_before_start"},
    "F.r.3.2": {"test_result_missing"},
    "F.r.4": {"normal_upside_down"},
    "G.k.1": {"no_suspect_drug"},
    "G.k.3.1": {"stands_alone"},
    "G.k.4.r.4": {"drug_ends_before_start"},
    "G.k.4.r.9.2a": {"form_version_missing"},
    "G.k.4.r.9.2b": {"form_code_missing"},
    "G.k.4.r.10.2a": {"route_version_missing"},
    "G.k.4.r.10.2b": {"route_code_missing"},
    "G.k.9.i.2.r.3": {"assessment_without_result"},
    "H.5.r.1a": {"stands_alone"},
}


@cache
def valid_ones() -> dict[str, Envelope]:
    reports = {
        "full": (full_case(), None),
        "fatal": (fatal_case(), None),
        "neonate": (neonate_case(), None),
        "follow_up": (follow_up(), full_case()),
        "nullification": (nullification(), full_case()),
        "amendment": (amendment(), full_case()),
    }
    return {
        name: Envelope(report, *wrapped(report), previous) for name, (report, previous) in reports.items()
    }


def found_in(envelope: Envelope, *, wrapper: bool):
    around = {"message": envelope.message, "batch": envelope.batch} if wrapper else {}
    return faults(envelope.report, now=NOW, previous=envelope.previous, **around)


MUTATIONS_OF_TABLE = tuple(of_table())


def what_is_said(mutation: Mutation) -> list[set[tuple[str, str]]]:
    """What the rules say to a mutation of each valid case that holds its element."""
    said = []
    for envelope in valid_ones().values():
        if envelope.holding(mutation.element) is None or envelope.holding(mutation.at) is None:
            continue
        found = found_in(mutation.of(envelope), wrapper=mutation.element.startswith("N"))
        said.append({(fault.code, fault.element) for fault in found})
    return said


@pytest.mark.parametrize("code", sorted(TABLE_MESSAGES))
def test_whatever_the_table_forbids_is_caught_at_its_element_and_nowhere_else(code):
    mutations = [one for one in MUTATIONS_OF_TABLE if one.code == code]
    assert mutations, f"no mutation breaks {code}"
    for mutation in mutations:
        said = what_is_said(mutation)
        assert said, f"{mutation.name}: no valid case holds the element"
        wanted = (mutation.code, mutation.element)
        assert all(wanted in one for one in said), mutation.name
        fewest = min(said, key=len)
        others = {code for code, _ in fewest - {wanted}}
        assert others <= ALSO_BROKEN.get(mutation.at, set()), f"{mutation.name}: {others}"


def test_no_way_of_breaking_the_table_is_without_a_code_of_it():
    assert {one.code for one in MUTATIONS_OF_TABLE} == set(TABLE_MESSAGES)


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


@pytest.mark.parametrize("code", sorted(MUTATIONS))
def test_a_broken_rule_is_caught_by_that_rule_alone(code):
    name, change = MUTATIONS[code]
    valid = valid_ones()[name]
    assert found_in(valid, wrapper=True) == ()
    found = found_in(change(valid), wrapper=True)
    said = [fill_in_english(fault.message, fault.params) for fault in found]
    assert {fault.code for fault in found} == {code} | NEVER_ALONE.get(code, set()), said


def test_every_rule_has_a_mutation():
    assert set(MUTATIONS) == {rule.code for rule in RULES}


def test_a_number_that_changes_on_the_way_is_told_as_such():
    """The worldwide number stays, whatever the sender's own number was mistaken for."""
    broken = about(valid_ones()["follow_up"], worldwide_id=OTHER_NUMBER, report_id=OTHER_NUMBER)
    codes = {fault.code for fault in found_in(broken, wrapper=True)}
    assert codes == {"report_id_changed", "worldwide_id_changed"}


class TestABatchAsAWhole:
    def batch_of(self, *reports):
        _, batch = wrapped(full_case())
        return batch, [message_of(report, sender=SENDER, receiver="CENTRE") for report in reports]

    def test_every_rule_of_the_whole_is_broken_here(self):
        empty = batch_faults(*self.batch_of())
        twice = batch_faults(*self.batch_of(full_case(), fatal_case(), full_case()))
        found = [*empty, *twice]
        assert [fault.code for fault in found] == [*BATCH_CODES]
        assert found[1].label == "N.2.3.1"

    def test_two_reports_are_no_fault(self):
        assert [*batch_faults(*self.batch_of(full_case(), fatal_case()))] == []


@pytest.mark.parametrize(
    ("number", "is_fault"),
    [
        ("NO-CLINIC-1", False),
        ("NO-CLINIC OF BERGEN-2026/1", False),
        ("NO-CLINIC", True),
        ("NO-CLINIC-NORTH-1", True),
        ("no-CLINIC-1", True),
        ("NOR-CLINIC-1", True),
        ("NO--1", True),
        ("NO-CLINIC-", True),
    ],
)
def test_a_report_number_has_three_parts(number, is_fault):
    found = found_in(numbered(valid_ones()["full"], number), wrapper=True)
    assert {fault.code for fault in found} == (
        {"report_id_shape", "worldwide_id_shape"} if is_fault else set()
    )


@pytest.mark.parametrize("text", ["unknown", "UNK", "n/a", "N.A.", "?", "-", "ukjent", "نامشخص", "Not known"])
def test_no_word_for_an_unknown_lot_is_sent_as_a_lot(text):
    found = found_in(lot(valid_ones()["full"], lot=text), wrapper=True)
    assert {fault.code for fault in found} - {"not_english"} == {"lot_is_no_lot"}


@pytest.mark.parametrize("text", ["LE12/34", "A-1.2", "C0001 B", "UNKA01", "NANA1"])
def test_a_lot_number_is_believed(text):
    assert found_in(lot(valid_ones()["full"], lot=text), wrapper=True) == ()


def test_a_result_below_what_can_be_measured_is_a_result():
    broken = first(valid_ones()["full"], "tests", result=Measured(Decimal("0.5"), "<"))
    assert found_in(broken, wrapper=True) == ()


@given(
    name=st.sampled_from(sorted(valid_ones())),
    several=st.lists(st.sampled_from(MUTATIONS_OF_TABLE), min_size=1, max_size=6),
)
@settings(max_examples=60, deadline=None)
def test_a_report_broken_in_many_places_is_still_judged(name, several):
    broken = valid_ones()[name]
    for mutation in several:
        if broken.holding(mutation.at) is not None:
            with suppress(DomainError, AttributeError):  # a change that needs the value as it was
                broken = mutation.of(broken)
    for fault in found_in(broken, wrapper=True):
        assert fill_in_english(fault.message, fault.params)


def test_an_empty_report_is_told_what_it_needs():
    found = faults(Icsr(), now=NOW)
    assert {"C.1.1", "C.2.r.5", "D.1", "E.i.2.1b", "G.k.1", "H.1"} <= {fault.element for fault in found}
