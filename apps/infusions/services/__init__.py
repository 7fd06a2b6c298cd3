"""The only writers of infusions."""

from apps.infusions.services.ending import complete_session, stop_session
from apps.infusions.services.observing import record_observation
from apps.infusions.services.rates import confirm_step, lower_rate, pause_session, resume_session
from apps.infusions.services.reacting import record_reaction, resolve_reaction
from apps.infusions.services.starting import start_session

__all__ = [
    "complete_session",
    "confirm_step",
    "lower_rate",
    "pause_session",
    "record_observation",
    "record_reaction",
    "resolve_reaction",
    "resume_session",
    "start_session",
    "stop_session",
]
