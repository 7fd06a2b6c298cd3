"""What the tests of the ward board share."""

import json
import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page

from tests.clients import ApiClient
from tests.flow.steps import QUIET, running_infusion
from tests.stack import Stack

CALM_S = 2  # how long nobody touches the board before cards may change places


def people_at_work(stack: Stack) -> tuple[ApiClient, ApiClient]:
    """The nurse and the physician of the demo ward."""
    return ApiClient(stack, "nurse"), ApiClient(stack, "physician")


def infusion(stack: Stack, number: str) -> int:
    """A new patient's infusion, just started; its session's number."""
    session: int = running_infusion(stack, *people_at_work(stack), number)["id"]
    return session


def fever_rises(stack: Stack, session: int, temperature_c: str) -> None:
    """Vital signs that raise one alert, of high priority: two degrees and more above the baseline."""
    entry = QUIET | {"temperature_c": temperature_c}
    ApiClient(stack, "nurse").write(f"sessions/{session}/observations/", entry)


def dress(stack: Stack, session: int, **fields: Any) -> None:
    """Put fields on the stored row of a session, as the services that know them do."""
    stack.sql(
        "UPDATE dashboard_boardrow SET payload = payload || %s::jsonb WHERE row_id = %s",
        (json.dumps(fields), f"session:{session}"),
    )


def card(page: Page, session: int) -> Locator:
    """The card of a session."""
    return page.locator(f"[data-test=session-card][data-session='{session}']")


def alert_of(page: Page, words: str) -> Locator:
    """An alert by some of its words."""
    return page.get_by_test_id("alert").filter(has_text=words)


def order(page: Page) -> list[str]:
    """The sessions in the order of their cards."""
    cards: list[str] = page.get_by_test_id("session-card").evaluate_all(
        "cards => cards.map((card) => card.dataset.session)"
    )
    return cards


def with_a_finger_on(page: Page, condition: Callable[[], bool]) -> None:
    """Keep moving over the board until the condition holds."""
    end = time.monotonic() + 15
    for step in range(10_000):
        page.mouse.move(300 + step % 7, 400)
        if condition():
            return
        assert time.monotonic() < end, "It did not happen in 15 s."
