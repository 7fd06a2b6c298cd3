"""Versions: the case as it stands now, kept for good under one number."""

from datetime import datetime
from zoneinfo import ZoneInfo

from apps.accounts.selectors import Staff
from apps.cases.domain.completeness import completeness
from apps.cases.domain.keeping import content_hash, content_to_json
from apps.cases.domain.versions import Kind, Made, check_reason, most_recent, report_identifier
from apps.cases.gathering import gather
from apps.cases.models import Case, CaseVersion
from apps.cases.selectors import access_case
from apps.cases.services.common import case_to_change, record, save_changed
from apps.cases.services.watching import refresh_clocks
from apps.cases.site import site
from apps.kernel.errors import ConflictError, DomainError
from apps.kernel.text import N_
from apps.ledger.services import unit_of_work


def make_version(
    *,
    performer: Staff,
    case_id: int,
    kind: Kind,
    now: datetime,
    reason: str = "",
    information_at: datetime | None = None,
    same_as: int | None = None,
) -> CaseVersion:
    """Keep the case as it stands as its next version. A nullification closes it and lets its events go.

    `information_at` moves C.1.5 with an initial report and a follow-up; `same_as` is the case that stays when a
    duplicate is nullified. Raises DomainError `site_not_described`, `reason_missing`,
    `information_at_implausible`, `case_not_valid`; ConflictError `case_nullified`, `case_version_order`,
    `case_unchanged`.
    """
    with unit_of_work():
        case = case_to_change(performer, case_id)
        made = [
            Made(version.number, Kind(version.kind), version.most_recent_at)
            for version in case.versions.all()
        ]
        told = check_reason(kind, reason)
        newest = most_recent(
            made,
            kind=kind,
            information_at=information_at,
            first_received_at=case.first_received_at,
            now=now,
        )
        stays = _standing(performer, case, same_as) if same_as is not None else None
        _give_number(case, now)
        content = content_to_json(gather(case, now=now))
        _refuse_unfit(case, kind, content, now)
        version = CaseVersion.objects.create(
            case=case,
            number=len(made) + 1,
            kind=kind.value,
            reason=told,
            first_received_at=case.first_received_at,
            most_recent_at=newest,
            content=content,
            sha256=content_hash(content),
            made_at=now,
            made_by=performer,
        )
        if kind is Kind.NULLIFICATION:
            case.state, case.same_as = Case.State.NULLIFIED, stays
            case.events.update(let_go=True)
        save_changed(case, "state", "same_as", "report_id")
        record(
            case,
            "version_made",
            performer,
            now,
            number=version.number,
            kind=kind.value,
            sha256=version.sha256,
            report_id=case.report_id,
        )
        refresh_clocks(case_id=case.pk, now=now)
    return version


def _give_number(case: Case, now: datetime) -> None:
    if not case.report_id:
        sender = site()
        year = now.astimezone(ZoneInfo(case.ward.time_zone)).year
        case.report_id = report_identifier(
            country=sender.country, code=sender.code, year=year, number=case.pk
        )


def _refuse_unfit(case: Case, kind: Kind, content: dict[str, object], now: datetime) -> None:
    weighed = completeness(gather(case, now=now))
    if kind is Kind.INITIAL and not weighed.valid:
        raise DomainError(
            "case_not_valid",
            N_("A case needs a patient, a reporter, a reaction and a product. See what is missing."),
        )
    last = case.versions.order_by("-number").first()
    same = last is not None and last.sha256 == content_hash(content)
    if same and kind in (Kind.FOLLOW_UP, Kind.AMENDMENT):
        raise ConflictError(
            "case_unchanged", N_("Nothing has changed since the last version. There is nothing to tell.")
        )


def _standing(performer: Staff, case: Case, same_as: int) -> Case:
    other = access_case(performer, same_as)
    if other.pk == case.pk or other.state != Case.State.OPEN:
        raise DomainError(
            "duplicate_of_nothing",
            N_("The case that stays must be another one, and a standing one."),
            extra={"field": "same_as"},
        )
    return other
