"""Therapy over time: what is typed appears in the plot and in the table under it, in both directions of writing."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignedInPage
from tests.browser.screens import keep_picture
from tests.clients import ApiClient
from tests.flow.steps import new_patient, open_course
from tests.stack import Stack

TABLET = {"width": 1024, "height": 900}
PHONE = {"width": 390, "height": 844}


def treated_patient(stack: Stack, number: str) -> int:
    """A patient of whose replacement a dose was given 84, 56 and 28 days ago, with IgG and infections."""
    nurse, physician = ApiClient(stack, "nurse"), ApiClient(stack, "physician")
    patient = new_patient(nurse, number)
    today = stack.clinical_now.date()
    for ago in (84, 56, 28):
        course = open_course(
            physician,
            patient,
            today.isoformat(),
            indication_code="review_cvid",
            regimen_code="replacement",
            dose_g_per_kg="0.4",
            days=1,
        )
        stack.sql(
            "UPDATE courses_infusionday SET status = 'done', given_on = %s, given_g = 25 WHERE course_id = %s",
            (today - timedelta(days=ago), course["id"]),
        )
        stack.sql("UPDATE courses_course SET status = 'completed' WHERE id = %s", (course["id"],))
    for ago, value, unit in ((56, "480", "mg/dL"), (28, "5.6", "g/L")):
        day = (today - timedelta(days=ago)).isoformat()
        nurse.write(f"patients/{patient}/troughs/", {"measured_on": day, "value": value, "unit": unit})
    for ago, severity in ((70, "mild"), (40, "serious")):
        day = (today - timedelta(days=ago)).isoformat()
        nurse.write(f"patients/{patient}/infections/", {"occurred_on": day, "severity": severity})
    return patient


@pytest.mark.parametrize("language", ["en", "fa"])
def test_what_is_typed_appears_in_the_plot_and_in_the_table(
    stack: Stack, signed_in_page: SignedInPage, language: str
) -> None:
    patient = treated_patient(stack, f"plot-{language}")
    page = signed_in_page("nurse", language, viewport=TABLET)
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda line: problems.append(line.text) if line.type == "error" else None)
    page.goto(f"/patients/{patient}/replacement/")
    _is_drawn(page)
    expect(page.get_by_test_id("entry")).to_have_count(7)

    form = page.get_by_test_id("trough-form")
    form.locator("[name=value]").fill("۷۰۰")
    form.locator("[name=unit]").select_option("g/L")
    form.locator("[name=note]").fill("before the infusion")
    form.get_by_test_id("save-trough").click()
    expect(form.locator("[name=value]")).to_have_attribute("aria-invalid", "true")
    expect(form.locator(".field-error")).to_be_visible()
    expect(form.locator("[name=value]")).to_have_value("۷۰۰")
    expect(form.locator("[name=note]")).to_have_value("before the infusion")
    problems.clear()  # the browser logs the refusal of the server
    form.locator("[name=unit]").select_option("mg/dL")
    form.get_by_test_id("save-trough").click()
    expect(page.get_by_test_id("entry")).to_have_count(8)
    newest = page.get_by_test_id("igg").first
    expect(newest).to_have_text("۷ g/L" if language == "fa" else "7 g/L")
    _is_drawn(page)
    keep_picture(page, f"{language}-replacement")

    page.goto(f"/patients/{patient}/history/")
    _is_drawn(page)
    expect(page.get_by_test_id("grams-in-all")).to_have_text("۷۵\u00a0g" if language == "fa" else "75\u00a0g")
    page.set_viewport_size(PHONE)
    _is_drawn(page)
    keep_picture(page, f"{language}-history-phone")
    assert problems == []


def _is_drawn(page: Page) -> None:
    """The plot is as wide as its card, runs left to right, and is not empty."""
    plot = page.get_by_test_id("plot")
    expect(plot.locator("canvas")).to_be_visible()
    expect(plot).to_have_attribute("dir", "ltr")
    page.wait_for_function(
        """() => {
          const area = document.querySelector("[data-plot-area]");
          const canvas = area.querySelector("canvas");
          if (Math.abs(canvas.getBoundingClientRect().width - area.clientWidth) > 2) return false;
          const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
          return pixels.some((value) => value !== 0);
        }"""
    )
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0
