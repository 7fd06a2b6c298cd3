"""What can be done to a session: the name of the act, what it takes, and the service that does it."""

from datetime import datetime
from typing import Any

from apps.accounts.selectors import Action, Staff
from apps.infusions import services
from apps.infusions.api import entries
from apps.infusions.api.views import refuse_unconfirmed, session_write
from apps.infusions.services.reacting import Symptom


def _observe(*, performer: Staff, session_id: int, now: datetime, **data: Any) -> None:
    entry = entries.ObservationEntrySerializer.as_entry(data)
    services.record_observation(performer=performer, session_id=session_id, entry=entry, now=now)


def _hang(*, performer: Staff, session_id: int, now: datetime, **data: Any) -> None:
    refuse_unconfirmed(data)
    services.hang_vial(
        performer=performer,
        session_id=session_id,
        vial=entries.VialEntrySerializer.as_vial(data),
        identity_scanned=data["identity_scanned"],
        hung_at=data.get("hung_at"),
        replaces=data["replaces"],
        reason=data["reason"],
        now=now,
    )


def _react(*, performer: Staff, session_id: int, now: datetime, **data: Any) -> None:
    services.record_reaction(
        performer=performer,
        session_id=session_id,
        symptoms=[Symptom(**symptom) for symptom in data["symptoms"]],
        onset_at=data.get("onset_at") or data.get("effective_at") or now,
        action=data["action"],
        note=data["note"],
        now=now,
        effective_at=data.get("effective_at"),
    )


def _describe(*, performer: Staff, session_id: int, reaction_id: int, now: datetime, **data: Any) -> None:
    services.describe_reaction(
        performer=performer,
        session_id=session_id,
        reaction_id=reaction_id,
        symptoms=[Symptom(**symptom) for symptom in data["symptoms"]],
        note=data["note"],
        now=now,
    )


def _intervene(*, performer: Staff, session_id: int, now: datetime, **data: Any) -> None:
    data["given_at"] = data.get("given_at") or now
    services.record_intervention(performer=performer, session_id=session_id, now=now, **data)


AbandonView = session_write("abandon_session", entries.NeededReasonEntrySerializer, services.abandon_session)
ObservationView = session_write("record_observation", entries.ObservationEntrySerializer, _observe)
ObservationInErrorView = session_write(
    "mark_observation_in_error", entries.NeededReasonEntrySerializer, services.mark_observation_in_error
)
Spo2ScaleView = session_write(
    "set_spo2_scale",
    entries.Spo2ScaleEntrySerializer,
    services.set_spo2_scale,
    rights=Action.DECIDE_AT_BEDSIDE,
)
ConfirmStepView = session_write("confirm_step", entries.ConfirmStepEntrySerializer, services.confirm_step)
StayView = session_write("stay_at_rate", entries.StayEntrySerializer, services.stay_at_rate)
LowerRateView = session_write("lower_rate", entries.LowerRateEntrySerializer, services.lower_rate)
PauseView = session_write("pause_session", entries.HaltEntrySerializer, services.pause_session)
ResumeView = session_write("resume_session", entries.ResumeEntrySerializer, services.resume_session)
StopView = session_write("stop_session", entries.HaltEntrySerializer, services.stop_session)
CompleteView = session_write("complete_session", entries.CompleteEntrySerializer, services.complete_session)
EndWatchView = session_write("end_watch", entries.NeededReasonEntrySerializer, services.end_watch)
HangVialView = session_write("hang_vial", entries.HangVialEntrySerializer, _hang)
VialInErrorView = session_write(
    "mark_vial_in_error", entries.NeededReasonEntrySerializer, services.mark_vial_in_error
)
ReactionView = session_write("record_reaction", entries.ReactionEntrySerializer, _react)
DescribeReactionView = session_write("describe_reaction", entries.DescribeReactionEntrySerializer, _describe)
GoOnSlowerView = session_write("go_on_slower", entries.VersionEntrySerializer, services.go_on_slower)
ResolveReactionView = session_write(
    "resolve_reaction", entries.ResolveReactionEntrySerializer, services.resolve_reaction
)
ReactionInErrorView = session_write(
    "mark_reaction_in_error", entries.NeededReasonEntrySerializer, services.mark_reaction_in_error
)
InterventionView = session_write("record_intervention", entries.InterventionEntrySerializer, _intervene)
InterventionInErrorView = session_write(
    "mark_intervention_in_error", entries.NeededReasonEntrySerializer, services.mark_intervention_in_error
)
TakeOverView = session_write("take_over", entries.EmptyEntrySerializer, services.take_over)
