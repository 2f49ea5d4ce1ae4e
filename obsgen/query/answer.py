"""Reads Prometheus' JSON: a vector or matrix where there is one, a typed error everywhere else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pydantic_core import from_json

from obsgen.query.advice import advice
from obsgen.query.errors import NotPrometheus, QueryFailed, Unauthorized, Unavailable
from obsgen.query.samples import Matrix, Sample, Series, Vector
from obsgen.query.sending import Reply

_PARTIAL = "the backend says that this answer is partial: some of its stores did not reply"
_WANTED_LOGIN = "give --bearer-token-file or --basic-auth-file, or the tenant with --tenant"
# Of a query's form, not of missing data.
_ANNOTATIONS = ("PromQL warning", "PromQL info")
_SHOWN_REASON = 160
_TRY_LATER = (429, 500, 502, 503, 504)
_REDIRECTS = (301, 302, 303, 307, 308)


def read_vector(reply: Reply, query: str) -> Vector:
    """The samples of an instant query's answer; raises what `obsgen.query.errors` lists."""
    body = _document(reply, query)
    with _of_the_kind("an instant query", reply, query):
        return Vector(_samples(body["data"]["resultType"], body["data"]["result"]), _warnings(body), _partial(body))


def read_matrix(reply: Reply, query: str) -> Matrix:
    """The series of a range query's answer; raises what `obsgen.query.errors` lists."""
    body = _document(reply, query)
    with _of_the_kind("a range query", reply, query):
        return Matrix(_series(body["data"]["resultType"], body["data"]["result"]), _warnings(body), _partial(body))


@contextmanager
def _of_the_kind(kind: str, reply: Reply, query: str) -> Iterator[None]:
    try:
        yield
    except (KeyError, TypeError, ValueError, IndexError, AttributeError):
        msg = f"{reply.url} sent JSON that is not {kind}'s answer: is this a Prometheus query API?"
        raise NotPrometheus(msg, query=query) from None


def _warnings(body: dict[str, Any]) -> tuple[str, ...]:
    said = (*(body.get("warnings") or ()), *(body.get("infos") or ()))
    return (*map(str, said), *((_PARTIAL,) if _marked_partial(body) else ()))


def _marked_partial(body: dict[str, Any]) -> bool:
    """VictoriaMetrics says it in a field of its own."""
    return bool(body.get("isPartial") or body["data"].get("isPartial"))


def _partial(body: dict[str, Any]) -> bool:
    """Thanos and remote reads answer with what they have, and a warning about what they do not."""
    warnings = map(str, body.get("warnings") or ())
    return _marked_partial(body) or any(not warning.startswith(_ANNOTATIONS) for warning in warnings)


def _series(kind: str, result: Any) -> tuple[Series, ...]:
    if kind != "matrix":
        raise ValueError(kind)
    # All series have their points at the same steps.
    steps: dict[float, float] = {}

    def points(values: Any) -> tuple[tuple[float, float], ...]:
        return tuple((steps.setdefault(time, float(time)), float(value)) for time, value in values)

    return tuple(Series(dict(series["metric"]), points(series.get("values", ()))) for series in _each(result))


def _samples(kind: str, result: Any) -> tuple[Sample, ...]:
    if kind == "scalar":
        return (Sample({}, float(result[1])),)
    if kind != "vector":
        raise ValueError(kind)
    return tuple(Sample(dict(series["metric"]), float(series["value"][1])) for series in _each(result))


def _each(result: list[Any]) -> Iterator[Any]:
    """One after the other, each let go once it is read: a long answer is not held twice."""
    result.reverse()
    while result:
        yield result.pop()


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
        # Labels repeat in every sample: their strings are kept once.
        return from_json(reply.body, cache_strings="all")
    except ValueError:
        return None


def _refusal(reply: Reply, query: str, body: dict[str, Any]) -> Exception:
    reason = f"{body.get('errorType', 'error')}: {body.get('error', 'no reason given')}"
    if reply.status in (401, 403):
        return Unauthorized(f"{reply.url} refuses these credentials ({reason}): {_WANTED_LOGIN}", query=query)
    if reply.status == 429:
        return Unavailable(
            f"{reply.url} asks for fewer queries ({reason}): try again later{advice(reason)}", query=query
        )
    return QueryFailed(f"{reply.url} refused the query: {reason}{advice(reason)}", query=query, reason=reason)


def _no_answer(reply: Reply, query: str) -> Exception:
    where, status = reply.url, reply.status
    if status in _TRY_LATER:
        msg = f"{where} answers {status} after {reply.attempts} attempts: it is overloaded or down; try again later"
        return Unavailable(msg, query=query)
    if status in (401, 403):
        return Unauthorized(f"{where} answers {status}{_said(reply)}: {_WANTED_LOGIN}", query=query)
    if status == 407:
        msg = f"{where} is not reached: the proxy wants a user and password in its address (--proxy or HTTP_PROXY)"
        return Unauthorized(msg, query=query)
    if status == 414:
        msg = f"{where} takes queries by GET only and finds this one too long: allow POST in front of it"
        return QueryFailed(msg, query=query, reason="414 URI too long")
    return NotPrometheus(f"{where} {_sort_of_body(reply)}", query=query)


def _sort_of_body(reply: Reply) -> str:
    if reply.status == 404:
        return "answers 404: there is no query API; a sub-path such as /prometheus may be missing"
    if reply.status in _REDIRECTS:
        return f"redirects to {reply.location}: give that URL, or log in if it is a login page"
    if b"<html" in reply.body[:2000].lower() or "html" in reply.content_type:
        return "answers with a web page, probably a login: give credentials or the address behind the login"
    if reply.status == 200:
        return "answers with broken JSON: the answer was cut short or is no answer of Prometheus"
    said = _said(reply)
    hint = advice(said).removeprefix("; ") or "is this a Prometheus query API?"
    return f"answers {reply.status} without Prometheus' error document{said}: {hint}"


def _said(reply: Reply) -> str:
    """The first line of a plain refusal, in brackets; nothing of a web page."""
    line = reply.body.decode(errors="replace").strip().partition("\n")[0]
    if not line.isprintable() or "<" in line:
        return ""
    return f" ({line[:_SHOWN_REASON]})" if line else ""
