"""A stranger's Prometheus, which answers every query with labels that attack who reads them."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.hostile.answering import Answer, Asked, failure, running, success, vector

_GROUPED = re.compile(r"by \(([^)]*)\)")


@contextmanager
def strange_prometheus(attack: str) -> Iterator[str]:
    """Its address; every label that it is asked for, every warning and every error is the attack."""
    with running() as server:
        server.answer = lambda asked: _answer(asked, attack)
        yield server.url


def _answer(asked: Asked, attack: str) -> Answer:
    query = asked.query
    if "refused" in query:
        return failure(attack)
    now = time.time()
    if query == "time()":
        return success({"resultType": "scalar", "result": [now, str(now)]})
    series = _series(query, attack)
    if asked.path.endswith("query_range"):
        lines = [{"metric": labels, "values": [[now - 60, "1"], [now, "2"]]} for labels in series]
        return success({"resultType": "matrix", "result": lines})
    value = str(now) if "timestamp(" in query else "3"
    return vector(*({"metric": labels, "value": [now, value]} for labels in series), warnings=[attack])


def _series(query: str, attack: str) -> list[dict[str, str]]:
    grouped = _GROUPED.search(query)
    names = [name.strip() for name in grouped[1].split(",")] if grouped else ["cluster", "instance"]
    labels = {name: attack for name in names if name and name != "__name__"}
    if "resource" not in labels:
        return [labels]
    return [{**labels, "resource": resource} for resource in ("cpu", "memory", "pods", attack)]
