"""Nobody goes home past what nobody looked at; only alerts of the bedside end with the stay."""

from datetime import UTC, datetime

import pytest

from apps.discharge.domain.matters import OpenMatter, refuse_unseen
from apps.kernel.errors import ConflictError

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def matter(key, kind="alert", about="session:1"):
    return OpenMatter(key, kind, about, "high", "x", {}, NOW, "reaction")


@pytest.mark.parametrize(
    ("kind", "about", "stays_open"),
    [
        ("alert", "session:1", False),
        ("alert", "laboratory:1", True),
        ("alert", "check:1", True),
        ("alert", "self_report:1", True),
        ("finding", "laboratory:1", True),
        ("check", "check:1", True),
    ],
)
def test_what_ends_with_the_discharge(kind, about, stays_open):
    assert matter("x", kind, about).stays_open is stays_open


@pytest.mark.parametrize(
    ("keys", "seen", "unseen"),
    [
        ([], [], []),
        ([], ["alert:1"], []),
        (["alert:1"], [], ["alert:1"]),
        (["alert:1", "check:2"], ["alert:1"], ["check:2"]),
        (["alert:1", "check:2"], ["check:2", "alert:1", "alert:9"], []),
    ],
)
def test_each_of_them_must_have_been_seen(keys, seen, unseen):
    matters = [matter(key) for key in keys]
    if not unseen:
        refuse_unseen(matters, seen)
        return
    with pytest.raises(ConflictError) as refused:
        refuse_unseen(matters, seen)
    assert (refused.value.code, refused.value.extra["open"]) == ("open_matters_unseen", unseen)
