"""Each rule is broken once, by one change to a valid case, and is caught by its own code."""

from contextlib import suppress
from decimal import Decimal
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.icsr.domain import (
    Icsr,
    Measured,
    message_of,
)
from apps.icsr.domain.rules import RULES, batch_faults, faults
from apps.icsr.domain.rules_batch import BATCH_CODES
from apps.icsr.domain.rules_table import TABLE_MESSAGES
from apps.kernel.errors import DomainError
from apps.kernel.text import fill_in_english
from tests.unit.icsr.broken_cases import MUTATIONS, NEVER_ALONE, OTHER_NUMBER, about, first, lot, numbered
from tests.unit.icsr.mutations import Envelope, Mutation, of_table
from tests.unit.icsr.valid_cases import (
    NOW,
    SENDER,
    amendment,
    fatal_case,
    follow_up,
    full_case,
    neonate_case,
    nullification,
    wrapped,
)

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
@settings(max_examples=60)
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
