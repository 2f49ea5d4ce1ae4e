"""The client of one Prometheus server, or of anything that speaks its query API."""

from __future__ import annotations

from collections.abc import Iterable
from types import TracebackType
from typing import Any, Self

import requests
import urllib3

from obsgen.query.access import Access
from obsgen.query.answer import read_matrix, read_vector
from obsgen.query.errors import PrometheusError, QueryFailed, Unreachable, shown
from obsgen.query.samples import Matrix, Vector
from obsgen.query.sending import Reply, Request, Retries, send

_NO_POST = (405, 501)


class Prometheus:
    """One server; pass a `requests.Session` with an adapter of your own to test without one.

    >>> with Prometheus("http://prometheus.example.com:9090") as prometheus:
    ...     prometheus.instant("count by (job) (up)")
    """

    def __init__(
        self,
        url: str,
        *,
        session: requests.Session | None = None,
        timeout: float = 30.0,
        access: Access | None = None,
        retries: Retries | None = None,
    ) -> None:
        """`timeout` is in seconds and holds for a whole query, retries included."""
        self.url = url.rstrip("/")
        self._session = session or requests.Session()
        self._timeout = timeout
        self._access = access or Access()
        self._retries = retries or Retries()
        self._posts = True

    @property
    def title(self) -> str:
        """The URL, fit to be printed."""
        return shown(self.url)

    def instant(self, query: str, *, at: float | None = None) -> Vector:
        """The query's value at `at`, in seconds since 1970; by default at the server's own time.

        Raises the errors of `obsgen.query.errors`, each of which names the query.
        """
        when = {} if at is None else {"time": f"{at:.3f}"}
        return read_vector(self._call("/api/v1/query", {**self._asked(query), **when}), query)

    def range(self, query: str, *, start: float, end: float, step: float) -> Matrix:
        """The query's values at `start` and every `step` seconds after it up to `end`, in seconds since 1970.

        A server refuses more than 11,000 steps. Raises the errors of `obsgen.query.errors`.
        """
        when = {"start": f"{start:.3f}", "end": f"{end:.3f}", "step": f"{step:.3f}"}
        return read_matrix(self._call("/api/v1/query_range", {**self._asked(query), **when}), query)

    def server_time(self) -> float:
        """The server's clock in seconds since 1970: the one clock that its samples agree with."""
        return self.instant("time()").samples[0].value

    def reachable(self) -> bool:
        """Whether the query API answers.

        prometheus-api-client looks at the start page, which Thanos, Mimir and packaged builds may not have.
        """
        try:
            self.server_time()
        except PrometheusError:
            return False
        return True

    def metric_names(self, among: Iterable[str], *, start: float, end: float) -> frozenset[str]:
        """Which of these metrics have series between two times, in seconds since 1970."""
        from prometheus_api_client.exceptions import PrometheusApiClientException  # noqa: PLC0415 - 0.1 s

        selector = f'{{__name__=~"{"|".join(sorted(among))}"}}'
        try:
            found = self._api_client().all_metrics({"match[]": selector, "start": start, "end": end})
        except requests.exceptions.ConnectionError:
            msg = f"{self.title} cannot be reached: check the address"
            raise Unreachable(msg, query=selector) from None
        except (PrometheusApiClientException, requests.exceptions.RequestException, KeyError) as error:
            msg = f"{self.title} does not list its metrics ({type(error).__name__})"
            raise QueryFailed(msg, query=selector) from None
        return frozenset(found)

    def close(self) -> None:
        """Give the connections back."""
        self._session.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _asked(self, query: str) -> dict[str, str]:
        return {"query": query, "timeout": f"{max(int(self._timeout), 1)}s"}

    def _call(self, path: str, parameters: dict[str, str]) -> Reply:
        """POST, so that no query is too long for a URL; a server that refuses it gets GET from then on."""
        if self._posts:
            reply = self._send(Request("POST", self.url + path, parameters))
            if reply.status not in _NO_POST:
                return reply
            self._posts = False
        return self._send(Request("GET", self.url + path, parameters))

    def _send(self, request: Request) -> Reply:
        return send(self._session, request, self._access, seconds=self._timeout, retries=self._retries)

    def _api_client(self) -> Any:
        """prometheus-api-client over our session, for listings; queries take the path above.

        It would put a POST's query into the URL, lose the server's error text and drop the warnings.
        """
        from prometheus_api_client import PrometheusConnect  # noqa: PLC0415 - 0.1 s

        if self._access.ca_file is not None:
            self._session.verify = str(self._access.ca_file)
        ours = self._session.get_adapter(self.url)
        client = PrometheusConnect(
            self.url,
            headers=dict(self._access.headers),
            auth=self._access.auth,
            session=self._session,
            timeout=self._timeout,
            retry=urllib3.Retry(0),
        )
        # The client has put its own adapter over the session's, which may be the caller's: put that one back.
        self._session.mount(self.url, ours)
        return client
