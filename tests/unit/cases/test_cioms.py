"""A report on the CIOMS I form: every field says what the report says, in the words the form has for it."""

import re
import zlib
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.cases.cioms import cioms_form, render_cioms
from apps.cases.cioms.pdf import runs_right_to_left
from apps.cases.domain.versions import Kind
from apps.cases.reporting import VersionFacts, build_report
from apps.icsr.domain import E2bTime, LiteratureReference, NullFlavor
from tests.unit.cases import examples as example

NOW = datetime(2026, 3, 4, 8, 0, tzinfo=UTC)
PERSIAN = "بیمار پس از تزریق Kiovig با سرعت 60 mL/h دچار کهیر شد."


def report(kind=Kind.INITIAL, **changes):
    facts = VersionFacts(
        "NO-HOSP-2026000001",
        kind,
        "Entered twice",
        example.minutes(400),
        example.minutes(300),
        example.minutes(350),
    )
    return build_report(example.case(**changes), facts)


def form(kind=Kind.INITIAL, version=1, **changes):
    return cioms_form(report(kind, **changes), kind=kind, version=version, now=NOW)


def of_report(changed, kind=Kind.INITIAL):
    return cioms_form(changed, kind=kind, version=1, now=NOW)


def test_each_field_says_what_the_report_says():
    told = form()
    assert (told.initials, told.country, told.age, told.sex) == ("masked", "NO", "45 years", "female")
    assert told.born == ("", "", "")
    assert told.onset == ("02", "MAR", "2026")
    assert told.control_number == "NO-HOSP-2026000001"
    assert told.indications == ("1. CIDP",)
    assert told.routes == ("1. Intravenous drip",)
    assert told.concomitant == ("not told in this version",)
    assert any("diabetes mellitus; blood group A" in line for line in told.history)
    assert "Weight 60 kg" in told.history and "Earlier: Kiovig 05-JAN-2026" in told.history
    assert told.sender == ("Example Hospital", "NO", "+4722000000")
    assert told.report_date == "02-MAR-2026"


def test_every_lot_stands_with_its_dates_its_dose_and_its_expiry():
    told = form()
    (drug,) = told.suspect_drugs
    assert drug.startswith("1. Kiovig (Human normal immunoglobulin 100 mg/mL).")
    assert "LOT-A1204 (02-MAR-2026 09:00 +0100 – 02-MAR-2026 10:40 +0100)" in drug
    assert "LOT-B77 (02-MAR-2026 10:40 +0100 – 02-MAR-2026 11:30 +0100)" in drug
    assert "lot LOT-B77 expires 2027-12-31" in drug and "Action taken: drug withdrawn." in drug
    assert told.daily_doses[:2] == ("1. 10 g (lot LOT-A1204)", "1. 8.1 g (lot LOT-B77)")
    assert "0.3 g/kg" in told.daily_doses[2] and len(told.daily_doses) == 3
    assert told.therapy_dates[0] == "1. 02-MAR-2026 09:00 +0100 – 02-MAR-2026 10:40 +0100 (lot LOT-A1204)"
    assert told.therapy_duration == ("1. 1 h 40 min (lot LOT-A1204)", "1. 50 min (lot LOT-B77)")


def test_a_lot_that_still_runs_has_no_duration_and_says_so():
    infusion = example.infusion(ended_at=None, lots=(replace(example.infusion().lots[0], ended_at=None),))
    told = form(drugs=(replace(example.case().drugs[0], infusions=(infusion,)),))
    assert told.therapy_dates == ("1. 02-MAR-2026 09:00 +0100 – going on (lot LOT-A1204)",)
    assert told.therapy_duration == ("1. not told in this version (lot LOT-A1204)",)


def test_the_description_holds_reactions_words_in_both_languages_tests_and_causality():
    text = "\n".join(
        form(native_narrative=PERSIAN, native_language="fas", sender_comment="Ours.").description
    )
    assert "1. Anaphylaxis “\u2068Anafylaksi\u2069” [MedDRA 99.0 90000002]" in text
    assert "outcome: recovered." in text
    assert "A narrative." in text and PERSIAN in text and "Sender's comment: Ours." in text
    assert "Pulse rate: 130 /min, at the onset" in text and "Direct antiglobulin test: Positive" in text
    assert "Causality, Kiovig, reaction 1 (reporter, WHO-UMC): Probable" in text


@pytest.mark.parametrize(
    "criterion",
    [
        "death",
        "life_threatening",
        "hospitalisation",
        "disability",
        "congenital_anomaly",
        "medically_important",
    ],
)
def test_each_criterion_ticks_its_own_box(criterion):
    assert form(reactions=(example.reaction(seriousness=(criterion,)),)).seriousness == {criterion}


@pytest.mark.parametrize("undecided", [None, ()])
def test_no_criterion_no_box(undecided):
    assert form(reactions=(example.reaction(seriousness=undecided),)).seriousness == frozenset()


# Field 20 by what was done (rows) and what became of it.
@pytest.mark.parametrize(
    ("action", "outcome", "boxes"),
    [
        ("withdrawn", "recovered", {"yes"}),
        ("withdrawn", "recovering", {"yes"}),
        ("withdrawn", "recovered_with_sequelae", {"yes"}),
        ("withdrawn", "not_recovered", {"no"}),
        ("withdrawn", "fatal", {"no"}),
        ("withdrawn", "unknown", set()),
        ("dose_reduced", "recovered", {"yes"}),
        ("dose_reduced", "not_recovered", {"no"}),
        ("not_changed", "recovered", {"not_applicable"}),
        ("dose_increased", "not_recovered", {"not_applicable"}),
        ("not_applicable", "recovered", {"not_applicable"}),
        ("unknown", "recovered", set()),
    ],
)
def test_whether_it_abated(action, outcome, boxes):
    assert form(reactions=(example.reaction(action_taken=action, outcome=outcome),)).abated == boxes


