"""A report leaves only to a host that is listed, encrypted, at an address that may be reached."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.kernel.addresses import real_address
from apps.submissions.domain.gateways import (
    Gateway,
    GatewayAddressError,
    gateway,
    may_reach,
    networks,
)

LISTED = ("gateway.example", "127.0.0.1")


def test_an_address_that_is_allowed():
    assert gateway("https://Gateway.example/in?x=1", allowed_hosts=LISTED) == Gateway(
        "gateway.example", 443, "/in?x=1", True
    )
    assert gateway("https://gateway.example:8443", allowed_hosts=LISTED).port == 8443
    assert not gateway("http://127.0.0.1:80/", allowed_hosts=LISTED).encrypted


@pytest.mark.parametrize(
    "url",
    [
        "",
        "gateway.example",
        "http://gateway.example/",
        "ftp://gateway.example/",
        "file:///etc/passwd",
        "https://elsewhere.example/",
        "https://gateway.example.elsewhere.example/",
        "https://gateway.example@elsewhere.example/",
        "https://user:secret@gateway.example/",
        "https://gateway.example/#x",
        "https://gateway.example/a b",
        "https://gateway.example/\r\nX-Other: 1",
        "https://gateway.example/é",
        "https://gateway.example:99999/",
        "https://[::1/",
    ],
)
def test_an_address_that_is_not(url):
    try:
        found = gateway(url, allowed_hosts=LISTED)
    except GatewayAddressError as error:
        assert str(error)
    else:  # what urlsplit takes out of an address must not be in what is sent
        assert found.path.isprintable() and " " not in found.path and "X-Other" in found.path


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.0.1", "169.254.169.254", "0.0.0.0", "224.0.0.1",
     "::1", "fe80::1%eth0", "fd00:ec2::254", "::ffff:10.1.2.3", "::ffff:169.254.169.254", "::", "100.64.0.1"],
)  # fmt: skip
def test_private_addresses_are_not_reached(address):
    assert not may_reach(address, ())


def test_public_ones_are_and_private_ones_that_are_listed():
    assert may_reach("193.0.6.139", ()) and may_reach("2001:67c:2e8:22::c100:68b", ())
    listed = networks(["10.20.0.0/16", "fd12:3456::/32"])
    assert may_reach("10.20.3.4", listed) and may_reach("fd12:3456::7", listed)
    assert may_reach("::ffff:10.20.3.4", listed)
    assert not may_reach("10.21.3.4", listed)
    with pytest.raises(GatewayAddressError):
        networks(["10.20.0.0/99"])


@given(st.ip_addresses())
def test_without_a_list_only_global_addresses_are_reached(address):
    led_to = real_address(str(address))
    if may_reach(str(address), ()):
        assert led_to.is_global and not led_to.is_multicast
