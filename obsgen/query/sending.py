"""Sends one request over a session: one deadline, bounded retries, a limit on the answer's size."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import requests
import urllib3

from obsgen.query.access import Access
from obsgen.query.errors import AnswerTooLarge, TooSlow, Unavailable, Unreachable, shown

_RETRIED = frozenset({429, 500, 502, 503, 504})
_CHUNK = 1 << 16
_LIMIT = 256 << 20
# A server may ask for an hour's patience; the caller's deadline is what counts.
_LONGEST_WAIT = 10.0
_CONNECT_SECONDS = 5.0

Method = Literal["GET", "POST"]


@dataclass(frozen=True, slots=True)
class Retries:
    """How often a request is tried in all, and the first pause in seconds, which doubles each time."""

    attempts: int = 4
    first_wait: float = 0.25

    def wait(self, attempt: int, asked_for: str) -> float:
        """Seconds to pause after this attempt, counted from 1; Retry-After is heeded within bounds."""
        own = self.first_wait * 2.0 ** (attempt - 1)
        return min(max(own, float(asked_for) if asked_for.isdigit() else 0.0), _LONGEST_WAIT)


@dataclass(frozen=True, slots=True)
class Request:
    """One call of the API, with the query that it carries for the sake of error messages."""

    method: Method
    url: str
    parameters: Mapping[str, str]
    document: Any = None
    """Sent as JSON, instead of the parameters of a form."""

    @property
    def query(self) -> str:
        """The PromQL inside, or nothing."""
        return self.parameters.get("query", "")


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back, read to its end; `url` is fit to be printed."""

    url: str
    status: int
    body: bytes
    content_type: str = ""
    location: str = ""
    retry_after: str = ""
    attempts: int = 1


class _Dropped(Exception):  # noqa: N818 - it names the fault
    """The connection broke in the middle; worth another attempt."""


def send(session: requests.Session, request: Request, access: Access, *, seconds: float, retries: Retries) -> Reply:
    """The first reply that is final; raises Unreachable, Unavailable, TooSlow or AnswerTooLarge."""
    deadline = time.monotonic() + seconds
    for attempt in range(1, retries.attempts + 1):
        retry_after, failure, reply = "", "", None
        try:
            reply = _once(session, request, access, deadline)
        except _Dropped as dropped:
            failure = str(dropped)
        if reply is not None and not _worth_another(reply):
            return reply
        if reply is not None:
            retry_after = reply.retry_after
        pause = retries.wait(attempt, retry_after)
        if attempt == retries.attempts or time.monotonic() + pause >= deadline:
            break
        time.sleep(pause)
    if reply is None:
        msg = f"{shown(request.url)} broke the connection {attempt} times ({failure}): try again later"
        raise Unavailable(msg, query=request.query)
    return Reply(reply.url, reply.status, reply.body, reply.content_type, attempts=attempt)


def _worth_another(reply: Reply) -> bool:
    # A query that ran into the server's own time limit would only run into it again.
    return reply.status in _RETRIED and b'"errorType":"timeout"' not in reply.body.replace(b" ", b"")


def _once(session: requests.Session, request: Request, access: Access, deadline: float) -> Reply:
    """One attempt; requests' own time limit holds per read only, hence the deadline around the reading."""
    left = max(deadline - time.monotonic(), 0.001)
    try:
        with session.request(
            request.method,
            request.url,
            params=request.parameters if request.method == "GET" else None,
            data=request.parameters if request.method == "POST" and request.document is None else None,
            json=request.document,
            headers=dict(access.headers),
            auth=access.auth,
            # Per request: REQUESTS_CA_BUNDLE in the environment would overrule the session's own setting.
            verify=str(access.ca_file) if access.ca_file else session.verify,
            timeout=(min(left, _CONNECT_SECONDS), left),
            # A redirected POST becomes a GET without its body, and a login page would look like an answer.
            allow_redirects=False,
            stream=True,
        ) as response:
            body = _read(response, deadline, request)
    except (requests.exceptions.Timeout, urllib3.exceptions.TimeoutError):
        raise _too_slow(request) from None
    except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError) as error:
        raise _lost(request, error) from None
    header = response.headers.get
    return Reply(
        shown(request.url),
        response.status_code,
        body,
        content_type=header("Content-Type", ""),
        location=shown(header("Location", "")),
        retry_after=header("Retry-After", ""),
    )


def _read(response: requests.Response, deadline: float, request: Request) -> bytes:
    """The whole body; read1 hands over what has come, so that a drip cannot hold the deadline up."""
    body = bytearray()
    while chunk := response.raw.read1(_CHUNK, decode_content=True):
        body += chunk
        if len(body) > _LIMIT:
            msg = f"{shown(request.url)} answers with more than {_LIMIT >> 20} MiB: aggregate more in the query"
            raise AnswerTooLarge(msg, query=request.query)
        if time.monotonic() > deadline:
            raise _too_slow(request)
    return bytes(body)


def _too_slow(request: Request) -> TooSlow:
    msg = f"{shown(request.url)} did not answer in time: allow more time or ask for a shorter window"
    return TooSlow(msg, query=request.query)


def _lost(request: Request, error: Exception) -> Exception:
    where = shown(request.url)
    if isinstance(error, requests.exceptions.SSLError):
        msg = f"{where} shows a certificate that is not trusted: name its certificate authority's PEM file"
        return Unreachable(msg)
    if isinstance(error, (requests.exceptions.InvalidURL, requests.exceptions.MissingSchema)):
        return Unreachable(f"'{where}' is not a URL: write it as http://prometheus.example.com:9090")
    if isinstance(error, requests.exceptions.InvalidSchema):
        return Unreachable(f"'{where}' is not reached over HTTP: write it as http://prometheus.example.com:9090")
    if isinstance(error, requests.exceptions.InvalidHeader):
        # The library's own text would print the header, which may be a token.
        return Unreachable("a header or token holds characters that HTTP does not allow: write it on one line")
    if _never_connected(error):
        msg = f"{where} cannot be reached: check the address, or forward its port with kubectl port-forward"
        return Unreachable(msg)
    return _Dropped(type(error).__name__)


def _never_connected(error: Exception) -> bool:
    """Refused and unknown hosts fail at once, as waiting seldom helps; resets are tried again."""
    text = repr(error)
    return any(sign in text for sign in ("NewConnectionError", "NameResolutionError", "ProxyError"))
