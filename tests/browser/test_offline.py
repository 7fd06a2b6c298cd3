"""The Wi-Fi goes: what is written at the bedside waits on the device, survives a reload, and arrives once."""

import re
from datetime import datetime

from playwright.sync_api import Dialog, Page, expect

from tests.browser.conftest import SignedInPage, sign_in
from tests.clients import ApiClient
from tests.flow.steps import MEASURED, running_infusion
from tests.stack import Stack

STALE_WITHIN_MS = 15_000
STORED = """
async () => {
  const database = await new Promise((resolve) => {
    const request = indexedDB.open("ivig-offline", 1);
    request.onsuccess = () => resolve(request.result);
  });
  const all = (store) => new Promise((resolve) => {
    const request = database.transaction(store).objectStore(store).getAll();
    request.onsuccess = () => resolve(request.result);
  });
  const latin = (data) => Array.from(new Uint8Array(data), (byte) => String.fromCharCode(byte)).join("");
  const told = {};
  for (const store of ["entries", "pages"]) {
    told[store] = (await all(store)).map(({ sealed, ...open }) => ({ open, sealed: latin(sealed.data) }));
  }
  const keys = await all("keys");
  told.keys = keys.map(({ key }) => ({ extractable: key.extractable, algorithm: key.algorithm.name }));
  database.close();
  return told;
}
"""


READY = """
async (session) => {
  const assets = await (await caches.open("ivig-assets-1")).keys();
  const { pagesOf, signedIn } = await import("/static/js/offline-store.js");
  return assets.some((kept) => kept.url.endsWith("/js/session.js"))
    && (await pagesOf(await signedIn())).some((page) => page.sessionId === session);
}
"""


def bedside(stack: Stack, page: Page, number: str) -> int:
    """The page of a new running infusion, ready for a time without network."""
    nurse, physician = ApiClient(stack, "nurse"), ApiClient(stack, "physician")
    session: int = running_infusion(stack, nurse, physician, number)["id"]
    page.goto(f"/sessions/{session}/")
    expect(page.get_by_test_id("board-status")).to_have_attribute("data-status", "live")
    stack.wait_until(lambda: page.evaluate(READY, session), message="The page was not kept")
    return session


def enter(page: Page, pulse: int, note: str = "") -> None:
    for sign, value in (MEASURED | {"pulse_per_min": str(pulse)}).items():
        page.locator(f"#vital_{sign}").fill(value)
    page.locator("#observation_note").fill(note)
    page.get_by_test_id("save-vitals").click()


def observations(stack: Stack, session: int) -> list[dict]:  # type: ignore[type-arg]
    """What the record holds after the baseline, in the order in which it arrived."""
    return stack.sql(
        "SELECT pulse_per_min, note, effective_at FROM infusions_observation"
        " WHERE session_id = %s AND NOT is_baseline ORDER BY id",
        (session,),
    )


def test_six_sets_typed_without_network_arrive_once_in_order_with_their_times(
    stack: Stack, signed_in_page: SignedInPage
) -> None:
    page = signed_in_page("nurse")
    session = bedside(stack, page, "offline-six")
    page.context.set_offline(True)
    for pulse in range(81, 87):
        enter(page, pulse)
        expect(page.get_by_test_id("offline-entry")).to_have_count(pulse - 80)
        expect(page.locator("#vital_pulse_per_min")).to_have_value("")
    expect(page.get_by_test_id("offline-said")).to_contain_text("Not sent yet: 6")
    expect(page.get_by_test_id("offline-count")).to_have_text("6")
    expect(page.get_by_test_id("offline-mark")).to_be_in_viewport()

    page.reload()
    expect(page.locator("h1")).to_contain_text("Test offline-six")
    entries = page.get_by_test_id("offline-entry")
    expect(entries).to_have_count(6)
    expect(entries.first).to_contain_text("Pulse 81 /min")
    expect(entries.first).to_contain_text("Test offline-six")
    typed_at = [
        datetime.fromisoformat(text)
        for text in entries.locator("time").evaluate_all("all => all.map(one => one.dateTime)")
    ]
    assert observations(stack, session) == []

    page.context.set_offline(False)
    expect(entries).to_have_count(0)
    expect(page.get_by_test_id("offline-queue")).to_be_hidden()
    arrived = observations(stack, session)
    assert [row["pulse_per_min"] for row in arrived] == list(range(81, 87))
    assert [row["effective_at"] for row in arrived] == typed_at == sorted(typed_at)
    expect(page.get_by_test_id("observation-row")).to_have_count(7)


