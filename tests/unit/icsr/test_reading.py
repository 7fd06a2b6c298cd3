"""Files of others: what is meant is read, what is not understood is listed, what is dangerous is refused."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from apps.icsr.domain import Icsr, NullFlavor
from apps.icsr.xml.batches import batch_bytes
from apps.icsr.xml.reading import read_batch
from apps.kernel.errors import DomainError
from tests.unit.icsr.cases import anaphylaxis, at, batch, wrapped

FILE = batch_bytes(batch(), [wrapped(anaphylaxis())])
DECLARATION, BODY = FILE.split(b"\n", 1)


def changed(old, new, *, times=1):
    """The file with something of it replaced."""
    assert old.encode() in FILE, old
    return FILE.replace(old.encode(), new.encode(), times)


def read(content):
    return read_batch(content).messages[0]


def refusal(content, **limits):
    with pytest.raises(DomainError) as refused:
        read_batch(content, **limits)
    assert str(refused.value)
    return refused.value.code


def unread(content):
    return {one.path.rpartition("/")[2] or one.path: one.text for one in read(content).not_understood}


class TestLenient:
    def test_the_message_may_have_a_number_of_its_own(self):
        found = read(changed('extension="NO-WARDCLINIC-2026-0001"', 'extension="MSG-1"'))
        assert found.message.identifier == "MSG-1"
        assert found.message.report == anaphylaxis()
        assert not found.not_understood

    def test_comments_blanks_and_prefixes_mean_nothing(self):
        root = etree.fromstring(FILE)
        pretty = etree.tostring(root, pretty_print=True, xml_declaration=True, encoding="UTF-8")
        pretty = pretty.replace(b"<id ", b"<!-- C.1.1 --><id ", 3).replace(b"Migraine", b"Migr<!-- x -->aine")
        assert read(pretty).message.report == anaphylaxis()
        prefixed = FILE.replace(b'xmlns="urn', b'xmlns:v="urn')
        prefixed = prefixed.replace(b"</", b"\0").replace(b"<", b"<v:").replace(b"\0", b"</v:")
        prefixed = prefixed.replace(b"<v:?xml", b"<?xml")
        assert read(prefixed).message.report == anaphylaxis()

    def test_names_of_codes_and_versions_of_lists_are_no_content(self):
        with_names = changed('code="34"', 'displayName="resultsInDeath" codeSystemVersion="1.0" code="34"')
        assert read(with_names) == read(FILE)

    def test_an_offset_may_lack_its_minutes(self):
        short = changed("202603011034+0100", "202603011034+01")
        assert read(short).message.report.tests[0].date == at("202603011034+01")

    def test_a_dose_may_be_an_interval_of_one(self):
        file = changed(
            '<doseQuantity value="5" unit="g"/>', '<doseQuantity><center value="5" unit="g"/></doseQuantity>'
        )
        assert read(file).message.report == anaphylaxis()

    def test_several_reports_are_all_read(self):
        other = replace(anaphylaxis(), tests=())
        found = read_batch(batch_bytes(batch(), [wrapped(anaphylaxis()), wrapped(other)]))
        assert [one.message.report for one in found.messages] == [anaphylaxis(), other]
        assert found.batch == batch()


class TestNotUnderstood:
    def test_an_unknown_element_is_listed_with_its_place_and_the_rest_is_read(self):
        extra = (
            '<subjectOf2 typeCode="SBJ"><observation classCode="OBS" moodCode="EVN">'
            f'<code code="22" codeSystem="{"2.16.840.1.113883.3.989.2.1.1.19"}"/>'
            '<value xsi:type="TS" value="20260201"/></observation></subjectOf2></primaryRole>'
        )
        found = read(changed("</primaryRole>", extra))
        assert found.message.report == anaphylaxis()
        (one,) = found.not_understood
        assert one.path.endswith("primaryRole/subjectOf2/observation{22@CL19}/value")
        assert one.text == "20260201"

    def test_a_regional_extension_is_listed(self):
        assert unread(changed("<statusCode", '<fdaExtra code="C17998"/><statusCode')) == {
            "fdaExtra": "C17998"
        }

    def test_a_weight_in_another_unit_is_never_taken_for_kilograms(self):
        found = read(changed('value="62.5" unit="kg"', 'value="138" unit="[lb_av]"'))
        assert found.message.report.patient.weight_kg is None
        assert found.not_understood[0].text == "138 ([lb_av])"

    def test_a_code_of_another_list_is_not_ours(self):
        found = read(
            changed(
                'code="90000001" codeSystem="2.16.840.1.113883.6.163"',
                'code="386661006" codeSystem="2.16.840.1.113883.6.96"',
            )
        )
        assert found.message.report.reactions[1].meddra_code is None
        assert "386661006" in found.not_understood[0].text

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("202603011032+0100", "2026-03-01T10:32"),
            ('value="62.5"', 'value="62,5"'),
            ('value="62.5"', 'value="NaN"'),
            ('value="62.5"', 'value="1e999"'),
            ('value="62.5"', 'value="6_2"'),
            ('value="72"', 'value="low"'),
            ('<value xsi:type="BL" value="true"/>', '<value xsi:type="BL" value="yes"/>'),
        ],
    )
    def test_a_value_that_is_none_is_listed_not_guessed(self, old, new):
        found = read(changed(old, new))
        assert len(found.not_understood) == 1
        assert found.message.report != anaphylaxis()

    def test_a_link_that_leads_nowhere_is_listed(self):
        link = etree.fromstring(FILE).xpath("string(//*[local-name()='adverseEffectReference'][1]/*/@root)")
        file = FILE.replace(
            f'<adverseEffectReference classCode="OBS" moodCode="EVN"><id root="{link}"'.encode(),
            b'<adverseEffectReference classCode="OBS" moodCode="EVN"><id root="gone"',
        )
        found = read(file)
        assert {one.path for one in found.not_understood} == {"CAUS/reaction/id"}
        assert "Probable" in found.not_understood[0].text
        # Interval and recurrence still name the reaction.
        assert [pair.reaction for pair in found.message.report.drugs[0].reactions] == [2, 1]

    def test_a_role_of_no_drug_is_listed(self):
        link = etree.fromstring(FILE).xpath(
            "string((//*[local-name()='productUseReference'])[last()]/*/@root)"
        )
        file = FILE.replace(
            f'<productUseReference classCode="SBADM" moodCode="EVN"><id root="{link}"'.encode(),
            b'<productUseReference classCode="SBADM" moodCode="EVN"><id root="gone"',
        )
        found = read(file)
        assert found.message.report.drugs[1].role is None
        assert found.not_understood[0].text == "gone"

    def test_a_null_flavor_the_element_does_not_know_is_listed(self):
        found = read(changed('value="62.5" unit="kg"', 'nullFlavor="UNK"'))
        assert found.message.report.patient.weight_kg is None
        assert found.not_understood[0].path.endswith("value/@nullFlavor")

    def test_a_second_value_in_one_place_is_listed(self):
        found = read(
            changed('<birthTime nullFlavor="MSK"/>', '<birthTime value="1979"/><birthTime value="1980"/>')
        )
        assert found.message.report.patient.born == at("1979")
        assert found.not_understood[0].text == "1980"

    def test_a_result_with_two_ends_is_listed(self):
        found = read(changed('<center value="72" unit="mm[Hg]"/>', '<low value="70"/><high value="75"/>'))
        assert found.message.report.tests[0].result is None
        assert found.not_understood

    def test_a_masked_value_stays_masked(self):
        assert read(FILE).message.report.patient.name == NullFlavor.MASKED

    def test_the_list_ends_somewhere_and_says_so(self):
        extra = "".join(f'<extra value="{number}"/>' for number in range(1000))
        found = read(changed("<statusCode", f"{extra}<statusCode"))
        assert len(found.not_understood) == 500
        assert found.more
        assert found.message.report == anaphylaxis()

    def test_an_empty_report_is_read_as_empty(self):
        empty = b'<MCCI_IN200100UV01 xmlns="urn:hl7-org:v3"><PORR_IN049016UV/></MCCI_IN200100UV01>'
        assert read(empty).message.report == Icsr()


class TestHardened:
    def test_nothing_outside_the_file_is_opened(self, tmp_path):
        secret = tmp_path / "secret"
        secret.write_text("canary", encoding="ascii")
        document_type = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{secret}">]>'.encode()
        content = DECLARATION + b"\n" + document_type + BODY.replace(b"Migraine", b"&e;")
        assert refusal(content) == "icsr_file_doctype"

    @pytest.mark.parametrize("place", ["text", "attribute"])
    def test_an_entity_bomb_does_not_go_off(self, place):
        bomb = b"<!DOCTYPE x [<!ENTITY a0 'x'>" + b"".join(
            b"<!ENTITY a%d '%s'>" % (level, b"&a%d;" % (level - 1) * 10) for level in range(1, 12)
        )
        old = b"Migraine" if place == "text" else b"62.5"
        assert refusal(DECLARATION + bomb + b"]>" + BODY.replace(old, b"&a11;")) == "icsr_file_doctype"

    @pytest.mark.parametrize(
        "before",
        [b"", b"\n  ", b"<!-- > -- -->".replace(b" -- ", b" "), b"<?a ?>", b"<!-- <x> -->\n<?b <x> ?>\n"],
    )
    def test_a_document_type_is_found_wherever_it_may_stand(self, before):
        assert refusal(DECLARATION + before + b"<!DOCTYPE MCCI_IN200100UV01>" + BODY) == "icsr_file_doctype"

    def test_a_parameter_entity_is_a_document_type(self):
        start = b'<!DOCTYPE x [<!ENTITY % e SYSTEM "http://192.0.2.1/x"> %e;]>'
        assert refusal(DECLARATION + start + BODY) == "icsr_file_doctype"

    def test_the_words_of_a_document_type_in_a_narrative_are_words(self):
        file = FILE.replace(b"Migraine with aura.", b"<![CDATA[<!DOCTYPE x>]]>")
        assert read(file).message.report.patient.history_text == "<!DOCTYPE x>"

    def test_an_undeclared_entity_is_damage(self):
        assert refusal(FILE.replace(b"Migraine", b"&e;")) == "icsr_file_broken"

    def test_a_huge_file_is_refused_before_it_is_read(self):
        assert refusal(b"<" * 3000, largest_bytes=2000) == "icsr_file_too_large"
        assert refusal(b"<a/>" * 1_000_001) == "icsr_file_too_large"

    def test_a_report_of_too_many_rows_is_refused(self):
        row = b'<subjectOf2><observation><code code="29" codeSystem="2.16.840.1.113883.3.989.2.1.1.19"/>'
        rows = (row + b"</observation></subjectOf2>") * 20_001
        assert refusal(FILE.replace(b"</primaryRole>", rows + b"</primaryRole>")) == "icsr_report_too_large"

    def test_a_report_of_much_that_nobody_knows_is_refused(self):
        junk = b"<a/>" * 20_001
        assert refusal(FILE.replace(b"<statusCode", junk + b"<statusCode")) == "icsr_report_too_large"

    def test_a_deep_file_is_damage(self):
        assert refusal(b"<MCCI_IN200100UV01 xmlns='urn:hl7-org:v3'>" + b"<a>" * 100_000) == "icsr_file_broken"

    @pytest.mark.parametrize(
        "content",
        [
            FILE.decode().encode("utf-16"),
            FILE.decode().encode("utf-16-le"),
            FILE.replace(b"Migraine", "Migræne".encode("latin-1")),
            FILE.replace(b"UTF-8", b"ISO-8859-1"),
            FILE.replace(b"'UTF-8'", b'"UTF-16"'),
            FILE.replace(b"UTF-8", b"UTF-7"),
        ],
    )
    def test_another_encoding_is_refused(self, content):
        assert refusal(content) == "icsr_file_encoding"

    def test_a_mark_of_the_byte_order_is_no_fault(self):
        assert read(b"\xef\xbb\xbf" + FILE).message.report == anaphylaxis()

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b'<MCCI_IN200101UV01 xmlns="urn:hl7-org:v3"/>', "acknowledgement"),
            (b'<ichicsr lang="en"/>', "E2B(R2)"),
            (b"<html/>", "no batch"),
            (b"<MCCI_IN200100UV01/>", "no batch"),
            (b'<PORR_IN049016UV xmlns="urn:hl7-org:v3"/>', "no batch"),
        ],
    )
    def test_another_root_is_named_for_what_it_is(self, content, words):
        with pytest.raises(DomainError, match=words.replace("(", r"\(").replace(")", r"\)")) as refused:
            read_batch(content)
        assert refused.value.code == "icsr_file_root"

    @pytest.mark.parametrize(
        "content", [b"", b"   ", b"PK\x03\x04", b"{}", FILE[:-1], FILE[:3000], FILE + b"<x/>"]
    )
    def test_what_is_damaged_is_no_report(self, content):
        assert refusal(content) == "icsr_file_broken"

    def test_a_batch_without_a_report_is_empty(self):
        assert refusal(b'<MCCI_IN200100UV01 xmlns="urn:hl7-org:v3"/>') == "icsr_file_empty"

    @given(st.integers(0, len(FILE) - 1), st.binary(min_size=1, max_size=3))
    def test_damage_anywhere_is_a_sentence_or_a_report(self, place, noise):
        content = FILE[:place] + noise + FILE[place + len(noise) :]
        try:
            found = read_batch(content)
        except DomainError as refused:
            assert str(refused)
        else:
            assert found.messages

    @given(st.lists(st.tuples(st.integers(1, 500), st.booleans()), max_size=4, unique_by=lambda one: one[0]))
    def test_a_file_with_elements_missing_or_doubled_is_read(self, changes):
        root = etree.fromstring(FILE)
        nodes = list(root.iter())
        for place, doubled in changes:
            parent = nodes[place].getparent()
            if doubled:
                parent.append(etree.fromstring(etree.tostring(nodes[place])))
            else:
                parent.remove(nodes[place])
        try:
            read_batch(etree.tostring(root))
        except DomainError as refused:
            assert refused.code == "icsr_file_empty"


def test_numbers_keep_their_digits():
    found = read(changed('value="62.5"', 'value="62.50"'))
    assert str(found.message.report.patient.weight_kg) == "62.50"
    assert found.message.report.patient.weight_kg == Decimal("62.5")
