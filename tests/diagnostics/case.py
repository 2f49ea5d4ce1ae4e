"""A case: a broken input and what obsgen says about it, in one text file.

The first lines say what is wrong.
-- spec.yaml --
the files of the input, beside those of `base/`
-- $ obsgen validate spec.yaml (exit 2) --
what the command prints
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner

from obsgen.cli import main

HERE = Path(__file__).parent
BASE = HERE / "base"
CASES = HERE / "cases"

_HEADING = re.compile(r"^-- (?P<name>.+) --\n", re.MULTILINE)
_COMMAND = re.compile(r"^\$ (?P<words>.+) \(exit (?P<code>\d+)\)$")
_VERSION = re.compile(r"(promtool|amtool) \d+\.\d+")
_HERE = "$PWD"
_FINDING = re.compile(r"^(?:\S+:\d+:\d+: )?(?:error|warning) (OBS\d{3}): ", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Step:
    """One command of a case: variables, arguments after `obsgen`, what it prints and its exit code."""

    variables: dict[str, str]
    arguments: tuple[str, ...]
    prints: str
    code: int

    @property
    def findings(self) -> list[str]:
        """The codes printed, in their order."""
        return _FINDING.findall(self.prints)

    @property
    def heading(self) -> str:
        """The heading under which the step stands in the case's file."""
        assigned = [f"{name}={value}" for name, value in self.variables.items()]
        return f"-- $ {' '.join([*assigned, 'obsgen', *self.arguments])} (exit {self.code}) --\n"


@dataclass(frozen=True, slots=True)
class Case:
    """A case as it is written."""

    path: Path
    about: str
    files: dict[str, str]
    steps: tuple[Step, ...]

    @property
    def name(self) -> str:
        """The file's name without its ending."""
        return self.path.stem

    def text(self) -> str:
        """The case as its file spells it."""
        files = "".join(f"-- {name} --\n{body}" for name, body in self.files.items())
        return self.about + files + "".join(step.heading + step.prints for step in self.steps)


def read_case(path: Path) -> Case:
    """The case in this file."""
    about, *parts = _HEADING.split(path.read_text(encoding="utf-8"))
    files: dict[str, str] = {}
    steps: list[Step] = []
    for name, body in zip(parts[::2], parts[1::2], strict=True):
        command = _COMMAND.match(name)
        if command:
            steps.append(_step(command["words"], body, int(command["code"])))
        else:
            files[name] = body
    return Case(path, about, files, tuple(steps))


def _step(words: str, prints: str, code: int) -> Step:
    program = shlex.split(words)
    start = program.index("obsgen")
    variables = dict(word.split("=", 1) for word in program[:start])
    return Step(variables, tuple(program[start + 1 :]), prints, code)


def all_cases() -> Iterator[Case]:
    """Every case, by name."""
    return map(read_case, sorted(CASES.glob("*.txt")))


def perform(step: Step) -> Step:
    """The step with what its command prints and its exit code now.

    The versions of other programs are left out, and the case's own folder is called `$PWD`, as in its variables.
    """
    here = str(Path.cwd())
    variables = {name: value.replace(_HERE, here) for name, value in step.variables.items()}
    result = CliRunner(env=variables).invoke(main, step.arguments, catch_exceptions=False)
    prints = _VERSION.sub(r"\1 X.Y", result.output.replace(here, _HERE))
    return Step(step.variables, step.arguments, prints, result.exit_code)
