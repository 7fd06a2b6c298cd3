"""Line listing, research export and CIOMS I: what leaves says what it must, and of whom it must not, nothing."""

import csv
import io
import re
import zipfile
from datetime import date, timedelta

import openpyxl
import pytest

from apps.cases.domain.versions import Kind
from apps.cases.exports.tables import csv_lines, xlsx_file
from apps.ledger.models import Event
from apps.safety.models import AdverseEvent
from tests.builders import NOW, Door
from tests.reviewing import Desk
from tests.unit.db.case_stories import (
    anaphylaxis,
    code_all,
    describe_site,
    headache,
    keep,
    load_terms,
    open_for,
)

pytestmark = pytest.mark.django_db
CSV, XLSX, RESEARCH = (f"adverse-events/export/{path}" for path in ("", "xlsx/", "research/"))
RISKY = ["=1+1", "+LOT", "-LOT", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", "plain", "-2.5", "a\nb"]


def taken(person, path):
    answer = Door(person).get(path)
    assert answer.status_code == 200, answer.content
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def listed(person):
    return list(csv.DictReader(io.StringIO(taken(person, CSV).decode())))


def sheet_of(content):
    workbook = openpyxl.load_workbook(io.BytesIO(content))
    sheet, *others = workbook.worksheets
    assert [other.title for other in others] in ([], ["Export"])
    return sheet


def researched(person):
    archive = zipfile.ZipFile(io.BytesIO(taken(person, RESEARCH)))
    text = archive.read("adverse-events.csv").decode()
    return list(csv.DictReader(io.StringIO(text))), text, archive


@pytest.fixture
def everybody(settings):
    """Every patient counts in cells of two."""
    settings.RESEARCH_SMALLEST_CELL = 2


def test_an_event_nobody_has_reviewed_says_so(hospital):
    headache(hospital)
    (row,) = listed(hospital.safety_officer)
    assert (row["reviewed"], row["serious"], row["expected"]) == ("no", "not decided", "not decided")
    assert (row["case_number"], row["clocks"], row["causality"], row["grade"]) == ("", "", "", "")


def test_a_reviewed_event_says_what_physicians_say(hospital):
    event = headache(hospital)
    Desk(hospital.physician, event).sign()
    (row,) = listed(hospital.safety_officer)
    assert (row["verbatim"], row["verbatim_language"], row["grade"]) == ("bankende hodepine", "nor", "2")
    assert (row["reviewed"], row["serious"], row["seriousness"], row["expected"]) == ("yes", "no", "", "yes")
    assert "WHO-UMC: Possible" in row["causality"] and "Naranjo: " in row["causality"]
    assert (row["outcome"], row["action_taken"], row["rechallenge"]) == (
        "recovering",
        "dose_reduced",
        "not_done",
    )


def test_lots_codes_versions_and_clocks_of_its_case(hospital, settings):
    describe_site(settings)
    load_terms()
    event = anaphylaxis(hospital)
    case = open_for(hospital, event)
    at = event.onset_at + timedelta(hours=2)
    code_all(hospital, case, now=at)
    keep(hospital, case, Kind.INITIAL, now=at)
    (row,) = listed(hospital.safety_officer)
    case.refresh_from_db()
    assert (row["case_number"], row["case_versions"]) == (case.report_id, "1")
    assert (row["meddra_version"], row["meddra_llt"]) == ("99.0", "90000002")
    assert "LOT-B77" in row["lots"] and re.fullmatch(r"[\d; -]+", row["lots_expire_on"])
    assert "eu_post_marketing" in row["clocks"] and ": running" in row["clocks"]
    assert date.fromisoformat(row["next_due_on"]) > NOW.date()


def test_the_workbook_holds_the_same_as_text(hospital):
    headache(hospital)
    rows = listed(hospital.safety_officer)
    sheet = sheet_of(taken(hospital.safety_officer, XLSX))
    header, line = sheet.iter_rows(values_only=True)
    assert list(header) == list(rows[0])
    assert [cell or "" for cell in line] == list(rows[0].values())
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} == {"s"}


