"""Mutants under the tests of their alerts, many to a process of promtool."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from obsgen.check.mutants import Mutant
from obsgen.check.outcomes import failing, writes_reports
from obsgen.emit.prometheus import rules_text, unit_test_text
from obsgen.emit.rule_files import RuleFile, UnitTestFile, unit_test_files
from obsgen.ir.bundle import Bundle
from obsgen.model.stack import Stack
from obsgen.programs.checkers import Tool
from obsgen.programs.parallel import threads
from obsgen.programs.scratch import scratch_folder

# Starting promtool takes as long as an easy test file; more of them at once would only make the progress coarser.
_PER_PROCESS = 16
_MUTATED = "rules/mutant-"

Told = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Tried:
    """A mutant, and whether a test noticed it."""

    mutant: Mutant
    killed: bool


@dataclass(frozen=True, slots=True)
class _Attempt:
    """A mutant with the tests of its alert, in files of its own."""

    mutant: Mutant
    files: tuple[UnitTestFile, ...]


def tried(tool: Tool, stack: Stack, bundle: Bundle, wanted: Sequence[Mutant], told: Told) -> Iterator[Tried]:
    """Each of the mutants under the tests of its alert, in order; `told` hears how many are done of how many."""
    tests = _tests_by_rule(bundle)
    attempts = [_attempt(number, mutant, tests[id(mutant.before)]) for number, mutant in enumerate(wanted)]
    with scratch_folder() as folder, threads(_cores()) as pool:
        reports = writes_reports(tool, folder)
        for part in ("rules", "rule-tests"):
            (folder / part).mkdir()
        # Many mutants read what a component records, and none changes it.
        shared = {rules.path: rules for one in attempts for file in one.files for rules in file.rules}
        for path, rules in shared.items():
            if not path.startswith(_MUTATED):
                (folder / path).write_text(rules_text(rules, stack), encoding="utf-8")

        def outcome(portion: Sequence[_Attempt]) -> list[Tried]:
            written = [path for one in portion for path in _written(folder, one, stack)]
            paths = [tests.path for one in portion for tests in one.files]
            failed = failing(tool, folder, paths, reports=reports) if paths else frozenset()
            for path in written:
                path.unlink()
            return [Tried(one.mutant, any(tests.path in failed for tests in one.files)) for one in portion]

        done = 0
        portions = [attempts[start : start + _PER_PROCESS] for start in range(0, len(attempts), _PER_PROCESS)]
        for found in pool.map(outcome, portions):
            done += len(found)
            told(done, len(attempts))
            yield from found


def _tests_by_rule(bundle: Bundle) -> Mapping[int, Sequence[UnitTestFile]]:
    """The test files of each rule by its identity: equal rules of two components are two rules."""
    found: dict[int, list[UnitTestFile]] = defaultdict(list)
    for tests in unit_test_files(bundle):
        for rule in (rule for file in tests.rules for group in file.groups for rule in group.alerts):
            own = tuple(proof for proof in tests.proofs if proof.alert == rule.alert)
            if own:
                found[id(rule)].append(replace(tests, proofs=own))
    return found


def _attempt(number: int, mutant: Mutant, tests: Sequence[UnitTestFile]) -> _Attempt:
    files = tuple(
        replace(
            one,
            path=f"rule-tests/mutant-{number}-{place}.yaml",
            rules=tuple(_mutated(rules, f"{_MUTATED}{number}.yaml", mutant) for rules in one.rules),
        )
        for place, one in enumerate(tests)
    )
    return _Attempt(mutant, files)


def _mutated(rules: RuleFile, path: str, mutant: Mutant) -> RuleFile:
    """The file with the mutant in it, or as it is where the rule stands in another."""
    if not any(rule is mutant.before for group in rules.groups for rule in group.rules):
        return rules
    groups = tuple(
        replace(group, rules=tuple(mutant.after if rule is mutant.before else rule for rule in group.rules))
        for group in rules.groups
    )
    return replace(rules, path=path, groups=groups)


def _written(folder: Path, attempt: _Attempt, stack: Stack) -> Iterator[Path]:
    texts = {tests.path: unit_test_text(tests, stack) for tests in attempt.files}
    mutated = (rules for tests in attempt.files for rules in tests.rules if rules.path.startswith(_MUTATED))
    texts |= {rules.path: rules_text(rules, stack) for rules in mutated}
    for path, text in texts.items():
        (folder / path).write_text(text, encoding="utf-8")
        yield folder / path


def _cores() -> int:
    return len(os.sched_getaffinity(0))
