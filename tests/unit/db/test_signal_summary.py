"""The periodic summary: what it holds, and that it can be printed in three languages."""

from datetime import date, timedelta

import pytest
from django.utils import translation

from apps.lots.services import hold_lot
from apps.signals.summary import render_summary, summary_for
from apps.signals.summary.pdf import tables_of
from tests.builders import NOW, fire_due_timers
from tests.unit.db.signal_stories import event, infusions, sign
from tests.unit.db.test_case_reviews import SERIOUS

pytestmark = pytest.mark.django_db
SINCE, UNTIL = date(2025, 1, 1), date(2026, 3, 2)


@pytest.fixture
def summary(hospital):
    bad = infusions(hospital, 10, lot="LOT-A")
    infusions(hospital, 90, lot="LOT-B", since=NOW - timedelta(days=300))
    infusions(hospital, 12, lot="P-1", product="privigen", since=NOW - timedelta(days=200))
    events = [event(hospital, session) for session in bad[:3]]
    event(hospital, bad[4], term="hypotension")
    sign(hospital.physician, events[0], SERIOUS)
    fire_due_timers(NOW)
    hold_lot(
        performer=hospital.safety_officer,
        product_code="kiovig",
        lot_number="LOT-A",
        reason="Three of ten had a headache.",
        now=NOW,
    )
    return summary_for(hospital.safety_officer, since=SINCE, until=UNTIL, now=NOW + timedelta(hours=1))


def test_it_holds_what_the_time_brought_and_what_is_open(hospital, summary):
    assert (summary.whole.infusions, summary.whole.events, summary.whole.serious) == (112, 4, 1)
    assert summary.undecided == 3
    (serious,) = summary.serious
    assert (serious.lots, serious.terms, serious.case_number) == (("LOT-A",), ("headache",), "")
    assert {one.lot_number for one in summary.lot_signals} == {"LOT-A"}
    assert [hold.lot_number for hold in summary.holds] == ["LOT-A"]
    assert len(summary.overdue_reviews) == 3  # told of long ago, signed by nobody


def test_a_label_stands_beside_ours_in_its_own_unit(summary):
    kiovig = next(one for one in summary.labels if one.product_code == "kiovig")
    rows = {row.terms[0]: row for row in kiovig.rows}
    headache = rows["headache"]
    assert (headache.frequency, headache.total, headache.is_comparable) == ("very_common", 10, True)
    assert headache.count == 3  # of ten patients; two lots were given to five each
    assert not rows["hypotension"].is_comparable  # the label's own band is "not known"
    assert rows["fever"].count == 0  # called very common, and nobody told of it


def test_what_lies_outside_the_time_is_not_counted(hospital, summary):
    empty = summary_for(hospital.safety_officer, since=date(2020, 1, 1), until=date(2020, 12, 31), now=NOW)
    assert (empty.whole.infusions, empty.serious, empty.lot_signals) == (0, (), ())
    assert render_summary(empty, language="fa").startswith(b"%PDF")


@pytest.mark.parametrize("language", ["en", "nb", "fa"])
def test_it_prints_in_every_language(summary, language):
    assert render_summary(summary, language=language).startswith(b"%PDF")
    with translation.override(language):
        said = " ".join(cell for table in tables_of(summary) for row in table.rows for cell in row.cells)
    assert "LOT-A" in said
