"""Signatures in the record: who by printed name, as what, meaning what, over which content (21 CFR 11.50, 11.70).

The time is the event's own, and the event's hash binds the signature to the chain of its subject.
"""

import hashlib
import json
from typing import Any

from apps.accounts.models import User


def signature_of(person: User, *, meaning: str, signed: Any) -> dict[str, str]:
    """One signature as an event keeps it; `signed` is the content as JSON, which stays as long as its hash is known."""
    content = json.dumps(signed, sort_keys=True, ensure_ascii=False, default=str)
    return {
        "name": person.display_name,
        "role": person.role,
        "meaning": meaning,
        "sha256": hashlib.sha256(content.encode()).hexdigest(),
    }
