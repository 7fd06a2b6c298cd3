"""The volumes of a session, from its rates and its vials."""

from collections.abc import Sequence
from datetime import datetime

from apps.infusions.domain import hung_ml, volume_given_ml
from apps.infusions.models import HungVial, InfusionSession
from apps.infusions.record.content import Volumes
from apps.infusions.rows import hung_of, rates_of


def volumes_of(session: InfusionSession, vials: Sequence[HungVial], *, now: datetime) -> Volumes:
    """What was ordered, hung, given and left; a vial entered in error does not count.

    What was hung is None where volumes were not kept.
    """
    hung = hung_of(session)
    return Volumes(
        ordered_ml=session.volume_total_ml,
        hung_ml=None if any(vial.volume_ml is None for vial in vials) else hung_ml(hung),
        by_rates_ml=volume_given_ml(rates_of(session), hung, now),
        residual_ml=session.residual_ml,
    )
