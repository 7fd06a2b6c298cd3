"""Making guideline documents current: those shipped with the product, and over them those of the site."""

import json
from datetime import datetime

from django.db import transaction

from apps.guidelines.domain import content_hash, parse_guidelines
from apps.guidelines.domain.overriding import with_site_documents
from apps.guidelines.models import GuidelineRelease
from apps.guidelines.selectors import approved_site_documents
from apps.guidelines.shipped import shipped_release


@transaction.atomic
def load_guidelines(*, now: datetime) -> GuidelineRelease:
    """Make the shipped documents current, with the approved ones of the site; unchanged ones are a no-op.

    Raises DomainError `guideline_invalid` naming file and place. Old releases stay for their courses.
    """
    shipped = shipped_release()
    approved = approved_site_documents()
    documents = with_site_documents(
        shipped.documents, {document.code: document.as_released() for document in approved}
    )
    parse_guidelines(documents)
    hashes = shipped.document_hashes | {document.code: document.sha256 for document in approved}
    version = content_hash(json.dumps(dict(sorted(hashes.items()))).encode())
    release, _ = GuidelineRelease.objects.get_or_create(
        version=version,
        defaults={"documents": documents, "document_hashes": hashes, "loaded_at": now},
    )
    if not release.is_current:
        GuidelineRelease.objects.filter(is_current=True).update(is_current=False)
        release.is_current = True
        release.save(update_fields=["is_current"])
    return release
