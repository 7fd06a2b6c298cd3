"""What is right passes every rule, and what the rules say can be acted on."""

from dataclasses import replace

import pytest

from apps.icsr.domain import NullFlavor
from apps.icsr.domain.elements import ELEMENTS
from apps.icsr.domain.rules import RULES, Screen, batch_faults, faults, lacks_minimum
from apps.icsr.domain.rules_frame import screen_for, shown
from apps.icsr.domain.walking import held
from apps.kernel.text import fill_in_english
from tests.unit.icsr.valid_cases import (
    NOW,
    amendment,
    at,
    fatal_case,
    follow_up,
    full_case,
    neonate_case,
    nullification,
    wrapped,
)

VALID = {
    "full": (full_case(), None),
    "fatal": (fatal_case(), None),
    "neonate": (neonate_case(), None),
    "follow-up": (follow_up(), full_case()),
    "nullification": (nullification(), full_case()),
    "amendment": (amendment(), full_case()),
}


def sentences(found):
    return [f"{one.label} {one.code}: {fill_in_english(one.message, one.params)}" for one in found]


@pytest.mark.parametrize("name", VALID)
def test_a_valid_case_breaks_no_rule(name):
    report, previous = VALID[name]
    message, batch = wrapped(report)
    assert sentences(faults(report, now=NOW, previous=previous)) == []
    assert sentences(faults(report, now=NOW, previous=previous, message=message, batch=batch)) == []
    assert [*batch_faults(batch, [message])] == []


def test_the_valid_cases_fill_in_every_element_of_the_table():
    filled = set()
    for report, _ in VALID.values():
        message, batch = wrapped(report)
        filled |= {cell.element.number for cell in (*held(message), *held(batch)) if cell.value is not None}
    assert {element.number for element in ELEMENTS} - filled == set()


def test_every_rule_has_a_code_of_its_own_and_a_sentence():
    codes = [rule.code for rule in RULES]
    assert len(set(codes)) == len(codes)
    for rule in RULES:
        assert rule.message.endswith((".", "?")), rule.code


def test_every_element_has_a_screen_that_mends_it():
    for element in ELEMENTS:
        assert isinstance(screen_for(element.number), Screen)
    assert screen_for("E.i.2.1b") is Screen.CASE_CODING
    assert screen_for("E.i.7") is Screen.EVENT
    assert screen_for("C.3.2") is Screen.SITE
    assert screen_for("G.k.4.r.7") is Screen.INFUSION
    assert screen_for("G.k.2.2") is Screen.COURSE
    assert screen_for("H.1") is Screen.CASE_NARRATIVE
    assert screen_for("N.1.4") is Screen.RECEIVER
    assert screen_for("C.2.r.3") is Screen.CASE_REPORTER


def test_a_fault_names_its_row():
    case = full_case()
    drug = case.drugs[0]
    second = replace(drug.dosages[1], lot="x" * 36)
    broken = replace(case, drugs=(replace(drug, dosages=(drug.dosages[0], second)), *case.drugs[1:]))
    (fault,) = faults(broken, now=NOW)
    assert (fault.code, fault.label) == ("too_long", "G.1.4.2.7")
    assert fill_in_english(fault.message, fault.params) == (
        "“Batch / Lot Number” has 36 characters; 35 is the most that may be sent."
    )


