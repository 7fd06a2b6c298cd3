"""The product's settings with the bells of `tests.ledger_wiring`, for processes that fire many timers."""

from ivig_monitor.settings.base import *

LEDGER_WIRING = "tests.ledger_wiring"
