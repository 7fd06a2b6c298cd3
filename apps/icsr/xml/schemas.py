"""The schemas of ICH, where a site has them. They may not be passed on: a setting names their directory."""

from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

from lxml import etree

from apps.icsr.domain.structure import NAMESPACE, ROOT
from apps.icsr.xml.reading import SAFE
from apps.kernel.errors import DomainError
from apps.kernel.text import N_

_ROOTS = (ROOT, "MCCI_IN200101UV01")
_MOST = 20


def faults_of_schema(content: bytes, directory: str | Path) -> tuple[str, ...]:
    """What the schema says against a batch or an acknowledgement, in its own English, at most 20 lines.

    The schema is necessary and far from sufficient: most broken rules pass it. Raises DomainError
    `icsr_schemas_missing` when the directory does not hold the schemas, and `icsr_file_broken` for what is
    no XML.
    """
    try:
        document = etree.parse(BytesIO(content), etree.XMLParser(**SAFE))
    except etree.XMLSyntaxError as broken:
        raise DomainError(
            "icsr_file_broken",
            N_("This file is damaged: it cannot be read from line %(line)s on."),
            line=broken.lineno or 1,
        ) from None
    name = etree.QName(document.getroot())
    if name.namespace != NAMESPACE or name.localname not in _ROOTS:
        return (f"line 1: {name.localname} is no root of E2B(R3)",)
    schema = _schema(str(directory), name.localname)
    if schema.validate(document):
        return ()
    return tuple(f"line {entry.line}: {entry.message}" for entry in list(schema.error_log)[:_MOST])


@lru_cache(maxsize=4)
def _schema(directory: str, root: str) -> Any:
    path = Path(directory) / "multicacheschemas" / f"{root}.xsd"
    try:
        # The operator's own files may include each other; nothing comes from the network.
        return etree.XMLSchema(
            etree.parse(str(path), etree.XMLParser(no_network=True, resolve_entities=False))
        )
    except (OSError, etree.XMLSyntaxError, etree.XMLSchemaParseError):
        raise DomainError(
            "icsr_schemas_missing",
            N_(
                "The directory %(directory)s does not hold ICH's schemas (multicacheschemas and coreschemas)."
            ),
            directory=directory,
        ) from None
