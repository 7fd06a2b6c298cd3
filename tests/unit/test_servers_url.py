"""DATABASE_URL and REDIS_URL, as people write them."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from ivig_monitor.settings import servers
from ivig_monitor.settings.servers import parse_database_url, parse_redis_url


def test_a_database_over_tcp() -> None:
    database = parse_database_url("postgresql://ward:p%40ss%2Fword@db.hospital:5433/ivig?sslmode=verify-full")
    assert database == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "ivig",
        "USER": "ward",
        "PASSWORD": "p@ss/word",
        "HOST": "db.hospital",
        "PORT": "5433",
        "OPTIONS": {"sslmode": "verify-full"},
    }


def test_a_database_on_a_unix_socket() -> None:
    database = parse_database_url("postgresql://ivig@/ivig?host=/srv/a%20b/run")
    assert (database["HOST"], database["NAME"], database["USER"]) == ("/srv/a b/run", "ivig", "ivig")
    assert database["PORT"] == "" and database["OPTIONS"] == {}


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("sqlite:///db.sqlite3", "postgresql://"),
        ("postgresql://host", "no database"),
        ("postgresql://host:port/ivig", "not an address"),
        ("postgresql://host/ivig?sslmoed=require", "sslmoed"),
    ],
)
def test_a_wrong_database_address_is_named_without_its_value(url: str, word: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=word) as caught:
        parse_database_url(url)
    assert "DATABASE_URL" in str(caught.value)


def test_redis_over_tcp_is_the_same_for_everyone() -> None:
    address = parse_redis_url("rediss://:secret@redis.hospital:6380/2")
    assert address.client_url == address.broker_url == "rediss://:secret@redis.hospital:6380/2"


@pytest.mark.parametrize(("url", "database"), [("unix:///run/v.sock", "0"), ("unix:///run/v.sock?db=3", "3")])
def test_redis_on_a_unix_socket_is_spelled_for_each_library(url: str, database: str) -> None:
    address = parse_redis_url(url)
    assert address.client_url == f"unix:///run/v.sock?db={database}"
    assert address.broker_url == f"redis+socket:///run/v.sock?virtual_host={database}"


@pytest.mark.parametrize("url", ["amqp://host", "redis://", "unix://", "unix:///run/v.sock?db=x", "nonsense"])
def test_a_wrong_redis_address_is_refused(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="REDIS_URL"):
        parse_redis_url(url)


def test_without_variables_the_embedded_servers_are_meant(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)
    monkeypatch.setenv("IVIG_VAR", str(tmp_path))
    assert parse_database_url(servers.database_url())["HOST"] == str(tmp_path / "run")
    assert parse_redis_url(servers.redis_url()).client_url == f"unix://{tmp_path}/run/valkey.sock?db=0"
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "servers.json").write_text('{"REDIS_URL": "unix:///tmp/short/valkey.sock"}')
    assert servers.redis_url() == "unix:///tmp/short/valkey.sock"
