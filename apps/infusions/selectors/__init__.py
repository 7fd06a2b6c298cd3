"""Readers of infusions."""

from apps.infusions.packages import known_product, vial_hung_at
from apps.infusions.past import PastReaction, ToleratedRate, past_reactions, tolerated_rates
from apps.infusions.selectors.account import (
    HungLot,
    InfusionAccount,
    RunRate,
    infusion_account,
    infusion_timeline,
)
from apps.infusions.selectors.board import next_due, session_row
from apps.infusions.selectors.counted import (
    CountedInfusion,
    LotExposure,
    counted_infusions,
    infusions_with_lot,
)
from apps.infusions.selectors.given_drug import DrugGiven, drug_given_in_courses, grams_until
from apps.infusions.selectors.handovers import offers_to, open_offer, sessions_to_hand_over
from apps.infusions.selectors.plan import plan_preview
from apps.infusions.selectors.reactions import ReactionAccount, reaction_account, reactions_of
from apps.infusions.selectors.sessions import (
    BegunInfusion,
    InfusionMoment,
    SessionRecord,
    access_session,
    begun_infusions,
    course_of_session,
    infusion_at,
    infusions_of_course,
    sessions_still_watched,
)
from apps.infusions.selectors.signs import signs_before_start, signs_of_version

__all__ = [
    "BegunInfusion",
    "CountedInfusion",
    "DrugGiven",
    "HungLot",
    "InfusionAccount",
    "InfusionMoment",
    "LotExposure",
    "PastReaction",
    "ReactionAccount",
    "RunRate",
    "SessionRecord",
    "ToleratedRate",
    "access_session",
    "begun_infusions",
    "counted_infusions",
    "course_of_session",
    "drug_given_in_courses",
    "grams_until",
    "infusion_account",
    "infusion_at",
    "infusion_timeline",
    "infusions_of_course",
    "infusions_with_lot",
    "known_product",
    "next_due",
    "offers_to",
    "open_offer",
    "past_reactions",
    "plan_preview",
    "reaction_account",
    "reactions_of",
    "session_row",
    "sessions_still_watched",
    "sessions_to_hand_over",
    "signs_before_start",
    "signs_of_version",
    "tolerated_rates",
    "vial_hung_at",
]
