"""Rules about the report itself, who told of it and who sends it (C), and about its words (H)."""

import base64
import binascii
import re

from apps.icsr.domain.nulls import NullFlavor
from apps.icsr.domain.report import PrimarySource
from apps.icsr.domain.rules_frame import Case, Hit, Hits, Rules, before, is_filled, shown, words
from apps.icsr.domain.rules_table import MEDDRA_VERSIONS
from apps.icsr.domain.rules_values import COUNTRIES, is_meddra_version
from apps.icsr.domain.walking import held
from apps.kernel.text import N_

RULES = Rules()
_SEGMENTS = re.compile(r"[A-Z]{2}-[^-]+-[^-]+")
_STUDY = "2"
_PATIENT_OR_CONSUMER = "7"
_MEDIA_TYPE = re.compile(r"[a-z]+/[A-Za-z0-9.+-]+", re.ASCII)


@RULES.rule(
    "report_id_shape",
    "C.1.1",
    N_("The report's number must have three parts, country-organisation-number, such as NO-CLINIC-2026001."),
)
def _report_id_shape(case: Case) -> Hits:
    number = words(case.report.identification.report_id)
    if number and not _SEGMENTS.fullmatch(number):
        yield Hit()


@RULES.rule(
    "report_id_country",
    "C.1.1",
    N_("The report's number begins with %(begins)s, but its primary source is in %(country)s."),
)
def _report_id_country(case: Case) -> Hits:
    number, source = words(case.report.identification.report_id), case.primary_source
    country = words(source.country) if source else ""
    if country in COUNTRIES and _SEGMENTS.fullmatch(number) and number[:2] != country:
        yield Hit(params={"begins": number[:2], "country": country})


@RULES.rule(
    "worldwide_id_shape",
    "C.1.8.1",
    N_("The worldwide number must have three parts, country-organisation-number, such as NO-CLINIC-2026001."),
)
def _worldwide_id_shape(case: Case) -> Hits:
    number = words(case.report.identification.worldwide_id)
    if number and not _SEGMENTS.fullmatch(number):
        yield Hit()


@RULES.rule(
    "worldwide_id_differs",
    "C.1.8.1",
    N_("Nobody sent this case before: its worldwide number must be the report's own number."),
)
def _worldwide_id_differs(case: Case) -> Hits:
    about = case.report.identification
    worldwide, own = words(about.worldwide_id), words(about.report_id)
    if worldwide and own and about.has_other_ids is not True and worldwide != own:
        yield Hit()


@RULES.rule(
    "most_recent_before_first",
    "C.1.5",
    N_("The newest information (%(newest)s) cannot be older than the first (%(first)s)."),
)
def _most_recent_before_first(case: Case) -> Hits:
    about = case.report.identification
    if before(about.most_recent, about.first_received):
        yield Hit(params={"newest": shown(about.most_recent), "first": shown(about.first_received)})


@RULES.rule(
    "created_before_information",
    "C.1.2",
    N_("The report was created (%(created)s) before its newest information came in (%(newest)s)."),
)
def _created_before_information(case: Case) -> Hits:
    about = case.report.identification
    if before(about.created, about.most_recent):
        yield Hit(params={"created": shown(about.created), "newest": shown(about.most_recent)})


@RULES.rule(
    "documents_missing",
    "C.1.6.1.r.1",
    N_("Documents are said to be available: name each of them."),
)
def _documents_missing(case: Case) -> Hits:
    about = case.report.identification
    if about.has_documents is True and not about.documents:
        yield Hit((1,))
    for row, document in enumerate(about.documents, start=1):
        if document.title is None:
            yield Hit((row,))


@RULES.rule(
    "documents_unannounced",
    "C.1.6.1",
    N_("Documents are named, but the report says that none are available."),
)
def _documents_unannounced(case: Case) -> Hits:
    about = case.report.identification
    if about.documents and about.has_documents is False:
        yield Hit()


@RULES.rule(
    "file_unreadable",
    "C.1.6.1.r.2",
    N_(
        "The included document cannot be read: it must be base 64 with its media type, such as application/pdf."
    ),
)
def _file_unreadable(case: Case) -> Hits:
    for row, document in enumerate(case.report.identification.documents, start=1):
        included = document.included
        if included and not (_MEDIA_TYPE.fullmatch(included.media_type) and _is_base64(included.base64)):
            yield Hit((row,))


@RULES.rule(
    "expedited_open",
    "C.1.7",
    N_("Say whether the case must be reported at once: only a case that was taken over may leave this open."),
)
def _expedited_open(case: Case) -> Hits:
    about = case.report.identification
    if about.expedited is NullFlavor.NO_INFORMATION and about.has_other_ids is not True:
        yield Hit()