def test_a_page_opened_without_network_says_how_old_it_is(
    fresh_stack: Stack, signed_in_page: SignedInPage
) -> None:
    page = signed_in_page("nurse", base_url=fresh_stack.url)
    session = bedside(fresh_stack, page, "offline-old")
    expect(page.get_by_test_id("shown-as-of")).to_be_hidden()
    fresh_stack.stop("web")
    page.goto(f"/sessions/{session}/")
    expect(page.locator("h1")).to_contain_text("Test offline-old")
    expect(page.get_by_test_id("stale-banner")).to_be_visible(timeout=STALE_WITHIN_MS)
    expect(page.get_by_test_id("shown-as-of")).to_have_text(
        re.compile(r"Shown as of \d\d:\d\d, \d\d seconds old"), timeout=40_000
    )
    page.goto("/patients/")
    expect(page.get_by_test_id("offline-shell")).to_be_visible()
    page.get_by_role("link", name="Test offline-old").click()
    expect(page.get_by_test_id("rate-now")).to_have_text("30 mL/h")
    fresh_stack.start("web")
    expect(page.get_by_test_id("board-status")).to_have_attribute("data-status", "live", timeout=40_000)
    expect(page.get_by_test_id("shown-as-of")).to_be_hidden()


def test_what_is_kept_cannot_be_read(stack: Stack, signed_in_page: SignedInPage) -> None:
    page = signed_in_page("nurse")
    session = bedside(stack, page, "offline-sealed")
    page.context.set_offline(True)
    enter(page, 137, note="pale and sweating")
    expect(page.get_by_test_id("offline-entry")).to_have_count(1)
    stored = page.evaluate(STORED)
    (entry,) = stored["entries"]
    assert set(entry["open"]) == {
        *("id", "userId", "sessionId", "url", "method", "idempotencyKey", "attempted"),
        *("effectiveAt", "createdAt", "state"),
    }
    assert entry["open"]["url"] == f"/api/v1/sessions/{session}/observations/"
    assert not re.search("137|pale|pulse|offline-sealed", entry["sealed"])
    for kept in stored["pages"]:
        assert set(kept["open"]) == {"userId", "sessionId", "server", "device"}
        assert not re.search("offline-sealed|<html", kept["sealed"])
    assert stored["keys"] == [{"extractable": False, "algorithm": "AES-GCM"}]
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert "/sessions/" not in page.evaluate(
        "async () => (await (await caches.open('ivig-assets-1')).keys()).map((kept) => kept.url).join(' ')"
    )


def test_an_entry_the_server_refuses_is_shown_and_discarded_only_after_asking(
    stack: Stack, signed_in_page: SignedInPage
) -> None:
    page = signed_in_page("nurse")
    session = bedside(stack, page, "offline-refused")
    page.context.set_offline(True)
    enter(page, 999)
    enter(page, 90)
    expect(page.get_by_test_id("offline-entry")).to_have_count(2)
    page.context.set_offline(False)
    entry = page.get_by_test_id("offline-entry")
    expect(entry).to_have_count(1)
    expect(entry).to_have_attribute("data-state", "refused")
    expect(entry).to_contain_text("Pulse 999 /min")
    expect(entry.get_by_test_id("offline-refusal").first).to_contain_text("Nothing was saved")
    expect(entry.get_by_test_id("offline-refusal").nth(1)).to_contain_text("300")
    assert [row["pulse_per_min"] for row in observations(stack, session)] == [90]

    expect(page.get_by_test_id("offline-mark")).to_have_text("Not accepted: 1")
    entry.get_by_test_id("offline-retry").click()
    expect(entry).to_have_attribute("data-state", "refused")
    entry.get_by_test_id("offline-discard").click()
    page.get_by_test_id("question").get_by_test_id("answer-cancel").click()
    page.reload()
    expect(entry).to_have_count(1)
    entry.get_by_test_id("offline-discard").click()
    page.get_by_test_id("question").get_by_test_id("answer-discard").click()
    expect(page.get_by_test_id("offline-queue")).to_be_hidden()


def test_a_conflict_is_shown_with_what_happened(stack: Stack, signed_in_page: SignedInPage) -> None:
    page = signed_in_page("nurse")
    session = bedside(stack, page, "offline-conflict")
    page.context.set_offline(True)
    page.get_by_test_id("pause-infusion").click()
    expect(page.get_by_test_id("offline-entry")).to_have_count(1)
    ApiClient(stack, "charge").write(f"sessions/{session}/pause/", {"reason": "Fever"})
    page.context.set_offline(False)
    expect(page.get_by_test_id("offline-refusal").first).to_contain_text("Look at the pump")
    expect(page.get_by_test_id("offline-entry")).to_contain_text("Paused. Fever (Demo Charge Nurse)")


def test_a_pause_waits_and_a_faster_rate_says_that_it_cannot(
    stack: Stack, signed_in_page: SignedInPage
) -> None:
    page = signed_in_page("nurse")
    bedside(stack, page, "offline-pause")
    page.context.set_offline(True)
    page.locator("[data-test=more] summary").click()
    page.locator("#complete_reason").fill("Over")
    page.get_by_test_id("complete-infusion").click()
    expect(page.get_by_text("the server checks the vital signs first")).to_be_visible()
    expect(page.locator("#complete_reason")).to_have_value("Over")
    page.locator("#complete_reason").fill("")
    page.get_by_test_id("pause-infusion").click()
    expect(page.get_by_test_id("offline-entry")).to_contain_text("Pause")
    page.context.set_offline(False)
    expect(page.get_by_test_id("state")).to_have_text("Paused")


