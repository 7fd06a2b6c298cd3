"""Readers of MedDRA."""

from dataclasses import dataclass

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Case, F, QuerySet, Value, When

from apps.accounts.selectors import Action, Staff, require
from apps.kernel.errors import DomainError, NotFoundError
from apps.kernel.text import N_
from apps.meddra.domain.searching import prefix_query, rank, search_words
from apps.meddra.models import LowLevelTerm, MeddraVersion, Place, PreferredTerm

MeddraVersionRecord = MeddraVersion
ENGLISH = "english"
MAX_FOUND = 30
_CANDIDATES = 400


@dataclass(frozen=True, slots=True)
class MeddraTerm:
    """A low level term with the preferred term it means and the primary class of that."""

    version: str
    code: str
    name: str
    is_current: bool
    preferred_code: str
    preferred_name: str
    class_name: str


@dataclass(frozen=True, slots=True)
class FoundTerm:
    """A term that was found, with the other current ways of saying it."""

    term: MeddraTerm
    synonyms: tuple[str, ...]


def meddra_versions() -> list[MeddraVersionRecord]:
    """Every version that was loaded, the newest first."""
    return sorted(MeddraVersion.objects.select_related("loaded_by"), key=_newness, reverse=True)


def current_meddra() -> MeddraVersionRecord | None:
    """The newest version in English; in another language where there is none; None where nothing was loaded."""
    versions = meddra_versions()
    english = [version for version in versions if version.language.casefold() == ENGLISH]
    return next(iter(english or versions), None)


def meddra_version(number: str) -> MeddraVersionRecord:
    """The version of this number, in English where it is there. Raises NotFoundError `meddra_version_unknown`."""
    found = MeddraVersion.objects.filter(number=number)
    english = sorted(found, key=lambda version: version.language.casefold() != ENGLISH)
    if not english:
        raise NotFoundError(
            "meddra_version_unknown",
            N_("Version %(version)s of MedDRA is not loaded here."),
            version=number[:10],
        )
    return english[0]


def search_terms(user: Staff, text: str, *, version: str = "") -> list[FoundTerm]:
    """Current terms whose words begin with what was typed, the closest first; one preferred term appears once.

    A synonym leads to its preferred term: what is found stands for all low level terms with that meaning.
    Empty when nothing is loaded or too little was typed. Raises NotFoundError `meddra_version_unknown`.
    """
    require(user, Action.SEARCH_TERMINOLOGY)
    chosen = meddra_version(version) if version else current_meddra()
    words = search_words(text)
    if chosen is None or not words:
        return []
    matching = _matching(chosen, words)
    best: dict[str, LowLevelTerm] = {}
    for term in sorted(matching, key=lambda term: rank(term.name, words)):
        best.setdefault(term.preferred_code, term)
    shown = list(best.values())[:MAX_FOUND]
    named = {term.code: term for term in _named(chosen, shown)}
    synonyms = _synonyms(chosen, [term.preferred_code for term in shown])
    return [
        FoundTerm(
            named[term.code],
            tuple(name for name in synonyms.get(term.preferred_code, []) if name != term.name)[:12],
        )
        for term in shown
    ]


def term_of_code(code: str, *, version: str) -> MeddraTerm:
    """The term of a code. Raises DomainError `meddra_code_unknown`, NotFoundError `meddra_version_unknown`."""
    chosen = meddra_version(version)
    term = LowLevelTerm.objects.filter(version=chosen, code=code).first()
    if term is None:
        raise DomainError(
            "meddra_code_unknown",
            N_("%(code)s is no low level term of MedDRA %(version)s. Search for the term by its words."),
            extra={"field": "code"},
            code=code[:12],
            version=chosen.number,
        )
    return _named(chosen, [term])[0]


def current_term(code: str, *, version: str) -> MeddraTerm:
    """The term of a code that may be sent: a current one.

    Raises DomainError `meddra_term_not_current` with what to use instead, and what `term_of_code` raises.
    """
    term = term_of_code(code, version=version)
    if not term.is_current:
        raise DomainError(
            "meddra_term_not_current",
            N_(
                "“%(name)s” is not used any more in MedDRA %(version)s. Its preferred term is “%(preferred)s”."
            ),
            extra={"field": "code", "preferred_code": term.preferred_code},
            name=term.name,
            version=term.version,
            preferred=term.preferred_name,
        )
    return term


def _matching(version: MeddraVersion, words: tuple[str, ...]) -> list[LowLevelTerm]:
    typed = " ".join(words)
    # By the index over the same expression.
    found: QuerySet[LowLevelTerm] = LowLevelTerm.objects.annotate(
        words=SearchVector("name", config="simple")
    ).filter(words=SearchQuery(prefix_query(words), config="simple", search_type="raw"))
    nearest = Case(
        When(name__iexact=typed, then=Value(0)),
        When(name__istartswith=typed, then=Value(1)),
        default=Value(2),
    )
    return list(found.filter(version=version, is_current=True).order_by(nearest, F("name"))[:_CANDIDATES])


def _named(version: MeddraVersion, terms: list[LowLevelTerm]) -> list[MeddraTerm]:
    codes = {term.preferred_code for term in terms}
    names = dict(PreferredTerm.objects.filter(version=version, code__in=codes).values_list("code", "name"))
    classes = dict(
        Place.objects.filter(version=version, preferred_code__in=codes, is_primary=True).values_list(
            "preferred_code", "class_name"
        )
    )
    return [
        MeddraTerm(
            version=version.number,
            code=term.code,
            name=term.name,
            is_current=term.is_current,
            preferred_code=term.preferred_code,
            preferred_name=names.get(term.preferred_code, ""),
            class_name=classes.get(term.preferred_code, ""),
        )
        for term in terms
    ]


def _synonyms(version: MeddraVersion, preferred_codes: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    rows = LowLevelTerm.objects.filter(
        version=version, preferred_code__in=preferred_codes, is_current=True
    ).order_by("name")
    for code, name in rows.values_list("preferred_code", "name"):
        found.setdefault(code, []).append(name)
    return found


def _newness(version: MeddraVersion) -> tuple[int, int]:
    major, _, minor = version.number.partition(".")
    return int(major), int(minor)
