"""Filters and sound of the ward board, by button and by key."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.boards import alert_of, card, dress, fever_rises, infusion
from tests.browser.conftest import SignedInPage
from tests.stack import Stack


@pytest.fixture
def board(signed_in_page: SignedInPage) -> Page:
    page = signed_in_page("nurse")
    expect(page.get_by_test_id("session-card").first).to_be_visible()
    return page


def test_filters_count_hide_and_are_remembered(stack: Stack, signed_in_page: SignedInPage) -> None:
    mine, watched = infusion(stack, "filter-1"), infusion(stack, "filter-2")
    nurse = stack.sql("SELECT id FROM accounts_user WHERE username = 'nurse'")[0]["id"]
    dress(stack, mine, responsible={"id": nurse, "name": "Demo Nurse"})
    dress(stack, watched, watching=True, responsible=None)
    board = signed_in_page("nurse")
    everything = board.get_by_test_id("session-card").count()
    expect(board.get_by_test_id("filter-all")).to_contain_text(str(everything))

    board.keyboard.press("3")
    expect(board.get_by_test_id("filter-mine")).to_have_attribute("aria-pressed", "true")
    expect(card(board, mine)).to_be_visible()
    expect(card(board, watched)).to_have_count(0)
    expect(board.get_by_test_id("filter-note")).to_contain_text("Hidden by the filter")
    board.get_by_test_id("filter-watched").click()
    expect(card(board, watched)).to_be_visible()
    expect(card(board, mine)).to_have_count(0)

    board.reload()
    expect(board.get_by_test_id("filter-watched")).to_have_attribute("aria-pressed", "true")
    expect(card(board, mine)).to_have_count(0)
    board.get_by_test_id("show-all").click()
    expect(board.get_by_test_id("session-card")).to_have_count(everything)
    expect(board.get_by_test_id("filter-note")).to_be_hidden()


def test_no_filter_hides_a_high_alarm_that_nobody_has_taken(stack: Stack, board: Page) -> None:
    session = infusion(stack, "filter-3")
    expect(card(board, session)).to_be_visible()
    board.keyboard.press("5")
    expect(card(board, session)).to_have_count(0)
    fever_rises(stack, session, "39.8")
    expect(card(board, session)).to_be_visible()
    expect(board.get_by_test_id("filter-note")).to_contain_text("shown whatever the filter")
    alert_of(board, "39.8 °C").get_by_test_id("alert-acknowledge").click()
    expect(card(board, session)).to_have_count(0)
    board.keyboard.press("2")
    expect(board.get_by_test_id("filter-now")).to_have_attribute("aria-pressed", "true")


def test_s_pauses_the_sound_for_two_minutes_and_nothing_else(stack: Stack, board: Page) -> None:
    session = infusion(stack, "sound-1")
    fever_rises(stack, session, "39.9")
    alarm = alert_of(board, "39.9 °C")
    expect(alarm).to_be_visible()
    sound = board.get_by_test_id("sound")
    board.keyboard.press("x")
    expect(sound).to_have_attribute("data-sound", "on")
    board.keyboard.press("s")
    expect(sound).to_have_attribute("data-sound", "paused")
    expect(sound).to_have_text(re.compile(r"Sound paused 0[12]:\d\d"))
    expect(sound).to_have_attribute("aria-pressed", "true")
    expect(board.get_by_test_id("said")).to_contain_text("Alarms stay on the screen")
    expect(alarm).to_be_visible()
    assert alarm.locator(".priority-mark").evaluate("mark => getComputedStyle(mark).animationName") == "alarm"
    board.keyboard.press("s")
    expect(sound).to_have_attribute("data-sound", "on")


def test_the_sound_comes_back_by_itself(signed_in_page: SignedInPage) -> None:
    page = signed_in_page("nurse")
    page.clock.install()
    page.reload()
    sound = page.get_by_test_id("sound")
    page.keyboard.press("x")
    expect(sound).to_have_attribute("data-sound", "on")
    page.keyboard.press("s")
    page.clock.fast_forward(100_000)
    expect(sound).to_have_text(re.compile(r"Sound paused 00:[12]\d"))
    page.clock.fast_forward(25_000)
    expect(sound).to_have_attribute("data-sound", "on")


def test_a_persian_keyboard_has_the_same_keys(board: Page) -> None:
    board.keyboard.press("x")
    expect(board.get_by_test_id("sound")).to_have_attribute("data-sound", "on")
    press = "([key, code]) => document.body.dispatchEvent(new KeyboardEvent('keydown', { key, code, bubbles: true }))"
    board.evaluate(press, ["س", "KeyS"])
    expect(board.get_by_test_id("sound")).to_have_attribute("data-sound", "paused")
    board.evaluate(press, ["۴", "Digit4"])
    expect(board.get_by_test_id("filter-running")).to_have_attribute("aria-pressed", "true")
    board.evaluate(press, ["؟", "Slash"])
    expect(board.get_by_test_id("keys")).to_be_visible()


def test_the_keys_are_shown_and_can_be_turned_off(board: Page) -> None:
    board.keyboard.press("?")
    keys = board.get_by_test_id("keys")
    expect(keys).to_contain_text("Pause the sound for two minutes")
    board.keyboard.press("4")
    expect(board.get_by_test_id("filter-all")).to_have_attribute("aria-pressed", "true")
    board.get_by_test_id("single-keys").uncheck()
    board.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    board.keyboard.press("4")
    expect(board.get_by_test_id("filter-all")).to_have_attribute("aria-pressed", "true")


def test_an_untaken_alarm_flashes_and_motion_can_be_refused(
    stack: Stack, signed_in_page: SignedInPage
) -> None:
    session = infusion(stack, "flash-1")
    fever_rises(stack, session, "40.0")
    page = signed_in_page("nurse", reduced_motion="reduce")
    mark = card(page, session).locator(".priority-mark")
    expect(mark).to_be_visible()
    assert mark.evaluate("mark => getComputedStyle(mark).animationName") == "none"
    expect(card(page, session)).to_contain_text("not acknowledged")
