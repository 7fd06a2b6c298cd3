"""The infusion record on paper: what is on it, in three languages, and who may print it."""

import io
import warnings

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader
from pypdf.generic import ContentStream

from apps.infusions.models import InfusionSession
from apps.infusions.record import infusion_record, render_pdf
from apps.infusions.selectors import access_session
from tests import records
from tests.builders import build_hospital

pytestmark = pytest.mark.django_db
PRINTED = records.minutes(250)
UNDRAWABLE = "\ufffd"


def record_of(hospital, session, **more):
    known = access_session(hospital.nurse, session.pk)
    return infusion_record(known, now=PRINTED, user=hospital.physician, **more)


def pages_of(data):
    """The words of each page: as drawn where they run from left to right, as told to readers otherwise."""
    reader = PdfReader(io.BytesIO(data))
    return [f"{page.extract_text()}\n{_told(page, reader)}" for page in reader.pages]


def _told(page, reader):
    operations = ContentStream(page.get_contents(), reader).operations
    spans = [operands[1] for operands, operator in operations if operator == b"BDC"]
    return "\n".join(str(span["/ActualText"]) for span in spans)


def printed(hospital, session, language="en"):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return pages_of(render_pdf(record_of(hospital, session), language=language))


@pytest.fixture
def session(hospital):
    return records.written_up(hospital)


def test_the_record_tells_what_was_ordered_and_what_went_in(hospital, session):
    record = record_of(hospital, session)
    assert record.identity.name == "Testperson Gran"
    assert record.identity.age_years == 45
    assert (str(record.order.dose_g), str(record.order.volume_ml)) == ("25.00", "250.000")
    assert record.volumes.by_rates_ml == 250
    assert (record.volumes.given_ml, record.volumes.difference_ml) == (240, -10)
    assert (record.started_by, record.ended_by) == ("Nurse Neurology", "Nurse Neurology")
    assert record.responsible == "Second Nurse Neurology"
    assert [line.rate_ml_per_h for line in record.plan] == [30, 60, 120, 240, 360]


def test_every_change_of_rate_says_what_it_was(hospital, session):
    record = record_of(hospital, session)
    assert [line.kind for line in record.rates] == [
        "started", "raised", "raised", "paused", "resumed", "raised", "raised", "ended"
    ]  # fmt: skip
    assert str(record.rates[1].rate_mg_per_kg_min) == "1.67"


def test_a_wrong_entry_stays_with_its_reason_and_what_replaced_it(hospital, session):
    wrong, right = (
        line for line in record_of(hospital, session).observations if line.written.at == records.minutes(30)
    )
    assert (wrong.vitals.pulse_per_min, wrong.correction.reason) == (172, "typed 172 for 72")
    assert wrong.replaced_by_at == right.written.at
    assert (right.replaces_at, right.correction) == (wrong.written.at, None)


def test_a_vial_entered_in_error_does_not_count_as_hung(hospital, session):
    records.hang(hospital, session, 120, "LOT-C", "100", status="entered_in_error", status_changed_at=PRINTED)
    assert record_of(hospital, session).volumes.hung_ml == 250


def test_without_volumes_of_the_vials_the_rates_are_all_there_is(hospital):
    session = records.prepared(hospital)
    records.hang(hospital, session, -5, "LOT-A1204", None)
    records.set_rate(hospital, session, 0, "60")
    volumes = record_of(hospital, session).volumes
    assert volumes.hung_ml is None
    assert volumes.given_ml == 250  # 60 mL/h for longer than the ordered volume lasts


def test_what_happened_is_told_in_order(hospital, session):
    told = record_of(hospital, session).happenings
    assert [one.at for one in told] == sorted(one.at for one in told)
    assert told[0].text.params["lot"] == "LOT-A1204"
    assert told[-1].text.message == "Completed with %(volume)s mL. %(reason)s"


def test_the_paper_in_english(hospital, session):
    front, *rest = printed(hospital, session)
    tables = "\n".join(rest)
    for text in ("Testperson Gran", "Born 17 May 1980, 45 years", "25 g, 250 mL", "240 mL, 24 g", "−10 mL"):
        assert text in front.replace("\u00a0", " "), text
    for text in (
        "LOT-A1204", "05712345678905", "SN7731A", "Typed at 11:07.", "Never above 6 mL/kg/h",
        "after review by the physician on call", "Baseline, before the start.",
        "Entered in error, marked 09:33 by Nurse Neurology: typed 172 for 72", "Replaced by the entry of 09:30.",
        "Temperature not measured: the patient refused (asked not to be woken)",
        "Headache (Moderate), Chills (Mild)", "paracetamol 1 g by mouth",
        "Alert 1 not acknowledged, escalated.", "Handover accepted.", "Completed with 240 mL. the volume is in",
    ):  # fmt: skip
        assert text in tables.replace("\u00a0", " "), text


