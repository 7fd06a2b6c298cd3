"""The words of signals, marked for translation."""

from apps.kernel.text import N_
from apps.signals.domain import Axis

AXES = {
    Axis.PRODUCT: N_("Product"),
    Axis.LOT: N_("Lot"),
    Axis.INDICATION: N_("Indication"),
    Axis.STEP: N_("Rate step"),
    Axis.FIRST: N_("First or repeated"),
    Axis.RISK: N_("Risk group"),
    Axis.MONTH: N_("Month"),
}
KEYS = {
    "first": N_("First infusion known here"),
    "repeat": N_("Repeated infusion"),
    "none": N_("No risk factor"),
    "unknown": N_("Not known"),
}
STEP = N_("Step %(number)s")
PERIODS = {"3": N_("Last 3 months"), "12": N_("Last 12 months"), "all": N_("Everything")}
HOLD_STATES = {
    "held": N_("On hold"),
    "release_asked": N_("On hold, release asked for"),
    "released": N_("Released"),
}
HOLD_ACTS = {
    "lots.lot.held": N_("Put on hold"),
    "lots.release.asked": N_("Asked for the release"),
    "lots.release.refused": N_("Kept on hold"),
    "lots.lot.released": N_("Agreed: released"),
}
BANDS = {
    "very_common": N_("very common, 1 in 10 or more"),
    "common": N_("common, 1 in 100 to 1 in 10"),
    "uncommon": N_("uncommon, 1 in 1 000 to 1 in 100"),
    "rare": N_("rare, 1 in 10 000 to 1 in 1 000"),
    "very_rare": N_("very rare, less than 1 in 10 000"),
    "not_known": N_("not known"),
    "isolated": N_("isolated reports"),
    "warning": N_("in the warnings, without a band"),
    "stated": N_("named, without a band"),
}
