"""What the reasons of Prometheus, Thanos, Mimir and VictoriaMetrics mean for the one who asks."""

from __future__ import annotations

from typing import Final

_TENANT: Final = "; name the tenant with --tenant"
_FEWER: Final = "; ask for one cluster or fewer namespaces at a time, or raise {} on the server"
# The first whose sign stands in the reason counts; signs are in lower case.
_MEANT: Final = (
    ("no org id", _TENANT),
    ("err-mimir-max-series-per-query", _FEWER.format("-querier.max-fetched-series-per-query")),
    ("err-mimir-max-chunks-per-query", _FEWER.format("-querier.max-fetched-chunks-per-query")),
    ("err-mimir-max-chunks-bytes-per-query", _FEWER.format("-querier.max-fetched-chunk-bytes-per-query")),
    ("err-mimir-max-estimated", _FEWER.format("-querier.max-estimated-memory-consumption-per-query")),
    ("err-mimir-max-query", "; ask for a shorter window, or raise the tenant's query limits on the server"),
    ("err-mimir-tenant-max", "; try again later, or raise the tenant's request rate on the server"),
    ("tenant", "; check the tenant given with --tenant, and that the server joins several of them (a|b)"),
    ("maxsamplesperquery", _FEWER.format("-search.maxSamplesPerQuery")),
    ("maxuniquetimeseries", _FEWER.format("-search.maxUniqueTimeseries")),
    ("maxquerylen", "; raise -search.maxQueryLen on the server"),
    ("maxmemoryperquery", _FEWER.format("-search.maxMemoryPerQuery")),
    ("maxconcurrentrequests", "; try again later, or raise -search.maxConcurrentRequests on the server"),
    ("maxqueryduration", "; allow more time with --timeout, or raise -search.maxQueryDuration on the server"),
    ("storeapi", "; a store of Thanos is away or not matched: see /stores on the querier"),
    ("too many samples", "; ask for fewer series or a shorter window, or raise --query.max-samples on the server"),
    ("exceeded series limit", _FEWER.format("--store.grpc.series-sample-limit")),
    ("timeout", "; the server gave up: allow more time with --timeout or ask for a shorter window"),
    ("timed out", "; the server gave up: allow more time with --timeout or ask for a shorter window"),
    ("to an https server", "; write https:// instead of http://"),
    ("unsupported path", "; a VictoriaMetrics cluster is asked at /select/<account>/prometheus"),
    ("missing route", "; a VictoriaMetrics cluster is asked at /select/<account>/prometheus"),
)


def advice(reason: str) -> str:
    """What to do about it, to be put behind the reason; nothing where nothing is known."""
    lowered = reason.lower()
    return next((meant for sign, meant in _MEANT if sign in lowered), "")
