"""The first paint of a ward board with 50 patients, and what one change costs the page."""

import gzip
import time
from threading import Thread
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, Response, sync_playwright

from bench.context import Bench
from bench.figures import Figure
from bench.hospital import Size, build
from bench.http import at_pace
from bench.stage import Stage
from bench.vitals import observation
from ivig_monitor.launch.chromium import find_or_install

ROW = "first paint of the ward board"
PATIENTS = 50
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]
PACKED = ("font/", "image/png", "image/jpeg", "application/font")
HEADERS_BYTES = 300  # of one response, as nginx sends them
PATIENCE_MS = 60_000
PACE_PER_S = 2.0
KINDS = ("ScriptDuration", "RecalcStyleDuration", "LayoutDuration")


def measure(bench: Bench) -> list[Figure]:
    """Bytes of everything the page fetches, gzipped; script time of one change."""
    hospital = build(bench.server_url, Size(wards=1, nurses_per_ward=1, sessions=PATIENTS))
    try:
        with (
            Stage(bench.server_url, copy_of=hospital.database.name) as stage,
            sync_playwright() as playwright,
        ):
            address = stage.web()
            stage.start_background()
            browser = playwright.chromium.launch(executable_path=find_or_install(), args=FLAGS)
            bench.settle()
            page, bytes_by_address, painted_ms = _open(browser, address, hospital.wards[0])
            sessions = hospital.sessions()
            change_ms = _deltas(page, address, sessions, bench.pick(6, 30))
            browser.close()
    finally:
        hospital.database.drop()
    largest = sorted(bytes_by_address.items(), key=lambda item: -item[1])[:12]
    return [
        Figure(
            ROW,
            f"{PATIENTS} patients: gzipped",
            sum(bytes_by_address.values()) / 1000,
            "kB",
            most=100.0,
            details={"responses": len(bytes_by_address), "largest_bytes": dict(largest)},
        ),
        Figure(ROW, f"{PATIENTS} patients: first contentful paint", painted_ms, "ms"),
        Figure(ROW, "one change: script", change_ms["ScriptDuration"], "ms", most=16.0),
        Figure(ROW, "one change: style", change_ms["RecalcStyleDuration"], "ms"),
        Figure(ROW, "one change: layout", change_ms["LayoutDuration"], "ms"),
    ]


def _open(browser: Browser, address: str, ward: dict[str, Any]) -> tuple[Page, dict[str, int], float]:
    context = browser.new_context(base_url=address, service_workers="block")
    key = ward["nurses"][0]["session_key"]
    context.add_cookies([{"name": "sessionid", "value": key, "url": address}])
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(f"/wards/{ward['id']}/")
    page.wait_for_function(f"document.querySelectorAll('[data-test=session-card]').length >= {PATIENTS}")
    page.wait_for_load_state("networkidle")
    paints = "performance.getEntriesByName('first-contentful-paint').map(entry => entry.startTime)[0] || 0"
    return page, {answer.url: _transferred(answer) for answer in answers}, float(page.evaluate(paints))


def _transferred(answer: Response) -> int:
    """Bytes over the network when the server in front gzips what can be gzipped."""
    if answer.status >= 300:
        return HEADERS_BYTES
    body = answer.body()
    kind = answer.headers.get("content-type", "")
    return HEADERS_BYTES + len(body if kind.startswith(PACKED) else gzip.compress(body, 6))


def _deltas(page: Page, address: str, sessions: list[dict[str, Any]], count: int) -> dict[str, float]:
    """Milliseconds of the main thread for one change by kind of work, what the page does anyway taken off."""
    devtools = page.context.new_cdp_session(page)
    # Time of the thread, not of the clock: other processes on these cores do not count.
    devtools.send("Performance.enable", {"timeDomain": "threadTicks"})
    seconds = count / PACE_PER_S + 2.0
    time.sleep(1.0)
    idle = _busy_between(devtools, page, lambda: time.sleep(seconds))
    active = _busy_between(
        devtools,
        page,
        lambda: _post(address, sessions, count),
    )
    return {kind: 1000 * max(0.0, active[kind] - idle[kind]) / count for kind in KINDS}


def _post(address: str, sessions: list[dict[str, Any]], count: int) -> None:
    def run() -> None:
        at_pace(
            [address],
            lambda number: observation(sessions[number % len(sessions)], number),
            per_second=PACE_PER_S,
            seconds=count / PACE_PER_S,
        )

    # Playwright keeps an event loop in this thread.
    thread = Thread(target=run)
    thread.start()
    thread.join()
    time.sleep(2.0)


def _busy_between(devtools: CDPSession, page: Page, act: Any) -> dict[str, float]:
    before = _main_thread_s(devtools)
    act()
    page.evaluate("1")  # whatever waited has been done
    after = _main_thread_s(devtools)
    return {kind: after[kind] - before[kind] for kind in KINDS}


def _main_thread_s(devtools: CDPSession) -> dict[str, float]:
    found = devtools.send("Performance.getMetrics")["metrics"]
    return {one["name"]: float(one["value"]) for one in found if one["name"] in KINDS}
