"""Documents of the site: one person writes, another approves, and from then on courses are planned with them."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import Max

from apps.accounts.selectors import Action, Staff, require
from apps.accounts.signing import signature_of
from apps.guidelines.domain import Guidelines, content_hash, parse_guidelines
from apps.guidelines.domain.overriding import (
    SITE_SECTIONS,
    TRIED_SECTIONS,
    check_site_document,
    with_site_documents,
)
from apps.guidelines.models import SiteDocument
from apps.guidelines.selectors import approved_site_documents
from apps.guidelines.services.loading import load_guidelines
from apps.guidelines.services.strict_yaml import read_yaml
from apps.guidelines.shipped import check_schema, shipped_release
from apps.kernel.errors import DomainError, NotFoundError
from apps.kernel.text import N_
from apps.ledger.services import actor_of, record_event, unit_of_work


def submit_site_document(*, performer: Staff, content: str, note: str, now: datetime) -> SiteDocument:
    """Submit a document for approval; it changes nothing until somebody else approves it.

    Raises DomainError `site_document_invalid` or `guideline_invalid` with the place of what is wrong.
    """
    require(performer, Action.AUTHOR_GUIDELINE)
    document = read_yaml(content)
    code = check_site_document(document)
    check_schema({code: document})
    _try_together(code, document)
    with unit_of_work():
        last = SiteDocument.objects.filter(code=code).aggregate(last=Max("number"))["last"] or 0
        submitted = SiteDocument.objects.create(
            code=code,
            number=last + 1,
            content=document,
            sha256=content_hash(content.encode()),
            note=note.strip(),
            author=performer,
            submitted_at=now,
        )
        _record("guideline.site_document.submitted", submitted, performer, now)
    return submitted


def approve_site_document(
    *, performer: Staff, document_id: int, own_password: str, now: datetime
) -> SiteDocument:
    """Make a submitted document current; the newest approved one of a code replaces those before it.

    Raises DomainError `approver_is_author`, `own_password_wrong`, `already_approved`; NotFoundError.
    """
    require(performer, Action.APPROVE_GUIDELINE)
    with unit_of_work():
        document = _locked(document_id)
        if document.author_id == performer.pk:
            raise DomainError(
                "approver_is_author", N_("You wrote this document. Somebody else must approve it.")
            )
        if document.approved_at is not None:
            raise DomainError("already_approved", N_("This document was approved already."))
        if not performer.check_password(own_password):
            raise DomainError(
                "own_password_wrong", N_("This is not your password."), extra={"field": "own_password"}
            )
        _try_together(document.code, document.content)
        document.approver, document.approved_at = performer, now
        document.save(update_fields=["approver", "approved_at"])
        _record("guideline.site_document.approved", document, performer, now)
        load_guidelines(now=now)
    return document


def withdraw_site_document(*, performer: Staff, document_id: int, reason: str, now: datetime) -> SiteDocument:
    """Take a document out of use; what it replaced counts again for new courses.

    Raises DomainError `withdrawal_reason_needed`; NotFoundError.
    """
    require(performer, Action.APPROVE_GUIDELINE)
    if not reason.strip():
        raise DomainError(
            "withdrawal_reason_needed", N_("Say why the document is withdrawn."), extra={"field": "reason"}
        )
    with unit_of_work():
        document = _locked(document_id)
        document.withdrawn_by, document.withdrawn_at = performer, now
        document.withdrawal_reason = reason.strip()
        document.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawal_reason"])
        _record("guideline.site_document.withdrawn", document, performer, now)
        load_guidelines(now=now)
    return document


def candidate_guidelines(content: str) -> Guidelines:
    """What would hold if these bedside rules were laid over ours. Nothing is stored.

    Raises DomainError `site_document_invalid` or `guideline_invalid` with the place of what is wrong.
    """
    document = read_yaml(content)
    code = check_site_document(document, TRIED_SECTIONS)
    check_schema({code: document})
    return _try_together(code, document, (*SITE_SECTIONS, *TRIED_SECTIONS))


def _try_together(
    code: str, document: dict[str, Any], sections: Collection[str] = SITE_SECTIONS
) -> Guidelines:
    """Refuse what would not fit the documents it is laid over, before anybody relies on it."""
    others = {other.code: other.content for other in approved_site_documents()}
    return parse_guidelines(
        with_site_documents(shipped_release().documents, others | {code: document}, sections)
    )


def _locked(document_id: int) -> SiteDocument:
    document = SiteDocument.objects.select_for_update().filter(pk=document_id).first()
    if document is None:
        raise NotFoundError("not_found", N_("There is no such document."))
    return document


def _record(name: str, document: SiteDocument, performer: Staff, now: datetime) -> None:
    record_event(
        name=name,
        subject=f"site_document:{document.pk}",
        ward_id=None,
        actor=actor_of(performer),
        now=now,
        payload={
            "code": document.code,
            "number": document.number,
            "sha256": document.sha256,
            "reason": document.withdrawal_reason,
            "signatures": [signature_of(performer, meaning=name, signed=document.content)],
        },
    )
