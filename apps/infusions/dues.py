"""What the timers of a session can have asked a person for."""

from datetime import timedelta

STEP, OBSERVATION, VOLUME, VIAL = "step", "observation", "volume", "vial"
VIAL_AHEAD = timedelta(minutes=5)
RECHECK, REPEAT = "infusion.reaction.recheck", "infusion.intervention.repeat"
RECHECK_ALERT, REPEAT_ALERT = "reaction_recheck", "intervention_repeat"

# How long an offered patient may wait to be accepted by name. Site policy, not from a guideline.
HANDOVER_OPEN = "infusion.handover.open"
OFFER_WAITS = timedelta(minutes=15)
