"""Every page for everybody: axe-core finds nothing serious, and the keyboard alone is enough."""

import base64
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import URLPattern, URLResolver
from playwright.sync_api import Page

from apps.icsr.services import batch_bytes
from ivig_monitor import urls
from tests.browser.conftest import SignedInPage
from tests.clients import ApiClient
from tests.flow.steps import running_infusion
from tests.stack import Stack
from tests.unit.icsr.valid_cases import full_case, wrapped

TABLET = {"width": 1180, "height": 820}
# Not ours: Django's admin, the languages' switch, the API and its documentation.
FOREIGN = {"admin", "api"}
NO_PAGES = {
    "accounts:sign_out",
    "api:export_csv",
    "api:submission_file",
    "cases:cioms",
    "devices:leave",
    "discharge:sheet",
    "identity:new_passkey",
    "identity:new_passkey_options",
    "identity:oidc",
    "identity:oidc_callback",
    "identity:passkey",
    "identity:passkey_options",
    "identity:second",  # there between two steps only
    "identity:first_password",
    "infusions:record",
    "inspection:export",
    "inspection:find",
    "selfreport:answers",
    "service_worker",
    "set_language",
    "signals:summary",
}
TELLS = {"serious", "critical"}
FINISHED = "Demo Willow"  # a patient who has been through everything


def sent_file(stack: Stack, case: int) -> int:
    """A file that lies ready; the demo ward has no MedDRA to code a whole case with."""
    row = stack.sql(
        """
        INSERT INTO submissions_submission (ward_id, receiver, receiver_name, batch_number, delivery, acknowledges,
            state, answered, attempts, round, sha256, size_bytes, prepared_at, prepared_by_id)
        SELECT ward_id, 'centre', 'Centre', 'CLINIC-1', 'download', true, 'ready', 'not_yet', 0, 1, '', 0, now(),
            opened_by_id FROM cases_case WHERE id = %s RETURNING id
        """,
        (case,),
    )
    return int(row[0]["id"])


