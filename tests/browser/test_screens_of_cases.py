"""A picture of what physicians and officers see of adverse events, with the demo's four cases."""

import json
import os
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, expect

from ivig_monitor.demo_site import DEMO_SITE
from tests.browser.conftest import sign_in
from tests.browser.screens import keep_picture
from tests.clients import ApiClient
from tests.stack import Stack, StackTemplate

DESK = {"width": 1180, "height": 820}
TABLET = {"width": 820, "height": 1180}
PHONE = {"width": 390, "height": 844}
RECEIVER = {
    "code": "centre",
    "name": "Regional centre",
    "identifier": "CENTRE",
    "sender": "DEMO",
    "delivery": "download",
}


@pytest.fixture(scope="module")
def demo(servers: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The demo as its launcher starts it: with a site, and with somebody to send to."""
    template = StackTemplate(os.environ["DATABASE_URL"], site=DEMO_SITE)
    directory = tmp_path_factory.mktemp("cases")
    stack = Stack(template, directory)
    try:
        receivers = directory / "receivers.json"
        receivers.write_text(json.dumps([RECEIVER]))
        stack.environment |= DEMO_SITE | {"SUBMISSION_RECEIVERS": str(receivers)}
        stack.start_all()
        yield stack
    finally:
        stack.stop_all()
        template.drop()


@pytest.mark.long
@pytest.mark.parametrize(
    ("language", "scheme", "window", "kind"),
    [
        ("en", "light", DESK, "desk"),
        ("fa", "dark", TABLET, "tablet"),
        ("nb", "light", PHONE, "phone"),
    ],
)
def test_every_screen_of_adverse_events(
    demo: Stack,
    new_context: Callable[..., BrowserContext],
    language: str,
    scheme: str,
    window: dict[str, int],
    kind: str,
) -> None:
    cases = {case["terms"][0]: case["id"] for case in ApiClient(demo, "pharmacovigilance").read("cases/")}
    meningitis = next(
        event["id"]
        for event in ApiClient(demo, "physician").read("adverse-events/")
        if event["patient"]["name"] == "Demo Syrin"
    )
    problems: list[str] = []

    def look(username: str, addresses: dict[str, str]) -> None:
        page = new_context(language, base_url=demo.url, viewport=window, color_scheme=scheme).new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        sign_in(page, username)
        for name, address in addresses.items():
            page.goto(address)
            page.wait_for_load_state("networkidle")
            expect(page.locator("h1")).to_be_visible()
            if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                problems.append(f"{name} runs out of the page")
            keep_picture(page, f"{name}-{kind}-{language}")

    look("physician", {"to-review": "/adverse-events/", "review": f"/adverse-events/{meningitis}/"})
    look(
        "pharmacovigilance",
        {
            "cases": "/cases/",
            "case": f"/cases/{cases['Anaphylaxis']}/",
            "case-narrative": f"/cases/{cases['Anaphylaxis']}/?tab=narrative",
            "case-clocks": f"/cases/{cases['Anaphylaxis']}/?tab=clocks",
            "case-versions": f"/cases/{cases['Hemolysis']}/?tab=versions",
            "case-sending": f"/cases/{cases['Hemolysis']}/?tab=sending",
            "signals": "/signals/",
            "comparisons": "/signals/comparisons/",
            "lots": "/lots/",
        },
    )
    assert problems == []
