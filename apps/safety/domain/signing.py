"""What a signature binds: the review, the record it was made from, and who signed what it means, when."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def canonical(content: Mapping[str, Any]) -> bytes:
    """The same bytes for the same content: JSON with sorted keys, no spaces, UTF-8."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def fingerprint(content: Mapping[str, Any]) -> str:
    """SHA-256 of the content, in hex."""
    return hashlib.sha256(canonical(content)).hexdigest()
