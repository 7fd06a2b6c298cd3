"""Giving a link out, and taking it back."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from apps.accounts.selectors import Action, Staff
from apps.courses.selectors import access_course
from apps.kernel.errors import ConflictError, DomainError
from apps.kernel.text import N_
from apps.ledger.services import actor_of, unit_of_work
from apps.selfreport.domain import new_token, token_digest
from apps.selfreport.models import SelfReportLink
from apps.selfreport.selectors import LANGUAGES, access_link
from apps.selfreport.services.common import record, withdraw_sendings

ISSUE_LOCK = 0x4C494E4B


@dataclass(frozen=True, slots=True)
class IssuedLink:
    """A new link and its token, which is told this once and kept nowhere."""

    link: SelfReportLink
    token: str


def issue_link(*, performer: Staff, course_id: int, language: str, now: datetime) -> IssuedLink:
    """Give out a link for a course; the one before it stops working at once.

    Raises DomainError `language_unknown`; NotFoundError when the course is not on the person's wards.
    """
    if language not in LANGUAGES:
        raise DomainError(
            "language_unknown", N_("The form speaks English, Persian and Norwegian. Choose one.")
        )
    with unit_of_work():
        course = access_course(performer, course_id, Action.RECORD_FOLLOW_UP)
        _one_at_a_time(course.pk)
        for earlier in SelfReportLink.objects.select_for_update().filter(
            course_id=course.pk, revoked_at__isnull=True
        ):
            close_link(earlier, performer, SelfReportLink.Revocation.REISSUED, "", now)
        token = new_token()
        link = SelfReportLink.objects.create(
            patient_id=course.patient_id,
            ward_id=course.ward_id,
            course_id=course.pk,
            language=language,
            token_hash=token_digest(token),
            issued_at=now,
            issued_by=performer,
        )
        record(link, "selfreport.link.issued", actor_of(performer), now, language=language)
    return IssuedLink(link, token)


def revoke_link(*, performer: Staff, link_id: int, reason: str, now: datetime) -> SelfReportLink:
    """Take a link back: it opens for nobody any more. What was answered by it stays.

    Raises ConflictError `link_closed` when it was taken back or replaced before.
    """
    with unit_of_work():
        link = access_link(performer, link_id, Action.RECORD_FOLLOW_UP, for_update=True)
        if link.revoked_at is not None:
            raise ConflictError(
                "link_closed", N_("This link was taken back or replaced already. Reload to see who did it.")
            )
        close_link(link, performer, SelfReportLink.Revocation.WITHDRAWN, reason, now)
    return link


def _one_at_a_time(course_id: int) -> None:
    """Two taps at once: the second waits, and replaces the first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashint8(%s))", [ISSUE_LOCK, course_id])


def close_link(link: SelfReportLink, performer: Staff, how: str, reason: str, now: datetime) -> None:
    """The link opens nothing any more, and what has not left is not sent. To be called within a unit of work."""
    link.revoked_at, link.revoked_by, link.revocation, link.reason = now, performer, how, reason
    link.save(update_fields=["revoked_at", "revoked_by", "revocation", "reason"])
    withdraw_sendings(link)
    record(link, "selfreport.link.revoked", actor_of(performer), now, revocation=how, reason=reason)