class TestTheMinimum:
    def test_a_valid_case_lacks_nothing(self):
        assert lacks_minimum(faults(full_case(), now=NOW)) == ()

    def test_a_case_with_faults_may_still_be_a_case(self):
        case = full_case()
        broken = replace(case, narrative=replace(case.narrative, text=None))
        found = faults(broken, now=NOW)
        assert [fault.code for fault in found] == ["missing"]
        assert lacks_minimum(found) == ()

    def test_nothing_at_all_lacks_everything(self):
        from apps.icsr.domain import Icsr

        lacking = lacks_minimum(faults(Icsr(), now=NOW))
        assert {fault.code for fault in lacking} >= {
            "patient_not_identifiable",
            "reporter_not_identifiable",
            "no_reaction",
            "no_suspect_drug",
        }
        assert {fault.element for fault in lacking} >= {
            *("C.1.1", "C.1.3", "C.1.5", "C.1.7", "C.1.8.1", "C.1.8.2")
        }

    @pytest.mark.parametrize(
        ("name", "sex", "identifiable"),
        [
            (NullFlavor.MASKED, NullFlavor.UNKNOWN, True),
            (NullFlavor.UNKNOWN, "2", True),
            (NullFlavor.UNKNOWN, NullFlavor.UNKNOWN, False),
        ],
    )
    def test_a_masked_name_still_points_to_a_patient(self, name, sex, identifiable):
        case = full_case()
        patient = replace(
            case.patient, name=name, sex=sex, age=None, age_unit=None, hospital_record_number=None
        )
        codes = [fault.code for fault in faults(replace(case, patient=patient), now=NOW)]
        assert codes == ([] if identifiable else ["patient_not_identifiable"])


class TestTimes:
    def first_received(self, text):
        case = full_case()
        about = replace(case.identification, most_recent=at(text), created=at("20260310233000+0100"))
        return replace(case, identification=about)

    @pytest.mark.parametrize(
        ("now", "codes"),
        [
            ("2026-03-10T22:59:00+00:00", ["in_future"]),
            ("2026-03-10T23:00:00+00:00", []),
        ],
    )
    def test_tomorrow_begins_at_the_senders_midnight(self, now, codes):
        from datetime import datetime

        case = full_case()
        about = replace(case.identification, most_recent=at("20260311"), created=at("20260311000000+0100"))
        found = faults(replace(case, identification=about), now=datetime.fromisoformat(now))
        assert [fault.code for fault in found if fault.element == "C.1.5"] == codes

    def test_the_offset_decides_whether_a_time_lies_in_the_future(self):
        case = full_case()
        late = replace(case.reactions[0], ended=at("202603101530+0330"))
        later = replace(case.reactions[0], ended=at("202603101531+0330"))
        assert faults(replace(case, reactions=(late, case.reactions[1])), now=NOW) == ()
        (fault,) = faults(replace(case, reactions=(later, case.reactions[1])), now=NOW)
        assert (fault.code, fault.element) == ("in_future", "E.i.5")

    def test_a_follow_up_on_the_same_day_gives_the_time(self):
        same_day = follow_up(most_recent=at("20260303"))
        assert [fault.code for fault in faults(same_day, now=NOW, previous=full_case())] == [
            "most_recent_not_moved"
        ]
        with_time = follow_up(most_recent=at("202603031400+0100"))
        assert faults(with_time, now=NOW, previous=full_case()) == ()


class TestWords:
    @pytest.mark.parametrize(
        ("text", "is_english"),
        [
            ("The patient was given 20 g with no reaction.", True),
            ("Temperature 39.2 °C; creatinine 88 µmol/L; β-lactam; naïve; Ørsted, Åse", True),
            ("Avdeling for barn og unge", True),
            ("Pasienten fikk utslett og frysninger etter 25 minutter, uten feber.", False),
            ("بیمار دچار بثورات شد", False),
            ("Blood pressure ۱۲۰/۸۰", False),
        ],
    )
    def test_the_narrative_is_english(self, text, is_english):
        case = full_case()
        broken = replace(case, narrative=replace(case.narrative, text=text))
        assert [fault.code for fault in faults(broken, now=NOW)] == ([] if is_english else ["not_english"])


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2026", "2026"),
        ("202603", "2026-03"),
        ("20260301", "2026-03-01"),
        ("202603011025+0100", "2026-03-01 10:25 +01:00"),
        ("20260301102559-0330", "2026-03-01 10:25:59 -03:30"),
    ],
)
def test_a_time_is_said_as_people_read_it(text, read):
    assert shown(at(text)) == read
