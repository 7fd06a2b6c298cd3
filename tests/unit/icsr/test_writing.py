"""What a receiver finds in the file."""

from dataclasses import replace
from decimal import Decimal

import pytest
from lxml import etree

from apps.icsr.domain import Dosage, Drug, Icsr, Measured, Narrative, NullFlavor, Reaction, TestResult
from apps.icsr.domain.receivers import ICH, RECEIVERS, Receiver
from apps.icsr.xml.batches import batch_bytes
from apps.kernel.errors import DomainError
from tests.unit.icsr.cases import anaphylaxis, at, batch, meningitis, nullification, reaction, wrapped

NAMES = {"h": "urn:hl7-org:v3", "xsi": "http://www.w3.org/2001/XMLSchema-instance"}
LIST = "2.16.840.1.113883.3.989.2.1.1"
REACTION = f".//h:observation[h:code[@code='29'][@codeSystem='{LIST}.19']]"
DOSE = ".//h:outboundRelationship2[@typeCode='COMP']/h:substanceAdministration"


def tree(report, receiver=ICH):
    return etree.fromstring(batch_bytes(batch(), [wrapped(report)], receiver))


def found(node, path):
    return node.xpath(path, namespaces=NAMES)


def children(node):
    return [etree.QName(child).localname for child in node]


def test_the_batch_names_its_receiver_after_the_messages():
    root = tree(anaphylaxis())
    assert root.get("ITSVersion") == "XML_1.0"
    assert children(root) == [
        "id",
        "creationTime",
        "responseModeCode",
        "interactionId",
        "name",
        "PORR_IN049016UV",
        "receiver",
        "sender",
    ]


def test_the_message_carries_the_number_of_the_report():
    root = tree(anaphylaxis())
    message = f"{LIST[:-2]}.3.1"
    assert found(root, f"//h:PORR_IN049016UV/h:id[@root='{message}']/@extension") == [
        "NO-WARDCLINIC-2026-0001"
    ]
    assert found(root, "//h:PORR_IN049016UV/h:creationTime/@value") == found(
        root, "//h:controlActProcess/h:effectiveTime/@value"
    )


def test_each_lot_has_a_dose_of_its_own():
    doses = found(tree(anaphylaxis()), DOSE)
    lots = [found(dose, ".//h:lotNumberText/text()") for dose in doses]
    assert lots == [["A123"], ["B456"], []]
    assert [found(dose, "h:doseQuantity/@value") for dose in doses] == [["7.5"], ["5"], ["1"]]


def test_a_rate_stands_in_words():
    root = tree(anaphylaxis())
    assert "mL/kg/h" in found(root, f"({DOSE})[1]/h:text/text()")[0]
    assert not found(root, "//h:rateQuantity")
    assert {unit for unit in found(root, f"{DOSE}//@unit")} == {"g", "wk", "min"}


def test_a_dose_with_interval_times_and_duration_is_a_set():
    when = found(tree(anaphylaxis()), f"({DOSE})[1]/h:effectiveTime")[0]
    assert when.get(f"{{{NAMES['xsi']}}}type") == "SXPR_TS"
    kinds = [(part.get(f"{{{NAMES['xsi']}}}type"), part.get("operator"), children(part)) for part in when]
    assert kinds == [
        ("PIVL_TS", None, ["period"]),
        ("IVL_TS", "A", ["low", "high"]),
        ("IVL_TS", "A", ["width"]),
    ]


def test_a_set_never_has_a_single_part():
    """The schema refuses it."""
    for dosage in (
        Dosage(interval=Decimal("4"), interval_unit="wk"),
        Dosage(started=at("20260301"), ended=at("20260302")),
        Dosage(duration=Decimal("3"), duration_unit="h"),
    ):
        when = found(tree(Icsr(drugs=(Drug(dosages=(dosage,)),))), f"{DOSE}/h:effectiveTime")[0]
        assert when.get(f"{{{NAMES['xsi']}}}type") in ("PIVL_TS", "IVL_TS")


def test_a_single_total_is_a_dose_to_check():
    dose = found(tree(meningitis()), DOSE)[0]
    assert found(dose, "h:doseCheckQuantity/h:numerator/@value") == ["160"]
    assert not found(dose, "h:doseQuantity")
    assert not found(dose, ".//h:period")


def test_two_of_start_end_and_duration_are_one_interval():
    for changes, parts in (
        ({}, ["low", "high"]),
        ({"ended": None, "duration": Decimal("2"), "duration_unit": "h"}, ["low", "width"]),
        ({"started": None, "duration": Decimal("2"), "duration_unit": "h"}, ["width", "high"]),
    ):
        when = found(tree(Icsr(reactions=(reaction(**changes),))), f"{REACTION}/h:effectiveTime")[0]
        assert when.get(f"{{{NAMES['xsi']}}}type") == "IVL_TS"
        assert children(when) == parts


def test_seriousness_is_true_or_no_information():
    values = found(tree(Icsr(reactions=(reaction(life_threatening=True),))), f"{REACTION}//h:value")
    criteria = [one for one in values if one.get(f"{{{NAMES['xsi']}}}type") == "BL"]
    assert [one.get("value") or one.get("nullFlavor") for one in criteria] == [
        "NI",
        "true",
        "NI",
        "NI",
        "NI",
        "NI",
    ]


def test_a_masked_name_has_no_text():
    name = found(tree(anaphylaxis()), "//h:player1/h:name")[0]
    assert dict(name.attrib) == {"nullFlavor": "MSK"}
    assert not name.text


