"""The nervous system: which event is heard by whom, which timer wakes what.

The ledger looks names up here; a lower app never imports a higher one. Handlers of an event run in
the transaction that recorded it, in this order.
"""

from apps.kernel.text import N_

_SESSION_ROW = "apps.dashboard.handlers.refresh_session"
_ALERT_ROW = "apps.dashboard.handlers.refresh_alert"
_FOLLOW_UP_ROW = "apps.dashboard.handlers.refresh_follow_up"
_FILL_IN_EVENTS = "apps.safety.handlers.fill_in_from_infusion"
_OPEN_FROM_FOLLOW_UP = "apps.safety.handlers.open_from_follow_up"
_CASE_CLOCKS = "apps.cases.handlers.refresh_clocks_of_event"
_LOOK_AT_LOTS = "apps.signals.handlers.look_at_lots_soon"
_PLAN_FOLLOW_UPS = "apps.followups.handlers.plan_around_infusion"

_LEARN_BLOOD_GROUP = "apps.followups.handlers.learn_blood_group"
_TELL_PLANNER = "apps.safety.handlers.tell_planner"
_LEARN_FROM_LABORATORY = "apps.followups.handlers.learn_from_laboratory"

EVENT_HANDLERS: dict[str, tuple[str, ...]] = {
    "course.revised": ("apps.followups.handlers.plan_for_changed_course",),
    "lots.lot.held": (
        "apps.infusions.handlers.tell_of_held_lot",
        "apps.signals.handlers.close_alerts_of_held_lot",
    ),
    "infusion.session.prepared": (_SESSION_ROW,),
    "infusion.session.abandoned": (_SESSION_ROW,),
    "infusion.session.started": (_PLAN_FOLLOW_UPS, "apps.discharge.handlers.begin_stay", _SESSION_ROW),
    "infusion.session.paused": (_SESSION_ROW,),
    "infusion.session.resumed": (_SESSION_ROW,),
    "infusion.session.completed": (_PLAN_FOLLOW_UPS, _SESSION_ROW),
    "infusion.session.stopped": (_PLAN_FOLLOW_UPS, _SESSION_ROW),
    "infusion.rate.changed": (_SESSION_ROW,),
    "infusion.watch.ended": (_SESSION_ROW,),
    "infusion.step.due": (_SESSION_ROW,),
    "infusion.step.postponed": (_SESSION_ROW,),
    "infusion.vial.due": (_SESSION_ROW,),
    "infusion.vial.hung": (_SESSION_ROW,),
    "infusion.vial.entered_in_error": (_SESSION_ROW,),
    "infusion.spo2_scale.changed": (_SESSION_ROW,),
    "infusion.observation.due": (_SESSION_ROW,),
    "infusion.volume.due": (_SESSION_ROW,),
    "infusion.observation.recorded": (_FILL_IN_EVENTS, _SESSION_ROW),
    "infusion.observation.corrected": (_FILL_IN_EVENTS, _SESSION_ROW),
    "infusion.observation.entered_in_error": (_FILL_IN_EVENTS, _SESSION_ROW),
    "infusion.reaction.recorded": ("apps.safety.handlers.open_from_reaction", _SESSION_ROW),
    "infusion.reaction.described": (_FILL_IN_EVENTS, _SESSION_ROW),
    "infusion.reaction.resolved": (_FILL_IN_EVENTS, _SESSION_ROW),
    "infusion.reaction.entered_in_error": ("apps.safety.handlers.withdraw_mistaken_reaction", _SESSION_ROW),
    "infusion.intervention.recorded": (_FILL_IN_EVENTS, _SESSION_ROW),
    "infusion.intervention.entered_in_error": (_FILL_IN_EVENTS, _SESSION_ROW),
    "infusion.handover.offered": (_SESSION_ROW,),
    "infusion.handover.accepted": (_SESSION_ROW,),
    "infusion.handover.withdrawn": (_SESSION_ROW,),
    "infusion.session.taken_over": (_SESSION_ROW,),
    "alert.raised": (_ALERT_ROW,),
    "alert.repeated": (_ALERT_ROW,),
    "alert.escalated": (_ALERT_ROW,),
    "alert.call_sent": (_ALERT_ROW,),
    "alert.call_failed": (_ALERT_ROW,),
    "access.emergency.opened": ("apps.alerts.handlers.tell_of_emergency_access",),
    "message.sent": ("apps.alerts.handlers.tell_of_delivery",),
    "message.failed": ("apps.alerts.handlers.tell_of_delivery",),
    "alert.acknowledged": (
        "apps.infusions.handlers.close_alerts_after_end",
        "apps.followups.handlers.close_alerts_after_answer",
        "apps.selfreport.handlers.close_alerts_after_answer",
        "apps.safety.handlers.close_alerts_after_review",
        "apps.signals.handlers.close_alert_after_it_was_taken",
        "apps.alerts.handlers.close_emergency_notice",
        _ALERT_ROW,
    ),
    "alert.resolved": (_ALERT_ROW,),
    "laboratory.result.recorded": (_LEARN_BLOOD_GROUP,),
    "laboratory.result.corrected": (_LEARN_BLOOD_GROUP,),
    "laboratory.result.entered_in_error": (_LEARN_BLOOD_GROUP,),
    "safety.review.signed": ("apps.courses.handlers.note_rechallenge", _CASE_CLOCKS, _LOOK_AT_LOTS),
    "laboratory.finding.suspected": ("apps.safety.handlers.open_from_laboratory", _LEARN_FROM_LABORATORY),
    "laboratory.finding.withdrawn": ("apps.safety.handlers.withdraw_from_laboratory", _LEARN_FROM_LABORATORY),
    "followup.check.due": (_FOLLOW_UP_ROW,),
    "followup.check.overdue": (_FOLLOW_UP_ROW,),
    "followup.check.unreachable": (_FOLLOW_UP_ROW,),
    "followup.check.attempt_due": (_FOLLOW_UP_ROW,),
    "followup.check.no_effect": (_FOLLOW_UP_ROW,),
    "followup.check.incomplete": (_FOLLOW_UP_ROW,),
    "followup.check.lost": (_FOLLOW_UP_ROW,),
    "followup.check.symptoms": (_OPEN_FROM_FOLLOW_UP, _FOLLOW_UP_ROW),
    "followup.check.suspected": (_OPEN_FROM_FOLLOW_UP, _FOLLOW_UP_ROW),
    "followup.check.answered": (_FOLLOW_UP_ROW,),
    "followup.check.taken": (_FOLLOW_UP_ROW,),
    "followup.check.given_back": (_FOLLOW_UP_ROW,),
    "safety.adverse_event.opened": (_TELL_PLANNER, _LOOK_AT_LOTS),
    "safety.adverse_event.reinstated": (_TELL_PLANNER, _CASE_CLOCKS, _LOOK_AT_LOTS),
    "safety.adverse_event.entered_in_error": (
        _TELL_PLANNER,
        "apps.courses.handlers.forget_rechallenge",
        _CASE_CLOCKS,
        _LOOK_AT_LOTS,
    ),
}