def test_signing_out_asks_and_the_next_person_sees_only_a_number(
    stack: Stack, signed_in_page: SignedInPage
) -> None:
    page = signed_in_page("nurse")
    session = bedside(stack, page, "offline-leave")
    page.route("**/observations/", lambda route: route.abort())
    enter(page, 92, note="kept for later")
    expect(page.get_by_test_id("offline-entry")).to_have_count(1)

    def sign_out(answer: str) -> None:
        page.get_by_test_id("user-menu").click()
        page.get_by_test_id("sign-out").click()
        expect(page.get_by_test_id("question")).to_contain_text("not sent yet: 1")
        page.get_by_test_id("question").get_by_test_id(f"answer-{answer}").click()

    sign_out("cancel")
    expect(page.get_by_test_id("offline-entry")).to_have_count(1)
    sign_out("keep")
    page.wait_for_url("**/sign-in/*")
    expect(page.get_by_test_id("offline-others")).to_contain_text("1")
    assert page.evaluate(STORED)["pages"] == []

    sign_in(page, "charge")
    page.unroute("**/observations/")
    page.goto(f"/sessions/{session}/")
    expect(page.get_by_test_id("offline-others")).to_contain_text(
        "another person that wait on this device: 1"
    )
    expect(page.get_by_test_id("offline-entry")).to_have_count(0)
    expect(page.get_by_text("kept for later")).to_have_count(0)
    assert observations(stack, session) == []
    page.get_by_test_id("user-menu").click()
    page.get_by_test_id("sign-out").click()
    page.wait_for_url("**/sign-in/*")

    sign_in(page, "nurse")
    stack.wait_until(lambda: len(observations(stack, session)) == 1, message="The entry was not sent")
    author = stack.sql(
        "SELECT u.username FROM infusions_observation o JOIN accounts_user u ON u.id = o.performer_id"
        " WHERE o.session_id = %s AND NOT o.is_baseline",
        (session,),
    )
    assert author == [{"username": "nurse"}]
    expect(page.get_by_test_id("offline-queue")).to_be_hidden()


def test_an_open_page_never_writes_in_the_name_of_who_signed_in_later(
    stack: Stack, signed_in_page: SignedInPage
) -> None:
    page = signed_in_page("nurse")
    session = bedside(stack, page, "offline-other")
    page.context.set_offline(True)
    enter(page, 93)
    expect(page.get_by_test_id("offline-entry")).to_have_count(1)
    page.context.clear_cookies(name="sessionid")
    page.context.set_offline(False)
    expect(page.get_by_test_id("offline-trouble")).to_contain_text("You are signed out")
    second = page.context.new_page()
    sign_in(second, "charge")
    page.get_by_test_id("offline-send").click()
    expect(page.get_by_test_id("offline-trouble")).to_contain_text("Somebody else has signed in")
    assert observations(stack, session) == []
    expect(page.get_by_test_id("offline-entry")).to_have_count(1)


def test_signing_out_with_discard_leaves_nothing_behind(stack: Stack, signed_in_page: SignedInPage) -> None:
    page = signed_in_page("nurse")
    bedside(stack, page, "offline-discard")
    page.route("**/observations/", lambda route: route.abort())
    enter(page, 94)
    expect(page.get_by_test_id("offline-entry")).to_have_count(1)
    page.get_by_test_id("user-menu").click()
    page.get_by_test_id("sign-out").click()
    page.get_by_test_id("question").get_by_test_id("answer-discard").click()
    page.wait_for_url("**/sign-in/*")
    assert page.evaluate(STORED) == {"entries": [], "pages": [], "keys": []}


def test_a_device_that_cannot_seal_says_so_and_asks_before_it_forgets(
    stack: Stack, signed_in_page: SignedInPage
) -> None:
    """As on plain http at another address than localhost: there is no WebCrypto."""
    page = signed_in_page("nurse")
    page.context.add_init_script("Object.defineProperty(crypto, 'subtle', { value: undefined })")
    nurse, physician = ApiClient(stack, "nurse"), ApiClient(stack, "physician")
    session = running_infusion(stack, nurse, physician, "offline-memory")["id"]
    page.goto(f"/sessions/{session}/")
    page.context.set_offline(True)
    enter(page, 95)
    expect(page.get_by_test_id("offline-entry")).to_have_count(1)
    expect(page.get_by_text("This device cannot keep entries safely")).to_be_visible()
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.once("dialog", stay)
    page.evaluate("setTimeout(() => location.assign('/patients/'))")
    stack.wait_until(lambda: page.evaluate("1") and asked, message="The browser did not ask")
    assert asked == ["beforeunload"]
    page.context.set_offline(False)
    expect(page.get_by_test_id("offline-queue")).to_be_hidden()
    assert [row["pulse_per_min"] for row in observations(stack, session)] == [95]
