"""Readers of self-report. `access_link` is for staff, `link_of_token` for whoever holds the link."""

from datetime import datetime, timedelta

from django.conf import settings

from apps.accounts.selectors import Action, Staff, require, within_reach
from apps.followups.selectors import CheckRecord, checks_of_patient
from apps.kernel.errors import NotFoundError
from apps.kernel.text import N_
from apps.selfreport.domain import STALE_AFTER, expires_at, is_token, token_digest
from apps.selfreport.domain.checks import ANSWERABLE
from apps.selfreport.models import SelfReport, SelfReportLink, Sending

LinkRecord = SelfReportLink
ReportRecord = SelfReport
SendingRecord = Sending
LANGUAGES = tuple(code for code, _ in settings.LANGUAGES)


def access_link(
    user: Staff, link_id: int, action: Action = Action.SEE_FOLLOW_UPS, *, for_update: bool = False
) -> LinkRecord:
    """The link, if its patient lies on one of the person's wards; otherwise NotFoundError."""
    links = SelfReportLink.objects.select_related("patient", "ward", "issued_by", "revoked_by")
    if for_update:
        links = links.select_for_update(of=("self",))
    link = links.filter(within_reach(user, action), pk=link_id).first()
    if link is None:
        raise NotFoundError("not_found", N_("There is no such link on your wards."))
    require(user, action)
    return link


def newest_link(course_id: int) -> LinkRecord | None:
    """The link of a course that was given out last, open or not."""
    links = SelfReportLink.objects.select_related("issued_by", "revoked_by")
    return links.filter(course_id=course_id).order_by("-pk").first()


def link_of_token(token: str, *, now: datetime, for_update: bool = False) -> LinkRecord | None:
    """The link somebody holds, while it opens. None for a wrong one, one that expired, one taken back."""
    if not is_token(token):
        return None
    links = SelfReportLink.objects.select_related("ward", "patient")
    if for_update:
        links = links.select_for_update(of=("self",))
    link = links.filter(token_hash=token_digest(token), revoked_at__isnull=True).first()
    if link is None or expiry_of(link) <= now:
        return None
    return link


def expiry_of(link: LinkRecord) -> datetime:
    """When the link stops opening. It follows the plan: another infusion day moves it with the checks."""
    answerable = [check for check in checks_of_link(link) if check.kind in ANSWERABLE]
    closings = [check.closes_at for check in answerable if check.closes_at is not None]
    grace = timedelta(hours=settings.SELF_REPORT_GRACE_HOURS)
    return expires_at(issued_at=link.issued_at, closings=closings, grace=grace)


def checks_of_link(link: LinkRecord) -> list[CheckRecord]:
    """The checks of the link's course that were not moved away."""
    found = checks_of_patient(link.patient_id)
    gone = ("superseded", "missed")
    return [check for check in found if check.course_id == link.course_id and check.status not in gone]


def open_report(link: LinkRecord, *, now: datetime) -> ReportRecord | None:
    """The form that is being filled in; one that lay for long is none."""
    return SelfReport.objects.filter(
        link=link, ended_at__isnull=True, changed_at__gt=now - STALE_AFTER
    ).first()


def recent_report(link: LinkRecord, *, now: datetime) -> ReportRecord | None:
    """The form that was sent off not long ago; after that the same link asks anew."""
    sent = SelfReport.objects.filter(link=link, completed_at__gt=now - STALE_AFTER)
    return sent.order_by("-pk").first()


def reports_of_course(course_id: int) -> list[ReportRecord]:
    """Everything a patient sent about a course, newest first."""
    return list(SelfReport.objects.filter(link__course_id=course_id).order_by("-pk"))


def sendings_of(link: LinkRecord) -> list[SendingRecord]:
    """The messages that carried a link, newest first."""
    return list(link.sendings.select_related("consent_noted_by").order_by("-pk"))
