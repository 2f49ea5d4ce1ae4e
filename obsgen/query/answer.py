"""Reads Prometheus' JSON: a vector or matrix where there is one, a typed error everywhere else."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from obsgen.query.advice import advice
from obsgen.query.errors import NotPrometheus, QueryFailed, Unauthorized, Unavailable
from obsgen.query.samples import Matrix, Sample, Series, Vector
from obsgen.query.sending import Reply
from obsgen.query.shapes import Unlike, document, labels, listed, mapping, number, pair, text, texts, time

Result = TypeVar("Result")

_PARTIAL = "the backend says that this answer is partial: some of its stores did not reply"
_WANTED_LOGIN = "give --bearer-token-file or --basic-auth-file, or the tenant with --tenant"
# Of a query's form, not of missing data.
_ANNOTATIONS = ("PromQL warning", "PromQL info")
_SHOWN_REASON = 160
_MOST_WARNINGS = 20
_TRY_LATER = (429, 500, 502, 503, 504)
_REDIRECTS = (301, 302, 303, 307, 308)


def read_vector(reply: Reply, query: str) -> Vector:
    """The samples of an instant query's answer; raises what `obsgen.query.errors` lists."""
    with _of_the_kind("an instant query's answer", reply, query):
        body = _document(reply, query)
        kind, result = _result(body)
        return Vector(_samples(kind, result), _warnings(reply, body), _partial(body))


def read_matrix(reply: Reply, query: str) -> Matrix:
    """The series of a range query's answer; raises what `obsgen.query.errors` lists."""
    with _of_the_kind("a range query's answer", reply, query):
        body = _document(reply, query)
        kind, result = _result(body)
        return Matrix(_series(kind, result), _warnings(reply, body), _partial(body))


def read_status(reply: Reply) -> Mapping[str, Any]:
    """The data of a status page; nothing where it is none, which many servers do not have."""
    try:
        return mapping(mapping(document(reply.body)).get("data"))
    except Unlike:
        return {}


def read_document(reply: Reply, kind: str, of: Callable[[dict[str, Any]], Result]) -> Result:
    """What `of` makes of a document of this kind, where there is one."""
    with _of_the_kind(kind, reply, ""):
        return of(_document(reply, ""))


@contextmanager
def _of_the_kind(kind: str, reply: Reply, query: str) -> Iterator[None]:
    try:
        yield
    except Unlike as unlike:
        msg = f"{reply.url} sent JSON that is not {kind} ({unlike}): is this a Prometheus query API?"
        raise NotPrometheus(msg, query=query) from None


def _result(body: dict[str, Any]) -> tuple[str, list[Any]]:
    data = mapping(body.get("data"))
    return text(data.get("resultType")), listed(data.get("result"))


def _warnings(reply: Reply, body: dict[str, Any]) -> tuple[str, ...]:
    said = [*texts(body.get("warnings")), *texts(body.get("infos"))]
    more = [f"and {len(said) - _MOST_WARNINGS} more"] if len(said) > _MOST_WARNINGS else []
    marked = [_PARTIAL] if _marked_partial(body) else []
    return (*map(reply.words, said[:_MOST_WARNINGS]), *more, *marked)


def _marked_partial(body: dict[str, Any]) -> bool:
    """VictoriaMetrics says it in a field of its own."""
    return bool(body.get("isPartial") or body["data"].get("isPartial"))


def _partial(body: dict[str, Any]) -> bool:
    """Thanos and remote reads answer with what they have, and a warning about what they do not."""
    warnings = texts(body.get("warnings"))
    return _marked_partial(body) or any(not warning.startswith(_ANNOTATIONS) for warning in warnings)


def _series(kind: str, result: list[Any]) -> tuple[Series, ...]:
    if kind != "matrix":
        raise Unlike("it is no matrix")
    # All series have their points at the same steps.
    steps: dict[Any, float] = {}

    def points(values: Any) -> Iterator[tuple[float, float]]:
        for when, value in map(pair, listed(values)):
            known = steps.get(when) if isinstance(when, int | float) else None
            if known is None:
                known = steps.setdefault(when, time(when))
            yield known, number(value)

    return tuple(Series(own, tuple(points(series.get("values", [])))) for own, series in _each(result))


def _samples(kind: str, result: list[Any]) -> tuple[Sample, ...]:
    if kind == "scalar":
        return (Sample({}, number(pair(result)[1])),)
    if kind != "vector":
        raise Unlike("it is no vector")
    return tuple(Sample(own, number(pair(one.get("value"))[1])) for own, one in _each(result))


def _each(result: list[Any]) -> Iterator[tuple[Mapping[str, str], dict[str, Any]]]:
    """Labels and series, one after the other, each let go once it is read: a long answer is not held twice."""
    seen: set[int] = set()
    result.reverse()
    while result:
        series = mapping(result.pop())
        own = labels(series.get("metric"))
        name = hash(frozenset(own.items()))
        if name in seen:
            # Added up, it would count twice.
            raise Unlike("one series stands there twice")
        seen.add(name)
        yield own, series


def _document(reply: Reply, query: str) -> dict[str, Any]:
    """The body of a success; anything else is raised by what it means for the user."""
    try:
        body = document(reply.body)
    except Unlike:
        raise _no_answer(reply, query) from None
    if isinstance(body, dict) and body.get("status") == "error":
        raise _refusal(reply, query, body)
    if reply.status == 200 and isinstance(body, dict) and body.get("status") == "success":
        return body
    raise _no_answer(reply, query)


def _refusal(reply: Reply, query: str, body: dict[str, Any]) -> Exception:
    kind, said = (body.get(field) for field in ("errorType", "error"))
    kind, said = kind if isinstance(kind, str) else "error", said if isinstance(said, str) else "no reason given"
    reason = reply.words(f"{kind}: {said}")
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
        return f"redirects to {reply.words(reply.location)}: give that URL, or log in if it is a login page"
    if b"<html" in reply.body[:2000].lower() or "html" in reply.content_type:
        return "answers with a web page, probably a login: give credentials or the address behind the login"
    if reply.status == 200:
        return "answers with broken JSON: the answer was cut short or is no answer of Prometheus"
    said = _said(reply)
    hint = advice(said).removeprefix("; ") or "is this a Prometheus query API?"
    return f"answers {reply.status} without Prometheus' error document{said}: {hint}"


def _said(reply: Reply) -> str:
    """The first line of a plain refusal, in brackets; nothing of a web page."""
    line = reply.words(reply.body.decode(errors="replace")).strip().partition("\n")[0]
    if not line.isprintable() or "<" in line:
        return ""
    return f" ({line[:_SHOWN_REASON]})" if line else ""
