"""Arguments that several commands share, and how every command fails."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click

from obsgen.cli.output import say_findings

Command = TypeVar("Command", bound=Callable[..., Any])

DEFAULT_SPEC = Path("obsgen.yaml")

spec_argument = click.argument(
    "spec", type=click.Path(dir_okay=False, path_type=Path), default=DEFAULT_SPEC, required=False
)
out_option = click.option(
    "-o",
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("manifests"),
    show_default=True,
    help="Folder to write to.",
)
tools_option = click.option(
    "--allow-missing-tools",
    is_flag=True,
    help="Go on without promtool or amtool where one is not installed; what is skipped is said.",
)


def targets_option(command: Command) -> Command:
    """`--target`, as often as there are targets."""
    return click.option(
        "-t",
        "--target",
        "targets",
        multiple=True,
        type=click.Choice(["prometheus-operator", "prometheus"]),
        default=("prometheus-operator",),
        show_default=True,
        help="What to write for; several targets get a folder each.",
    )(command)


def format_option(*formats: str) -> Callable[[Command], Command]:
    """`--format`, the first being what a person reads."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(formats),
        default=formats[0],
        show_default=True,
        help="How to print the result.",
    )


@contextmanager
def mistakes_reported(form: str = "text") -> Iterator[None]:
    """Print what is wrong with the spec and exit 2, as every command does."""
    from obsgen.diagnostics import Diagnosed

    try:
        yield
    except Diagnosed as mistakes:
        say_findings(mistakes.diagnostics, form, err=form == "text")
        sys.exit(2)
