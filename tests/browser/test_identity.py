"""A passkey and an authenticator in a real browser: added, used, and asked for."""

import time
from collections.abc import Callable

import pyotp
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, CDPSession, Page, expect

from ivig_monitor.demo_accounts import PASSWORD
from tests.browser.conftest import type_password
from tests.stack import Stack


def open_by_name(new_context: Callable[..., BrowserContext], stack: Stack) -> Page:
    """A page at the service's name: a browser allows no passkey at a bare number."""
    page = new_context(base_url=stack.url_of("web").replace("127.0.0.1", "localhost")).new_page()
    page.goto("/sign-in/")
    return page


def sign_out(page: Page) -> None:
    page.get_by_test_id("user-menu").locator("summary").click()
    page.get_by_test_id("sign-out").click()
    page.wait_for_url("**/sign-in/**")


def authenticator_in(page: Page, *, verifies_user: bool = True) -> CDPSession:
    """A device with a fingerprint reader, as Chromium plays one."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": verifies_user,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session


def found_by_axe(page: Page) -> list[str]:
    """What keeps people out: serious and critical findings on the page as it is now."""
    rules = Axe().run(page).response["violations"]
    return [f"{page.url} {rule['id']}" for rule in rules if rule["impact"] in ("serious", "critical")]


def test_a_passkey_is_made_and_opens_without_a_password(
    module_stack: Stack, new_context: Callable[..., BrowserContext]
) -> None:
    page = open_by_name(new_context, module_stack)
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    authenticator_in(page)
    type_password(page, "nurse")
    page.wait_for_url(lambda url: "/sign-in/" not in url)
    page.get_by_test_id("user-menu").locator("summary").click()
    page.get_by_test_id("account-link").click()

    form = page.get_by_test_id("new-passkey")
    form.locator("input[name=name]").fill("Fingerprint of my telephone")
    form.locator("input[name=password]").fill("not my password")
    page.get_by_test_id("add-passkey").click()
    expect(form.locator("[data-passkey-message]")).to_contain_text("could not be confirmed")
    form.locator("input[name=password]").fill(PASSWORD)
    page.get_by_test_id("add-passkey").click()
    expect(page.get_by_test_id("passkey")).to_contain_text("Fingerprint of my telephone")

    page.locator("details.fold").evaluate_all("(all) => all.forEach((one) => (one.open = true))")
    assert found_by_axe(page) == []

    sign_out(page)
    page.get_by_test_id("sign-in-passkey").click()
    page.wait_for_url(lambda url: "/sign-in/" not in url)
    expect(page.get_by_test_id("user-menu")).to_contain_text("Nurse")
    expect(page.get_by_text("A passkey was added.")).to_be_visible()

    sign_out(page)
    type_password(page, "nurse")
    page.wait_for_url("**/sign-in/second/")
    page.get_by_test_id("sign-in-passkey").click()
    page.wait_for_url(lambda url: "/sign-in/" not in url)
    assert problems == []


def test_an_authenticator_is_read_from_the_screen_and_asked_for(
    module_stack: Stack, new_context: Callable[..., BrowserContext]
) -> None:
    page = open_by_name(new_context, module_stack)
    problems: list[str] = []
    page.on("console", lambda line: problems.append(line.text) if line.type == "error" else None)
    type_password(page, "physician")
    page.wait_for_url(lambda url: "/sign-in/" not in url)
    page.goto("/account/")
    page.locator("#totp-password").fill(PASSWORD)
    page.get_by_test_id("begin-totp").click()
    picture = page.locator(".totp-picture")
    expect(picture).to_be_visible()
    assert picture.evaluate("(image) => image.naturalWidth") > 0
    authenticator = pyotp.TOTP(page.get_by_test_id("totp-key").inner_text().replace(" ", ""))
    assert found_by_axe(page) == []
    page.locator("#totp-code").fill(authenticator.at(int(time.time())))
    page.get_by_test_id("confirm-totp").click()
    expect(page.get_by_test_id("recovery-codes").locator("code")).to_have_count(10)
    assert found_by_axe(page) == []
    recovery_code = page.get_by_test_id("recovery-codes").locator("code").first.inner_text()

    sign_out(page)
    assert problems == []
    type_password(page, "physician")
    page.wait_for_url("**/sign-in/second/")
    page.goto("/patients/")
    assert "/sign-in/" in page.url, "nothing is open before the second step"
    page.goto("/sign-in/second/")
    page.locator("#code").fill("000000")
    page.get_by_test_id("send-code").click()
    expect(page.get_by_role("alert")).to_contain_text("does not count")
    assert found_by_axe(page) == []
    page.locator("#code").fill(authenticator.at(int(time.time()), counter_offset=1))
    page.get_by_test_id("send-code").click()
    page.wait_for_url(lambda url: "/sign-in/" not in url)

    sign_out(page)
    type_password(page, "physician")
    page.wait_for_url("**/sign-in/second/")
    page.locator("#code").fill(recovery_code)
    page.get_by_test_id("send-code").click()
    page.wait_for_url(lambda url: "/sign-in/" not in url)
    page.goto("/account/")
    expect(page.get_by_test_id("codes-left")).to_have_text("9")
