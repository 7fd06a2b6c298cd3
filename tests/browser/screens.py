"""Pictures of the screens: kept beside the results, and in docs/screens when IVIG_SCREENS=docs asks for it."""

import os
import shutil

from playwright.sync_api import Page

from ivig_monitor.launch.places import ROOT
from tests.browser.conftest import RESULTS

KEPT = RESULTS / "screens"
DOCS = ROOT / "docs" / "screens"


def keep_picture(page: Page, name: str) -> None:
    """A picture of a whole page that has settled, what is fixed to the window's edge at its edge."""
    KEPT.mkdir(parents=True, exist_ok=True)
    page.wait_for_load_state()
    window = page.viewport_size
    assert window is not None
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": window["width"], "height": max(window["height"], height)})
    page.screenshot(path=KEPT / f"{name}.png")
    page.set_viewport_size(window)
    to_docs(f"{name}.png")


def to_docs(file_name: str) -> None:
    """Copy what was kept into the documents, if asked."""
    if os.environ.get("IVIG_SCREENS") == "docs":
        DOCS.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(KEPT / file_name, DOCS / file_name)
