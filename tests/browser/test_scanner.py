"""Scanning at the bedside: a scanner that types, whatever has the focus, and what stops a wrong vial or patient."""

from datetime import date
from itertools import count

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import SignedInPage
from tests.clients import ApiClient
from tests.flow.steps import new_patient, open_course
from tests.stack import Stack
from tests.unit.interop.codes import GS, gs1_code, with_check_digit

TABLET = {"width": 1180, "height": 820}
_items = count(100)

# As fast as a scanner types: each key is heard by the page, and what it does not refuse lands in the field.
_TYPE = """(keys) => {
  for (const key of keys) {
    const place = document.activeElement ?? document.body;
    const separator = key === "\\x1d";
    const options = separator ? { key: "]", code: "BracketRight", ctrlKey: true } : { key };
    const goesOn = place.dispatchEvent(new KeyboardEvent("keydown", { ...options, bubbles: true, cancelable: true }));
    if (!goesOn || separator || key.length > 1 || !place.matches("input[type=text], textarea")) continue;
    place.setRangeText(key, place.selectionStart, place.selectionEnd, "end");
    place.dispatchEvent(new Event("input", { bubbles: true }));
  }
}"""


def scan(page: Page, text: str) -> None:
    page.evaluate(_TYPE, [*text, "Enter"])


def start_page(stack: Stack, signed_in_page: SignedInPage, number: str, language: str = "en") -> Page:
    """The page on which a nurse starts day 1 of Kiovig for patient TEST-`number`."""
    nurse, physician = ApiClient(stack, "nurse"), ApiClient(stack, "physician")
    course = open_course(physician, new_patient(nurse, number), stack.clinical_now.date().isoformat())
    page = signed_in_page("nurse", language, viewport=TABLET)
    page.goto(f"/courses/{course['id']}/days/1/start/")
    return page


def new_gtin(stack: Stack, product_code: str | None = None) -> str:
    """A trade item nobody scanned before; confirmed to be a product when one is given."""
    gtin = with_check_digit(f"0704000000{next(_items)}")
    if product_code:
        package = {"gtin": gtin, "product_code": product_code}
        ApiClient(stack, "nurse").write("barcodes/packages/", package)
    return gtin


def dialog(page: Page) -> Locator:
    return page.get_by_test_id("scan-dialog")


def test_first_the_wristband_then_vial_after_vial_without_touching_a_field(
    stack: Stack, signed_in_page: SignedInPage
) -> None:
    page = start_page(stack, signed_in_page, "scan-1")
    scan(page, "TEST-scan-1")
    expect(page.get_by_test_id("wristband-result")).to_contain_text("Right patient")
    expect(page.get_by_test_id("identity-confirmed")).to_be_checked()
    expect(page.locator("[name=identity_scanned]")).to_have_value("true")

    gtin = new_gtin(stack)
    page.locator("#baseline_systolic_mmhg").fill("122")
    scan(page, "]d2" + gs1_code(gtin=gtin, lot="LE12", serial="S1", order="gsxl"))
    expect(dialog(page)).to_contain_text("Kiovig")
    expect(page.locator("#lot_0")).to_have_value("")
    page.get_by_test_id("scan-yes").click()
    expect(page.locator("#lot_0")).to_have_value("LE12")
    expect(page.locator("#expiry_0")).to_have_value("2027-12-31")
    expect(page.locator("[name='vials.0.gtin']")).to_have_value(gtin)
    expect(page.locator("[name='vials.0.serial']")).to_have_value("S1")
    expect(page.locator("[name='vials.0.scanned']")).to_have_value("true")
    expect(page.locator("#baseline_systolic_mmhg")).to_have_value("122")

    page.locator("#lot_0").focus()
    scan(page, gs1_code(gtin=gtin, lot="LE13", serial="S2"))
    expect(page.locator("#lot_1")).to_have_value("LE13")
    expect(page.locator("#lot_0")).to_have_value("LE12")
    expect(page.locator("[name='vials.0.scanned']")).to_have_value("true")
    scan(page, gs1_code(gtin=gtin, lot="LE13", serial="S2"))
    expect(dialog(page)).to_contain_text("in the list already")
    page.keyboard.press("Escape")
    expect(page.locator("#lot_2")).to_have_value("")


def test_a_wrong_wristband_keeps_the_box_from_being_ticked(
    stack: Stack, signed_in_page: SignedInPage
) -> None:
    page = start_page(stack, signed_in_page, "scan-2")
    box, result = page.get_by_test_id("identity-confirmed"), page.get_by_test_id("wristband-result")
    box.check()
    scan(page, "TEST-scan-99")
    expect(result).to_contain_text("WRONG PATIENT")
    expect(result).to_contain_text("TEST-scan-2")
    expect(box).not_to_be_checked()
    box.click()
    expect(box).not_to_be_checked()
    page.get_by_test_id("not-the-wristband").click()
    expect(result).to_be_empty()
    box.check()
    expect(page.locator("[name=identity_scanned]")).to_have_value("")


def test_an_expired_vial_and_another_product_stop_and_fill_nothing(
    stack: Stack, signed_in_page: SignedInPage
) -> None:
    page = start_page(stack, signed_in_page, "scan-3")
    kiovig, privigen = new_gtin(stack, "kiovig"), new_gtin(stack, "privigen")
    for code, words in (
        (gs1_code(gtin=kiovig, expires_on=date(2020, 1, 31)), "expired"),
        (gs1_code(gtin=privigen), "Privigen"),
    ):
        scan(page, code)
        expect(dialog(page)).to_contain_text(words)
        expect(page.locator("#lot_0")).to_have_value("")
        dialog(page).get_by_role("button").click()
        expect(dialog(page)).to_have_count(0)
        expect(page.get_by_test_id("vial-result").first).to_contain_text(words)


def test_what_is_typed_by_hand_stays_and_what_is_changed_by_hand_counts_as_typed(
    stack: Stack, signed_in_page: SignedInPage
) -> None:
    page = start_page(stack, signed_in_page, "scan-4")
    lot = page.locator("#lot_0")
    lot.press_sequentially("LOT-BY-HAND", delay=70)
    page.keyboard.press("Tab")
    expect(lot).to_have_value("LOT-BY-HAND")
    lot.fill("")

    field = page.get_by_test_id("scan-vial").first
    field.fill(gs1_code(gtin=new_gtin(stack, "kiovig"), order="gxls").replace(GS, "{GS}"))
    field.press("Enter")
    expect(lot).to_have_value("LE12X345AB")
    expect(page.locator("[name='vials.0.serial']")).to_have_value("7K3M9Q2X")
    lot.fill("LE12X345AC")
    page.locator("#baseline_pulse_per_min").focus()
    expect(page.locator("[name='vials.0.serial']")).to_have_value("")
    expect(page.locator("[name='vials.0.scanned']")).to_have_value("")


def test_a_persian_keyboard_is_named_as_the_cause(stack: Stack, signed_in_page: SignedInPage) -> None:
    page = start_page(stack, signed_in_page, "scan-5", "fa")
    persian = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
    scan(page, "]C0TEST-scan-5")
    expect(page.get_by_test_id("identity-confirmed")).to_be_checked()
    gtin = new_gtin(stack, "kiovig")
    scan(page, gs1_code(gtin=gtin, lot="مث۱۲", serial=None).translate(persian))
    expect(page.get_by_test_id("vial-result").first).to_contain_text("صفحه‌کلید")
    scan(page, gs1_code(gtin=gtin, lot="120045", serial=None).translate(persian))
    expect(page.locator("#lot_0")).to_have_value("120045")
