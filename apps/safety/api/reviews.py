"""The addresses of the review."""

from typing import Any
from zoneinfo import ZoneInfo

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.selectors import Action, staff_of
from apps.accounts.services import prove_identity
from apps.edge.views import BedsideWriteView
from apps.guidelines.selectors import current_guidelines
from apps.kernel import clock
from apps.safety import services
from apps.safety.api.shapes import (
    DraftSerializer,
    EventOutcomeEntrySerializer,
    EventOutcomeSerializer,
    ReviewEntrySerializer,
    ReviewQueueSerializer,
    ReviewSerializer,
    SignatureEntrySerializer,
    SignedReviewSerializer,
)
from apps.safety.domain import Outcome, review_from_json
from apps.safety.presentation import draft_shown, queue_for, review_page
from apps.safety.presentation.reviewing import outcome_shown, signed_shown
from apps.safety.selectors import access_adverse_event, access_review, signed_reviews


class ReviewQueueView(APIView):
    """What waits for review on my wards, by when it calls; what changed since it was signed; what is reviewed."""

    rights = Action.SEE_ADVERSE_EVENTS

    @extend_schema(responses=ReviewQueueSerializer, operation_id="review_queue")
    def get(self, request: Request) -> Response:
        return Response(ReviewQueueSerializer(queue_for(staff_of(request), now=clock.now())).data)


@extend_schema_view(
    post=extend_schema(
        request=ReviewEntrySerializer, responses=DraftSerializer, operation_id="save_adverse_event_review"
    )
)
class ReviewView(BedsideWriteView):
    """An event with everything around it and what is said of it; saving one's draft."""

    rights = {"GET": Action.SEE_ADVERSE_EVENTS, "POST": Action.REVIEW_ADVERSE_EVENT}

    @extend_schema(responses=ReviewSerializer, operation_id="adverse_event_review")
    def get(self, request: Request, event_id: int) -> Response:
        user = staff_of(request)
        event = access_adverse_event(user, event_id)
        return Response(ReviewSerializer(review_page(event, user, now=clock.now())).data)

    def perform(self, request: Request, event_id: int) -> Response:
        access_review(staff_of(request), event_id)
        entry = ReviewEntrySerializer(data=request.data)
        entry.is_valid(raise_exception=True)
        draft = services.save_review(
            performer=staff_of(request),
            event_id=event_id,
            review=entry.as_review(),
            revision=entry.validated_data["revision"],
            now=clock.now(),
        )
        shown = draft_shown(draft, review_from_json(draft.content), current_guidelines())
        return Response(DraftSerializer(shown).data)


@extend_schema_view(
    post=extend_schema(
        request=SignatureEntrySerializer,
        responses={201: SignedReviewSerializer},
        operation_id="sign_adverse_event_review",
    )
)
class SignatureView(BedsideWriteView):
    """Signing one's draft as it was shown. The password is asked for again, each time."""

    rights = Action.REVIEW_ADVERSE_EVENT

    def post(self, request: Request, **kwargs: Any) -> Response:
        """Who it is is proved before the unit of work: a refusal is counted whatever becomes of the rest."""
        access_review(staff_of(request), kwargs["event_id"])
        entry = SignatureEntrySerializer(data=request.data)
        entry.is_valid(raise_exception=True)
        prove_identity(
            user=staff_of(request),
            password=entry.validated_data["own_password"],
            field="own_password",
            wall_now=clock.wall_now(),
        )
        return super().post(request, **kwargs)

    def perform(self, request: Request, event_id: int) -> Response:
        entry = SignatureEntrySerializer(data=request.data)
        entry.is_valid(raise_exception=True)
        signed = services.sign_review(
            performer=staff_of(request),
            event_id=event_id,
            revision=entry.validated_data["revision"],
            meaning=entry.validated_data["meaning"],
            now=clock.now(),
        )
        found = signed_reviews(access_adverse_event(staff_of(request), event_id))
        shown = next(one for one in found if one.assessment_id == signed.pk)
        return Response(SignedReviewSerializer(signed_shown(shown)).data, status=201)


@extend_schema_view(
    post=extend_schema(
        request=EventOutcomeEntrySerializer,
        responses={201: EventOutcomeSerializer},
        operation_id="record_adverse_event_outcome",
    )
)
class OutcomesView(BedsideWriteView):
    """How a reaction went on: entries are added, none is overwritten."""

    rights = Action.REVIEW_ADVERSE_EVENT

    def perform(self, request: Request, event_id: int) -> Response:
        event = access_review(staff_of(request), event_id)
        entry = EventOutcomeEntrySerializer(
            data=request.data, context={"time_zone": ZoneInfo(event.ward.time_zone)}
        )
        entry.is_valid(raise_exception=True)
        given = entry.validated_data
        row = services.record_outcome(
            performer=staff_of(request),
            event_id=event_id,
            severity_term=given["severity_term"],
            outcome=Outcome(given["outcome"]),
            observed_at=given["observed_at"],
            note=given["note"],
            replaces_id=given["replaces"],
            now=clock.now(),
        )
        return Response(EventOutcomeSerializer(outcome_shown(row)).data, status=201)
