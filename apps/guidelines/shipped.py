"""The guideline documents that come with this version of the product, read and checked."""

import json
from dataclasses import dataclass
from importlib import resources
from typing import Any

import yaml
from jsonschema import Draft202012Validator

from apps.guidelines.domain import Guidelines, content_hash, parse_guidelines
from apps.kernel.errors import DomainError
from apps.kernel.text import N_


@dataclass(frozen=True, slots=True)
class ShippedRelease:
    """Documents by name, their SHA-256, and all of them as one value."""

    documents: dict[str, dict[str, Any]]
    document_hashes: dict[str, str]
    guidelines: Guidelines


def shipped_release() -> ShippedRelease:
    """The shipped documents. Raises DomainError `guideline_invalid` naming file and place."""
    folder = resources.files("apps.guidelines") / "data"
    contents = {
        entry.name.removesuffix(".yaml"): entry.read_bytes()
        for entry in folder.iterdir()
        if entry.name.endswith(".yaml")
    }
    documents = {name: yaml.safe_load(content) for name, content in contents.items()}
    check_schema(documents)
    return ShippedRelease(
        documents=documents,
        document_hashes={name: content_hash(content) for name, content in sorted(contents.items())},
        guidelines=parse_guidelines(documents),
    )


def check_schema(documents: dict[str, Any]) -> None:
    """Refuse documents that do not keep to the schema: DomainError `guideline_invalid` with the place."""
    schema = json.loads(
        (resources.files("apps.guidelines") / "data" / "schema" / "document.schema.json").read_bytes()
    )
    validator = Draft202012Validator(schema)
    for name, document in documents.items():
        for error in validator.iter_errors(document):
            raise DomainError(
                "guideline_invalid",
                N_("Guideline data: %(where)s: %(expected)s."),
                where=f"{name}.{error.json_path}",
                expected=error.message,
            )