def test_no_cell_of_either_is_a_formula():
    rows = [[cell] for cell in RISKY]
    with xlsx_file("Cells", ["a"], rows) as file:
        sheet = sheet_of(file.read())
    shown = [row[0] for row in sheet.iter_rows(min_row=2)]
    assert {cell.data_type for cell in shown} == {"s"}
    written = [next(csv.reader([line])) for line in csv_lines(["a"], rows) if "\n" not in line.rstrip()]
    for text in [str(cell.value) for cell in shown] + [line[0] for line in written[1:]]:
        assert text == "-2.5" or text.strip(" ")[0] not in "=+-@\t\r＝"


def test_a_cell_beyond_what_a_spreadsheet_holds_is_cut_and_says_so():
    with xlsx_file("Cells", ["a"], [["x" * 40_000]]) as file:
        value = sheet_of(file.read()).cell(2, 1).value
    assert len(value) < 32_767 and value.endswith("[…]")


@pytest.mark.parametrize("path", [CSV, XLSX, RESEARCH])
@pytest.mark.parametrize("role", ["nurse", "charge_nurse", "physician", "administrator"])
def test_officers_alone_take_tables_out(hospital, path, role):
    headache(hospital)
    answer = Door(getattr(hospital, role)).get(path)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_your_role")
    assert not Event.objects.filter(name="safety.adverse_events.exported").exists()


@pytest.mark.parametrize(("path", "form"), [(CSV, "csv"), (XLSX, "xlsx"), (RESEARCH, "research")])
def test_each_is_on_record_with_who_took_what(hospital, path, form):
    event = headache(hospital)
    taken(hospital.safety_officer, path)
    record = Event.objects.get(name="safety.adverse_events.exported")
    assert record.actor == f"user:{hospital.safety_officer.pk}"
    assert (record.payload["format"], record.payload["adverse_events"]) == (form, [event.pk])


@pytest.mark.parametrize("path", [CSV, XLSX, RESEARCH])
def test_another_wards_officer_gets_no_row(hospital, elsewhere, path):
    headache(hospital)
    content = taken(elsewhere.safety_officer, path)
    if path == XLSX:
        assert sheet_of(content).max_row == 1
    elif path == RESEARCH:
        assert len(zipfile.ZipFile(io.BytesIO(content)).read("adverse-events.csv").splitlines()) == 1
    else:
        assert len(content.splitlines()) == 1


CANARIES = ("Kanarifugl", "Gulbrand", "KANARI-4711", "LOT-KANARI", "kanarinotat", "kanarihodepine")


def two_canaries(hospital):
    events = []
    for number in range(2):
        event = headache(hospital, name=f"Gulbrand Kanarifugl {number}")
        patient = event.patient
        patient.medical_record_number = f"KANARI-4711-{number}"
        patient.save()
        event.note = "kanarinotat: Gulbrand Kanarifugl"
        event.lots = [{"lot_number": f"LOT-KANARI-{number}", "expires_on": "2027-12-31"}]
        event.save()
        review = Desk(hospital.physician, event)
        review.sign()
        events.append(event)
    AdverseEvent.objects.update(details={"symptoms": [], "kanarinotat": "kanarihodepine"})
    return events


