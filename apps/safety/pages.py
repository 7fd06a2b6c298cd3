"""Adverse events as pages: what waits for review, and one event with its review."""

from typing import Any
from zoneinfo import ZoneInfo

from apps.accounts.selectors import Action, role_allows, staff_of
from apps.edge.pages import Page
from apps.kernel import clock
from apps.safety.api import AdverseEventSerializer
from apps.safety.presentation import queue_for, review_page
from apps.safety.selectors import access_adverse_event, adverse_events_for


class AdverseEventListPage(Page):
    """What waits for a review, by when it calls, and every adverse event of my wards."""

    rights = Action.SEE_ADVERSE_EVENTS
    template_name = "safety/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = staff_of(self.request)
        events = adverse_events_for(user)
        return super().get_context_data(
            adverse_events=AdverseEventSerializer(events, many=True).data,
            queue=queue_for(user, now=clock.now()),
            can_export=role_allows(user, Action.EXPORT_ADVERSE_EVENTS),
            **kwargs,
        )


class AdverseEventPage(Page):
    """One adverse event: what happened around it, what is signed, and one's own review."""

    rights = Action.SEE_ADVERSE_EVENTS
    template_name = "safety/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, now = staff_of(self.request), clock.now()
        event = access_adverse_event(user, kwargs["event_id"])
        return super().get_context_data(
            adverse_event=AdverseEventSerializer(event).data,
            review=review_page(event, user, now=now),
            now_local=f"{now.astimezone(ZoneInfo(event.ward.time_zone)):%Y-%m-%dT%H:%M}",
            time_zone=event.ward.time_zone,
            **kwargs,
        )
