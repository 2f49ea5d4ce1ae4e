"""promtool's verdict on rules, scrape configuration and tests, traced back to the lines they came from."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from obsgen.check.checker_output import configuration_passes, rules_pass, said_by_file, tests_pass
from obsgen.diagnostics import Diagnostic, Location
from obsgen.document import json_text
from obsgen.emit.prometheus import rules_text, unit_test_text
from obsgen.emit.rule_files import UnitTestFile, unit_test_files
from obsgen.emit.rules import groups_body
from obsgen.emit.scrape_config import scrape_config
from obsgen.ir.bundle import Bundle
from obsgen.ir.proofs import Proof
from obsgen.ir.rules import AlertingRule, RecordingRule
from obsgen.model.stack import Stack
from obsgen.programs.checkers import Tool, at_once
from obsgen.programs.scratch import scratch_folder

_RULE = re.compile(r"(?:\d+:\d+: )?group \"(?P<group>[^\"]+)\", rule (?P<index>\d+), (?:\"[^\"]*\": ?)?(?P<text>.+)")
_HEADING = re.compile(r"\s*(FAILED:$|name: )")


def rule_findings(tool: Tool, bundle: Bundle) -> tuple[Diagnostic, ...]:
    """`promtool check rules` over all rule files in one call."""
    with scratch_folder() as folder:
        files = [
            _write(folder, f"{rules.name}.json", {"groups": groups_body(rules.groups)}) for rules in bundle.rule_sets
        ]
        if not files:
            return ()
        done = tool.run("check", "rules", "--lint=none", *files, folder=folder)
    counts = [sum(len(group.rules) for group in rules.groups) for rules in bundle.rule_sets]
    if rules_pass(tool, done, counts):
        return ()
    refused = {
        (group.name, index): rule
        for rules in bundle.rule_sets
        for group in rules.groups
        for index, rule in enumerate(group.rules, start=1)
    }
    found = [
        Diagnostic("OBS450", f"promtool: {said}", _place(refused.get((match["group"], int(match["index"]))), said))
        for match in _RULE.finditer(done.output)
        for said in [match["text"].strip()]
    ]
    return tuple(found) or (Diagnostic("OBS450", f"promtool refuses the rules: {done.output.strip()}"),)


def _place(rule: AlertingRule | RecordingRule | None, said: str) -> Location | None:
    """Where the label or annotation stands that promtool names, or else the rule."""
    if not isinstance(rule, AlertingRule):
        return rule.origin if rule else None
    named = re.match(r"(label|annotation) \"(\w+)\"", said)
    if not named:
        return rule.origin
    return rule.place(named[2] if named[1] == "annotation" else f"labels.{named[2]}")


def scrape_findings(tool: Tool, stack: Stack, bundle: Bundle) -> tuple[Diagnostic, ...]:
    """`promtool check config` over each scrape job, so that a complaint has a place.

    Some distributions build promtool without Kubernetes discovery; that part is then left out of what it reads.
    """
    found = []
    with scratch_folder() as folder:
        for scrape in bundle.scrapes:
            body = scrape_config(scrape, stack.scraped_cluster)
            done = _check_config(tool, folder, body)
            if "kubernetes_sd_configs not found" in done:
                done = _check_config(tool, folder, {**body, "kubernetes_sd_configs": None})
            if done:
                found.append(Diagnostic("OBS451", f"promtool: {done}", scrape.job.origin))
    return tuple(found)


def _check_config(tool: Tool, folder: Path, body: Mapping[str, object]) -> str:
    kept = {name: value for name, value in body.items() if value is not None}
    path = _write(folder, "prometheus.yaml", {"scrape_configs": [kept]})
    done = tool.run("check", "config", "--syntax-only", path, folder=folder)
    if configuration_passes(tool, done):
        return ""
    said = " ".join(done.output.partition("FAILED:")[2].split())
    return said.removeprefix(f"parsing YAML file {path}: ")


@dataclass(frozen=True, slots=True)
class ProofRun:
    """What promtool made of the proofs."""

    proofs: int
    alerts: int
    findings: tuple[Diagnostic, ...]


def prove(tool: Tool, stack: Stack, bundle: Bundle, only: Sequence[str] = (), *, located: bool = True) -> ProofRun:
    """Run every proof on the very files that are emitted, or the proofs of the alerts named.

    Where any fails, a second run finds out which; without `located` only that something failed is said.
    """
    proofs = [proof for proof in bundle.proofs if not only or proof.alert in only]
    with scratch_folder() as folder:
        files = {tests.path: tests for tests in _written_tests(folder, stack, bundle, only)}
        workers = min(len(os.sched_getaffinity(0)), max(1, len(files)))
        portions = [list(files)[number::workers] for number in range(workers)] if files else []
        results = at_once(tool, [["test", "rules", *paths] for paths in portions], folder, workers)
        bad = [
            (paths, done.output)
            for paths, done in zip(portions, results, strict=True)
            if not tests_pass(tool, done, len(paths))
        ]
        output = "\n".join(said for _, said in bad)
        findings: tuple[Diagnostic, ...] = ()
        if located:
            failed = [files[path] for paths, said in bad for path in _failed(tool, folder, paths, said)]
            findings = tuple(_failures(tool, folder, stack, failed))
    if output and not findings:
        findings = (Diagnostic("OBS452", f"promtool: {output.strip()}"),)
    run = {id(proof) for tests in files.values() for proof in tests.proofs}
    never = [_never_run(proof) for proof in proofs if id(proof) not in run]
    alerts = {proof.key for proof in proofs}
    return ProofRun(len(proofs), len(alerts), (*never, *findings))


def _never_run(proof: Proof) -> Diagnostic:
    """A proof that no rule could be found for must not pass unseen."""
    message = f"the test '{proof.title}' of '{proof.alert}' ({proof.severity}) finds no such rule"
    return Diagnostic("OBS452", message, proof.origin)


def _written_tests(folder: Path, stack: Stack, bundle: Bundle, only: Sequence[str]) -> Iterator[UnitTestFile]:
    for name in ("rules", "rule-tests"):
        (folder / name).mkdir()
    for tests in unit_test_files(bundle):
        wanted = tuple(proof for proof in tests.proofs if not only or proof.alert in only)
        if not wanted:
            continue
        tests = replace(tests, proofs=wanted)  # noqa: PLW2901 - the rest of it is not asked for
        for rules in tests.rules:
            (folder / rules.path).write_text(rules_text(rules, stack), encoding="utf-8")
        (folder / tests.path).write_text(unit_test_text(tests, stack), encoding="utf-8")
        yield tests


def _failed(tool: Tool, folder: Path, paths: Sequence[str], output: str) -> dict[str, str]:
    """What promtool says of each of these test files that it does not call a success."""
    named = said_by_file(output)
    if named:
        return {path: said for path, said in named.items() if "SUCCESS" not in said}
    # Newer versions do not say which file they speak of.
    results = at_once(tool, [["test", "rules", path] for path in paths], folder, len(os.sched_getaffinity(0)))
    return {path: done.output for path, done in zip(paths, results, strict=True) if not tests_pass(tool, done, 1)}


def _failures(tool: Tool, folder: Path, stack: Stack, failed: Sequence[UnitTestFile]) -> Iterator[Diagnostic]:
    """The proofs of these files once more, each in a file alone: promtool does not say whose expression it was."""
    proofs = [(proof, tests) for tests in failed for proof in tests.proofs]
    alone = {f"rule-tests/alone-{number}.yaml": one for number, one in enumerate(proofs)}
    for path, (proof, tests) in alone.items():
        text = unit_test_text(replace(tests, path=path, proofs=(proof,)), stack)
        (folder / path).write_text(text, encoding="utf-8")
    if not alone:
        return
    done = tool.run("test", "rules", *alone, folder=folder)
    tests_pass(tool, done, len(alone))
    for path, said in _failed(tool, folder, list(alone), done.output).items():
        proof, _ = alone[path]
        yield Diagnostic("OBS452", _outcome(proof, said), proof.origin)


def _outcome(proof: Proof, output: str) -> str:
    said = [line.rstrip() for line in output.splitlines() if line.strip() and not _HEADING.match(line)]
    shown = "".join(f"\n  {line}" for line in said[:24])
    return f"the test '{proof.title}' of '{proof.alert}' ({proof.severity}) fails:{shown}"


def _write(folder: Path, name: str, body: Mapping[str, object]) -> str:
    """promtool reads JSON as the YAML it is, and JSON is quicker to write."""
    path = folder / name
    path.write_text(json_text(body), encoding="utf-8")
    return path.name
