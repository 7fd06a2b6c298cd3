"""What hangs, and how much is left of it."""

from decimal import Decimal
from typing import Any

from apps.infusions.domain import Hung, left_in_each_ml, to_tenth_ml
from apps.infusions.models import HungVial, InfusionSession


def shown_vials(session: InfusionSession, given_ml: Decimal) -> list[dict[str, Any]]:
    """Every vial in the order of hanging; `left_ml` is None for wrong entries and where no volume was kept."""
    rows = list(HungVial.objects.filter(session=session).select_related("performer", "status_changed_by"))
    valid = [row for row in rows if row.status != HungVial.Status.ENTERED_IN_ERROR]
    hung = [Hung(row.hung_at, row.volume_ml) for row in valid if row.volume_ml is not None]
    left = dict(zip(valid, left_in_each_ml(hung, given_ml), strict=True)) if len(hung) == len(valid) else {}
    return [{"row": row, "left_ml": to_tenth_ml(left[row]) if row in left else None} for row in rows]
