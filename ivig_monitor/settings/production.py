"""Settings of a hospital's installation. They refuse to load what would be unsafe, and say what to set."""

import os
import tempfile
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from ivig_monitor.settings.base import *
from ivig_monitor.settings.base import (
    ALLOWED_HOSTS,
    BASE_DIR,
    DEBUG,
    DEFAULT_SECRET_KEY,
    DEMO_ACCOUNTS,
    METRICS_TOKEN,
    PUBLIC_URL,
    SECRET_KEY,
    STORAGES,
    flag,
    words,
)
from ivig_monitor.settings.fallback import fallback_problems
from ivig_monitor.settings.identity import identity_problems
from ivig_monitor.settings.keys import key_problems
from ivig_monitor.settings.patients import patient_problems

SECRET_KEY_LENGTH = 50
METRICS_TOKEN_LENGTH = 32


def _problems() -> list[str]:
    problems = []
    if DEBUG:
        problems.append("Unset DEBUG: its error pages show patient data.")
    if not os.environ.get("SECRET_KEY"):
        problems.append("Set SECRET_KEY to a random secret of 50 characters or more.")
    elif SECRET_KEY == DEFAULT_SECRET_KEY or SECRET_KEY.startswith("django-insecure-"):
        problems.append("Set SECRET_KEY to a secret of your own: this one is public.")
    elif len(SECRET_KEY) < SECRET_KEY_LENGTH or len(set(SECRET_KEY)) < 5:
        problems.append("Set SECRET_KEY to something longer: 50 random characters at least.")
    if not words("ALLOWED_HOSTS"):
        problems.append("Set ALLOWED_HOSTS to the host names people type, separated by commas.")
    elif any("*" in host or host.startswith(".") for host in ALLOWED_HOSTS):
        problems.append("Set ALLOWED_HOSTS to exact host names: a wildcard lets anyone pose as this service.")
    if not os.environ.get("DATABASE_URL"):
        problems.append("Set DATABASE_URL to your PostgreSQL: postgresql://user:password@host:5432/database.")
    if not os.environ.get("REDIS_URL"):
        problems.append("Set REDIS_URL to your Redis or Valkey: redis://host:6379/0.")
    if os.environ.get("IVIG_CLOCK_FILE"):
        problems.append("Unset IVIG_CLOCK_FILE: the clock of a hospital is the real one.")
    if METRICS_TOKEN and len(METRICS_TOKEN) < METRICS_TOKEN_LENGTH:
        problems.append("Set METRICS_TOKEN to 32 random characters or more, or unset it.")
    if DEMO_ACCOUNTS:
        problems.append("Unset IVIG_DEMO: it shows passwords on the sign-in page.")
    return [
        *problems,
        *key_problems(os.environ),
        *fallback_problems(os.environ),
        *patient_problems(os.environ),
        *identity_problems(os.environ),
    ]


if _found := _problems():
    raise ImproperlyConfigured("IVIG Monitor refuses to start. " + " ".join(_found))

# The reverse proxy ends TLS, overwrites this header and forwards plain HTTP inside.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CLIENT_ADDRESS_HEADER = "HTTP_X_FORWARDED_FOR"
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^health/", r"^metrics$"]
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
# Names below ours (x.ivig.hospital.example); the hospital's other hosts are beside it, not below. A site that serves
# this from its bare domain has others below and says so.
SECURE_HSTS_INCLUDE_SUBDOMAINS = not flag("HSTS_THIS_HOST_ONLY")
PUBLIC_URL = PUBLIC_URL or f"https://{ALLOWED_HOSTS[0]}"
# A name with this prefix is kept by a browser only when it came over TLS, for this host alone and all its paths.
SESSION_COOKIE_NAME = "__Host-sessionid"
SESSION_COOKIE_SECURE = True
DEVICE_COOKIE_NAME = "__Host-device"
if not os.environ.get("SCREEN_LOCK_MINUTES"):
    SCREEN_LOCK_MINUTES = 5
CSRF_COOKIE_NAME = "__Host-csrftoken"
CSRF_COOKIE_SECURE = True
LANGUAGE_COOKIE_NAME = "__Host-django_language"
LANGUAGE_COOKIE_SECURE = True
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
VIEW_COOKIE_NAME = "__Secure-board_view"  # it has a path of its own
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]
SOCKET_ORIGINS = CSRF_TRUSTED_ORIGINS
_per_second = os.environ.get("REQUESTS_PER_SECOND", "")
REQUESTS_PER_SECOND = max(20, int(_per_second)) if _per_second.isascii() and _per_second.isdigit() else 40
# Joining the browsers' own list of hosts that know only TLS binds a whole domain: the hospital's to decide.
SILENCED_SYSTEM_CHECKS = ["security.W021"]

# Containers are read-only but for this; add the places of logs and backups where they lie on disks of their own.
VIGILANCE_DISKS = words("VIGILANCE_DISKS", tempfile.gettempdir())

STATIC_ROOT = Path(os.environ.get("STATIC_ROOT") or BASE_DIR / "staticfiles")
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}}
WHITENOISE_USE_FINDERS = False