def test_nothing_that_names_anybody_is_left_for_research(hospital, everybody):
    events = two_canaries(hospital)
    rows, text, archive = researched(hospital.safety_officer)
    everything = text + archive.read("README.txt").decode()
    assert len(rows) == 2
    known = [*CANARIES, hospital.ward.name, "bankende hodepine"]
    for person in (hospital.physician, hospital.nurse, hospital.safety_officer):
        known += [person.username, person.last_name or person.username]
    for event in events:
        patient = event.patient
        known += [patient.pseudonym, str(patient.birth_date), str(patient.birth_date.year), patient.name]
    for secret in known:
        assert secret.casefold() not in everything.casefold(), secret
    assert not re.search(r"\d{4}-\d\d-\d\d|\d\d:\d\d", text)
    assert {item.date_time for item in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_days_count_from_the_first_infusion_and_a_delayed_event_lies_later(hospital, everybody):
    two_canaries(hospital)
    later = AdverseEvent.objects.first()
    later.onset_at += timedelta(days=3)
    later.save()
    rows, _, _ = researched(hospital.safety_officer)
    assert sorted(row["days_since_first_infusion"] for row in rows) == ["0", "3"]


def test_two_exports_have_no_name_in_common(hospital, everybody):
    two_canaries(hospital)
    (first, _, _), (second, _, _) = researched(hospital.safety_officer), researched(hospital.safety_officer)
    for column in ("patient", "event", "lots"):
        assert not {row[column] for row in first} & {row[column] for row in second}
    same = ["age_band", "sex", "indication", "term", "grade", "outcome"]
    assert sorted([row[name] for name in same] for row in first) == sorted(
        [row[name] for name in same] for row in second
    )


def test_with_its_salt_and_key_the_house_can_make_the_names_again(hospital, everybody, settings):
    from apps.cases.domain.deidentified import export_key, pseudonym

    events = two_canaries(hospital)
    rows, _, _ = researched(hospital.safety_officer)
    salt = Event.objects.get(name="safety.adverse_events.exported").payload["salt"]
    key = export_key(settings.SECRET_KEY, bytes.fromhex(salt))
    names = {pseudonym(key, "patient", str(event.patient_id)) for event in events}
    assert names == {row["patient"] for row in rows}


def test_a_secret_of_its_own_takes_the_place_of_the_services(hospital, everybody, settings):
    settings.RESEARCH_SECRET = "a secret for research alone"
    two_canaries(hospital)
    rows, _, _ = researched(hospital.safety_officer)
    from apps.cases.domain.deidentified import export_key, pseudonym

    salt = bytes.fromhex(Event.objects.get(name="safety.adverse_events.exported").payload["salt"])
    served = {pseudonym(export_key(settings.SECRET_KEY, salt), "patient", str(n)) for n in range(1, 5000)}
    assert not served & {row["patient"] for row in rows}


def test_too_few_patients_leave_no_row_and_the_note_says_so(hospital):
    two_canaries(hospital)
    rows, _, archive = researched(hospital.safety_officer)
    note = archive.read("README.txt").decode()
    assert rows == []
    assert "patients left out because too few are like them: 2" in note and "(k): 5" in note


def versioned(hospital, settings):
    describe_site(settings)
    event = anaphylaxis(hospital)
    case = open_for(hospital, event)
    keep(hospital, case, Kind.INITIAL, now=event.onset_at + timedelta(hours=2))
    return case


def cioms(person, case, query="", number=1):
    return Door(person).client.get(f"/cases/{case.pk}/versions/{number}/cioms.pdf{query}")


@pytest.mark.parametrize("query", ["", "?lang=nb", "?lang=fa", "?lang=xx"])
@pytest.mark.parametrize("role", ["safety_officer", "physician"])
def test_a_version_is_handed_out_as_a_cioms_form(hospital, settings, query, role):
    answer = cioms(getattr(hospital, role), versioned(hospital, settings), query)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer["Cache-Control"] == "no-store" and answer.content.startswith(b"%PDF")
    assert re.search(r"cioms-NO-HOSP-\d+-1\.pdf", answer["Content-Disposition"])


@pytest.mark.parametrize(("role", "status"), [("nurse", 403), ("administrator", 403)])
def test_who_sees_no_case_sees_no_form(hospital, settings, role, status):
    assert cioms(getattr(hospital, role), versioned(hospital, settings)).status_code == status


def test_a_form_of_another_ward_or_of_no_version_is_not_there(hospital, elsewhere, settings):
    case = versioned(hospital, settings)
    assert cioms(elsewhere.safety_officer, case).status_code == 404
    assert cioms(hospital.safety_officer, case, number=7).status_code == 404


def test_the_case_page_leads_to_the_form(hospital, settings):
    case = versioned(hospital, settings)
    page = Door(hospital.safety_officer).client.get(f"/cases/{case.pk}/?tab=versions").content.decode()
    assert f"/cases/{case.pk}/versions/1/cioms.pdf" in page