@RULES.rule(
    "other_ids_missing",
    "C.1.9.1.r.2",
    N_("The case is said to have been sent under another number: give the number and whose it is."),
)
def _other_ids_missing(case: Case) -> Hits:
    about = case.report.identification
    if about.has_other_ids is True and not about.other_ids:
        yield Hit((1,))


@RULES.rule(
    "other_ids_unannounced",
    "C.1.9.1",
    N_("Other numbers of the case are given, but the report says that there are none."),
)
def _other_ids_unannounced(case: Case) -> Hits:
    about = case.report.identification
    if about.other_ids and about.has_other_ids is not True:
        yield Hit()


@RULES.rule("linked_to_itself", "C.1.10.r", N_("The report is linked to itself."))
def _linked_to_itself(case: Case) -> Hits:
    about = case.report.identification
    for row, number in enumerate(about.linked_reports, start=1):
        if words(number) and number in (about.worldwide_id, about.report_id):
            yield Hit((row,))


@RULES.rule("linked_twice", "C.1.10.r", N_("The report %(number)s is linked twice."))
def _linked_twice(case: Case) -> Hits:
    seen: set[str] = set()
    for row, number in enumerate(case.report.identification.linked_reports, start=1):
        if words(number) and number in seen:
            yield Hit((row,), {"number": number})
        seen.add(number)


@RULES.rule(
    "reporter_not_identifiable",
    "C.2.r.1.2",
    N_("Nobody is named who told of it: a reporter's name, place of work, country or profession is needed."),
)
def _reporter_not_identifiable(case: Case) -> Hits:
    if not any(_is_identifiable(source) for source in case.report.primary_sources):
        yield Hit((1,))


@RULES.rule(
    "one_primary_source",
    "C.2.r.5",
    N_("Exactly one reporter must be the primary source; now there are %(count)s."),
)
def _one_primary_source(case: Case) -> Hits:
    primary = [
        row for row, source in enumerate(case.report.primary_sources, start=1) if source.is_primary == "1"
    ]
    if len(primary) != 1:
        yield Hit((primary[1] if primary else 1,), {"count": len(primary)})


@RULES.rule("primary_source_country", "C.2.r.3", N_("The country of the primary source is missing."))
def _primary_source_country(case: Case) -> Hits:
    for row, source in enumerate(case.report.primary_sources, start=1):
        if source.is_primary == "1" and not is_filled(source.country):
            yield Hit((row,))


@RULES.rule("primary_source_qualification", "C.2.r.4", N_("The profession of the primary source is missing."))
def _primary_source_qualification(case: Case) -> Hits:
    for row, source in enumerate(case.report.primary_sources, start=1):
        if source.is_primary == "1" and not is_filled(source.qualification):
            yield Hit((row,))


@RULES.rule(
    "sender_organisation",
    "C.3.2",
    N_("The sender's organisation is missing: only a patient sends without one."),
)
def _sender_organisation(case: Case) -> Hits:
    sender = case.report.sender
    if is_filled(sender.kind) and sender.kind != _PATIENT_OR_CONSUMER and sender.organisation is None:
        yield Hit()


@RULES.rule("sender_in_eu", "C.3.4.5", N_("The sender's country must be a country: EU is none."))
def _sender_in_eu(case: Case) -> Hits:
    if case.report.sender.country == "EU":
        yield Hit()


@RULES.rule("study_kind_missing", "C.5.4", N_("A report from a study must say what kind of study it is."))
def _study_kind_missing(case: Case) -> Hits:
    if case.report.identification.report_type == _STUDY and not is_filled(case.report.study.kind):
        yield Hit()


@RULES.rule(
    "meddra_versions_differ",
    "E.i.2.1a",
    N_("One report uses one MedDRA version; here there are %(versions)s."),
)
def _meddra_versions_differ(case: Case) -> Hits:
    versions = {
        cell.value
        for cell in held(case.report)
        if cell.element.number in MEDDRA_VERSIONS and is_meddra_version(words(cell.value))
    }
    if len(versions) > 1:
        yield Hit((1,), {"versions": ", ".join(sorted(versions))})


def _is_identifiable(source: PrimarySource) -> bool:
    told = (
        source.given_name,
        source.family_name,
        source.organisation,
        source.department,
        source.city,
        source.state,
        source.postcode,
        source.telephone,
        source.country,
        source.qualification,
    )
    return any(value is NullFlavor.MASKED or words(value) for value in told)


def _is_base64(text: str) -> bool:
    try:
        return bool(base64.b64decode("".join(text.split()), validate=True))
    except (binascii.Error, ValueError):
        return False