@pytest.fixture(scope="module")
def addresses(stack: Stack) -> dict[str, list[str]]:
    """Route name -> addresses in the demo ward, for every page in ivig_monitor/urls.py."""
    nurse, physician = ApiClient(stack, "nurse"), ApiClient(stack, "physician")
    offered = running_infusion(stack, nurse, physician, "accessible-1")
    colleague = stack.sql("SELECT id FROM accounts_user WHERE username = 'physician'")[0]["id"]
    event_on_record = stack.sql("SELECT max(id) AS id FROM ledger_event")
    reading = stack.wait_until(
        lambda: stack.sql("SELECT id FROM audit_reading LIMIT 1"), message="Nobody read anything"
    )
    nurse.write(
        "handovers/", {"session_ids": [offered["id"]], "given_to_id": colleague, "note": "Mind her arm."}
    )
    ward = nurse.read("wards/")[0]["id"]
    patient = next(one["id"] for one in nurse.read("patients/") if one["name"] == FINISHED)
    sessions = [
        row["session_id"] for row in nurse.read(f"wards/{ward}/board/")["rows"] if row["kind"] == "session"
    ]
    courses = nurse.read("courses/")
    planned = next(one for one in courses if any(day["may_start"] for day in one["infusion_days"]))
    day = next(day["number"] for day in planned["infusion_days"] if day["may_start"])
    check = stack.wait_until(lambda: nurse.read("follow-ups/"), message="No check fell due")[0]["id"]
    event = nurse.read("adverse-events/")[0]["id"]
    officer = ApiClient(stack, "pharmacovigilance")
    opened = officer.post("cases/", {"event_ids": [event]}).json()  # another story may have had it first
    case = opened.get("id") or opened["extra"]["case_id"]
    officer.write(f"cases/{case}/queries/", {"question": "When did it pass?"})
    message, batch = wrapped(full_case())
    theirs = base64.b64encode(batch_bytes(batch, [message]))
    foreign = officer.write("foreign-cases/", {"content": theirs.decode()})[0]["id"]
    hold = officer.write(
        "lots-on-hold/", {"product_code": "kiovig", "lot_number": "LOT-SEEN", "reason": "Looked at."}
    )
    course = nurse.read(f"follow-ups/{check}/")["course_id"]
    link = nurse.write(f"courses/{course}/self-report-link/", {"language": "fa"})
    return {
        "home": [],
        "offline": ["/offline/"],
        "accounts:sign_in": ["/sign-in/"],
        "accounts:on_call": ["/on-call/"],
        "accounts:covers": ["/covers/"],
        "patients:emergency": ["/emergency-access/"],
        "patients:emergency_review": ["/emergency-access/review/"],
        "identity:account": ["/account/"],
        "devices:sessions": ["/account/sessions/"],
        "devices:pin": ["/account/pin/"],
        "machines:tokens": ["/service-tokens/"],
        "devices:staff": ["/staff/sessions/"],
        "retention:erasure": ["/erasure/"],
        "dashboard:board": [f"/wards/{ward}/", f"/wards/{ward}/?view=wall", f"/wards/{ward}/?view=normal"],
        "patients:list": ["/patients/"],
        "patients:new": ["/patients/new/"],
        "patients:detail": [f"/patients/{patient}/"],
        "patients:history": [f"/patients/{patient}/history/"],
        "guidelines:search": ["/guidelines/", "/guidelines/?q=myasthenia"],
        "guidelines:documents": ["/guidelines/documents/"],
        "guidelines:document": ["/guidelines/documents/iran_form_fa/"],
        "guidelines:site": ["/guidelines/site/"],
        "guidelines:products": ["/guidelines/products/"],
        "guidelines:compare": ["/guidelines/compare/kawasaki/review_kawasaki/"],
        "guidelines:indication": ["/guidelines/indications/relapsing_ms/"],
        "courses:new": [f"/patients/{patient}/courses/new/"],
        "courses:order": [f"/patients/{patient}/courses/new/nel_cidp/initial/"],
        "courses:detail": [f"/courses/{planned['id']}/"],
        "courses:replacement": [f"/patients/{patient}/replacement/"],
        "courses:change": [f"/courses/{planned['id']}/change/"],
        "infusions:start": [f"/courses/{planned['id']}/days/{day}/start/"],
        "infusions:handover": ["/handover/"],
        "infusions:detail": [f"/sessions/{number}/" for number in sorted(sessions)[:6]],
        "followups:list": ["/follow-ups/"],
        "followups:detail": [f"/follow-ups/{check}/"],
        "laboratory:patient": [f"/patients/{patient}/laboratory/"],
        "discharge:detail": [f"/courses/{course}/discharge/"],
        "selfreport:link": [f"/courses/{course}/self-report/"],
        "selfreport:form": [f"/r/{link['token']}/", f"/r/{link['token']}/?lang=en"],
        "safety:list": ["/adverse-events/"],
        "safety:detail": [f"/adverse-events/{event}/"],
        "meddra:terminology": ["/terminology/"],
        "inspection:list": ["/audit/", "/audit/?kind=reads"],
        "inspection:event": [f"/audit/events/{event_on_record[0]['id']}/"],
        "inspection:reading": [f"/audit/readings/{reading[0]['id']}/"],
        "inspection:whole": [f"/audit/whole/?subject=session:{offered['id']}"],
        "signals:rates": ["/signals/", "/signals/?axis=lot&period=all"],
        "signals:comparisons": ["/signals/comparisons/?period=all"],
        "signals:lots": ["/lots/"],
        "signals:lot": [f"/lots/one/?product=kiovig&lot={hold['lot_number']}"],
        "cases:queue": ["/cases/"],
        "cases:questions": ["/cases/questions/"],
        "cases:detail": [
            f"/cases/{case}/?tab={tab}"
            for tab in ("events", "patient", "narrative", "clocks", "questions", "versions", "sending")
        ],
        "submissions:outbox": ["/submissions/"],
        "submissions:detail": [f"/submissions/{sent_file(stack, case)}/"],
        "submissions:foreign": ["/foreign-cases/"],
        "submissions:foreign_detail": [f"/foreign-cases/{foreign}/"],
    }


def test_no_page_is_left_out(addresses: dict[str, list[str]]) -> None:
    assert set(_page_names(urls.urlpatterns)) - NO_PAGES == set(addresses)


