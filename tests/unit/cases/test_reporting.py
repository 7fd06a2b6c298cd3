"""A version as a report: every element the record knows, and no rule of the standard broken."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from apps.cases.domain.content import CasePatient, Term
from apps.cases.domain.versions import Kind
from apps.cases.reporting import VersionFacts, build_report
from apps.icsr.domain import NullFlavor
from apps.icsr.domain.rules import faults
from tests.unit.cases.examples import START, case, infusion, minutes, reaction

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
FACTS = VersionFacts(
    report_id="NO-HOSP-2026000001",
    kind=Kind.INITIAL,
    reason="",
    created_at=START + timedelta(days=1),
    first_received_at=minutes(151),
    most_recent_at=minutes(151),
)


def report(content=None, facts=FACTS):
    return build_report(content or case(), facts)


def broken(content=None, facts=FACTS, previous=None):
    return {fault.code for fault in faults(report(content, facts), now=NOW, previous=previous)}


def test_an_anaphylaxis_with_two_lots_breaks_no_rule():
    assert broken() == set()


def test_lots_stand_in_dosages_of_their_own_with_grams_and_rates_in_words():
    (drug,) = report().drugs
    assert [(one.lot, str(one.dose), one.dose_unit) for one in drug.dosages] == [
        ("LOT-A1204", "10", "g"), ("LOT-B77", "8.1", "g"),
    ]  # fmt: skip
    assert [(str(one.started), str(one.ended)) for one in drug.dosages] == [
        ("202603020900+0100", "202603021040+0100"), ("202603021040+0100", "202603021130+0100"),
    ]  # fmt: skip
    assert drug.dosages[0].text == (
        "Day 1: 18.1 g in all, 0.3 g/kg; rates: 30 mL/h (0.5 mL/kg/h) from 09:00, 60 mL/h (1 mL/kg/h) from 10:00,"
        " none from 11:30."
    )
    assert (drug.cumulative_dose, drug.cumulative_dose_unit) == (Decimal("18.1"), "g")
    assert drug.additional_text == "lot LOT-A1204 expires 2027-12-31; lot LOT-B77 expires 2027-12-31"
    assert (drug.substances[0].strength, drug.substances[0].strength_unit) == (Decimal(100), "mg/mL")


def test_an_infusion_without_a_lot_says_so_in_words():
    content = case(drugs=(replace(case().drugs[0], infusions=(infusion(lots=()),)),))
    ((dosage,),) = [drug.dosages for drug in report(content).drugs]
    assert dosage.lot is None and dosage.text.endswith("The lot is not known.")
    assert broken(content) == set()


def test_a_vial_past_its_day_is_coded_as_such():
    old = replace(infusion().lots[0], expires_on=START.date() - timedelta(days=1))
    content = case(drugs=(replace(case().drugs[0], infusions=(infusion(lots=(old,)),)),))
    assert report(content).drugs[0].additional_codes == ("4",)
    assert report().drugs[0].additional_codes == ()


def test_criteria_that_are_not_met_are_no_information_and_never_no():
    (one,) = report().reactions
    assert one.life_threatening is True
    for value in (one.results_in_death, one.hospitalisation, one.disabling, one.congenital_anomaly):
        assert value is NullFlavor.NO_INFORMATION


@pytest.mark.parametrize(
    ("seriousness", "expedited", "highlighted"),
    [(("death",), True, "3"), ((), False, "1"), (None, True, None)],
)
def test_undecided_counts_as_serious_for_the_clock_and_as_nothing_for_the_reaction(
    seriousness, expedited, highlighted
):
    outcome = "fatal" if seriousness else "recovered"
    told = report(case(reactions=(reaction(seriousness=seriousness, outcome=outcome, ended_at=None),)))
    assert (told.identification.expedited, told.reactions[0].highlighted) == (expedited, highlighted)


def test_a_death_has_a_date_or_says_that_it_was_asked_for():
    fatal = reaction(seriousness=("death",), outcome="fatal")
    assert str(report(case(reactions=(fatal,))).patient.death.date) == "20260302"
    unknown = case(reactions=(replace(fatal, ended_at=None),))
    assert report(unknown).patient.death.date is NullFlavor.ASKED_BUT_UNKNOWN
    assert broken(unknown) == set() and broken(case(reactions=(fatal,))) == set()


def test_times_from_the_start_and_from_the_end_of_the_infusion():
    (matrix,) = report().drugs[0].reactions
    assert (matrix.start_to_onset, matrix.start_to_onset_unit) == (Decimal(150), "min")
    late = case(reactions=(reaction(onset_at=minutes(150) + timedelta(hours=30), ended_at=None),))
    (matrix,) = report(late).drugs[0].reactions
    assert (matrix.start_to_onset, matrix.last_dose_to_onset) == (Decimal(1950), Decimal(1800))
    far = case(reactions=(reaction(onset_at=minutes(150) + timedelta(days=80), ended_at=None),))
    (matrix,) = report(far).drugs[0].reactions
    assert (matrix.start_to_onset_unit, matrix.last_dose_to_onset) == ("h", Decimal(1920))


@pytest.mark.parametrize(
    ("taken", "code"),
    [
        (("withdrawn", "not_changed"), "1"), (("not_changed", "dose_reduced"), "2"), (("unknown",), "0"),
        (("not_applicable", "unknown"), "9"), (("not_changed",), "4"),
    ],
)  # fmt: skip
def test_of_several_reactions_the_action_that_went_furthest_speaks_for_the_product(taken, code):
    told = case(reactions=tuple(reaction(event_id=n, action_taken=one) for n, one in enumerate(taken)))
    assert report(told).drugs[0].action_taken == code


def test_several_physicians_stand_beside_each_other():
    from apps.cases.domain.content import Assessed

    both = (Assessed("reporter 1", "WHO-UMC", "Certain"), Assessed("reporter 2", "WHO-UMC", "Unlikely"))
    (matrix,) = report(case(reactions=(reaction(assessments=both),))).drugs[0].reactions
    assert [(one.source, one.result) for one in matrix.assessments] == [
        ("reporter 1", "Certain"), ("reporter 2", "Unlikely"),
    ]  # fmt: skip


def test_initials_go_with_the_birth_date_and_masked_goes_with_the_age():
    assert (report().patient.name, report().patient.age, report().patient.born) == (
        NullFlavor.MASKED,
        45,
        None,
    )
    shown = case(patient=replace(case().patient, initials="T.G."))
    assert (report(shown).patient.name, report(shown).patient.age) == ("T.G.", None)
    assert str(report(shown).patient.born) == "19800517"
    assert broken(shown) == set()


def test_a_patient_nobody_knows_anything_of_is_told_as_unknown():
    told = report(case(patient=CasePatient()))
    assert (told.patient.sex, told.patient.history_text) == (NullFlavor.UNKNOWN, NullFlavor.UNKNOWN)


def test_without_a_code_the_two_elements_of_meddra_are_what_is_missing():
    uncoded = case(reactions=(reaction(coded=None),), meddra_version="")
    elements = {fault.element for fault in faults(report(uncoded), now=NOW)}
    assert elements == {"E.i.2.1a", "E.i.2.1b"}


def test_an_indication_is_coded_in_the_same_version():
    drug = replace(case().drugs[0], indication_term=Term("90000003", "Dummy meningitis", "99.0"))
    (told,) = report(case(drugs=(drug,))).drugs[0].indications
    assert (told.text, told.meddra_code) == ("CIDP", "90000003")
    assert broken(case(drugs=(drug,))) == set()


def test_results_are_numbers_in_ucum_or_words():
    pulse, coombs = report().tests
    assert (pulse.result.number, pulse.result_unit, pulse.result_text) == (Decimal(130), "/min", None)
    assert (coombs.result, coombs.result_text) == (None, "Positive")


def test_follow_up_amendment_and_nullification_break_no_rule_beside_what_went_before():
    first = report()
    later = replace(
        FACTS, kind=Kind.FOLLOW_UP, created_at=START + timedelta(days=3), most_recent_at=minutes(3000)
    )
    assert broken(facts=later, previous=first) == set()
    for kind, code in ((Kind.AMENDMENT, "2"), (Kind.NULLIFICATION, "1")):
        facts = replace(FACTS, kind=kind, reason="Entered twice.", created_at=START + timedelta(days=3))
        assert broken(facts=facts, previous=first) == set()
        assert report(facts=facts).identification.change == code


def test_the_wards_own_summary_goes_along_in_its_language():
    told = report(case(native_narrative="بیمار خوب شد.", native_language="fas"))
    ((native,),) = [told.narrative.native]
    assert (native.text, native.language) == ("بیمار خوب شد.", "fas")
    assert broken(case(native_narrative="بیمار خوب شد.", native_language="fas")) == set()
