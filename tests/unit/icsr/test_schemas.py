"""ICH's schemas may not be passed on: these tests run where IVIG_E2B_SCHEMAS names them."""

import os
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings

from apps.icsr.services import schema_faults
from apps.icsr.xml.batches import batch_bytes
from apps.icsr.xml.schemas import faults_of_schema
from apps.kernel.errors import DomainError
from tests.unit.icsr.cases import all_cases, anaphylaxis, batch, wrapped
from tests.unit.icsr.made import reports

SCHEMAS = os.environ.get("IVIG_E2B_SCHEMAS", "")
needs_schemas = pytest.mark.skipif(not SCHEMAS, reason="IVIG_E2B_SCHEMAS names no directory")


@needs_schemas
@pytest.mark.parametrize("report", all_cases())
def test_a_whole_case_is_valid(report):
    assert faults_of_schema(batch_bytes(batch(), [wrapped(report)]), SCHEMAS) == ()


@needs_schemas
@hypothesis_settings(max_examples=30, suppress_health_check=list(HealthCheck))
@given(made=reports())
def test_the_order_of_what_is_written_is_the_schema_s(made):
    """Any mixture of parts; identifiers and codes, whose form the schema checks, come from a whole case."""
    whole = anaphylaxis()
    report = replace(
        made,
        identification=replace(
            whole.identification, documents=(), linked_reports=whole.identification.linked_reports
        ),
        primary_sources=whole.primary_sources,
        sender=whole.sender,
    )
    faults = faults_of_schema(batch_bytes(batch(), [wrapped(report)]), SCHEMAS)
    assert not [fault for fault in faults if "not expected" in fault or "Missing child" in fault]


@needs_schemas
def test_a_broken_order_is_named_with_its_line():
    broken = batch_bytes(batch(), [wrapped(anaphylaxis())]).replace(b"availabilityTime", b"availableTime")
    faults = faults_of_schema(broken, SCHEMAS)
    assert "availableTime" in faults[0]
    assert faults[0].startswith("line ")


def test_without_schemas_nothing_is_claimed(settings):
    settings.E2B_SCHEMAS = ""
    assert schema_faults(b"<x/>") is None


def test_a_directory_without_schemas_is_told(settings, tmp_path):
    settings.E2B_SCHEMAS = str(tmp_path)
    with pytest.raises(DomainError) as refused:
        schema_faults(batch_bytes(batch(), [wrapped(anaphylaxis())]))
    assert refused.value.code == "icsr_schemas_missing"


def test_another_root_is_a_fault_and_never_a_path(tmp_path):
    assert faults_of_schema(b'<x xmlns="urn:hl7-org:v3"/>', tmp_path) == ("line 1: x is no root of E2B(R3)",)
    assert len(faults_of_schema(b"<MCCI_IN200100UV01/>", tmp_path)) == 1
