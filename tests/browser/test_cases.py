"""An officer loads the site's terminology, opens a case, codes it, asks the ward and writes the narrative."""

import re
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import SignedInPage
from tests.unit.meddra.invented import archive

TABLET = {"width": 1180, "height": 820}


def test_an_officer_from_the_archive_to_the_narrative(signed_in_page: SignedInPage, tmp_path: Path) -> None:
    page = signed_in_page("pharmacovigilance", viewport=TABLET)
    path = tmp_path / "MedAscii.zip"
    path.write_bytes(b"no archive")
    page.goto("/terminology/")
    page.get_by_test_id("archive").set_input_files(path)
    page.get_by_test_id("load-meddra").click()
    expect(page.locator("[data-failure]")).to_contain_text("not a zip archive")
    path.write_bytes(archive().getvalue())
    page.get_by_test_id("archive").set_input_files(path)
    page.get_by_test_id("load-meddra").click()
    expect(page.get_by_test_id("versions")).to_contain_text("99.0")

    page.goto("/cases/")
    page.get_by_test_id("loose-events").locator("input[type=checkbox]").first.check()
    page.get_by_test_id("open-case").click()
    page.wait_for_url(re.compile(r"/cases/\d+/$"))
    expect(page.get_by_test_id("coded").first).to_contain_text("Not coded")
    page.get_by_test_id("find-term").first.fill("dummy head")
    page.get_by_test_id("find-term").first.press("Enter")
    page.get_by_test_id("choose-term").first.click()
    expect(page.get_by_test_id("coded").first).to_contain_text("90000001")

    page.get_by_test_id("tab-questions").click()
    page.get_by_test_id("question").fill("At what hour did it pass?")
    page.get_by_test_id("ask").click()
    expect(page.get_by_test_id("query")).to_contain_text("At what hour did it pass?")
    nurse = signed_in_page("nurse", viewport=TABLET)
    nurse.get_by_test_id("questions-link").click()
    asked = nurse.get_by_test_id("query").filter(has_text="At what hour did it pass?")
    asked.get_by_test_id("answer").fill("At noon.")
    asked.get_by_test_id("send-answer").click()
    expect(asked).to_have_count(0)

    page.get_by_test_id("tab-narrative").click()
    narrative = page.get_by_test_id("narrative")
    expect(narrative).to_have_value(re.compile("the ward answered: “At noon.”"))
    narrative.fill("What we know.")
    page.get_by_test_id("save-narrative").click()
    expect(page.get_by_test_id("narrative-state")).to_contain_text("Written by")
    page.get_by_test_id("tab-clocks").click()
    expect(page.get_by_test_id("clock").first).to_be_visible()
