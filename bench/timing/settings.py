"""The product with one more kind of timer."""

from ivig_monitor.settings.base import *  # noqa: F403

LEDGER_WIRING = "bench.timing.wiring"
