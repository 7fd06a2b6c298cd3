"""What leaves the house as tables. Who took what is on record before the first byte goes."""

import secrets
from contextlib import AbstractContextManager
from typing import Any

from django.http import FileResponse, HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from apps.accounts.selectors import Action, staff_of
from apps.cases.exports import listing
from apps.cases.exports.research import research_export, research_zip
from apps.cases.exports.tables import CSV_TYPE, XLSX_TYPE, csv_lines, xlsx_file
from apps.edge.exports import Stamp, stamped
from apps.kernel import clock
from apps.safety.selectors import AdverseEventRecord, adverse_events_for
from apps.safety.services import record_export

_SALT_BYTES = 32


def _taken(request: Request, form: str, **details: Any) -> list[AdverseEventRecord]:
    """The events of the person's wards, noted as taken out."""
    events = adverse_events_for(staff_of(request), Action.EXPORT_ADVERSE_EVENTS)
    record_export(
        performer=staff_of(request),
        event_ids=[event.pk for event in events],
        now=clock.now(),
        form=form,
        **details,
    )
    return events


def _stamped(request: Request) -> AbstractContextManager[Stamp]:
    return stamped(by=staff_of(request).display_name, at=clock.wall_now())


def _name(stamp: Stamp, ending: str) -> str:
    return f"adverse-events-{clock.now():%Y%m%d-%H%M}-{stamp.number}.{ending}"


class ListingCsvView(APIView):
    """The line listing of my wards as CSV, without names: patients appear by pseudonym."""

    rights = Action.EXPORT_ADVERSE_EVENTS

    @extend_schema(
        responses={(200, "text/csv"): OpenApiResponse(OpenApiTypes.STR)},
        operation_id="export_adverse_events",
    )
    def get(self, request: Request) -> HttpResponse:
        with _stamped(request) as stamp:
            events = _taken(request, "csv", export=stamp.number)
        text = "".join(csv_lines(listing.COLUMNS, listing.listing(events)))
        answer = HttpResponse(text, content_type=CSV_TYPE)
        answer["Content-Disposition"] = f'attachment; filename="{_name(stamp, "csv")}"'
        return answer


class ListingXlsxView(APIView):
    """The same line listing as a workbook of one sheet; every cell is text."""

    rights = Action.EXPORT_ADVERSE_EVENTS

    @extend_schema(
        responses={(200, XLSX_TYPE): OpenApiResponse(OpenApiTypes.BINARY)},
        operation_id="export_adverse_events_xlsx",
    )
    def get(self, request: Request) -> FileResponse:
        with _stamped(request) as stamp:
            events = _taken(request, "xlsx", export=stamp.number)
            file = xlsx_file("Adverse events", listing.COLUMNS, listing.listing(events))
        return FileResponse(file, as_attachment=True, filename=_name(stamp, "xlsx"), content_type=XLSX_TYPE)


class ResearchView(APIView):
    """De-identified rows with a note, in a ZIP. Pseudonyms are this export's own; its salt stays here, on record."""

    rights = Action.EXPORT_ADVERSE_EVENTS

    @extend_schema(
        responses={(200, "application/zip"): OpenApiResponse(OpenApiTypes.BINARY)},
        operation_id="export_research",
    )
    def get(self, request: Request) -> HttpResponse:
        salt = secrets.token_bytes(_SALT_BYTES)
        with _stamped(request) as stamp:
            events = _taken(request, "research", salt=salt.hex(), export=stamp.number)
            export = research_export(events, salt=salt)
        answer = HttpResponse(research_zip(export), content_type="application/zip")
        name = f"adverse-events-research-{stamp.number}.zip"
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer
