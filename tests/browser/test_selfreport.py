"""At home, on a telephone, in Persian: the patient opens the link, answers, and is told what to do."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.clients import ApiClient
from tests.flow.steps import running_infusion
from tests.stack import Stack

PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}

NewContext = Callable[..., BrowserContext]


@pytest.fixture
def treated(stack: Stack, request: pytest.FixtureRequest) -> tuple[ApiClient, dict[str, Any]]:
    """A nurse, and a patient of hers whose infusion has ended."""
    nurse, physician = ApiClient(stack, "nurse"), ApiClient(stack, "physician")
    session = running_infusion(stack, nurse, physician, request.node.name[-20:])
    finished = {"version": session["version"], "reason": "Short test infusion"}
    return nurse, nurse.write(f"sessions/{session['id']}/complete/", finished)


@pytest.fixture
def phone(new_context: NewContext, treated: tuple[ApiClient, dict[str, Any]]) -> Page:
    """The form as the patient opened it: no account, nothing known of who holds the telephone."""
    nurse, session = treated
    link = nurse.write(f"courses/{session['course_id']}/self-report-link/", {"language": "fa"})
    page = new_context("fa", **PHONE).new_page()
    page.goto(f"/r/{link['token']}/")
    return page


def test_nothing_is_wrong_and_the_ward_knows(
    phone: Page, treated: tuple[ApiClient, dict[str, Any]], stack: Stack
) -> None:
    expect(phone.locator("html")).to_have_attribute("dir", "rtl")
    assert treated[1]["patient"]["name"] not in phone.content()
    while not phone.get_by_role("button", name="ارسال پاسخ‌ها").is_visible():
        section = phone.locator("section:visible")
        for question in section.locator("fieldset").all():
            question.locator("label", has_text="نه").tap()
        phone.get_by_role("button", name="بعدی", exact=True).tap()
    expect(phone.get_by_role("status")).to_have_text("در بیمارستان ثبت شد.")
    phone.get_by_role("button", name="ارسال پاسخ‌ها").tap()
    expect(phone.get_by_test_id("thanks")).to_be_visible()
    kept = stack.sql(
        "SELECT count(*) AS n FROM selfreport_selfreport r JOIN selfreport_selfreportlink l ON l.id = r.link_id"
        " WHERE l.course_id = %s AND r.completed_at IS NOT NULL",
        (treated[1]["course_id"],),
    )
    assert kept[0]["n"] == 1


def test_a_stiff_neck_without_network_is_told_at_once_and_reaches_the_ward_later(
    phone: Page, treated: tuple[ApiClient, dict[str, Any]], stack: Stack
) -> None:
    phone.context.set_offline(True)
    for symptom in ("bad_headache", "stiff_neck"):
        phone.locator(f"label:has(input[name='a.{symptom}'][value=yes])").tap()
    expect(phone.get_by_role("alert").locator("[data-urgency]")).to_be_visible()
    expect(phone.get_by_role("status")).to_contain_text("هنوز فرستاده نشده")
    phone.context.set_offline(False)
    expect(phone.get_by_role("status")).to_have_text("در بیمارستان ثبت شد.")

    def told() -> bool:
        alerts = stack.sql(
            "SELECT 1 FROM alerts_alert WHERE patient_id = %s AND state = 'raised'",
            (treated[1]["patient"]["id"],),
        )
        return bool(alerts)

    stack.wait_until(told, message="The ward was not told")
