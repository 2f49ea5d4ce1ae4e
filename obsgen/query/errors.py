"""What can go wrong between a question and its answer, each as a type of its own.

PrometheusError
├─ Unreachable     nobody answers at the address
├─ Unauthorized    the server wants other credentials
├─ NotPrometheus   something answers, but not with Prometheus' API
├─ NotAlertmanager something answers, but not with Alertmanager's API
├─ Refused         Alertmanager does not take what was sent
├─ Unavailable     the server is overloaded or down, also after retries
├─ TooSlow         no complete answer before the deadline
├─ AnswerTooLarge  the answer outgrew the limit
└─ QueryFailed     the server refused or could not finish this query
"""

# ruff: noqa: N818 - each name says the fault, and the base class says that it is an error

from __future__ import annotations

_SHOWN_QUERY = 200


class PrometheusError(Exception):
    """No answer to use. Catch this one to catch them all; `query` holds the whole query, the message a part.

    >>> try:
    ...     Prometheus("http://prometheus.example.com:9090").instant("up")
    ... except PrometheusError as error:
    ...     print(error)
    """

    def __init__(self, message: str, *, query: str = "") -> None:
        self.query = query
        super().__init__(f"{message}{_quoted(query)}")


class Unreachable(PrometheusError):
    """Nobody answers at the address."""


class Unauthorized(PrometheusError):
    """The server wants other credentials."""


class NotPrometheus(PrometheusError):
    """Something answers, but not with Prometheus' API: a login page, a redirect, half a document."""


class NotAlertmanager(PrometheusError):
    """Something answers, but not with Alertmanager's API."""


class Refused(PrometheusError):
    """Alertmanager does not take what was sent; the message says why."""


class Unavailable(PrometheusError):
    """The server is overloaded or down, also after retries."""


class TooSlow(PrometheusError):
    """No complete answer came before the deadline."""


class AnswerTooLarge(PrometheusError):
    """The answer outgrew the limit that keeps this process small."""


class QueryFailed(PrometheusError):
    """The server refused the query or could not finish it; `reason` is what it said."""

    def __init__(self, message: str, *, query: str = "", reason: str = "") -> None:
        self.reason = reason
        super().__init__(message, query=query)


def _quoted(query: str) -> str:
    if not query:
        return ""
    return f" (query: {query if len(query) <= _SHOWN_QUERY else query[:_SHOWN_QUERY] + ' …'})"