def test_axe_itself_finds_what_is_broken(signed_in_page: SignedInPage) -> None:
    page = signed_in_page("nurse")
    page.evaluate("document.querySelector('main').append(document.createElement('input'))")
    assert any(told.startswith("label (critical)") for told in _violations(page))


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("fa", "dark")])
def test_axe_finds_nothing_serious(
    addresses: dict[str, list[str]],
    stack: Stack,
    signed_in_page: SignedInPage,
    new_context: Any,
    language: str,
    scheme: str,
) -> None:
    look = {"color_scheme": scheme, "reduced_motion": "reduce", "viewport": TABLET}
    problems: list[str] = []

    def look_at(page: Page, names: list[str]) -> None:
        for address in [address for name in names for address in addresses[name]]:
            answer = page.goto(address)
            assert answer is not None and answer.status == 200, address
            page.evaluate("document.querySelectorAll('main details').forEach((item) => (item.open = true))")
            problems.extend(f"{address} {told}" for told in _violations(page))
            for dialog in page.locator("dialog[id]").all():
                dialog.evaluate("(item) => item.showModal()")
                problems.extend(f"{address} {told}" for told in _violations(page))
                dialog.evaluate("(item) => item.close()")

    stranger = new_context(language, **look).new_page()
    look_at(stranger, ["accounts:sign_in"])
    look_at(
        signed_in_page("nurse", language, **look),
        ["infusions:handover", "infusions:detail", "accounts:on_call", "signals:lots", "signals:lot"],
    )
    look_at(
        signed_in_page("pharmacovigilance", language, **look),
        [
            *("signals:rates", "signals:lots", "signals:lot"),
            *("safety:list", "safety:detail", "cases:queue", "cases:detail", "meddra:terminology"),
            *(
                "submissions:outbox",
                "submissions:detail",
                "submissions:foreign",
                "submissions:foreign_detail",
            ),
        ],
    )
    of_administrators = ["machines:tokens", "devices:staff", "retention:erasure"]
    look_at(
        signed_in_page("admin", language, **look),
        [*of_administrators, "guidelines:site", "guidelines:documents"],
    )
    stack.sql(
        """
        INSERT INTO accounts_emergencyaccess
            (person_id, patient_id, ward_id, reason, starts_at, ends_at, verdict, verdict_note)
        SELECT person.id, patient.id, patient.ward_id, 'Found in the lift.', now(), now() + interval '4 h', '', ''
        FROM accounts_user person, patients_patient patient
        WHERE person.username = 'nurse2' ORDER BY patient.id LIMIT 1 RETURNING id
        """
    )
    look_at(signed_in_page("charge", language, **look), ["patients:emergency_review", "accounts:covers"])
    look_at(signed_in_page("auditor", language, **look), [name for name in addresses if "inspection" in name])
    look_at(
        signed_in_page("physician", language, **look),
        [
            name
            for name in addresses
            if name not in ("accounts:sign_in", "patients:emergency_review", *of_administrators)
            and "foreign" not in name
            and "inspection" not in name
        ],
    )
    assert sorted(set(problems)) == []


@pytest.mark.parametrize("name", ["dashboard:board", "infusions:detail", "infusions:handover"])
def test_the_keyboard_reaches_everything_and_is_never_caught(
    addresses: dict[str, list[str]], signed_in_page: SignedInPage, name: str
) -> None:
    page = signed_in_page("nurse", viewport=TABLET)
    page.goto(addresses[name][0])
    # What must be reachable is marked first: the page lives, and may gain a part on the way.
    wanted = page.evaluate(_MARK)
    assert wanted > 5
    reached: list[int] = []
    for _ in range(wanted + 40):
        page.keyboard.press("Tab")
        focus = page.evaluate(_FOCUS)
        if focus is None or focus["number"] in reached[:1]:
            break
        assert focus["visible"], f"no visible focus on {focus['html']}"
        assert focus["inView"], f"focus out of sight on {focus['html']}"
        reached.append(focus["number"])
    missed = page.evaluate(_MISSED, reached)
    assert missed == []


def _page_names(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            if pattern.name and pattern.name not in {"schema", "docs"}:
                yield prefix + pattern.name
        elif pattern.namespace and pattern.namespace not in FOREIGN:
            yield from _page_names(pattern.url_patterns, f"{pattern.namespace}:")


def _violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{rule['id']} ({rule['impact']}): {' '.join(map(str, node['target']))} {node['html'][:160]}"
        f" {[check['message'] for check in node['any']][:1]}"
        for rule in found
        if rule["impact"] in TELLS
        for node in rule["nodes"]
    ]


_MARK = """() => {
  const able = "a[href], button:not([disabled]), summary, select, textarea, input:not([type=hidden]):not([type=radio])";
  const shown = (item) => item.checkVisibility({ visibilityProperty: true }) && item.tabIndex >= 0 && !item.disabled;
  let number = 0;
  for (const item of document.querySelectorAll(able)) if (shown(item)) item.dataset.tabNumber = ++number;
  return number;
}"""

_FOCUS = """() => {
  const item = document.activeElement;
  if (!item || item === document.body || item === document.documentElement) return null;
  const outlined = (one) => {
    const style = getComputedStyle(one);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  };
  const around = (one) => (one ? [one, ...around(one.parentElement)] : []);
  const box = item.getBoundingClientRect();
  return {
    number: Number(item.dataset.tabNumber ?? 0),
    html: item.outerHTML.slice(0, 160),
    // A link may make its whole card light up, a box its label.
    visible: around(item).some(outlined),
    inView: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
  };
}"""

_MISSED = """(reached) => [...document.querySelectorAll("[data-tab-number]")]
  .filter((item) => item.checkVisibility() && !reached.includes(Number(item.dataset.tabNumber)))
  .map((item) => item.outerHTML.slice(0, 160))"""
