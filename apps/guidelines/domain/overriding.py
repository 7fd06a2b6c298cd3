"""Documents of a site laid over those shipped: what a site names again, its own word replaces."""

from collections.abc import Collection, Mapping
from typing import Any, TypeAlias

from apps.kernel.errors import DomainError
from apps.kernel.text import N_

# What a site may add or replace. Bedside rules and reactions are not a site's to change in a text field.
SITE_SECTIONS = (
    "sources",
    "indications",
    "products",
    "hazards",
    "rate_tables",
    "rate_limits",
    "follow_up_rules",
    "follow_up_facts",
    "calling_hours",
    "attempt_plans",
    "reporting_regimes",
)
# What a candidate may hold that is only tried on past infusions and never loaded.
TRIED_SECTIONS = ("sources", "observation_rules")
# Of two rules as urgent the first speaks: their order means something.
_IN_ORDER = ("observation_rules",)
_HEADER = ("code", "title", "language")
SITE_PREFIX = "site_"
_Items: TypeAlias = Mapping[tuple[str, Any], Mapping[str, Any]]


def check_site_document(document: Any, sections: Collection[str] = SITE_SECTIONS) -> str:
    """The code of a document that a site may submit, or try when `sections` says so.

    Raises DomainError `site_document_invalid` for anything else; the schema is checked apart from this.
    """
    if not isinstance(document, Mapping):
        raise _refuse(
            N_("Write the document as YAML: a header with code, title and language, then sections.")
        )
    code = document.get("code")
    if not isinstance(code, str) or not code.startswith(SITE_PREFIX):
        raise _refuse(N_("The code of a site's document must begin with “site_”."))
    foreign = [key for key in document if key not in (*_HEADER, *sections)]
    if foreign:
        raise _refuse(
            N_("A site's document cannot hold “%(section)s”. It may hold: %(allowed)s."),
            section=str(foreign[0]),
            allowed=", ".join(sections),
        )
    return code


def with_site_documents(
    shipped: Mapping[str, Mapping[str, Any]],
    site: Mapping[str, Mapping[str, Any]],
    sections: Collection[str] = SITE_SECTIONS,
) -> dict[str, dict[str, Any]]:
    """All documents, each shipped item of these sections taken out that a site's document names again.

    Items are the same when their section and their code (of an indication: its slug) are. Where the order
    of items means something, a site's item takes the place of the shipped one.
    """
    ours, theirs = _by_key(site, sections), _by_key(shipped, sections)
    left = {
        name: {
            section: _left(section, content, ours) if section in sections else content
            for section, content in document.items()
        }
        for name, document in shipped.items()
    }
    added = {
        name: {section: _added(section, content, theirs) for section, content in document.items()}
        for name, document in site.items()
    }
    return {**left, **added}


def _left(section: str, content: Any, ours: _Items) -> Any:
    if not isinstance(content, list):
        return content
    if section in _IN_ORDER:
        return [ours.get((section, _key(item)), item) for item in content]
    return [item for item in content if (section, _key(item)) not in ours]


def _added(section: str, content: Any, theirs: _Items) -> Any:
    if section not in _IN_ORDER:
        return content
    return [item for item in content if (section, _key(item)) not in theirs]


def _by_key(documents: Mapping[str, Mapping[str, Any]], sections: Collection[str]) -> _Items:
    return {
        (section, _key(item)): item
        for document in documents.values()
        for section in sections
        for item in _items(document, section)
    }


def _items(document: Mapping[str, Any], section: str) -> list[Mapping[str, Any]]:
    content = document.get(section, [])
    return content if isinstance(content, list) else []


def _key(item: Mapping[str, Any]) -> Any:
    return item.get("slug", item.get("code"))


def _refuse(message: str, **params: str) -> DomainError:
    return DomainError("site_document_invalid", message, extra={"field": "content"}, **params)
