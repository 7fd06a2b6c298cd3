"""What stands first on the ward board, and that nothing jumps under a finger."""

from threading import Thread

import pytest
from playwright.sync_api import Page, expect

from tests.browser.boards import alert_of, card, fever_rises, infusion, order, with_a_finger_on
from tests.browser.conftest import SignedInPage
from tests.stack import Stack

TABLET = {"width": 1180, "height": 820}
SORTED = """async ([rows, alerts]) => {
  const [{ sortSessions, worstAlerts }, { now }] = await Promise.all([
    import("/static/js/board-order.js"), import("/static/js/clock.js")]);
  const due = (row) => row.due === undefined ? null : { due_at: new Date(now() + row.due * 60000).toISOString() };
  const sessions = rows.map((row, index) => ({ ...row, session_id: index + 1, patient_id: row.bed, next: due(row) }));
  const ids = Object.fromEntries(sessions.map((row) => [row.name, row.session_id]));
  const raised = alerts.map((alert, id) => ({ kind: "alert", alert_id: id, ...alert, session_id: ids[alert.of] }));
  const people = Object.fromEntries(rows.map((row) => [row.bed, { bed: row.bed }]));
  return sortSessions(sessions, worstAlerts(raised), people).map((row) => row.name);
}"""

AMONG_THE_FIRST = """id => {
  const cards = [...document.querySelectorAll(".session-card")];
  const worst = cards.filter((card) => card.matches("[data-alarm=raised][data-priority=high]"));
  return cards.indexOf(document.querySelector(`[data-session="${id}"]`)) < worst.length;
}"""


@pytest.fixture
def board(signed_in_page: SignedInPage) -> Page:
    page = signed_in_page("nurse", viewport=TABLET)
    expect(page.get_by_test_id("board-status")).to_have_attribute("data-status", "live")
    return page


def test_the_worst_alarm_then_the_most_overdue_then_the_score_then_what_is_due(board: Page) -> None:
    rows = [
        {"name": "quiet, bed 12", "bed": "12"},
        {"name": "quiet, bed 9", "bed": "9"},
        {"name": "due in 20 min", "bed": "1", "due": 20},
        {"name": "due in 5 min", "bed": "2", "due": 5},
        {"name": "score medium", "bed": "3", "due": 50, "score": {"level": "urgent"}},
        {"name": "score high", "bed": "4", "due": 50, "score": {"level": "emergency"}},
        {"name": "score nobody knows", "bed": "5", "due": 60, "score": {"level": "purple"}},
        {"name": "5 min overdue, score high", "bed": "6", "due": -5, "score": {"level": "emergency"}},
        {"name": "30 min overdue", "bed": "7", "due": -30},
        {"name": "high, taken", "bed": "8", "due": -60},
        {"name": "medium, untaken", "bed": "10"},
        {"name": "high, untaken", "bed": "11"},
        {"name": "high, untaken, overdue", "bed": "13", "due": -1},
        {"name": "high taken and medium untaken", "bed": "14", "due": 1},
    ]
    alerts = [
        {"of": "high, taken", "priority": "high", "state": "acknowledged"},
        {"of": "medium, untaken", "priority": "medium", "state": "raised"},
        {"of": "high, untaken", "priority": "high", "state": "raised"},
        {"of": "high, untaken, overdue", "priority": "high", "state": "raised"},
        {"of": "high taken and medium untaken", "priority": "high", "state": "acknowledged"},
        {"of": "high taken and medium untaken", "priority": "medium", "state": "raised"},
        {"of": "quiet, bed 9", "priority": "high", "state": "resolved"},
    ]
    assert board.evaluate(SORTED, [rows, alerts]) == [
        "high, untaken, overdue",
        "high, untaken",
        "high taken and medium untaken",
        "medium, untaken",
        "high, taken",
        "30 min overdue",
        "5 min overdue, score high",
        "score high",
        "score medium",
        "due in 5 min",
        "due in 20 min",
        "score nobody knows",
        "quiet, bed 9",
        "quiet, bed 12",
    ]


def test_a_card_waits_for_the_finger_and_then_goes_first(stack: Stack, board: Page) -> None:
    session = infusion(stack, "order-1")
    expect(card(board, session)).to_be_visible()
    link = card(board, session).get_by_role("link")
    link.focus()
    alarm = card(board, session).get_by_test_id("card-alarm")
    colleague = Thread(target=fever_rises, args=(stack, session, "39.1"))
    board.mouse.move(300, 400)
    before = order(board)
    colleague.start()
    with_a_finger_on(board, lambda: alarm.count() > 0)
    assert order(board) == before, "The alarm shows at once, the card stays where it is."
    assert alert_of(board, "39.1 °C").count() == 1
    # Left alone, it joins the untaken high alarms; other tests may have left some on the ward.
    board.wait_for_function(AMONG_THE_FIRST, arg=str(session))
    expect(link).to_be_focused()
    colleague.join()


def test_the_next_alert_does_not_slip_under_a_second_tap(stack: Stack, board: Page) -> None:
    first, second = infusion(stack, "order-2"), infusion(stack, "order-3")
    fever_rises(stack, first, "39.3")
    fever_rises(stack, second, "39.4")
    expect(alert_of(board, "39.4 °C")).to_be_visible()
    shown = "items => items.map((item) => item.dataset.row)"
    tapped = alert_of(board, "39.3 °C")
    tapped.get_by_test_id("alert-acknowledge").scroll_into_view_if_needed()
    board.mouse.move(300, 400)
    before = board.get_by_test_id("alert").evaluate_all(shown)
    tapped.get_by_test_id("alert-acknowledge").click()
    with_a_finger_on(board, lambda: tapped.get_by_test_id("alert-acknowledged").count() > 0)
    assert board.get_by_test_id("alert").evaluate_all(shown) == before
    # Left alone, the taken alert makes room for the untaken one.
    board.wait_for_function(
        "() => { const states = [...document.querySelectorAll('.alert')].map((item) => item.dataset.state);"
        " return states.lastIndexOf('raised') < states.indexOf('acknowledged'); }"
    )
    alert_of(board, "39.4 °C").get_by_test_id("alert-acknowledge").click()
