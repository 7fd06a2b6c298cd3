"""Adverse events as pages."""

from typing import Any

from apps.accounts.selectors import Action, role_allows, staff_of
from apps.edge.pages import Page
from apps.safety.api import AdverseEventSerializer
from apps.safety.selectors import access_adverse_event, adverse_events_for


class AdverseEventListPage(Page):
    """Adverse events of my wards."""

    template_name = "safety/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        events = adverse_events_for(staff_of(self.request))
        return super().get_context_data(
            adverse_events=AdverseEventSerializer(events, many=True).data,
            can_export=role_allows(staff_of(self.request), Action.EXPORT_ADVERSE_EVENTS),
            **kwargs,
        )


class AdverseEventPage(Page):
    """One adverse event."""

    template_name = "safety/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        event = access_adverse_event(staff_of(self.request), kwargs["event_id"])
        return super().get_context_data(
            adverse_event=AdverseEventSerializer(event).data, time_zone=event.ward.time_zone, **kwargs
        )