TIMER_HANDLERS: dict[str, str] = {
    "alert.escalate": "apps.alerts.services.escalate_alert",
    "message.send": "apps.alerts.handlers.send_message",
    "infusion.step.due": "apps.infusions.handlers.step_falls_due",
    "infusion.observation.due": "apps.infusions.handlers.observation_falls_due",
    "infusion.observation.overdue": "apps.infusions.handlers.observation_is_overdue",
    "infusion.volume.due": "apps.infusions.handlers.volume_is_in",
    "infusion.reaction.recheck": "apps.infusions.handlers.reaction_recheck_is_due",
    "infusion.intervention.repeat": "apps.infusions.handlers.repeat_is_due",
    "infusion.vial.due": "apps.infusions.handlers.vial_falls_due",
    "infusion.vial.empty": "apps.infusions.handlers.vial_is_empty",
    "infusion.handover.open": "apps.infusions.handlers.handover_waits",
    "followup.check.due": "apps.followups.services.check_falls_due",
    "followup.check.overdue": "apps.followups.services.check_is_overdue",
    "followup.attempt.due": "apps.followups.services.attempt_falls_due",
    "selfreport.link.send": "apps.selfreport.handlers.send_link",
    "case.clock.nears": "apps.cases.services.clock_nears_its_end",
    "case.clock.runs_out": "apps.cases.services.clock_runs_out",
    "submission.send": "apps.submissions.handlers.send_submission",
    "submission.answer.look": "apps.submissions.handlers.look_for_answers",
    "submission.answer.late": "apps.submissions.services.answer_is_late",
    "safety.review.due": "apps.safety.services.review_falls_due",
    "signals.lots.look": "apps.signals.services.look_at_lots_of_event",
}

# What a person is told when a timer could not be carried out.
TIMER_WORDS: dict[str, str] = {
    "alert.escalate": N_("escalation of an alert"),
    "message.send": N_("message out of the ward"),
    "infusion.step.due": N_("rate change"),
    "infusion.observation.due": N_("vital signs"),
    "infusion.observation.overdue": N_("overdue vital signs"),
    "infusion.volume.due": N_("end of the infusion"),
    "infusion.reaction.recheck": N_("recheck after a reaction"),
    "infusion.intervention.repeat": N_("second look after a drug was given"),
    "infusion.vial.due": N_("next vial"),
    "infusion.vial.empty": N_("empty vial"),
    "infusion.handover.open": N_("handover that nobody accepted"),
    "followup.check.due": N_("follow-up"),
    "followup.check.overdue": N_("overdue follow-up"),
    "followup.attempt.due": N_("next attempt at a follow-up"),
    "selfreport.link.send": N_("link for a patient"),
    "case.clock.nears": N_("reporting clock that nears its end"),
    "case.clock.runs_out": N_("reporting clock that ran out"),
    "submission.send": N_("case on its way to a receiver"),
    "submission.answer.look": N_("look for a receiver's answer"),
    "submission.answer.late": N_("answer of a receiver that is late"),
    "safety.review.due": N_("review of an adverse event"),
    "signals.lots.look": N_("look at the lots of an adverse event"),
}

TIMER_FAILED_HANDLER = "apps.alerts.handlers.tell_of_failed_timer"
