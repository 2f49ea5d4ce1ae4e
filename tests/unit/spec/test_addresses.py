"""Addresses that can be taken apart, and those that only look like some."""

from __future__ import annotations

import pytest

from obsgen.spec.addresses import is_address


@pytest.mark.parametrize(
    "url",
    [
        "http://prometheus:9090",
        "https://grafana.example.com/sub/path",
        "http://[::1]:9090/x",
        "http://hooks.example.com/?a=b#c",
        "http://user:password@example.com/",
    ],
)
def test_an_address_names_a_server(url):
    assert is_address(url)


@pytest.mark.parametrize(
    "url",
    [
        "prometheus:9090",
        "ftp://example.com",
        "https://",
        "http:///path",
        "http://:80/",
        "http://@/",
        "http://[::1",
        "http://example.com:port/",
        "http://example.com:0",
        "http://example.com:99999/",
        "http://two words/",
        "http://example.com/\0",
        "http://example.com/\x1b[31m",
        "http://example\u2100.com/",
    ],
)
def test_what_only_looks_like_an_address_is_none(url):
    assert not is_address(url)
