"""Documents of a site laid over those shipped: what a site names again, its own word replaces."""

from collections.abc import Mapping
from typing import Any

from apps.kernel.errors import DomainError
from apps.kernel.text import N_

# What a site may add or replace. Bedside rules and reactions are not a site's to change in a text field.
SITE_SECTIONS = ("sources", "indications", "products", "hazards", "rate_tables", "rate_limits")
_HEADER = ("code", "title", "language")
SITE_PREFIX = "site_"


def check_site_document(document: Any) -> str:
    """The code of a document that a site may submit.

    Raises DomainError `site_document_invalid` for anything else; the schema is checked apart from this.
    """
    if not isinstance(document, Mapping):
        raise _refuse(
            N_("Write the document as YAML: a header with code, title and language, then sections.")
        )
    code = document.get("code")
    if not isinstance(code, str) or not code.startswith(SITE_PREFIX):
        raise _refuse(N_("The code of a site's document must begin with “site_”."))
    foreign = [key for key in document if key not in (*_HEADER, *SITE_SECTIONS)]
    if foreign:
        raise _refuse(
            N_("A site's document cannot hold “%(section)s”. It may hold: %(allowed)s."),
            section=str(foreign[0]),
            allowed=", ".join(SITE_SECTIONS),
        )
    return code


def with_site_documents(
    shipped: Mapping[str, Mapping[str, Any]], site: Mapping[str, Mapping[str, Any]]
) -> dict[str, dict[str, Any]]:
    """All documents, each shipped item taken out that a site's document names again.

    Items are the same when their section and their code (of an indication: its slug) are.
    """
    taken = {
        (section, _key(item))
        for document in site.values()
        for section in SITE_SECTIONS
        for item in _items(document, section)
    }
    left = {
        name: {
            section: [item for item in content if (section, _key(item)) not in taken]
            if section in SITE_SECTIONS and isinstance(content, list)
            else content
            for section, content in document.items()
        }
        for name, document in shipped.items()
    }
    return {**left, **{name: dict(document) for name, document in site.items()}}


def _items(document: Mapping[str, Any], section: str) -> list[Mapping[str, Any]]:
    content = document.get(section, [])
    return content if isinstance(content, list) else []


def _key(item: Mapping[str, Any]) -> Any:
    return item.get("slug", item.get("code"))


def _refuse(message: str, **params: str) -> DomainError:
    return DomainError("site_document_invalid", message, extra={"field": "content"}, **params)
