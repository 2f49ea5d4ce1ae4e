"""Scraped and read: what is rightly fed otherwise is left alone, and names stay apart where they are cut."""

from __future__ import annotations

import pytest

from obsgen.check.doubled import doubled_target
from obsgen.check.unread import unmet_jobs
from obsgen.lower.names import fitting
from obsgen.pipeline import compile_stack

HEAD = """
apiVersion: obsgen.dev/v1
kind: MonitoringStack
metadata: {name: scraped}
environment: {cluster: c1}
routing:
  default: chat
  teams: {platform: {default: chat}}
  receivers: {chat: {webhook: {url: "http://chat.example.com/"}}}
"""
SHOP = "applications:\n  shop:\n    team: platform\n    namespace: shop\n"


def found(tmp_path, text: str) -> list[str]:
    spec = tmp_path / "spec.yaml"
    spec.write_text(HEAD + text)
    compiled = compile_stack(spec)
    return [one.code for check in (unmet_jobs, doubled_target) for one in check(compiled.stack, compiled.bundle)]


@pytest.mark.parametrize(
    "text",
    [
        SHOP + "    scrape: {shop: {selector: {app: shop}, port: metrics}}\n    uses: {shop-go: {pack: go}}",
        SHOP + "    scrape: {shop: {enabled: false}}\n    uses: {pages: {pack: probe}}",
        SHOP + "    selector: job=\"shop\"\n    scrape: {shop: {targets: ['192.0.2.1:80']}}",
        "infrastructure: {node: {selector: 'job=\"n\"', scrape: {node-exporter: {enabled: false}}}}",
        SHOP + "    scrape: {shop: {enabled: false}}\n    uses: {pages: {pack: probe, selector: 'job=\"p\"'}}",
    ],
    ids=["what an application brings its parts", "left to others", "fixed targets", "another's node", "other probes"],
)
def test_what_is_fed_is_no_fault(tmp_path, text: str) -> None:
    assert found(tmp_path, text) == []


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (SHOP + "    uses: {shop-go: {pack: go}}", ["OBS437"]),
        (SHOP + "    scrape: {store: {enabled: false}}", ["OBS436"]),
        (SHOP + "    scrape: {shop: {targets: ['192.0.2.1:80']}}", ["OBS437"]),
        ("infrastructure: {node: {selector: 'job=\"n\"'}}", ["OBS437"]),
    ],
    ids=["nothing scrapes it", "left under another name", "targets without a namespace", "another's node unsaid"],
)
def test_what_is_blind_is_told_once(tmp_path, text: str, codes: list[str]) -> None:
    assert found(tmp_path, text) == codes


def test_names_that_are_cut_stay_apart() -> None:
    first, second = (fitting("obsgen-" + "a" * 60 + end, 63) for end in ("-one", "-two"))
    assert first != second
    assert len(first) == len(second) == 63


def test_a_name_that_fits_is_left_alone() -> None:
    assert fitting("obsgen-a", 63) == "obsgen-a"
