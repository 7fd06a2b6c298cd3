"""The volumes of a session, from its rates and its vials."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from itertools import pairwise

from apps.infusions.domain import RateSegment, volume_given_ml
from apps.infusions.models import HungVial, InfusionSession, RateChange
from apps.infusions.record.content import Volumes


def volumes_of(
    session: InfusionSession, changes: Sequence[RateChange], vials: Sequence[HungVial], *, now: datetime
) -> Volumes:
    """What was ordered, hung, given and left; a vial entered in error does not count."""
    hung = [vial.volume_ml for vial in vials if vial.status != HungVial.Status.ENTERED_IN_ERROR]
    known = [volume for volume in hung if volume is not None]
    hung_ml = sum(known, Decimal(0)) if known and len(known) == len(hung) else None
    by_rates_ml = volume_given_ml(_segments(changes), now)
    return Volumes(
        ordered_ml=session.volume_total_ml,
        hung_ml=hung_ml,
        by_rates_ml=min(by_rates_ml, session.volume_total_ml if hung_ml is None else hung_ml),
        residual_ml=session.residual_ml,
    )


def _segments(changes: Sequence[RateChange]) -> list[RateSegment]:
    closed = [
        RateSegment(one.started_at, following.started_at, one.rate_ml_per_h)
        for one, following in pairwise(changes)
    ]
    return [*closed, *(RateSegment(last.started_at, None, last.rate_ml_per_h) for last in changes[-1:])]
