"""The board as a corridor, a wall, a tablet, a phone, a keyboard and a screen reader meet it."""

import re

import pytest
from playwright.sync_api import Page, Response, expect

from tests.browser.boards import alert_of, card, dress, fever_rises, infusion, people_at_work
from tests.browser.conftest import SignedInPage
from tests.stack import Stack

PHONE = {"width": 390, "height": 844}
TABLET = {"width": 1180, "height": 820}
TABLET_UPRIGHT = {"width": 820, "height": 1180}
WALL = {"width": 1920, "height": 1080}
LATIN_DIGITS = re.compile("[0-9]")


def test_in_a_corridor_no_name_reaches_the_device(stack: Stack, signed_in_page: SignedInPage) -> None:
    session = infusion(stack, "kiosk-1")
    nurse, _ = people_at_work(stack)
    names = [patient["name"] for patient in nurse.read("patients/")]
    page = signed_in_page("nurse")
    page.get_by_test_id("view-menu").click()
    sent: list[str] = []

    def keep(answer: Response) -> None:
        if "json" in answer.headers.get("content-type", "") or "html" in answer.headers.get(
            "content-type", ""
        ):
            sent.append(answer.text())

    page.on("response", keep)
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: sent.append(str(frame))))
    page.get_by_test_id("view-kiosk").click()
    expect(page.get_by_test_id("board-status")).to_have_attribute("data-status", "live")
    fever_rises(stack, session, "39.5")
    expect(card(page, session)).to_contain_text("High priority")
    page.reload()
    expect(card(page, session)).to_contain_text("not acknowledged")
    expect(page.locator("body")).to_have_attribute("data-view", "kiosk")

    assert len(sent) > 3
    assert [name for name in names for text in sent if name in text or name in page.content()] == []
    text = card(page, session).inner_text()
    assert re.sub(r"\s+", " ", text).strip() == "Bed kiosk-1 T.K. !!! High priority not acknowledged"
    assert page.locator("main a[href^='/']").count() == 0
    assert page.get_by_test_id("alert-acknowledge").count() == 0
    page.get_by_test_id("view-menu").click()
    page.get_by_test_id("view-normal").click()
    expect(card(page, session)).to_contain_text("Test kiosk-1")


def test_twelve_infusions_fit_a_wall_without_scrolling(
    fresh_stack: Stack, signed_in_page: SignedInPage
) -> None:
    ill, *_ = [infusion(fresh_stack, f"{number}") for number in range(31, 36)]
    fever_rises(fresh_stack, ill, "38.8")
    score = {"code": "news2", "total": 7, "level": "emergency", "missing": [], "trend": "up"}
    dress(fresh_stack, ill, score=score, reaction_open=True)
    for language in ("en", "fa"):
        page = signed_in_page("nurse", language, base_url=fresh_stack.url, viewport=WALL)
        page.goto(f"{page.url}?view=wall")
        _twelve_fit(page, ill)


def _twelve_fit(page: Page, ill: int) -> None:
    expect(page.get_by_test_id("session-card")).to_have_count(12)
    expect(page.get_by_test_id("session-card").first).to_have_attribute("data-session", str(ill))
    expect(page.get_by_test_id("session-card").first.get_by_test_id("score")).to_be_visible()
    expect(page.get_by_test_id("alert").first).to_be_visible()
    expect(page.get_by_test_id("clock")).to_be_visible()
    expect(page.locator(".main-nav")).to_have_count(0)
    assert _overflow(page, "html") == (0, 0)
    assert _overflow(page, "[data-test=sessions]") == (0, 0)
    heights = page.get_by_test_id("session-card").evaluate_all(
        "cards => cards.map((card) => card.scrollHeight - card.clientHeight)"
    )
    assert heights == [0] * 12
    lines = page.locator(".card-rate .now, .countdown").evaluate_all(
        "items => items.map((item) => parseFloat(getComputedStyle(item).fontSize))"
    )
    assert min(lines) >= 20
    assert page.locator("body").evaluate("body => getComputedStyle(body).cursor") == "none"
    page.mouse.move(40, 40)
    page.mouse.move(60, 60)
    assert page.locator("body").evaluate("body => getComputedStyle(body).cursor") != "none"