def test_the_paper_in_norwegian(hospital, session):
    front, *rest = printed(hospital, session, "nb")
    assert "Kronisk inflammatorisk" in front and "17.05.1980" in front
    assert "Hodepine (Moderat)" in "".join(rest)
    assert "1,67" in "".join(rest)


def test_the_paper_in_persian_has_persian_digits_and_quantities_that_do_not_turn_round(hospital, session):
    front, *rest = printed(hospital, session, "fa")
    tables = "\n".join(rest)
    assert "پلی‌نوروپاتی" in front
    assert "\u2066۲۴۰\u00a0mL\u2069" in front
    assert "\u2066۱۲۴/۷۸\u2069" in tables
    assert "سردرد (متوسط)، \u200fلرز (خفیف)".replace("\u200f", "") in tables.replace("\u200f", "")
    assert "LOT-A1204" in tables and "۱۱:۰۰" in tables
    assert "۱٫۶۷" in tables


@pytest.mark.parametrize("language", ["en", "nb", "fa"])
def test_nothing_is_left_out_for_want_of_a_letter(hospital, session, language):
    assert UNDRAWABLE not in "".join(printed(hospital, session, language))


def test_a_persian_patient_on_an_english_paper(hospital):
    session = records.written_up(hospital, name="بیمار آزمایشی")
    assert all("بیمار آزمایشی" in page for page in printed(hospital, session))


def test_every_page_says_whose_it_is_which_it_is_and_when_it_was_printed(hospital, session):
    pages = printed(hospital, session)
    for number, page in enumerate(pages, start=1):
        assert "Testperson Gran" in page and session.patient.medical_record_number in page
        assert f"Page {number} of {len(pages)}" in page
        assert "Printed 2 Mar 2026 13:10 by Physician Neurology. Times are those of Europe/Oslo." in page
        assert session.guideline_version in page


@pytest.mark.parametrize("language", ["en", "fa"])
def test_a_long_list_goes_on_with_its_headings_on_the_next_page(hospital, language):
    session = records.prepared(hospital)
    for at in range(120):
        records.measure(hospital, session, at, note=f"note {at}")
    pages = printed(hospital, session, language)
    heading = {"en": "mmHg", "fa": "علائم حیاتی"}[language]
    assert heading in "".join(pages)
    with_rows = [page for page in pages[1:] if "note " in page]
    assert len(with_rows) > 3
    assert all("mmHg" in page for page in with_rows)
    assert all(f"note {at}\n" in "\n".join(pages) for at in range(120))


def test_a_note_longer_than_a_page_is_printed_to_its_end(hospital):
    session = records.prepared(hospital)
    records.measure(hospital, session, 5, note="word " * 3000 + "last")
    pages = printed(hospital, session)
    assert len(pages) > 3
    assert sum(page.count("word") for page in pages) == 3000
    assert any("last" in page for page in pages)


def test_an_infusion_with_nothing_written_down_yet_can_be_printed(hospital):
    pages = printed(hospital, records.prepared(hospital))
    assert "No reaction was recorded." in "".join(pages)
    assert "No vital signs yet" in "".join(pages)


def test_scores_stand_beside_the_signs_but_not_in_pregnancy(hospital, session):
    lines = record_of(hospital, session).observations
    assert lines[0].score is not None and lines[0].score.code == "news2"
    assert "Score" in "".join(printed(hospital, session))
    InfusionSession.objects.update(pregnant=True)
    session.refresh_from_db()
    assert all(line.score is None for line in record_of(hospital, session).observations)
    assert "Score" not in "".join(printed(hospital, session))


def signed_in(user):
    client = Client(headers={"accept-language": "nb"})
    client.force_login(user)
    return client


def test_the_ward_s_people_get_the_paper_and_no_copy_of_it_stays(hospital, session):
    answer = signed_in(hospital.nurse).get(reverse("infusions:record", args=[session.pk]))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer["Content-Disposition"] == f'inline; filename="infusion-record-{session.pk}.pdf"'
    assert answer["Cache-Control"] == "no-store"
    assert "Content-Security-Policy" not in answer
    assert "17.05.1980" in pages_of(answer.content)[0]


def test_the_language_can_be_chosen(hospital, session):
    client, address = signed_in(hospital.nurse), reverse("infusions:record", args=[session.pk])
    assert "Born 17 May 1980" in pages_of(client.get(address, {"lang": "en"}).content)[0]
    assert "17.05.1980" in pages_of(client.get(address, {"lang": "xx"}).content)[0]


def test_nobody_else_gets_it(hospital, session):
    stranger = build_hospital("Haematology").nurse
    answer = signed_in(stranger).get(reverse("infusions:record", args=[session.pk]))
    assert answer.status_code == 404
    assert b"Testperson" not in answer.content
    assert "Content-Security-Policy" in answer
    assert Client().get(reverse("infusions:record", args=[session.pk])).status_code == 302
    refused = signed_in(hospital.safety_officer).get(reverse("infusions:record", args=[session.pk]))
    assert refused.status_code == 403
