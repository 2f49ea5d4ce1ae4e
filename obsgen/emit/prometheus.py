"""Target `prometheus`: plain files for a Prometheus and an Alertmanager without an operator."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from obsgen.document import Document, yaml_text
from obsgen.emit.alertmanager import configuration, route_tests_body
from obsgen.emit.dashboards import dashboard_files
from obsgen.emit.notifications import BESIDE_CONFIGURATION, TEMPLATE_FILE, template_text
from obsgen.emit.provenance import header
from obsgen.emit.rule_files import RuleFile, UnitTestFile, rule_files, unit_test_files
from obsgen.emit.rule_tests import unit_test_body
from obsgen.emit.rules import groups_body
from obsgen.emit.runbooks import runbook_documents
from obsgen.emit.scrape_config import scrape_config
from obsgen.emit.telling import telling_documents
from obsgen.ir.bundle import Bundle
from obsgen.model.stack import Stack
from obsgen.units import Version

# Older servers do not know scrape_config_files, so their jobs stand in the main file.
_SCRAPE_CONFIG_FILES = Version(2, 43)


def prometheus_documents(bundle: Bundle, stack: Stack, views_folder: Path) -> Iterator[Document]:
    """Every file of the target."""
    yield Document("prometheus.yaml", _text(_main(bundle, stack), stack))
    yield from rule_documents(bundle, stack)
    for scrape in bundle.scrapes:
        yield Document(
            f"scrape/{scrape.job.name}.yaml",
            _text({"scrape_configs": [scrape_config(scrape, stack.scraped_cluster)]}, stack),
        )
    if bundle.routing:
        body = configuration(bundle.routing, stack.environment.alertmanager, BESIDE_CONFIGURATION)
        yield Document("alertmanager/alertmanager.yaml", _text(body, stack))
        yield Document(f"alertmanager/templates/{TEMPLATE_FILE}", template_text(stack))
        yield Document("alertmanager/route-tests.yaml", _text(route_tests_body(bundle.route_tests), stack))
    yield from dashboard_files(bundle, stack, views_folder)
    yield from runbook_documents(bundle)
    yield from telling_documents(stack)


def rule_documents(bundle: Bundle, stack: Stack) -> Iterator[Document]:
    """The rules and the tests that prove them."""
    for rules in rule_files(bundle):
        yield Document(rules.path, rules_text(rules, stack))
    for tests in unit_test_files(bundle):
        yield Document(tests.path, unit_test_text(tests, stack))


def _text(body: Any, stack: Stack) -> str:
    return yaml_text(body, header=header(stack))


def _main(bundle: Bundle, stack: Stack) -> dict[str, Any]:
    target = stack.environment.prometheus
    body: dict[str, Any] = {
        "global": {
            "scrape_interval": str(target.scrape_interval),
            "evaluation_interval": str(target.evaluation_interval),
            "external_labels": {"cluster": stack.environment.cluster},
        },
        "rule_files": ["rules/*.yaml"],
        "alerting": {"alertmanagers": [{"static_configs": [{"targets": [stack.environment.alertmanager.address]}]}]},
    }
    if target.version >= _SCRAPE_CONFIG_FILES:
        return {**body, "scrape_config_files": ["scrape/*.yaml"]}
    return {**body, "scrape_configs": [scrape_config(one, stack.scraped_cluster) for one in bundle.scrapes]}


def unit_test_text(tests: UnitTestFile, stack: Stack) -> str:
    """One test file; promtool takes paths from the folder that it lies in."""
    groups = [group for one in tests.rules for group in one.groups]
    body = unit_test_body(tests.proofs, [f"../{one.path}" for one in tests.rules], groups, tests.step)
    return _text(body, stack)


def rules_text(rules: RuleFile, stack: Stack) -> str:
    """One rule file."""
    return _text({"groups": groups_body(rules.groups)}, stack)