@pytest.mark.parametrize("language", ["en", "fa", "nb"])
def test_nothing_is_cut_off_on_a_smaller_screen(signed_in_page: SignedInPage, language: str) -> None:
    page = signed_in_page("nurse", language)
    for view in ("wall", "kiosk", "normal"):
        page.goto(f"{page.url.split('?')[0]}?view={view}")
        expect(page.get_by_test_id("session-card").first).to_be_visible()
        for size in (PHONE, TABLET, TABLET_UPRIGHT):
            page.set_viewport_size(size)
            assert _overflow(page, "html")[0] == 0, (view, size)
            small = page.locator("main button:visible, main summary:visible").evaluate_all(
                "items => items.filter((item) => item.getBoundingClientRect().height < 44)"
                ".map((item) => item.outerHTML)"
            )
            assert small == [], "Gloves need 44 px."


def test_persian_reads_from_the_right_with_persian_digits(stack: Stack, signed_in_page: SignedInPage) -> None:
    session = infusion(stack, "64")
    dress(
        stack, session, score={"code": "news2", "total": 5, "level": "urgent", "missing": [], "trend": "up"}
    )
    page = signed_in_page("nurse", "fa", viewport=TABLET)
    mine = card(page, session)
    expect(mine.get_by_test_id("score")).to_contain_text("۵")
    for part in (
        mine.get_by_test_id("rate-now"),
        mine.locator(".bed"),
        mine.locator(".card-volume"),
        mine.locator(".countdown"),
    ):
        assert not LATIN_DIGITS.search(part.inner_text())
    assert mine.locator(".bed").bounding_box()["x"] > mine.get_by_test_id("state").bounding_box()["x"]  # type: ignore[index]
    alerts, cards = (
        page.get_by_test_id("alerts").bounding_box(),
        page.get_by_test_id("sessions").bounding_box(),
    )
    assert alerts and cards and alerts["x"] > cards["x"]


def test_a_card_is_an_article_with_a_heading_and_says_its_score_in_words(
    stack: Stack, signed_in_page: SignedInPage
) -> None:
    session = infusion(stack, "65")
    nurse = stack.sql("SELECT id FROM accounts_user WHERE username = 'nurse'")[0]["id"]
    dress(
        stack,
        session,
        score={"code": "news2", "total": 7, "level": "emergency", "missing": [], "trend": "up"},
        hung_left_ml="35.0",
        responsible={"id": nurse, "name": "Demo Nurse"},
        reaction_open=True,
        watching=True,
    )
    page = signed_in_page("nurse")
    article = page.get_by_role("article", name="Bed 65 Test 65")
    expect(article.get_by_role("heading", level=3)).to_contain_text("Test 65")
    expect(article.get_by_test_id("score")).to_contain_text(re.compile(r"NEWS2\s*7.*rising.*high risk"))
    for words in ("Reaction goes on", "Watched after the end", "Left in the hung vial: 3", "Demo Nurse"):
        expect(article).to_contain_text(words)

    dress(
        stack, session, score={"code": "news2", "total": None, "level": "low", "missing": ["consciousness"]}
    )
    page.reload()
    expect(article.get_by_test_id("score")).to_contain_text("incomplete")
    expect(article).to_contain_text("missing: consciousness")


def test_a_screen_reader_hears_of_an_alarm_when_it_is_new_and_only_then(
    stack: Stack, signed_in_page: SignedInPage
) -> None:
    old, new = infusion(stack, "66"), infusion(stack, "67")
    fever_rises(stack, old, "39.6")
    page = signed_in_page("nurse")
    expect(alert_of(page, "39.6 °C")).to_be_visible()
    log = page.locator("[data-announcer]")
    assert log.get_attribute("aria-live") == "assertive"
    fever_rises(stack, new, "39.7")
    expect(log).to_contain_text("High priority: Bed 67, Test 67: Temperature 39.7 °C")
    expect(log).not_to_contain_text("39.6 °C")
    alert_of(page, "39.7 °C").get_by_test_id("alert-acknowledge").click()
    expect(page.get_by_test_id("said")).to_have_text("Acknowledged")
    assert log.locator("span").count() == 1


def _overflow(page: Page, selector: str) -> tuple[int, int]:
    """How many pixels an element is wider and higher than what it shows."""
    wider, higher = page.locator(selector).evaluate(
        "e => [e.scrollWidth - e.clientWidth, e.scrollHeight - e.clientHeight]"
    )
    return wider, higher
