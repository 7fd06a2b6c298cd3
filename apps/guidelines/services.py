"""Loading guideline documents."""

import json
from datetime import datetime
from importlib import resources
from typing import Any

import yaml
from django.db import transaction
from jsonschema import Draft202012Validator

from apps.guidelines.domain import content_hash, parse_guidelines
from apps.guidelines.models import GuidelineRelease
from apps.kernel.errors import DomainError
from apps.kernel.text import N_


def load_guidelines(*, now: datetime) -> GuidelineRelease:
    """Load the documents shipped with the product and make them current; unchanged ones are a no-op.

    Raises DomainError `guideline_invalid` naming file and place. Old releases stay for their courses.
    """
    contents = _read_documents()
    documents = {name: yaml.safe_load(content) for name, content in contents.items()}
    _check_schema(documents)
    parse_guidelines(documents)
    hashes = {name: content_hash(content) for name, content in sorted(contents.items())}
    version = content_hash(json.dumps(hashes).encode())
    with transaction.atomic():
        release, _ = GuidelineRelease.objects.get_or_create(
            version=version,
            defaults={"documents": documents, "document_hashes": hashes, "loaded_at": now},
        )
        if not release.is_current:
            GuidelineRelease.objects.filter(is_current=True).update(is_current=False)
            release.is_current = True
            release.save(update_fields=["is_current"])
    return release


def _read_documents() -> dict[str, bytes]:
    folder = resources.files("apps.guidelines") / "data"
    return {
        entry.name.removesuffix(".yaml"): entry.read_bytes()
        for entry in folder.iterdir()
        if entry.name.endswith(".yaml")
    }


def _check_schema(documents: dict[str, Any]) -> None:
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
