"""Arguments that several commands share, and how every command fails."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from obsgen.cli.output import say_findings
from obsgen.cli.paths import NamedPath

if TYPE_CHECKING:
    from obsgen.spec.root import SpecFile

Command = TypeVar("Command", bound=Callable[..., Any])

DEFAULT_SPEC = Path("obsgen.yaml")

ToSpec = Callable[[Path], "SpecFile"]

_root_option = click.option(
    "--root",
    envvar="OBSGEN_ROOT",
    show_envvar=True,
    type=NamedPath(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="The folder that a spec reads nothing outside of; else its repository, or its folder where there is none.",
)
_cluster_option = click.option(
    "--cluster",
    envvar="OBSGEN_CLUSTER",
    show_envvar=True,
    metavar="NAME",
    help="The cluster's name, in place of what the spec says.",
)
out_option = click.option(
    "-o",
    "--out",
    type=NamedPath(file_okay=False, path_type=Path),
    default=Path("manifests"),
    show_default=True,
    help="Folder to write to.",
)
tools_option = click.option(
    "--allow-missing-tools",
    is_flag=True,
    help="Go on without promtool or amtool where one is not installed; what is skipped is said.",
)


def spec_options(command: Command) -> Command:
    """`--root` and `--cluster`, which the command gets as one `to_spec`: the spec of a path."""

    @wraps(command)
    def with_both(*, root: Path | None, cluster: str | None, **options: Any) -> None:
        def to_spec(path: Path) -> SpecFile:
            from obsgen.spec.root import SpecFile

            return SpecFile(path, root, cluster)

        command(to_spec=to_spec, **options)

    return _root_option(_cluster_option(cast("Command", with_both)))


def spec_argument(command: Command) -> Command:
    """`SPEC` with its options, which the command gets as one `spec`."""

    @wraps(command)
    def with_spec(*, spec: Path, to_spec: ToSpec, **options: Any) -> None:
        command(spec=to_spec(spec), **options)

    argument = click.argument(
        "spec", type=NamedPath(dir_okay=False, path_type=Path), default=DEFAULT_SPEC, required=False
    )
    return argument(spec_options(cast("Command", with_spec)))


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
