"""What leaves the house as a file says who took it, when, and under which number."""

import io
import re
import zipfile

import openpyxl
import pytest
from django.test import Client
from pypdf import PdfReader

from apps.edge.exports import current_stamp, export_number, stamped
from apps.ledger.models import Event
from tests import records
from tests.builders import NOW, Door

pytestmark = pytest.mark.django_db
NUMBER = re.compile(r"X-[0-9A-HJKMNP-TV-Z]{8}")


def number_in(answer):
    return NUMBER.search(answer["Content-Disposition"]).group()


@pytest.mark.parametrize("language", ["en", "nb", "fa"])
def test_each_page_of_a_paper_bears_number_time_and_name(hospital, language):
    session = records.written_up(hospital)
    browser = Client()
    browser.force_login(hospital.physician)
    answer = browser.get(f"/sessions/{session.pk}/record.pdf?lang={language}")
    assert answer.status_code == 200
    reader = PdfReader(io.BytesIO(answer.content))
    number = reader.metadata["/Keywords"]
    assert NUMBER.fullmatch(number) and len(reader.pages) >= 2
    for page in reader.pages:
        text = page.extract_text()
        assert number in text and "UTC" in text and "Physician Neurology" in text


def test_a_table_bears_it_in_its_name_and_a_workbook_in_itself(hospital):
    door = Door(hospital.safety_officer)
    csv = door.client.get("/api/v1/adverse-events/export/")
    assert csv.content.decode().count("\n") == 1 and not NUMBER.search(csv.content.decode())
    xlsx = door.client.get("/api/v1/adverse-events/export/xlsx/")
    workbook = openpyxl.load_workbook(io.BytesIO(b"".join(xlsx.streaming_content)))
    told = {row[0].value: row[1].value for row in workbook["Export"].iter_rows()}
    assert told["Number"] == number_in(xlsx) == workbook.properties.keywords
    assert told["Made by"] == hospital.safety_officer.display_name and "UTC" in told["Made at"]
    research = door.client.get("/api/v1/adverse-events/export/research/")
    inside = zipfile.ZipFile(io.BytesIO(research.content))
    assert hospital.safety_officer.display_name not in inside.read("README.txt").decode()
    kept = [event.payload["export"] for event in Event.objects.filter(name="safety.adverse_events.exported")]
    assert kept == [number_in(csv), number_in(xlsx), number_in(research)]
    assert len(set(kept)) == 3


def test_a_stamp_is_there_only_while_something_is_made_for_outside():
    with stamped(by="Nurse", at=NOW) as stamp:
        assert current_stamp() is stamp and str(stamp).startswith(stamp.number)
    assert current_stamp() is None
    assert len({export_number() for _ in range(1000)}) == 1000
