"""Coding with MedDRA: current low level terms, one version for the whole case."""

from datetime import datetime

from apps.accounts.selectors import Staff
from apps.cases.gathering import gather
from apps.cases.models import Case, CodedTerm
from apps.cases.services.common import case_to_change, record, save_changed
from apps.kernel.errors import ConflictError, DomainError
from apps.kernel.text import N_
from apps.ledger.services import unit_of_work
from apps.meddra.selectors import current_meddra, current_term, meddra_version


def code_reaction(*, performer: Staff, case_id: int, about: str, code: str, now: datetime) -> CodedTerm:
    """Code what `about` names: `event:4`, or `indication:kiovig`. Of the same thing the newest term counts.

    Raises ConflictError `meddra_missing`; DomainError `coding_of_nothing` and what `current_term` raises.
    """
    with unit_of_work():
        case = case_to_change(performer, case_id)
        if about not in _codable(case, now):
            raise DomainError(
                "coding_of_nothing",
                N_("The case holds nothing of this name that could be coded."),
                extra={"field": "about"},
            )
        term = current_term(code, version=_version(case))
        former = case.coded.filter(about=about).order_by("-pk").first()
        coded = CodedTerm.objects.create(
            case=case,
            about=about,
            code=term.code,
            name=term.name,
            version=term.version,
            coded_at=now,
            coded_by=performer,
        )
        save_changed(case, "meddra_version")
        before = {"code": former.code, "version": former.version} if former else None
        record(
            case, "coded", performer, now, about=about, code=term.code, version=term.version, before=before
        )
    return coded


def change_meddra_version(*, performer: Staff, case_id: int, version: str, now: datetime) -> Case:
    """Code the case in another version that is loaded: terms that are current there too go along, others are open.

    Raises NotFoundError `meddra_version_unknown`.
    """
    with unit_of_work():
        case = case_to_change(performer, case_id)
        chosen = meddra_version(version)
        former = {term.about: term for term in case.coded.filter(version=case.meddra_version)}
        version_before, case.meddra_version = case.meddra_version, chosen.number
        for about, term in former.items():
            try:
                same = current_term(term.code, version=chosen.number)
            except DomainError:
                continue
            CodedTerm.objects.create(
                case=case,
                about=about,
                code=same.code,
                name=same.name,
                version=same.version,
                coded_at=now,
                coded_by=performer,
            )
        save_changed(case, "meddra_version")
        changed = {"version": chosen.number, "before": {"version": version_before}}
        record(case, "meddra_version_changed", performer, now, **changed)
    return case


def _codable(case: Case, now: datetime) -> set[str]:
    content = gather(case, now=now)
    reactions = {reaction.about for reaction in content.reactions}
    return reactions | {f"indication:{drug.product_code}" for drug in content.drugs}


def _version(case: Case) -> str:
    """The case's version; the one in use for a case that has none yet."""
    if not case.meddra_version:
        current = current_meddra()
        if current is None:
            raise ConflictError(
                "meddra_missing",
                N_("No MedDRA is loaded here. The case can be completed up to the code, and cannot be sent."),
            )
        case.meddra_version = current.number
    return case.meddra_version
