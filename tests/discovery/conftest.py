"""A scrape job of obsgen's, of which only that there is one matters."""

from __future__ import annotations

import pytest

from obsgen.diagnostics import Location
from obsgen.model.source import ScrapeJob
from obsgen.units import Duration


@pytest.fixture
def scrape_job() -> ScrapeJob:
    return ScrapeJob(
        name="queue",
        namespace="shop",
        selector={"app": "queue"},
        pods=False,
        targets=(),
        port="metrics",
        path="/metrics",
        scheme="http",
        interval=Duration(30_000),
        timeout=Duration(10_000),
        service_account_token=False,
        honor_labels=False,
        tls={},
        labels_from={},
        drop_metrics=(),
        origin=Location("pack.yaml", 1, 1),
    )
