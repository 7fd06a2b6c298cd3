"""What the watchdog of a running stack has found."""

import json
from datetime import datetime
from typing import Any

from tests.stack import Stack

PARTS = {"beat", "tick", "relay", "watchdog"}


def alive(stack: Stack) -> set[str]:
    query = "SELECT DISTINCT kind FROM ledger_heartbeat WHERE at > now() - interval '8 seconds'"
    return {row["kind"] for row in stack.sql(query)}


def open_codes(stack: Stack) -> set[str]:
    return {row["code"] for row in stack.sql("SELECT code FROM vigilance_finding WHERE closed_at IS NULL")}


def opened_at(stack: Stack, code: str) -> datetime:
    """When the finding was opened, by the watchdog's own row; waits for it."""
    query = "SELECT opened_at FROM vigilance_finding WHERE code = %s ORDER BY id DESC LIMIT 1"
    rows = stack.wait_until(
        lambda: stack.sql(query, (code,)), 120, f"{code} was not found: {open_codes(stack)}"
    )
    moment: datetime = rows[0]["opened_at"]
    return moment


def said(stack: Stack, name: str = "watchdog") -> list[dict[str, Any]]:
    """The watchdog's log, line by line."""
    lines = (stack.places.log / f"{name}.log").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.startswith("{")]
