"""An officer from the queue to the accepted case: versions, sending, handing over, the receiver's answer."""

import json
import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect

from ivig_monitor.demo_accounts import PASSWORD
from tests.browser.conftest import sign_in
from tests.clients import ApiClient
from tests.conftest import MakeStack
from tests.flow.steps import running_infusion
from tests.reviewing import ENTRY
from tests.stack import Stack
from tests.unit.db.case_stories import SITE
from tests.unit.db.submission_stories import answer_to, report_answer
from tests.unit.meddra.invented import archive

TABLET = {"width": 1180, "height": 820}
RECEIVER = {
    "code": "centre",
    "name": "Centre",
    "identifier": "CENTRE",
    "sender": "CLINIC",
    "delivery": "download",
}


def reviewed_headache(stack: Stack) -> None:
    """A headache at the bedside, which a physician has reviewed and signed."""
    nurse, physician = ApiClient(stack, "nurse"), ApiClient(stack, "physician")
    session = running_infusion(stack, nurse, physician, "sending-1")
    told = {"symptoms": [{"term": "headache", "severity": "moderate"}], "action": "pause"}
    nurse.write(f"sessions/{session['id']}/reactions/", told)
    event = next(one["id"] for one in nurse.read("adverse-events/") if one["session_id"] == session["id"])
    draft = physician.write(f"adverse-events/{event}/review/", ENTRY)
    signature = {"revision": draft["revision"], "meaning": "medical_review", "own_password": PASSWORD}
    physician.write(f"adverse-events/{event}/review/signature/", signature)


def officer_of(stack: Stack, new_context: Callable[..., BrowserContext]) -> Page:
    """A page of the officer on this stack."""
    page = new_context(base_url=stack.url, viewport=TABLET).new_page()
    sign_in(page, "pharmacovigilance")
    return page


def test_an_officer_from_the_queue_to_the_accepted_case(
    make_stack: MakeStack, new_context: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    receivers, terms, answer = (tmp_path / name for name in ("receivers.json", "MedAscii.zip", "ack.xml"))
    receivers.write_text(json.dumps([RECEIVER]))
    terms.write_bytes(archive().getvalue())
    stack = make_stack()
    stack.environment |= {name: value for name, value in SITE.items() if isinstance(value, str)}
    stack.environment["SUBMISSION_RECEIVERS"] = str(receivers)
    stack.start_all()
    stack.manage("load_meddra", str(terms))
    reviewed_headache(stack)

    page = officer_of(stack, new_context)
    page.goto("/cases/")
    page.get_by_test_id("loose-events").locator("input[type=checkbox]").first.check()
    page.get_by_test_id("open-case").click()
    page.wait_for_url(re.compile(r"/cases/\d+/$"))
    case = page.url
    page.get_by_test_id("find-term").first.fill("dummy head")
    page.get_by_test_id("find-term").first.press("Enter")
    page.get_by_test_id("choose-term").first.click()
    expect(page.get_by_test_id("coded").first).to_contain_text("90000001")

    page.goto(f"{case}?tab=sending")
    expect(page.get_by_test_id("no-version")).to_be_visible()
    page.get_by_test_id("tab-versions").click()
    page.get_by_test_id("make-version").click()
    expect(page.get_by_test_id("no-faults")).to_be_visible()
    page.get_by_test_id("tab-sending").click()
    page.get_by_test_id("send-case").click()
    page.wait_for_url(re.compile(r"/submissions/\d+/$"))
    with page.expect_download() as taken:
        page.get_by_test_id("take-file").click()
    assert b"MCCI_IN200100UV01" in Path(taken.value.path()).read_bytes()
    page.get_by_test_id("hand-over").click()
    expect(page.get_by_test_id("submission-state")).to_contain_text("Delivered")

    batch = page.locator("h1").inner_text()
    number = page.get_by_test_id("submitted-report").locator("a").inner_text()
    answer.write_bytes(b"<no acknowledgement/>")
    page.get_by_test_id("acknowledgement-file").set_input_files(answer)
    page.get_by_test_id("bring-acknowledgement").click()
    expect(page.locator("[data-failure]")).to_be_visible()
    answer.write_bytes(answer_to(batch, report_answer(number)))
    page.get_by_test_id("acknowledgement-file").set_input_files(answer)
    page.get_by_test_id("bring-acknowledgement").click()
    expect(page.get_by_test_id("submission-answer")).to_have_text("Accepted")
    expect(page.get_by_test_id("trail").locator("li")).to_have_count(4)
    page.get_by_test_id("submitted-report").locator("a").click()
    expect(page.get_by_test_id("case-sending")).to_have_text("Accepted")
    page.get_by_test_id("submissions-link").click()
    expect(page.get_by_test_id("submission-row")).to_contain_text("Accepted")
