"""A course from the search of the guideline to its approval, in English and in Persian."""

import re

import pytest
from playwright.sync_api import Page, expect

from ivig_monitor.demo_accounts import PASSWORD
from tests.browser.conftest import SignedInPage

TABLET = {"width": 1180, "height": 820}


def test_a_prescriber_is_warned_about_privigen_and_departs_from_the_page_with_a_colleague(
    signed_in_page: SignedInPage,
) -> None:
    page = signed_in_page("physician", viewport=TABLET)
    _search(page, "Demo Willow", "multifocal")
    page.locator("[data-slug=nel_mmn]").get_by_test_id("use-regimen").first.click()
    page.locator("#product_code").select_option("privigen")
    page.locator("#weight_kg").fill("70")
    page.locator("#blood_group").select_option("A")
    page.locator("#dose_g_per_kg").fill("2.2")
    finding = page.locator("[data-finding=rate_above_label]")
    expect(finding).to_contain_text("6")
    expect(finding).to_contain_text("4.8")
    ceiling = page.locator("[data-finding='ceiling.course_2_g_per_kg']")
    expect(ceiling).to_have_attribute("data-level", "second_person")

    page.get_by_test_id("open-course").click()
    expect(page.locator(".form-summary")).to_contain_text("still need your answer")
    expect(ceiling).to_have_class(re.compile("is-missing"))
    _answer_everything(page, "relapse on 2 g/kg, discussed with the ward")
    page.get_by_test_id("own-password").fill(PASSWORD)
    page.get_by_test_id("second-username").fill("physician")
    page.get_by_test_id("second-password").fill(PASSWORD)
    page.get_by_test_id("open-course").click()
    expect(page.locator(".field-error")).to_contain_text("somebody else")
    expect(page.locator("#weight_kg")).to_have_value("70")
    page.get_by_test_id("second-username").fill("nurse")
    page.get_by_test_id("open-course").click()

    page.wait_for_url(re.compile(r"/courses/\d+/$"))
    expect(page.get_by_test_id("total-g")).to_have_text("154 g")
    expect(page.get_by_test_id("infusion-day")).to_have_count(5)
    expect(page.get_by_test_id("course-version")).to_contain_text("Demo Nurse")

    page.get_by_test_id("change-course").click()
    page.locator("#weight_kg").fill("75")
    page.locator("#dose_g_per_kg").fill("2")
    page.locator("#reason").fill("weighed again")
    expect(page.get_by_test_id("total-g")).to_have_text("150 g")
    _answer_everything(page, "weighed twice")
    page.get_by_test_id("open-course").click()
    page.wait_for_url(re.compile(r"/courses/\d+/$"))
    expect(page.get_by_test_id("course-version")).to_have_count(2)
    expect(page.get_by_test_id("versions")).to_contain_text("weighed again")


def test_in_persian_from_the_form_that_has_expired(signed_in_page: SignedInPage) -> None:
    page = signed_in_page("physician", language="fa", viewport=TABLET)
    # ي and ك of an Arabic keyboard, no half-space.
    _search(page, "Demo Willow", "مياستني")
    page.locator("[data-slug=myasthenia_gravis]").get_by_test_id("use-regimen").first.click()
    expect(page.get_by_test_id("expiry-banner")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    page.locator("#product_code").select_option("kiovig")
    page.locator("#weight_kg").fill("۶۰")
    page.locator("#blood_group").select_option("O")
    page.locator("#dose_g_per_kg").fill("۲/۴")
    expect(page.get_by_test_id("dose-preview")).to_contain_text("۲/۴")
    page.locator("#dose_g_per_kg").fill("۲")
    page.locator("#days").select_option("5")
    expect(page.get_by_test_id("total-g")).to_have_text("۱۲۰ g")
    expect(page.get_by_test_id("vial-plan")).to_contain_text("۲۵۰ mL")
    expect(page.locator("[data-finding=document_expired]")).to_be_visible()
    _answer_everything(page, "با منبع به‌روز سنجیده شد")
    page.get_by_test_id("open-course").click()
    page.wait_for_url(re.compile(r"/courses/\d+/$"))
    expect(page.get_by_test_id("total-g")).to_have_text("۱۲۰ g")
    expect(page.get_by_test_id("infusion-day")).to_have_count(5)


def test_a_queried_dose_waits_for_two_people(signed_in_page: SignedInPage) -> None:
    page = signed_in_page("physician", viewport=TABLET)
    _search(page, "Demo Willow", "relapsing")
    page.locator("[data-slug=relapsing_ms]").get_by_test_id("use-regimen").first.click()
    _fill_sixty_kilograms(page)
    expect(page.get_by_test_id("dose-preview")).to_contain_text("under query")
    expect(page.get_by_test_id("total-g")).to_have_count(0)

    page.get_by_test_id("state-reading").click()
    expect(page.get_by_test_id("anomaly").first).to_be_visible()
    page.get_by_test_id("readings").locator("summary").first.click()
    form = page.get_by_test_id("reading-form").first
    form.locator("[name=amount_mg_per_kg_min]").fill("2000")
    form.locator("[name=amount_mg_per_kg_max]").fill("2000")
    form.locator("[name=basis]").select_option("total_course")
    form.locator("[name=reason]").fill("2 g/kg in all, as the form prints elsewhere")
    form.get_by_test_id("own-password").fill(PASSWORD)
    form.get_by_test_id("second-username").fill("charge")
    form.get_by_test_id("second-password").fill(PASSWORD)
    form.get_by_test_id("accept-reading").click()
    expect(page.get_by_test_id("reading")).to_contain_text("2000")

    _search(page, "Demo Willow", "relapsing")
    page.locator("[data-slug=relapsing_ms]").get_by_test_id("use-regimen").first.click()
    _fill_sixty_kilograms(page)
    expect(page.get_by_test_id("total-g")).to_have_text("120 g")
    expect(page.locator("[data-finding=reading_used]")).to_be_visible()


@pytest.mark.parametrize(("language", "word"), [("en", "kawasaki"), ("fa", "كاوازاكي"), ("nb", "kawasaki")])
def test_two_sources_are_compared_side_by_side(
    signed_in_page: SignedInPage, language: str, word: str
) -> None:
    page = signed_in_page("nurse", language=language, viewport=TABLET)
    page.goto("/guidelines/")
    page.locator("#q").fill(word)
    page.get_by_test_id("search").click()
    page.locator("[data-slug=kawasaki]").get_by_role("link").first.click()
    page.get_by_test_id("compare").first.click()
    expect(page.get_by_test_id("side")).to_have_count(2)


def _search(page: Page, name: str, word: str) -> None:
    page.goto("/patients/")
    page.get_by_role("link", name=name).click()
    page.get_by_test_id("new-course").click()
    page.locator("#q").fill(word)
    page.get_by_test_id("search").click()


def _fill_sixty_kilograms(page: Page) -> None:
    page.locator("#product_code").select_option("kiovig")
    page.locator("#weight_kg").fill("60")
    page.locator("#dose_g_per_kg").fill("2")
    page.locator("#days").select_option("5")


def _answer_everything(page: Page, reason: str) -> None:
    for box in page.locator("[data-seen]").all():
        box.check()
    for field in page.get_by_test_id("finding-reason").all():
        field.fill(reason)
