"""Sends one request over a session: one deadline, bounded retries, a limit on the answer's size."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from functools import partial
from http.client import HTTPException
from typing import Any, Final, Literal

import requests
import urllib3

from obsgen.address import shown
from obsgen.query.access import Access
from obsgen.query.connecting import never_connected
from obsgen.query.credentials import Anonymous, CredentialsUnreadable
from obsgen.query.deadline import within
from obsgen.query.errors import AnswerTooLarge, TooSlow, Unavailable
from obsgen.query.retries import Retries, whole_number

_RETRIED = frozenset({429, 500, 502, 503, 504})
_CHUNK = 1 << 16
_LIMIT = 256 << 20
_CONNECT_SECONDS = 5.0
# A day. Python itself waits for no more than some years, and raises an error beyond.
LONGEST_SECONDS: Final = 86_400.0
_SHOWN_WORDS = 400
_READ_WORDS = 1 << 16
# The deadline inside an attempt says more than the one around it, and is to come first.
_GRACE = 0.2

# Beside their own errors, the two let through what odd names, ports, proxies and streams make Python raise.
_LIBRARIES = (
    requests.exceptions.RequestException,
    urllib3.exceptions.HTTPError,
    HTTPException,
    OSError,
    ValueError,
    OverflowError,
)

Method = Literal["GET", "POST"]


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
        return self.parameters.get("query") or self.parameters.get("match[]", "")


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
    access: Access = field(default_factory=Access, repr=False)

    def words(self, text: str) -> str:
        """What the server says, fit to be printed: cut short, and without the credentials that it may repeat."""
        text = self.access.without_secrets(text[:_READ_WORDS])
        return text if len(text) <= _SHOWN_WORDS else f"{text[:_SHOWN_WORDS]} …"


class Session(requests.Session):
    """Follows no redirect: requests would read where one leads even where it may not follow, and stumble over it."""

    def get_redirect_target(self, resp: requests.Response) -> None:  # noqa: ARG002, D102 - requests says it
        return None


class _Dropped(Exception):  # noqa: N818 - it names the fault
    """The connection broke in the middle; worth another attempt."""


@dataclass(frozen=True, slots=True)
class Line:
    """The way to one server; `turn` is held while a request is under way, so as not to crowd the server."""

    session: requests.Session
    access: Access
    seconds: float
    retries: Retries
    turn: AbstractContextManager[object] = field(default_factory=nullcontext)


def send(line: Line, request: Request) -> Reply:
    """The first reply that is final; raises Unreachable, Unavailable, TooSlow or AnswerTooLarge."""
    with line.turn:
        return _sent(line, request)


def _sent(line: Line, request: Request) -> Reply:
    deadline, retries = time.monotonic() + min(line.seconds, LONGEST_SECONDS), line.retries
    for attempt in range(1, retries.attempts + 1):
        retry_after, failure, reply = "", "", None
        try:
            reply = _in_time(line, request, deadline)
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
        # With TLS 1.3 the refusal of a client may be lost while the client is still sending.
        perhaps = "; or it wants a client certificate (--cert-file)" if request.url.startswith("https:") else ""
        msg = f"{shown(request.url)} broke the connection {attempt} times ({failure}): try again later{perhaps}"
        raise Unavailable(msg, query=request.query)
    return replace(reply, attempts=attempt)


def _worth_another(reply: Reply) -> bool:
    # A query that ran into the server's own time limit would only run into it again.
    return reply.status in _RETRIED and b'"errorType":"timeout"' not in reply.body.replace(b" ", b"")


def _in_time(line: Line, request: Request, deadline: float) -> Reply:
    """One attempt; requests' own time limit holds per read only, and not at all for the look-up of names."""
    left = max(deadline - time.monotonic(), 0.001)
    try:
        return within(left + _GRACE, partial(_once, line, request, deadline))
    except TimeoutError:
        raise _too_slow(request) from None


def _once(line: Line, request: Request, deadline: float) -> Reply:
    left, access = max(deadline - time.monotonic(), 0.001), line.access
    try:
        with line.session.request(
            request.method,
            request.url,
            params=request.parameters if request.method == "GET" else None,
            data=request.parameters if request.method == "POST" and request.document is None else None,
            json=request.document,
            headers=dict(access.headers),
            auth=access.auth or Anonymous(),
            # Per request: REQUESTS_CA_BUNDLE in the environment would overrule the session's own setting.
            verify=str(access.ca_file) if access.ca_file else line.session.verify,
            cert=(str(access.certificate[0]), str(access.certificate[1])) if access.certificate else None,
            proxies={"http": access.proxy, "https": access.proxy} if access.proxy else None,
            timeout=(min(left, _CONNECT_SECONDS), left),
            # A redirected POST becomes a GET without its body, and a login page would look like an answer.
            allow_redirects=False,
            stream=True,
        ) as response:
            body = _read(response, deadline, request)
    except CredentialsUnreadable:
        raise
    except (requests.exceptions.Timeout, urllib3.exceptions.TimeoutError, TimeoutError):
        raise _too_slow(request) from None
    except _LIBRARIES as error:
        raise _lost(request, error) from None
    header = response.headers.get
    return Reply(
        shown(request.url),
        response.status_code,
        access.without_credentials(body),
        content_type=header("Content-Type", ""),
        location=shown(header("Location", "")),
        retry_after=header("Retry-After", ""),
        access=access,
    )


def _read(response: requests.Response, deadline: float, request: Request) -> bytes:
    """The whole body; read1 hands over what has come, so that a drip cannot hold the deadline up."""
    announced = whole_number(response.headers.get("Content-Length", ""))
    if announced is not None and announced > _LIMIT:
        raise _too_large(request)
    body = bytearray()
    while chunk := response.raw.read1(_CHUNK, decode_content=True):
        body += chunk
        if len(body) > _LIMIT:
            raise _too_large(request)
        if time.monotonic() > deadline:
            raise _too_slow(request)
    return bytes(body)


def _too_large(request: Request) -> AnswerTooLarge:
    msg = f"{shown(request.url)} answers with more than {_LIMIT >> 20} MiB: ask about one cluster at a time"
    return AnswerTooLarge(msg, query=request.query)


def _too_slow(request: Request) -> TooSlow:
    msg = f"{shown(request.url)} did not answer in time: allow more with --timeout or ask for a shorter window"
    return TooSlow(msg, query=request.query)


def _lost(request: Request, error: Exception) -> Exception:
    return never_connected(request.url, error) or _Dropped(type(error).__name__)
