"""Why a connection fails, said by what the user can do about it."""

from __future__ import annotations

from typing import Final

import requests
import urllib3

from obsgen.address import Address, shown
from obsgen.query.errors import PrometheusError, Unreachable

_LIKE_THIS: Final = "http://prometheus.example.com:9090"
_REFUSED: Final = "refuses this client's certificate or lack of one: give --cert-file and --key-file"
# What OpenSSL says, and what it means. The first that matches counts.
_TLS: Final = (
    ("certificate has expired", "shows a certificate that has expired: renew it, or set this machine's clock"),
    ("not yet valid", "shows a certificate that is not valid yet: set this machine's clock, or that of its issuer"),
    ("mismatch", "shows a certificate for another name: use the name that stands in it"),
    ("doesn't match", "shows a certificate for another name: use the name that stands in it"),
    ("CERTIFICATE_VERIFY_FAILED", "shows a certificate that is not trusted: name its authority's PEM file (--ca-file)"),
    ("WRONG_VERSION_NUMBER", "does not speak TLS: write http:// instead of https://"),
    ("RECORD_LAYER_FAILURE", "does not speak TLS: write http:// instead of https://"),
    # With these spaces and underscores they are in no host's name.
    ("alert ", _REFUSED),
    ("_alert_", _REFUSED),
    ("handshake_failure", _REFUSED),
)
# What is no address to one of the libraries, or to Python.
_UNREADABLE: Final = (ValueError, OverflowError, urllib3.exceptions.LocationValueError)
# A connection that is cut under TLS is a cut connection, and worth another attempt.
_CUT: Final = ("UNEXPECTED_EOF", "EOF occurred")


def address_of(url: str, *, like: str = _LIKE_THIS) -> Address:
    """The server's address; Unreachable, with an example that it should look like, where it is none."""
    try:
        return Address.read(url)
    except ValueError as reason:
        raise Unreachable(f"'{shown(url)}' is not a URL: write it as {like} ({reason})") from None


def never_connected(url: str, error: Exception) -> PrometheusError | None:
    """The error to raise at once, as waiting seldom helps; None where another attempt may."""
    said = _said(shown(url), error)
    return Unreachable(said) if said else None


def _said(where: str, error: Exception) -> str:
    if isinstance(error, _UNREADABLE):
        return f"{where} cannot be reached: its address, or that of the proxy in HTTP_PROXY or HTTPS_PROXY, is none"
    return _unmet(where, error, repr(error))


def _unmet(where: str, error: Exception, text: str) -> str:
    # The text names the proxy with its password.
    if isinstance(error, requests.exceptions.ProxyError):
        return f"{where} cannot be reached: {_proxy(text)} (--proxy, or HTTPS_PROXY and NO_PROXY)"
    if ("SSLError" in text or "ssl.c" in text) and not any(sign in text for sign in _CUT):
        return f"{where} {_tls(text)}"
    if "NewConnectionError" in text or "NameResolutionError" in text:
        return f"{where} cannot be reached: check the address, or forward its port with kubectl port-forward"
    return ""


def _tls(text: str) -> str:
    meant = (said for sign, said in _TLS if sign.lower() in text.lower())
    return next(meant, "breaks the TLS handshake off: is this the HTTPS port, and TLS 1.2 or newer?")


def _proxy(text: str) -> str:
    if "failed: 407" in text:
        return "the proxy wants a user and password: write them into its address"
    if "Tunnel connection failed" in text:
        return "the proxy refuses to connect there"
    return "the proxy does not answer"