def test_offsets_are_sent_as_they_were_meant():
    assert found(tree(meningitis()), f"{REACTION}/h:effectiveTime/h:low/@value") == ["202603030900+0330"]


@pytest.mark.parametrize(
    ("comparison", "low", "high"),
    [
        ("<", {"nullFlavor": "NINF"}, {"value": "1", "unit": "ug/L", "inclusive": "false"}),
        ("<=", {"nullFlavor": "NINF"}, {"value": "1", "unit": "ug/L", "inclusive": "true"}),
        (">", {"value": "1", "unit": "ug/L", "inclusive": "false"}, {"nullFlavor": "PINF"}),
        (">=", {"value": "1", "unit": "ug/L", "inclusive": "true"}, {"nullFlavor": "PINF"}),
    ],
)
def test_a_result_below_or_above_what_is_measured(comparison, low, high):
    test = TestResult(name="Tryptase", result=Measured(Decimal("1"), comparison), result_unit="ug/L")
    value = found(tree(Icsr(tests=(test,))), "//h:value[@xsi:type='IVL_PQ']")[0]
    assert [dict(end.attrib) for end in value] == [low, high]


def test_every_pair_of_drug_and_reaction_points_at_both():
    root = tree(anaphylaxis())
    reactions, drugs = (
        found(root, f"{REACTION}/h:id/@root"),
        found(root, "//h:component/h:substanceAdministration/h:id/@root"),
    )
    pairs = found(root, f"//h:causalityAssessment[h:code[@code='39'][@codeSystem='{LIST}.19']]")
    links = [
        (found(pair, "h:subject1//h:id/@root")[0], found(pair, "h:subject2//h:id/@root")[0]) for pair in pairs
    ]
    assert links == [(reactions[0], drugs[0]), (reactions[0], drugs[0]), (reactions[1], drugs[0])]
    roles = found(root, f"//h:causalityAssessment[h:code[@code='20'][@codeSystem='{LIST}.19']]//h:id/@root")
    assert roles == drugs
    assert len({*reactions, *drugs}) == 4


def test_links_belong_to_the_case_and_not_to_the_version():
    first, later = anaphylaxis(), anaphylaxis()
    later = replace(later, identification=replace(later.identification, created=at("20260401100000+0200")))
    other = replace(first, identification=replace(first.identification, report_id="NO-WARDCLINIC-2026-0002"))
    ids = [found(tree(report), f"{REACTION}/h:id/@root") for report in (first, later, other)]
    assert ids[0] == ids[1]
    assert not set(ids[0]) & set(ids[2])


def test_a_receiver_has_its_own_code_systems():
    own = Receiver(code="x", name="X", dose_form_oid="1.2.3", route_oid="1.2.4", processing_mode="P")
    root = tree(anaphylaxis(), own)
    assert set(found(root, f"{DOSE}//h:formCode/@codeSystem")) == {"1.2.3"}
    assert set(found(root, f"{DOSE}/h:routeCode/@codeSystem")) == {"1.2.4"}
    assert found(root, "//h:processingModeCode/@code") == ["P"]
    assert set(found(tree(anaphylaxis()), f"{DOSE}/h:routeCode/@codeSystem")) == {"0.4.0.127.0.16.1.1.2.6"}


def test_what_no_public_source_names_is_left_open():
    """The identifiers of Norway's and Iran's authorities are the site's to agree on, and it is told so."""
    for code in ("no", "ir"):
        assert RECEIVERS[code].identifier is None
        assert RECEIVERS[code].remark
    assert RECEIVERS["fda"].identifier == "ZZFDA"
    assert all(receiver.code == code for code, receiver in RECEIVERS.items())


def test_an_interim_route_names_the_list_of_ich():
    for receiver in RECEIVERS.values():
        assert found(tree(meningitis(), receiver), f"{DOSE}/h:routeCode/@codeSystem") == [f"{LIST}.14"]


def test_a_nullification_says_so_and_why():
    root = tree(nullification())
    said = f"//h:investigationCharacteristic[h:code[@code='%s'][@codeSystem='{LIST}.23']]/h:value"
    assert found(root, said % 3 + "/@code") == ["1"]
    assert found(root, said % 4 + "/h:originalText/text()") == ["Reported twice: see IR-CLINIC-2026-0001."]


def test_text_is_text_whatever_it_holds():
    text = 'Rate <2 mL/kg/h & "slow"\nآنافیلاکسی ]]> <!DOCTYPE x>'
    root = tree(Icsr(narrative=Narrative(text=text)))
    assert found(root, "//h:investigationEvent/h:text/text()") == [text]


def test_a_control_character_is_refused_with_its_element():
    with pytest.raises(DomainError) as refused:
        tree(Icsr(narrative=Narrative(text="a\x0bb")))
    assert refused.value.code == "icsr_text_unwritable"
    assert "H.1" in str(refused.value)


def test_what_is_left_out_is_not_in_the_file():
    root = tree(Icsr(reactions=(Reaction(outcome="1"),)))
    assert len(found(root, f"{REACTION}/h:outboundRelationship2")) == 1
    assert not found(root, f"{REACTION}/h:effectiveTime")
    assert not found(root, "//h:birthTime")


def test_an_unknown_form_is_a_reason_and_no_text():
    form = found(tree(meningitis()), f"{DOSE}//h:formCode/h:originalText")[0]
    assert form.get("nullFlavor") == NullFlavor.UNKNOWN
    assert not form.text


def test_an_empty_batch_is_refused():
    with pytest.raises(DomainError) as refused:
        batch_bytes(batch(), [])
    assert refused.value.code == "icsr_batch_empty"
