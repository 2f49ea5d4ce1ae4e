"""What the reasons of the four kinds of server lead to."""

from __future__ import annotations

import pytest

from obsgen.query.advice import advice


@pytest.mark.parametrize(
    ("reason", "meant"),
    [
        ("execution: query processing would load too many samples into memory", "--query.max-samples"),
        ("timeout: query timed out in expression evaluation", "--timeout"),
        ("execution: the query exceeded the maximum number of chunks (err-mimir-max-chunks-per-query)", "chunks"),
        ("execution: (err-mimir-max-series-per-query). Consider", "-querier.max-fetched-series-per-query"),
        ("too_many_requests: too many (err-mimir-tenant-max-request-rate)", "request rate"),
        ("422: the number of matching timeseries exceeds 300000; -search.maxUniqueTimeseries", "maxUniqueTimeseries"),
        ("422: couldn't start executing: -search.maxConcurrentRequests=8 are executed", "maxConcurrentRequests"),
        ("401: no org id", "--tenant"),
        ("execution: no StoreAPI matched", "/stores"),
        ("unsupported path requested: /api/v1/query", "/select/<account>/prometheus"),
    ],
)
def test_a_limit_is_named_with_what_raises_it(reason, meant):
    assert meant in advice(reason)


def test_an_unknown_reason_gets_no_advice():
    assert advice("execution: the moon is full") == ""
