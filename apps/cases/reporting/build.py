"""The report of one version: what identifies it, who tells it, and what it tells."""

from dataclasses import dataclass
from datetime import datetime

from apps.cases.domain.content import CaseContent, Reporter, Site
from apps.cases.domain.versions import Kind
from apps.cases.reporting.drugs import drugs_of
from apps.cases.reporting.patients import patient_of
from apps.cases.reporting.reactions import reaction_of, test_of
from apps.icsr.domain import (
    E2bTime,
    Icsr,
    Identification,
    Narrative,
    NativeSummary,
    NullFlavor,
    PrimarySource,
    Sender,
)
from apps.icsr.domain.times import Precision

SPONTANEOUS, FIRST_SENDER_OTHER, HEALTH_PROFESSIONAL, PRIMARY = "1", "2", "3", "1"
QUALIFICATION_CODES = {"physician": "1", "pharmacist": "2", "other_health_professional": "3", "consumer": "5"}
CHANGE_CODES = {Kind.NULLIFICATION: "1", Kind.AMENDMENT: "2"}


@dataclass(frozen=True, slots=True)
class VersionFacts:
    """What stands around a version's content. Times are aware, in the ward's offset."""

    report_id: str
    kind: Kind
    reason: str
    created_at: datetime
    first_received_at: datetime
    most_recent_at: datetime


def build_report(content: CaseContent, version: VersionFacts) -> Icsr:
    """The report. Whether it keeps every rule is for `apps.icsr` to say; what is unknown is left empty."""
    return Icsr(
        identification=_identification(content, version),
        primary_sources=(_source(content.reporter, content.site),),
        sender=_sender(content.site),
        patient=patient_of(content),
        reactions=tuple(reaction_of(reaction, content) for reaction in content.reactions),
        tests=tuple(test_of(measured) for measured in content.measurements),
        drugs=drugs_of(content),
        narrative=_narrative(content),
    )


def shortened(text: str, length: int) -> str | None:
    """The text as far as its element holds it; None for none."""
    return text[:length].strip() or None


def _identification(content: CaseContent, version: VersionFacts) -> Identification:
    change = CHANGE_CODES.get(version.kind)
    return Identification(
        report_id=version.report_id,
        created=E2bTime.of(version.created_at),
        report_type=SPONTANEOUS,
        first_received=E2bTime.of(version.first_received_at, Precision.MINUTE),
        most_recent=E2bTime.of(version.most_recent_at, Precision.MINUTE),
        has_documents=False,
        # Undecided counts as serious, as the clocks count it.
        expedited=content.serious is not False,
        worldwide_id=version.report_id,
        first_sender=FIRST_SENDER_OTHER,
        has_other_ids=NullFlavor.NO_INFORMATION,
        linked_reports=content.linked,
        change=change,
        change_reason=shortened(version.reason, 2000) if change else None,
    )


def _source(reporter: Reporter, site: Site) -> PrimarySource:
    return PrimarySource(
        given_name=shortened(reporter.given_name, 60) or NullFlavor.MASKED,
        family_name=shortened(reporter.family_name, 60) or NullFlavor.MASKED,
        organisation=shortened(site.organisation, 60),
        department=shortened(reporter.department, 60),
        city=shortened(site.city, 35),
        postcode=shortened(site.postcode, 15),
        telephone=shortened(site.telephone, 33),
        country=site.country or None,
        qualification=QUALIFICATION_CODES.get(reporter.qualification, NullFlavor.UNKNOWN),
        is_primary=PRIMARY,
    )


def _sender(site: Site) -> Sender:
    return Sender(
        kind=HEALTH_PROFESSIONAL,
        organisation=shortened(site.organisation, 100),
        department=shortened(site.department, 60),
        country=site.country or None,
        telephone=shortened(site.telephone, 33),
        email=shortened(site.email, 100),
    )


def _narrative(content: CaseContent) -> Narrative:
    native = shortened(content.native_narrative, 100_000)
    return Narrative(
        text=shortened(content.narrative, 100_000),
        sender_comments=shortened(content.sender_comment, 20_000),
        native=(NativeSummary(text=native, language=content.native_language),) if native else (),
    )
