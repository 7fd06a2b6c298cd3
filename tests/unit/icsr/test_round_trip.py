"""What is written is read back, whatever the report holds, and written again it is the same file."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.icsr.domain import Batch, Icsr
from apps.icsr.xml.batches import batch_bytes
from apps.icsr.xml.reading import read_batch
from tests.unit.icsr.cases import all_cases, anaphylaxis, batch, wrapped
from tests.unit.icsr.made import messages, sections


@settings(max_examples=30, suppress_health_check=list(HealthCheck))
@given(head=sections(Batch), sent=st.lists(messages(), min_size=1, max_size=2))
def test_a_report_survives_being_written_and_read(head, sent):
    file = batch_bytes(head, sent)
    found = read_batch(file)
    assert found.batch == head
    assert [one.message for one in found.messages] == sent
    assert [one.not_understood for one in found.messages] == [()] * len(sent)
    assert batch_bytes(found.batch, [one.message for one in found.messages]) == file


@pytest.mark.parametrize("report", all_cases())
def test_a_whole_case_survives(report):
    found = read_batch(batch_bytes(batch(), [wrapped(report)]))
    assert found.messages[0].message.report == report
    assert not found.messages[0].not_understood


def test_the_same_case_is_the_same_file():
    assert batch_bytes(batch(), [wrapped(anaphylaxis())]) == batch_bytes(batch(), [wrapped(anaphylaxis())])


def test_an_empty_report_is_written_and_read_as_empty():
    assert read_batch(batch_bytes(batch(), [wrapped(Icsr())])).messages[0].message == wrapped(Icsr())
