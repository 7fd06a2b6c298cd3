"""An independent reader (e2br3 from PyPI) finds in our files what we meant."""

from decimal import Decimal

import pytest

from apps.icsr.domain import NullFlavor
from apps.icsr.xml.batches import batch_bytes
from tests.unit.icsr.cases import all_cases, anaphylaxis, batch, wrapped

e2br3 = pytest.importorskip("e2br3")


@pytest.fixture(scope="module")
def read():
    return e2br3.parse(batch_bytes(batch(), [wrapped(report) for report in all_cases()]))


def test_the_wrappers(read):
    assert (read.batch_number, read.sender, read.receiver) == (batch().number, "WARDCLINIC", "AUTHORITY")
    assert read.batch_type.code == "1"
    assert read.transmission_date.raw == "20260307090000+0100"
    assert [message.message_id for message in read.messages] == [
        "NO-WARDCLINIC-2026-0001",
        "IR-CLINIC-2026-0002",
        "IR-CLINIC-2026-0002",
    ]


@pytest.mark.parametrize("number", range(3))
def test_the_report_and_who_told_it(read, number):
    ours, theirs = all_cases()[number], read.messages[number].icsr
    about = ours.identification
    assert theirs.safety_report_id == about.report_id
    assert theirs.worldwide_case_id == about.worldwide_id
    assert theirs.creation_date.raw == about.created.text
    assert theirs.first_received_date.raw == about.first_received.text
    assert theirs.most_recent_date.raw == about.most_recent.text
    assert theirs.report_type.code == about.report_type
    assert (theirs.nullification_amendment and theirs.nullification_amendment.code) == about.change
    assert theirs.nullification_reason == about.change_reason
    assert [source.country.code for source in theirs.primary_sources] == [
        source.country for source in ours.primary_sources
    ]
    assert theirs.narrative == ours.narrative.text


@pytest.mark.parametrize("number", range(3))
def test_the_patient(read, number):
    ours, theirs = all_cases()[number].patient, read.messages[number].icsr.patient
    if ours.name == NullFlavor.MASKED:
        assert theirs.name.null_flavor == "MSK"
    else:
        assert theirs.name == ours.name
    assert theirs.sex.code == ours.sex
    if ours.age is not None:
        assert (theirs.age.value, theirs.age.unit) == (ours.age, "a")


@pytest.mark.parametrize("number", range(3))
def test_the_reactions(read, number):
    ours, theirs = all_cases()[number].reactions, read.messages[number].icsr.reactions
    assert len(theirs) == len(ours)
    for mine, other in zip(ours, theirs, strict=True):
        assert (other.native_term, other.native_language) == (mine.native_text, mine.native_language)
        assert other.translated_term == mine.translation
        assert (other.meddra_code, other.meddra_version) == (mine.meddra_code, mine.meddra_version)
        assert other.start_date.raw == mine.started.text
        assert other.outcome.code == mine.outcome
        for field in ("results_in_death", "life_threatening", "hospitalisation", "disabling"):
            value = getattr(other, field)
            assert (True if value is True else value.null_flavor) == getattr(mine, field)


def test_drugs_their_lots_and_the_matrix(read):
    ours, theirs = anaphylaxis().drugs, read.messages[0].icsr.drugs
    assert [drug.product_name for drug in theirs] == [drug.name for drug in ours]
    assert [drug.role.code for drug in theirs] == ["1", "2"]
    assert [drug.action_taken.code for drug in theirs] == ["1", "9"]
    assert theirs[0].substances == ["human normal immunoglobulin"]
    assert [dose.text for dose in theirs[0].dosages] == [dose.text for dose in ours[0].dosages]
    assert {dose.route.code for dose in theirs[0].dosages} == {"ROA-20045000"}
    matrix = {pair.reaction_index: pair.assessments for pair in theirs[0].relatedness}
    assert set(matrix) == {0, 1}
    assert [(one.source.original_text, one.method.original_text, one.result) for one in matrix[0]] == [
        ("reporter", "WHO-UMC", "Probable"),
        ("sender", "Naranjo", "Probable (6)"),
    ]
    assert ours[0].dosages[0].dose == Decimal("7.5")
