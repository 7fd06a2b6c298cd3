"""The keys of identifying data: from the environment, from files it names, or from the demo under `var/`."""

import os
from collections.abc import Mapping
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from apps.edge.keys import (
    PUBLIC_KEYS,
    PUBLIC_SEARCH_SECRET,
    SEARCH_SECRET_LENGTH,
    KeysError,
    parse_keys,
)
from ivig_monitor.launch.places import var


def patient_keys(environment: Mapping[str, str]) -> str:
    """PATIENT_KEYS or the content of PATIENT_KEYS_FILE; beside the embedded servers the demo's; else public ones."""
    given = _readable(environment, "PATIENT_KEYS")
    return given or _of_demo(environment, var().patient_keys) or PUBLIC_KEYS


def patient_search_secret(environment: Mapping[str, str]) -> str:
    """PATIENT_SEARCH_SECRET or the content of PATIENT_SEARCH_SECRET_FILE; else as `patient_keys`."""
    given = _readable(environment, "PATIENT_SEARCH_SECRET")
    return given or _of_demo(environment, var().patient_search_secret) or PUBLIC_SEARCH_SECRET


def key_problems(environment: Mapping[str, str]) -> list[str]:
    """A sentence for each thing about the keys that a hospital's installation must not start with."""
    return [*_problems_of_keys(environment), *_problems_of_search(environment)]


def _problems_of_keys(environment: Mapping[str, str]) -> list[str]:
    try:
        text = _readable(environment, "PATIENT_KEYS")
        if not text:
            return [
                "Set PATIENT_KEYS (or PATIENT_KEYS_FILE) to id:base64: names in the database lie under it."
            ]
        keys = parse_keys(text)
    except KeysError as error:
        return [f"PATIENT_KEYS cannot be read. {error}"]
    [public] = parse_keys(PUBLIC_KEYS)
    if any(key.secret == public.secret or len(set(key.secret)) < 8 for key in keys):
        return ["Set PATIENT_KEYS to random keys of your own: one of these can be guessed."]
    return []


def _problems_of_search(environment: Mapping[str, str]) -> list[str]:
    secret = _readable(environment, "PATIENT_SEARCH_SECRET")
    if len(secret) < SEARCH_SECRET_LENGTH or len(set(secret)) < 8 or secret == PUBLIC_SEARCH_SECRET:
        return [
            "Set PATIENT_SEARCH_SECRET (or PATIENT_SEARCH_SECRET_FILE) to 32 random characters or more,"
            " and never change it: patients are found by it."
        ]
    if secret == environment.get("SECRET_KEY"):
        return ["Set PATIENT_SEARCH_SECRET to another secret than SECRET_KEY: that one may change."]
    return []


def _readable(environment: Mapping[str, str], name: str) -> str:
    if given := environment.get(name, "").strip():
        return given
    path = environment.get(f"{name}_FILE", "")
    try:
        return Path(path).read_text(encoding="ascii").strip() if path else ""
    except (OSError, UnicodeError):
        raise ImproperlyConfigured(f"{name}_FILE names no file that can be read.") from None


def _of_demo(environment: Mapping[str, str], path: Path) -> str:
    """What the demo wrote, for commands that connect to its servers."""
    if environment.get("DATABASE_URL") or not os.access(path, os.R_OK):
        return ""
    return path.read_text(encoding="ascii").strip()
