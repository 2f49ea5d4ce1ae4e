"""`obsgen simulate --installation`: what the server of an installation holds."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from obsgen.cli.arguments import mistakes_reported
from obsgen.cli.output import say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from obsgen.pipeline import Compiled

_NAMELESS = "give the installation's kind by --installation, or a spec by --spec"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Whose series are wanted: an installation with its options, or what a spec says."""

    installation: str | None
    chosen: tuple[str, ...]
    distribution: str | None
    spec: Path | None
    faults: tuple[str, ...]
    recorded: bool
    days: int | None

    def __post_init__(self) -> None:
        """UsageError where it is neither or both."""
        if not (self.installation or self.spec):
            raise click.UsageError(_NAMELESS)
        if self.spec and (self.installation or self.chosen or self.distribution):
            msg = "a spec names its installation itself: write the kind, its options and the distribution there"
            raise click.UsageError(msg)


def write(asked: Asked, out: Path, *, end: int, seconds: int) -> None:
    """Write the samples; mistakes are reported as those of a spec."""
    from obsgen.cli.writing import staged
    from obsgen.simulate.days.writing import write_days
    from obsgen.simulate.installed import write_installed

    with mistakes_reported(), _compiled(asked) as compiled, staged(out) as file:
        _refuse_unknown(asked.faults, compiled)
        if asked.days:
            _refuse_installation(compiled)
            samples = write_days(compiled.stack, file, end, asked.days)
        else:
            samples = write_installed(compiled.stack, file, end, seconds, asked.faults)
    if asked.recorded:
        from obsgen.cli.server import plain_errors
        from obsgen.preview.recorded import add_recordings

        rules = [rule for rules in compiled.bundle.rule_sets for group in rules.groups for rule in group.recordings]
        with plain_errors():
            add_recordings(out, rules, seconds=min(seconds, 3600))
    say(f"{out}: {samples} samples of {len(compiled.stack.components)} packs", err=True)


@contextmanager
def _compiled(asked: Asked) -> Iterator[Compiled]:
    from obsgen.document import yaml_text
    from obsgen.pipeline import compile_stack
    from obsgen.programs.scratch import scratch_folder
    from obsgen.simulate.installed import spec_for

    if asked.spec:
        yield compile_stack(asked.spec)
        return
    options = dict(map(_option, asked.chosen))
    with scratch_folder() as folder:
        path = folder / "installation.yaml"
        path.write_text(yaml_text(spec_for(asked.installation or "", options, asked.distribution)), encoding="utf-8")
        yield compile_stack(path)


def _refuse_installation(compiled: Compiled) -> None:
    """Its targets would have other labels."""
    if compiled.stack.installation:
        msg = "--days needs a spec without environment.installation: its targets have the labels of obsgen's own jobs"
        raise click.UsageError(msg)


def _option(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        msg = f"'{text}' is no NAME=VALUE, such as release=kps"
        raise click.BadParameter(msg, param_hint="'--option'")
    return name, value


def _refuse_unknown(faults: tuple[str, ...], compiled: Compiled) -> None:
    known = sorted({alert.name for component in compiled.stack.components for alert in component.alerts})
    for fault in faults:
        if fault not in known:
            from obsgen.diagnostics import did_you_mean

            msg = f"there is no alert '{fault}' here: {did_you_mean(fault, known, noun='alerts')}"
            raise click.BadParameter(msg, param_hint="'--fault'")
