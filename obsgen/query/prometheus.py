"""The client of one Prometheus server, or of anything that speaks its query API."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from io import BytesIO
from threading import BoundedSemaphore
from types import TracebackType
from typing import Any, Final, Literal, Self

import requests

from obsgen.address import shown
from obsgen.programs.parallel import threads
from obsgen.query.access import Access
from obsgen.query.answer import read_matrix, read_status, read_vector
from obsgen.query.connecting import address_of
from obsgen.query.errors import NotPrometheus, PrometheusError, QueryFailed
from obsgen.query.head import read_head_end
from obsgen.query.retries import Retries
from obsgen.query.rules import LoadedRule, read_rules
from obsgen.query.samples import Matrix, Vector, moment
from obsgen.query.sending import LONGEST_SECONDS, Line, Reply, Request, Session, send

_NO_POST = (405, 501)
# What prometheus-api-client runs into where the document is another one, or one that has no end of brackets.
_NO_LISTING = (KeyError, TypeError, ValueError, RecursionError)
# Two halve the time of a report; more gain nothing and crowd a server that others need.
AT_ONCE: Final = 2


class Prometheus:
    """One server; pass a `requests.Session` with an adapter of your own to test without one.

    `exposed` says so where credentials go over the network unencrypted.

    >>> with Prometheus("http://prometheus.example.com:9090") as prometheus:
    ...     prometheus.instant("count by (job) (up)")
    """

    def __init__(  # noqa: PLR0913 - all but the first have defaults
        self,
        url: str,
        *,
        session: requests.Session | None = None,
        timeout: float = 30.0,
        access: Access | None = None,
        retries: Retries | None = None,
        turn: BoundedSemaphore | None = None,
    ) -> None:
        """Unreachable is raised where `url` is none. `timeout` is in seconds and holds for a query with its retries.

        Clients of one server share a `turn`, so that together they do not crowd it.
        """
        address = address_of(url)
        entered = (access or Access()).entering(address)
        self.url = address.url
        self.exposed = entered.exposed(address)
        self._line = Line(
            session or Session(),
            entered,
            timeout,
            retries or Retries(),
            turn or BoundedSemaphore(AT_ONCE),
        )
        self._posts = True
        self._partial = False

    @property
    def title(self) -> str:
        """The URL, fit to be printed."""
        return shown(self.url)

    @property
    def partial(self) -> bool:
        """Whether an answer so far may have lacked data, so that sums of it are too low."""
        return self._partial

    def instant(self, query: str, *, at: float | None = None) -> Vector:
        """The query's value at `at`, in seconds since 1970; by default at the server's own time.

        Raises the errors of `obsgen.query.errors`, each of which names the query.
        """
        when = {} if at is None else {"time": f"{at:.3f}"}
        vector = read_vector(self._call("/api/v1/query", {**self._asked(query), **when}), query)
        self._partial |= vector.partial
        return vector

    def instants(self, queries: Mapping[str, str], *, at: float | None = None) -> dict[str, Vector]:
        """The values of several queries by their names, asked a few at a time and given in their order."""
        with threads(AT_ONCE) as workers:
            answers = workers.map(lambda query: self.instant(query, at=at), queries.values())
            return dict(zip(queries, answers, strict=True))

    def range(self, query: str, *, start: float, end: float, step: float) -> Matrix:
        """The query's values at `start` and every `step` seconds after it up to `end`, in seconds since 1970.

        A server refuses more than 11,000 steps. Raises the errors of `obsgen.query.errors`.
        """
        when = {"start": f"{start:.3f}", "end": f"{end:.3f}", "step": f"{step:.3f}"}
        matrix = read_matrix(self._call("/api/v1/query_range", {**self._asked(query), **when}), query)
        self._partial |= matrix.partial
        return matrix

    def server_time(self) -> float:
        """The server's clock in seconds since 1970: the one clock that its samples agree with."""
        query = "time()"
        times = [moment(sample.value) for sample in self.instant(query)]
        if len(times) != 1 or times[0] is None:
            raise NotPrometheus(f"{self.title} does not tell the time: is this a Prometheus query API?", query=query)
        return times[0]

    def reachable(self) -> bool:
        """Whether the query API answers.

        prometheus-api-client looks at the start page, which Thanos, Mimir and packaged builds may not have.
        """
        try:
            self.server_time()
        except PrometheusError:
            return False
        return True

    def metric_names(self, among: Iterable[str] | None = None, *, start: float, end: float) -> frozenset[str]:
        """Which of these metrics, or of all, have series between two times, in seconds since 1970."""
        from prometheus_api_client.exceptions import PrometheusApiClientException  # noqa: PLC0415 - 0.1 s

        try:
            # All names, from the index: to match some, a server would go through each of their series.
            found = self._api_client().all_metrics({"start": str(start), "end": str(end)})
            known = frozenset(one for one in found if isinstance(one, str))
            return known if among is None else known.intersection(among)
        except (PrometheusApiClientException, requests.exceptions.RequestException, *_NO_LISTING) as error:
            msg = f"{self.title} does not list its metrics ({type(error).__name__})"
            raise QueryFailed(msg, query="label/__name__/values") from None

    def said_of_itself(self, what: Literal["buildinfo", "config"]) -> Mapping[str, Any]:
        """What the server says of itself; nothing where it does not, as those that only speak the query API."""
        return read_status(self._send(Request("GET", f"{self.url}/api/v1/status/{what}", {})))

    def newest_in_head(self) -> float | None:
        """The time of the newest sample that is in no block yet, in seconds since 1970; None where there is none."""
        return read_head_end(self._send(Request("GET", self.url + "/api/v1/status/tsdb", {})))

    def rules(self) -> tuple[LoadedRule, ...]:
        """The rules that the server has loaded; one that evaluates none refuses, as do stores without rules."""
        # Newer ones leave out the alerts that fire, which may be many; others do not know the word.
        asked = {**self._line.access.parameters, "exclude_alerts": "true"}
        return read_rules(self._send(Request("GET", self.url + "/api/v1/rules", asked)))

    def close(self) -> None:
        """Give the connections back."""
        self._line.session.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _asked(self, query: str) -> dict[str, str]:
        own = {"query": query, "timeout": f"{max(int(min(self._line.seconds, LONGEST_SECONDS)), 1)}s"}
        return {**self._line.access.parameters, **own}

    def _call(self, path: str, parameters: dict[str, str]) -> Reply:
        """POST, so that no query is too long for a URL; a server that refuses it gets GET from then on."""
        if self._posts:
            reply = self._send(Request("POST", self.url + path, parameters))
            if reply.status not in _NO_POST:
                return reply
            self._posts = False
        return self._send(Request("GET", self.url + path, parameters))

    def _send(self, request: Request) -> Reply:
        return send(self._line, request)

    def _api_client(self) -> Any:
        """prometheus-api-client for listings, over the sending that queries use.

        By itself it would put a POST's query into the URL, wait without end, lose the server's error text and
        drop the warnings.
        """
        from prometheus_api_client import PrometheusConnect  # noqa: PLC0415 - 0.1 s

        return PrometheusConnect(self.url, session=_ListingSession(self._send))


class _ListingSession(requests.Session):
    """What prometheus-api-client takes for a session: its requests go the way of ours."""

    def __init__(self, send_one: Callable[[Request], Reply]) -> None:
        super().__init__()
        self._send_one = send_one

    def request(self, *_: Any, **options: Any) -> requests.Response:
        """The reply in the form that the library reads; it lists by GET alone."""
        reply = self._send_one(Request("GET", options["url"], options["params"]))
        response = requests.Response()
        response.status_code, response.raw = reply.status, BytesIO(reply.body)
        return response
