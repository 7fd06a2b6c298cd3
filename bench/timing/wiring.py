"""The product's wiring and the measured kind."""

from ivig_monitor.wiring import *  # noqa: F403
from ivig_monitor.wiring import TIMER_HANDLERS, TIMER_WORDS

KIND = "bench.effect"
TIMER_HANDLERS = TIMER_HANDLERS | {KIND: "bench.timing.effects.note"}
TIMER_WORDS = TIMER_WORDS | {KIND: "a measurement"}
