"""Pictures of the screens: kept beside the results, and in docs/screens when IVIG_SCREENS=docs asks for it."""

import os

from PIL import Image
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
    if os.environ.get("IVIG_SCREENS") == "docs":
        DOCS.mkdir(parents=True, exist_ok=True)
        with Image.open(KEPT / f"{name}.png") as picture:
            few_colours = picture.convert("RGB").quantize(48)
        few_colours.save(DOCS / f"{name}.png", optimize=True)
