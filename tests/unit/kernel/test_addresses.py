"""An address inside another address is the one that is reached."""

import pytest

from apps.kernel.addresses import address_group, real_address


@pytest.mark.parametrize(
    ("written", "reached"),
    [
        ("193.0.6.139", "193.0.6.139"),
        ("::ffff:169.254.169.254", "169.254.169.254"),
        ("64:ff9b::a9fe:a9fe", "169.254.169.254"),
        ("64:ff9b::7f00:1", "127.0.0.1"),
        ("2002:7f00:1::", "127.0.0.1"),
        ("fe80::1%eth0", "fe80::1"),
        ("2001:67c:2e8:22::c100:68b", "2001:67c:2e8:22::c100:68b"),
    ],
)
def test_where_an_address_leads(written: str, reached: str) -> None:
    assert str(real_address(written)) == reached


@pytest.mark.parametrize(
    "text", ["", "localhost", "169.254.169.254.nip.io", "0x7f000001", "2130706433", "127.1"]
)
def test_what_is_no_address_is_none(text: str) -> None:
    with pytest.raises(ValueError):
        real_address(text)
    assert address_group(text) == ""
