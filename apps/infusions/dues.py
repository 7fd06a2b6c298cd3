"""What the timers of a session can have asked a person for."""

from datetime import timedelta

STEP, OBSERVATION, VOLUME, VIAL = "step", "observation", "volume", "vial"
VIAL_AHEAD = timedelta(minutes=5)
