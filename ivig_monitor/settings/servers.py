"""The addresses of PostgreSQL and Redis, from DATABASE_URL and REDIS_URL.

Without the variables they are those of the embedded servers under `var/`.
"""

import os
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit

from django.core.exceptions import ImproperlyConfigured

from ivig_monitor.launch.places import var

DATABASE_OPTIONS = frozenset(
    {
        "application_name",
        "connect_timeout",
        "options",
        "sslcert",
        "sslcrl",
        "sslkey",
        "sslmode",
        "sslrootcert",
    }
    | {"target_session_attrs", "keepalives_idle", "keepalives_interval", "keepalives_count"}
    | {"tcp_user_timeout"}
)


@dataclass(frozen=True, slots=True)
class RedisAddress:
    """One Redis or Valkey server, spelled for each library that connects to it."""

    client_url: str
    broker_url: str


def database_url() -> str:
    """DATABASE_URL, or the embedded PostgreSQL."""
    embedded = f"postgresql://ivig@/ivig?{urlencode({'host': str(var().run)})}"
    return os.environ.get("DATABASE_URL") or var().read_addresses().get("DATABASE_URL", embedded)


def redis_url() -> str:
    """REDIS_URL, or the embedded Valkey."""
    embedded = f"unix://{var().run / 'valkey.sock'}"
    return os.environ.get("REDIS_URL") or var().read_addresses().get("REDIS_URL", embedded)


def parse_database_url(url: str) -> dict[str, Any]:
    """Django's DATABASES entry for a postgresql:// address, TCP or unix socket (`?host=/directory`).

    Raises ImproperlyConfigured with a sentence when the address is not one.
    """
    parts = _split("DATABASE_URL", url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ImproperlyConfigured(
            "DATABASE_URL must start with postgresql://: PostgreSQL is the only database."
        )
    options = dict(parse_qsl(parts.query))
    host = options.pop("host", "") or unquote(parts.hostname or "")
    name = unquote(parts.path.lstrip("/"))
    if not name:
        raise ImproperlyConfigured("DATABASE_URL names no database: end it with /<database>.")
    unknown = sorted(set(options) - DATABASE_OPTIONS)
    if unknown:
        raise ImproperlyConfigured(f"DATABASE_URL has an option that is not known: {', '.join(unknown)}.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
    }


def parse_redis_url(url: str) -> RedisAddress:
    """The spellings of a redis://, rediss:// or unix:///path address; the database is /<n> or ?db=<n>.

    Raises ImproperlyConfigured with a sentence when the address is not one.
    """
    parts = _split("REDIS_URL", url)
    if parts.scheme in {"redis", "rediss"}:
        if not parts.hostname:
            raise ImproperlyConfigured("REDIS_URL names no host: write redis://<host>:6379/0.")
        return RedisAddress(client_url=url, broker_url=url)
    if parts.scheme != "unix":
        raise ImproperlyConfigured("REDIS_URL must start with redis://, rediss:// or unix://.")
    options = dict(parse_qsl(parts.query))
    database = options.get("db", "0")
    if not parts.path or not database.isdigit():
        raise ImproperlyConfigured("REDIS_URL must be unix:///path/to/socket, with ?db=<number> at most.")
    password = f":{quote(unquote(parts.password), safe='')}@" if parts.password else ""
    return RedisAddress(
        client_url=f"unix://{password}{parts.path}?db={database}",
        broker_url=f"redis+socket://{password}{parts.path}?virtual_host={database}",
    )


def _split(variable: str, url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        # The address may hold a password: name the fault, not the value.
        raise ImproperlyConfigured(f"{variable} is not an address: {error}.") from None
    return parts
