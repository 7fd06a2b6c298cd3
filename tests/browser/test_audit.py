"""An auditor's walk: who saw this patient, who raised this rate, is the chain whole, and the record as a file."""

import csv
import hashlib
import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignedInPage
from tests.browser.screens import keep_picture
from tests.clients import ApiClient
from tests.flow.steps import running_infusion
from tests.stack import Stack

DESK = {"width": 1180, "height": 820}
PHONE = {"width": 390, "height": 844}


def record_number(stack: Stack, patient: int) -> str:
    return next(
        one["medical_record_number"]
        for one in ApiClient(stack, "nurse").read("patients/")
        if one["id"] == patient
    )


def search(page: Page, **typed: str) -> None:
    form = page.get_by_test_id("search")
    for name in ("patient", "person"):
        form.locator(f"input[name={name}]").fill(typed.get(name, ""))
    form.locator("select").select_option(typed.get("kind", "all"))
    page.get_by_test_id("find").click()
    page.wait_for_url("**/audit/?*")


def test_the_auditors_walk(stack: Stack, signed_in_page: SignedInPage, tmp_path: Path) -> None:
    nurse, physician = ApiClient(stack, "nurse"), ApiClient(stack, "physician")
    session = running_infusion(stack, nurse, physician, "audited-1")
    patient = session["patient"]["id"]
    number = record_number(stack, patient)
    nurse.write(f"sessions/{session['id']}/pause/", {"reason": "Asked for by the patient."})
    physician.read(f"patients/{patient}/")

    # Who saw this patient?
    page = signed_in_page("auditor", viewport=DESK)
    page.goto("/")
    expect(page.get_by_test_id("entries")).to_be_visible()
    search(page, patient=number, kind="reads")
    assert number not in page.url
    seen = page.get_by_test_id("entry").filter(has_text="Physician")
    expect(seen.first).to_contain_text("Seen:")
    expect(page.locator("main")).not_to_contain_text(session["patient"]["name"])
    keep_picture(page, "audit-reads")

    # Who changed this rate, from what to what, why and from where?
    search(page, patient=number, kind="changes")
    page.get_by_test_id("entry").filter(has_text="Infusion paused.").first.get_by_role("link").click()
    rate = page.locator("[data-test=value][data-name=rate_ml_per_h] td")
    expect(rate.nth(1)).to_have_text("0")
    assert float(rate.nth(0).inner_text()) > 0
    expect(page.get_by_test_id("entry-facts")).to_contain_text("Asked for by the patient.")
    expect(page.get_by_test_id("entry-facts")).to_contain_text("127.0.0.1")
    expect(page.get_by_test_id("report")).to_have_attribute("data-whole", "yes")
    keep_picture(page, "audit-entry")

    # Is the chain whole?
    page.get_by_test_id("whole").click()
    for part in ("of-subject", "of-days"):
        expect(page.get_by_test_id(part).get_by_test_id("report")).to_have_attribute("data-whole", "yes")

    # The record as a file, and that it was taken.
    page.goto("/audit/")
    search(page, patient=number)
    with page.expect_download() as taken:
        page.get_by_test_id("export").click()
    file = tmp_path / "record.csv"
    taken.value.save_as(file)
    lines = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
    assert {"infusion.session.paused"} <= {line["name"] for line in lines}
    search(page, kind="exports")
    expect(page.get_by_test_id("entry").first).to_contain_text("Auditor")
    told = stack.sql(
        "SELECT payload FROM ledger_event WHERE name = 'audit.export.taken' ORDER BY id DESC LIMIT 1"
    )
    payload = told[0]["payload"]
    payload = json.loads(payload) if isinstance(payload, str) else payload
    assert payload["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert payload["records"] == len(lines)


def test_a_row_changed_in_the_database_is_named_on_the_page(
    stack: Stack, signed_in_page: SignedInPage
) -> None:
    subject = "test:90909"
    stack.sql(
        """
        INSERT INTO ledger_event
            (name, subject, position, actor, occurred_at, recorded_at, payload, previous_hash, hash)
        VALUES ('test.put_in', %s, 1, 'system', now(), now(), '{}', '', repeat('0', 64)) RETURNING id
        """,
        (subject,),
    )
    page = signed_in_page("auditor", viewport=PHONE)
    page.goto(f"/audit/whole/?subject={subject}")
    report = page.get_by_test_id("of-subject").get_by_test_id("report")
    try:
        expect(report).to_have_attribute("data-whole", "no")
        expect(report).to_contain_text(subject)
    finally:
        trigger = "ledger_event {} TRIGGER pgtrigger_event_append_only_1de8b"
        stack.sql(
            f"ALTER TABLE {trigger.format('DISABLE')};"
            f" DELETE FROM ledger_event WHERE subject = '{subject}';"
            f" ALTER TABLE {trigger.format('ENABLE')}"
        )


@pytest.mark.parametrize("language", ["en", "fa", "nb"])
def test_the_record_fits_a_telephone(signed_in_page: SignedInPage, language: str) -> None:
    page = signed_in_page("auditor", language, viewport=PHONE)
    for address in ("/audit/", "/audit/whole/"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
