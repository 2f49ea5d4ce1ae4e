"""Addresses are read whole, and shown without what is secret in them."""

from __future__ import annotations

import pytest

from obsgen.address import Address, shown


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("http://a.example.com:9090/prometheus/", "http://a.example.com:9090/prometheus/"),
        ("https://robot:pw@a.example.com/x", "https://a.example.com/x"),
        ("https://robot@a.example.com", "https://a.example.com"),
        ("robot:pw@a.example.com:9090", "a.example.com:9090"),
        ("https://robot:p/w@a.example.com/x", "https://…@a.example.com/x"),
        ("https://robot:p#w@a.example.com/x", "https://a.example.com/x"),
        ("https://robot:p?w@a.example.com", "https://a.example.com"),
        ("https://a.example.com/x?token=pw#pw", "https://a.example.com/x"),
        ("http://[::1", "http://[::1"),
        ("/login?next=pw", "/login"),
        ("", ""),
    ],
)
def test_shown_without_user_and_parameters(text, expected):
    assert shown(text) == expected


def test_the_user_is_taken_out_of_the_url():
    address = Address.read("HTTPS://Robot:p%40w@A.example.com:9090/prometheus/")
    assert (address.url, address.login) == ("https://A.example.com:9090/prometheus", "Robot:p@w")
    assert (address.host, address.encrypted) == ("a.example.com", True)
    assert "p@w" not in repr(address)


@pytest.mark.parametrize(
    ("host", "here"),
    [("127.0.0.1", True), ("127.8.8.8", True), ("[::1]", True), ("localhost", True), ("a.localhost", True),
     ("10.0.0.1", False), ("localhost.example.com", False), ("[::ffff:10.0.0.1]", False)],
)  # fmt: skip
def test_this_machine_is_told_from_others(host, here):
    assert Address.read(f"http://{host}:9090").on_this_machine is here
