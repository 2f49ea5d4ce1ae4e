"""Reads Prometheus' JSON: a vector or matrix where there is one, a typed error everywhere else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from obsgen.query.errors import NotPrometheus, QueryFailed, Unauthorized, Unavailable
from obsgen.query.samples import Matrix, Sample, Series, Vector
from obsgen.query.sending import Reply

_PARTIAL = "the backend says that this answer is partial: some of its stores did not reply"
_WANTED_LOGIN = "give credentials in a bearer token file or a basic auth file, or the tenant in an X-Scope-OrgID header"


def read_vector(reply: Reply, query: str) -> Vector:
    """The samples of an instant query's answer; raises what `obsgen.query.errors` lists."""
    body = _document(reply, query)
    with _of_the_kind("an instant query", reply, query):
        return Vector(_samples(body["data"]["resultType"], body["data"]["result"]), _warnings(body))


def read_matrix(reply: Reply, query: str) -> Matrix:
    """The series of a range query's answer; raises what `obsgen.query.errors` lists."""
    body = _document(reply, query)
    with _of_the_kind("a range query", reply, query):
        return Matrix(_series(body["data"]["resultType"], body["data"]["result"]), _warnings(body))


@contextmanager
def _of_the_kind(kind: str, reply: Reply, query: str) -> Iterator[None]:
    try:
        yield
    except (KeyError, TypeError, ValueError, IndexError, AttributeError):
        msg = f"{reply.url} sent JSON that is not {kind}'s answer: is this a Prometheus query API?"
        raise NotPrometheus(msg, query=query) from None


def _warnings(body: dict[str, Any]) -> tuple[str, ...]:
    warnings = tuple(str(warning) for warning in body.get("warnings") or ())
    return (*warnings, _PARTIAL) if body.get("isPartial") or body["data"].get("isPartial") else warnings


def _series(kind: str, result: Any) -> tuple[Series, ...]:
    if kind != "matrix":
        raise ValueError(kind)
    return tuple(
        Series(dict(series["metric"]), tuple((float(time), float(value)) for time, value in series.get("values", ())))
        for series in result
    )


def _samples(kind: str, result: Any) -> tuple[Sample, ...]:
    if kind == "scalar":
        return (Sample({}, float(result[1])),)
    if kind != "vector":
        raise ValueError(kind)
    return tuple(Sample(dict(series["metric"]), float(series["value"][1])) for series in result)


def _document(reply: Reply, query: str) -> dict[str, Any]:
    """The body of a success; anything else is raised by what it means for the user."""
    body = _json(reply)
    if isinstance(body, dict) and body.get("status") == "error":
        raise _refusal(reply, query, body)
    if reply.status == 200 and isinstance(body, dict) and body.get("status") == "success":
        return body
    raise _no_answer(reply, query)


def _json(reply: Reply) -> Any:
    try:
        return json.loads(reply.body)
    except ValueError:
        return None


def _refusal(reply: Reply, query: str, body: dict[str, Any]) -> Exception:
    reason = f"{body.get('errorType', 'error')}: {body.get('error', 'no reason given')}"
    if reply.status in (401, 403):
        return Unauthorized(f"{reply.url} refuses these credentials ({reason}): {_WANTED_LOGIN}", query=query)
    if reply.status == 429:
        return Unavailable(f"{reply.url} asks for fewer queries ({reason}): try again later", query=query)
    return QueryFailed(f"{reply.url} refused the query: {reason}{_advice(reason)}", query=query, reason=reason)


def _advice(reason: str) -> str:
    if "too many samples" in reason:
        return "; ask for fewer series or a shorter window, or raise --query.max-samples on the server"
    if "timeout" in reason or "timed out" in reason:
        return "; the server gave up: allow more time or ask for a shorter window"
    return ""


def _no_answer(reply: Reply, query: str) -> Exception:
    where = reply.url
    match reply.status:
        case 401 | 403:
            return Unauthorized(f"{where} answers {reply.status}: {_WANTED_LOGIN}", query=query)
        case 404:
            msg = f"{where} answers 404: there is no query API; a sub-path such as /prometheus may be missing"
            return NotPrometheus(msg, query=query)
        case 301 | 302 | 303 | 307 | 308:
            msg = f"{where} redirects to {reply.location}: give that URL, or log in if it is a login page"
            return NotPrometheus(msg, query=query)
        case 414:
            msg = f"{where} takes queries by GET only and finds this one too long: allow POST in front of it"
            return QueryFailed(msg, query=query, reason="414 URI too long")
        case 429 | 500 | 502 | 503 | 504:
            msg = f"{where} answers {reply.status} after {reply.attempts} attempts: it is overloaded or down"
            return Unavailable(f"{msg}; try again later", query=query)
    return NotPrometheus(f"{where} {_sort_of_body(reply)}", query=query)


def _sort_of_body(reply: Reply) -> str:
    if b"<html" in reply.body[:2000].lower() or "html" in reply.content_type:
        return "answers with a web page, probably a login: give credentials or the address behind the login"
    if reply.status == 200:
        return "answers with broken JSON: the answer was cut short or is no answer of Prometheus"
    return f"answers {reply.status} without Prometheus' error document: is this a Prometheus query API?"