def test_reactions_that_went_differently_tick_both():
    reactions = (example.reaction(), example.reaction(event_id=5, outcome="not_recovered"))
    assert form(reactions=reactions).abated == {"yes", "no"}


@pytest.mark.parametrize(
    ("rechallenge", "boxes"),
    [
        ("recurred", {"yes"}),
        ("did_not_recur", {"no"}),
        ("outcome_unknown", set()),
        ("not_done", {"not_applicable"}),
        ("", set()),
    ],
)
def test_whether_it_came_again(rechallenge, boxes):
    assert form(reactions=(example.reaction(rechallenge=rechallenge),)).reappeared == boxes


@pytest.mark.parametrize(
    ("kind", "box", "received"),
    [
        (Kind.INITIAL, "initial", "02-MAR-2026"),
        (Kind.FOLLOW_UP, "follow_up", "02-MAR-2026"),
        (Kind.AMENDMENT, "follow_up", "02-MAR-2026"),
        (Kind.NULLIFICATION, "follow_up", "02-MAR-2026"),
    ],
)
def test_what_kind_of_report_it_is(kind, box, received):
    told = form(kind)
    assert (told.report_type, told.received) == ({box}, received)
    assert told.nullified is (kind is Kind.NULLIFICATION)
    reasoned = kind in (Kind.AMENDMENT, Kind.NULLIFICATION)
    assert any("Entered twice" in line for line in told.remarks) is reasoned


def test_a_follow_up_is_dated_by_the_newest_information():
    base = report(Kind.FOLLOW_UP)
    newest = replace(base.identification, most_recent=E2bTime("202603091200+0100"))
    assert of_report(replace(base, identification=newest), Kind.FOLLOW_UP).received == "09-MAR-2026"
    assert of_report(replace(base, identification=newest)).received == "02-MAR-2026"


@pytest.mark.parametrize(
    ("qualification", "box"),
    [
        ("1", "health_professional"),
        ("2", "health_professional"),
        ("3", "health_professional"),
        ("5", "other"),
    ],
)
def test_who_told_of_it(qualification, box):
    base = report()
    source = replace(base.primary_sources[0], qualification=qualification)
    assert of_report(replace(base, primary_sources=(source,))).sources == {box}


def test_the_reporter_is_named_only_where_names_may_leave_the_house():
    assert "Reporter: other health professional, NO" in form().remarks
    named = replace(example.case().reporter, given_name="Test", family_name="Reporter")
    assert "Reporter: Test Reporter, other health professional, NO" in form(reporter=named).remarks


def test_a_study_and_an_article_have_boxes_and_an_unknown_reporter_has_none():
    base = report()
    source = replace(base.primary_sources[0], qualification=NullFlavor.UNKNOWN)
    changed = replace(
        base,
        primary_sources=(source,),
        identification=replace(base.identification, report_type="2"),
        literature=(LiteratureReference(reference="An article"),),
    )
    assert of_report(changed).sources == {"study", "literature"}


def test_a_birth_date_stands_in_its_cells_and_the_age_is_counted_at_the_onset():
    patient = replace(example.case().patient, initials="T.G.")
    told = form(patient=patient)
    assert (told.initials, told.born, told.age) == ("T.G.", ("17", "MAY", "1980"), "45 years")


@pytest.mark.parametrize(
    ("text", "leftwards"),
    [
        ("Kiovig", False),
        (PERSIAN, True),
        ("1. Kiovig در", False),
        ("12:30 آدرنالین", True),
        ("1204", False),
        ("", False),
    ],
)
def test_a_paragraph_runs_as_its_first_letter_does(text, leftwards):
    assert runs_right_to_left(text) is leftwards


def pages_of(paper):
    return len(re.findall(rb"/Type /Page\b", paper))


def spoken(paper):
    """What a reader of the file hears for pieces with Persian in them."""
    streams = re.findall(rb"stream\n(.*?)\nendstream", paper, re.DOTALL)
    text = b""
    for stream in streams:
        try:
            text += zlib.decompress(stream)
        except zlib.error:
            continue
    found = re.findall(rb"/ActualText <FEFF([0-9a-f]*)>", text)
    return [bytes.fromhex(one.decode()).decode("utf-16-be") for one in found]


@pytest.mark.parametrize("language", ["en", "nb", "fa"])
def test_a_short_case_fits_one_page_and_a_long_one_goes_on_behind(language):
    assert pages_of(render_cioms(form(narrative="Short."), language=language)) == 1
    long = form(narrative="She had a headache, and it passed. " * 600, native_narrative=PERSIAN * 40)
    assert pages_of(render_cioms(long, language=language)) >= 3


def test_persian_words_are_drawn_as_persian_on_the_english_form():
    paper = render_cioms(form(native_narrative=PERSIAN, native_language="fas"), language="en")
    assert any("کهیر" in text for text in spoken(paper))


def test_the_same_form_gives_the_same_file():
    assert render_cioms(form()) == render_cioms(form())


@settings(max_examples=12)
@given(st.text(max_size=400), st.decimals(min_value=1, max_value=200, places=1))
def test_any_words_can_be_put_on_the_form(words, weight):
    patient = replace(example.case().patient, weight_kg=Decimal(weight))
    told = form(patient=patient, narrative=words, native_narrative=words)
    assert all("\n" not in line for line in told.description)
    assert render_cioms(told).startswith(b"%PDF")
