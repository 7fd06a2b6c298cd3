"""The pages of signals in three languages: who sees which, and that no number stands without its denominator."""

from datetime import timedelta

import pytest
from django.test import Client

from apps.lots.services import agree_to_release, hold_lot
from tests.builders import NOW
from tests.unit.db.signal_stories import event, infusions, sign
from tests.unit.db.test_case_reviews import SERIOUS

pytestmark = pytest.mark.django_db
LOT = "LOT-A"
ONE = f"/lots/one/?product=kiovig&lot={LOT}"
PERIOD = "since=2025-01-01&until=2026-03-02"
STATISTICS = ["/signals/", "/signals/comparisons/", f"/signals/summary.pdf?{PERIOD}"]
REASON = "Two patients with chills."


def page(person, path, language="en"):
    client = Client(headers={"accept-language": language})
    client.force_login(person)
    answer = client.get(path)
    return answer.status_code, answer.content.decode(errors="replace")


@pytest.fixture
def told(hospital):
    """A year of three products' worth: a bad lot, good ones, one serious event."""
    bad = infusions(hospital, 10, lot=LOT)
    infusions(hospital, 30, lot="LOT-B", since=NOW - timedelta(days=300))
    infusions(hospital, 12, lot="P-1", product="privigen", since=NOW - timedelta(days=200))
    events = [event(hospital, session) for session in bad[:3]]
    sign(hospital.physician, events[0], SERIOUS)
    return events


@pytest.mark.parametrize("language", ["en", "nb", "fa"])
@pytest.mark.parametrize(
    "axis", ["product", "lot", "indication", "step", "first", "risk", "month", "nonsense"]
)
def test_rates_open_along_every_axis_in_every_language(hospital, told, axis, language):
    status, text = page(hospital.physician, f"/signals/?axis={axis}&period=all", language)
    assert status == 200 and 'data-test="rates"' in text and 'data-test="months"' in text


def test_rates_stand_beside_their_denominators(hospital, told):
    status, text = page(hospital.safety_officer, "/signals/?axis=lot&period=all")
    assert status == 200
    row = text.split('data-key="kiovig/LOT-A"')[1].split("</tr>")[0]
    assert ">3<" in row and ">10<" in row and "300.0 (61.9; 876.7)" in row  # 3 in 10, Garwood
    assert "0.25 kg" in row.replace("\u00a0", " ")


def test_comparisons_show_measures_formulas_and_that_none_is_a_risk(hospital, told):
    status, text = page(hospital.safety_officer, "/signals/comparisons/?period=all")
    assert status == 200 and 'data-term="headache"' in text
    assert "none is a risk" in text and "[a / (a + b)] / [c / (c + d)]" in text


@pytest.mark.parametrize("role", ["nurse", "charge_nurse", "administrator"])
def test_who_does_not_judge_signals_sees_which_lots_are_on_hold_and_no_statistics(hospital, told, role):
    hold_lot(performer=hospital.safety_officer, product_code="kiovig", lot_number=LOT, reason=REASON, now=NOW)
    person = getattr(hospital, role)
    for path in STATISTICS:
        assert page(person, path)[0] == 403
    status, text = page(person, "/lots/")
    assert status == 200 and REASON in text and 'data-test="lot-row"' not in text
    assert 'data-test="hold-lot"' not in text
    status, text = page(person, ONE)
    assert status == 200 and REASON in text
    assert 'data-test="exposed"' not in text and 'data-test="release"' not in text


@pytest.mark.parametrize("language", ["en", "nb", "fa"])
def test_a_lot_shows_its_looks_who_was_given_it_and_who_did_what(hospital, told, language):
    officer = hospital.safety_officer
    held = hold_lot(performer=officer, product_code="kiovig", lot_number=LOT, reason=REASON, now=NOW)
    agree_to_release(performer=officer, hold_id=held.pk, reason="Tested.", now=NOW)
    status, text = page(hospital.physician, ONE, language)
    assert status == 200 and text.count('data-test="exposed-row"') == 10
    assert "Testperson Gran" in text and "Tested." in text and 'data-test="release"' in text
    status, text = page(officer, ONE, language)
    assert "Testperson Gran" not in text and 'data-test="waits-for-another"' in text
    assert 'data-test="release"' not in text
    status, text = page(officer, "/lots/", language)
    assert status == 200 and text.count('data-test="lot-row"') == 3


@pytest.mark.parametrize("query", ["", "?product=kiovig", "?product=none&lot=A", "?product=kiovig&lot=--"])
def test_a_lot_that_cannot_be_is_not_found(hospital, query):
    assert page(hospital.physician, f"/lots/one/{query}")[0] == 404


def test_a_lot_number_with_a_slash_has_its_page(hospital):
    infusions(hospital, 2, lot="A/12&3")
    status, text = page(hospital.physician, "/lots/")
    assert "lot=A%2F12%263" in text
    status, text = page(hospital.physician, "/lots/one/?product=kiovig&lot=A%2F12%263")
    assert status == 200 and text.count('data-test="exposed-row"') == 2


def test_the_people_of_another_ward_see_counts_and_no_patient(hospital, elsewhere, told):
    status, text = page(elsewhere.physician, ONE)
    assert status == 200 and 'data-test="exposed-row"' not in text and "Testperson Gran" not in text
    status, text = page(elsewhere.physician, "/signals/?period=all")
    assert 'data-test="rate-row"' not in text


@pytest.mark.parametrize(
    "query", ["", "since=x&until=y", "since=2026-02-01&until=2026-01-01", "since=1800-01-01&until=2026-01-01"]
)
def test_a_summary_of_no_time_is_refused_with_words(hospital, query):
    assert page(hospital.physician, f"/signals/summary.pdf?{query}")[0] == 400
