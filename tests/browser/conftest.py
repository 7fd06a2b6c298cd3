"""People at real browsers: Playwright with the system's Chromium."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from ivig_monitor.demo_accounts import PASSWORD
from ivig_monitor.launch.chromium import find_or_install
from ivig_monitor.launch.places import ROOT
from tests.stack import Stack

RESULTS = ROOT / "test-results"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
PATIENCE_MS = 15_000
COOKIES = ("sessionid", "device")  # a session works on its own device only

SignedInPage = Callable[..., Page]


def type_password(page: Page, username: str) -> None:
    """Name and password at the sign-in page, sent."""
    page.goto("/sign-in/")
    page.locator("input[name=username]").fill(username)
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_test_id("sign-in").click()


def sign_in(page: Page, username: str) -> None:
    """To the page behind the sign-in page, for somebody of whom nothing but the password is asked."""
    type_password(page, username)
    page.wait_for_url(lambda url: "/sign-in/" not in url)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the run; every person gets a context of their own."""
    with sync_playwright() as playwright:
        playwright.selectors.set_test_id_attribute("data-test")
        expect.set_options(timeout=PATIENCE_MS)
        browser = playwright.chromium.launch(executable_path=find_or_install(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def new_context(
    chromium: Browser, stack: Stack, request: pytest.FixtureRequest
) -> Iterator[Callable[..., BrowserContext]]:
    """A factory of independent browsers on the shared stack; pictures are kept when the test fails."""
    contexts: list[BrowserContext] = []

    def make(language: str = "en", *, base_url: str | None = None, **options: object) -> BrowserContext:
        base_url = base_url or stack.url
        context = chromium.new_context(base_url=base_url, locale=language, **options)  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE_MS)
        context.add_cookies([{"name": "django_language", "value": language, "url": base_url}])
        contexts.append(context)
        return context

    yield make
    failed = getattr(request.node, "failed_in_call", False)
    for number, context in enumerate(contexts, start=1):
        for page in context.pages if failed else []:
            page.screenshot(path=_picture(request.node.name, number), full_page=True)
        context.close()


@pytest.fixture(scope="session")
def free_sessions() -> dict[tuple[str, str], list[tuple[str, ...]]]:
    """Sessions that earlier tests opened and left, by stack and person: their cookies."""
    return {}


@pytest.fixture
def signed_in_page(
    new_context: Callable[..., BrowserContext], free_sessions: dict[tuple[str, str], list[tuple[str, ...]]]
) -> Iterator[SignedInPage]:
    """`signed_in_page("nurse", language="fa")`: a page of that person, in a browser of their own.

    Passwords are slow on purpose, so a session that an earlier test left is used again; no two pages share one.
    """
    opened: list[tuple[tuple[str, str], BrowserContext, tuple[str, ...]]] = []

    def open_page(username: str, language: str = "en", **options: object) -> Page:
        page = new_context(language, **options).new_page()
        page.goto("/sign-in/")
        place = (page.url.split("/sign-in/")[0], username)
        if not _still_signed_in(page, place[0], free_sessions.get(place, [])):
            sign_in(page, username)
        opened.append((place, page.context, _session(page.context)))
        return page

    yield open_page
    for place, context, session in opened:
        # Whoever signed out, or in as somebody else, has another one by now.
        if _session(context) == session:
            free_sessions.setdefault(place, []).append(session)


def _still_signed_in(page: Page, address: str, left: list[tuple[str, ...]]) -> bool:
    while left:
        kept = zip(COOKIES, left.pop(), strict=True)
        page.context.add_cookies(
            [{"name": name, "value": value, "url": address} for name, value in kept if value]
        )
        page.goto("/")
        if "/sign-in/" not in page.url:
            return True
    return False


def _session(context: BrowserContext) -> tuple[str, ...]:
    known = {cookie["name"]: cookie["value"] for cookie in context.cookies()}
    return tuple(known.get(name, "") for name in COOKIES)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    report = yield
    if report.when == "call" and report.failed:
        item.failed_in_call = True  # type: ignore[attr-defined]
    return report


def _picture(test: str, number: int) -> Path:
    RESULTS.mkdir(exist_ok=True)
    return RESULTS / f"{re.sub(r'[^a-z0-9_-]+', '-', test.lower())}-{number}.png"
