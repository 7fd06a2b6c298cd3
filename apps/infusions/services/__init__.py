"""The only writers of infusions."""

from apps.infusions.services.ending import abandon_session, complete_session, end_watch, stop_session
from apps.infusions.services.handing_over import (
    accept_handover,
    offer_handover,
    take_over,
    withdraw_handover,
)
from apps.infusions.services.intervening import mark_intervention_in_error, record_intervention
from apps.infusions.services.observing import (
    mark_observation_in_error,
    record_observation,
    set_spo2_scale,
)
from apps.infusions.services.rates import (
    confirm_step,
    lower_rate,
    pause_session,
    resume_session,
    stay_at_rate,
)
from apps.infusions.services.reacting import describe_reaction, record_reaction
from apps.infusions.services.settling import go_on_slower, mark_reaction_in_error, resolve_reaction
from apps.infusions.services.starting import prepare_session, start_session
from apps.infusions.services.vials import hang_vial, mark_vial_in_error

__all__ = [
    "abandon_session",
    "accept_handover",
    "complete_session",
    "confirm_step",
    "describe_reaction",
    "end_watch",
    "go_on_slower",
    "hang_vial",
    "lower_rate",
    "mark_intervention_in_error",
    "mark_observation_in_error",
    "mark_reaction_in_error",
    "mark_vial_in_error",
    "offer_handover",
    "pause_session",
    "prepare_session",
    "record_intervention",
    "record_observation",
    "record_reaction",
    "resolve_reaction",
    "resume_session",
    "set_spo2_scale",
    "start_session",
    "stay_at_rate",
    "stop_session",
    "take_over",
    "withdraw_handover",
]
