"""promtool's verdict on rules, scrape configuration and tests, traced back to the lines they came from."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from obsgen.check.subprocesses import Tool, at_once
from obsgen.diagnostics import Diagnostic, Location
from obsgen.document import json_text
from obsgen.emit.prometheus import rules_text, unit_test_text
from obsgen.emit.rule_files import rule_files, unit_test_files
from obsgen.emit.rules import groups_body
from obsgen.emit.scrape_config import scrape_config
from obsgen.ir.bundle import Bundle
from obsgen.ir.proofs import Proof
from obsgen.model.stack import Stack

_RULE = re.compile(r"(?:\d+:\d+: )?group \"(?P<group>[^\"]+)\", rule (?P<index>\d+), (?:\"[^\"]*\": ?)?(?P<text>.+)")
_TEST_NAME = re.compile(r"(?:name: )?(?P<alert>\w+) (?P<severity>critical|warning|info|none): (?P<title>[^,\n]+)")


def rule_findings(tool: Tool, bundle: Bundle) -> tuple[Diagnostic, ...]:
    """`promtool check rules` over all rule files in one call."""
    with tempfile.TemporaryDirectory(prefix="obsgen-") as name:
        folder = Path(name)
        files = [
            _write(folder, f"{rules.name}.json", {"groups": groups_body(rules.groups)}) for rules in bundle.rule_sets
        ]
        if not files:
            return ()
        done = tool.run("check", "rules", *files, folder=folder)
    if done.code == 0:
        return ()
    origins = {
        (group.name, index): rule.origin
        for rules in bundle.rule_sets
        for group in rules.groups
        for index, rule in enumerate(group.rules, start=1)
    }
    found = [
        Diagnostic("OBS450", f"promtool: {match['text'].strip()}", origins.get((match["group"], int(match["index"]))))
        for match in _RULE.finditer(done.output)
    ]
    return tuple(found) or (Diagnostic("OBS450", f"promtool refuses the rules: {done.output.strip()}"),)


def scrape_findings(tool: Tool, bundle: Bundle) -> tuple[Diagnostic, ...]:
    """`promtool check config` over each scrape job, so that a complaint has a place.

    Some distributions build promtool without Kubernetes discovery; that part is then left out of what it reads.
    """
    found = []
    with tempfile.TemporaryDirectory(prefix="obsgen-") as name:
        for scrape in bundle.scrapes:
            body = scrape_config(scrape)
            done = _check_config(tool, Path(name), body)
            if "kubernetes_sd_configs not found" in done:
                done = _check_config(tool, Path(name), {**body, "kubernetes_sd_configs": None})
            if done:
                found.append(Diagnostic("OBS451", f"promtool: {done}", scrape.job.origin))
    return tuple(found)


def _check_config(tool: Tool, folder: Path, body: Mapping[str, object]) -> str:
    kept = {name: value for name, value in body.items() if value is not None}
    path = _write(folder, "prometheus.yaml", {"scrape_configs": [kept]})
    done = tool.run("check", "config", "--syntax-only", path, folder=folder)
    return "" if done.code == 0 else " ".join(done.output.partition("FAILED:")[2].split())


@dataclass(frozen=True, slots=True)
class ProofRun:
    """What promtool made of the proofs."""

    proofs: int
    alerts: int
    findings: tuple[Diagnostic, ...]


def prove(tool: Tool, stack: Stack, bundle: Bundle, only: Sequence[str] = ()) -> ProofRun:
    """Run every proof on the very files that are emitted, or the proofs of the alerts named."""
    proofs = [proof for proof in bundle.proofs if not only or proof.alert in only]
    with tempfile.TemporaryDirectory(prefix="obsgen-") as name:
        folder = Path(name)
        files = list(_written_tests(folder, stack, bundle, only))
        workers = min(len(os.sched_getaffinity(0)), max(1, len(files)))
        calls = [["test", "rules", *files[number::workers]] for number in range(workers)]
        results = at_once(tool, calls, folder, workers) if files else []
    failed = [done.output for done in results if done.code != 0]
    alerts = {(proof.component, proof.alert, proof.severity) for proof in proofs}
    return ProofRun(len(proofs), len(alerts), tuple(_failures("\n".join(failed), proofs)) if failed else ())


def _written_tests(folder: Path, stack: Stack, bundle: Bundle, only: Sequence[str]) -> Iterator[str]:
    for name in ("rules", "rule-tests"):
        (folder / name).mkdir()
    for rules in rule_files(bundle):
        (folder / rules.path).write_text(rules_text(rules, stack), encoding="utf-8")
    for tests in unit_test_files(bundle):
        if not only or tests.proofs[0].alert in only:
            (folder / tests.path).write_text(unit_test_text(tests, stack), encoding="utf-8")
            yield tests.path


def _failures(output: str, proofs: Sequence[Proof]) -> Iterator[Diagnostic]:
    """One diagnostic for each test that failed, with what promtool expected and saw."""
    blocks = re.split(r"^\s*FAILED:\s*$", output, flags=re.MULTILINE)[1:] or [output]
    origins: dict[tuple[str, str], Location | None] = {(proof.alert, proof.severity): proof.origin for proof in proofs}
    for block in blocks:
        for part in re.split(r"\n(?=\s*name: )", block):
            named = _TEST_NAME.search(part)
            shown = "\n    ".join(line.rstrip() for line in part.strip().splitlines()[:24] if line.strip())
            if named:
                whose = f"of '{named['alert']}' ({named['severity']})"
                message = f"the test '{named['title'].strip()}' {whose} fails:\n    {shown}"
                yield Diagnostic("OBS452", message, origins.get((named["alert"], named["severity"])))
            elif shown and "SUCCESS" not in shown:
                yield Diagnostic("OBS452", f"promtool: {shown}")


def _write(folder: Path, name: str, body: Mapping[str, object]) -> str:
    """promtool reads JSON as the YAML it is, and JSON is quicker to write."""
    path = folder / name
    path.write_text(json_text(body), encoding="utf-8")
    return path.name
