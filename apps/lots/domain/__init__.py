"""A lot by its name: how it is compared, and how a hold on it ends. Pure."""

from apps.lots.domain.holds import HoldState, refuse_release
from apps.lots.domain.names import same_lot

__all__ = ["HoldState", "refuse_release", "same_lot"]
