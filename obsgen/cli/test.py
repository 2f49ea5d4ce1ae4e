"""`obsgen test`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from obsgen.cli.arguments import format_option, mistakes_reported, spec_argument, tools_option
from obsgen.cli.output import say, say_over

if TYPE_CHECKING:
    from obsgen.diagnostics import Diagnostic


def _share(_context: click.Context, _option: click.Parameter, text: str) -> float:
    from obsgen.units import parse_ratio

    try:
        return parse_ratio(text)
    except ValueError as fault:
        raise click.BadParameter(str(fault)) from None


@click.command("test")
@spec_argument
@click.option("--alert", "only", multiple=True, help="Prove only this alert; may be repeated.")
@click.option("--mutate", is_flag=True, help="Give each alert one mistake after the other and list what no test sees.")
@click.option("--component", "components", metavar="NAME", multiple=True, help="Mutate only this component's alerts.")
@click.option(
    "--least", callback=_share, default="95%", show_default=True, help="The share of mutants that tests must notice."
)
@format_option("text", "json", "junit")
@tools_option
def command(  # noqa: PLR0913 - one parameter per option
    spec: Path,
    only: tuple[str, ...],
    components: tuple[str, ...],
    least: float,
    form: str,
    *,
    mutate: bool,
    allow_missing_tools: bool,
) -> None:
    """Prove every alert of SPEC with promtool and every route with amtool.

    The tests are derived from the spec's own thresholds: each alert fires just past them, stays silent just
    short of them and before its time, carries the right labels and text, and resolves.

    With --mutate the tests themselves are tested: a mistake in a rule that none of them notices is listed, and the
    exit code is 1 where they notice less than --least of all.

    \b
      obsgen test
      obsgen test prod.yaml --alert NodeDown --alert EtcdNoLeader
      obsgen test prod.yaml --mutate --component etcd
    """
    if mutate:
        _mutate(spec, (only, components), least, form, require_tools=not allow_missing_tools)
    if components:
        msg = "--component goes with --mutate"
        raise click.UsageError(msg)
    with mistakes_reported(form):
        from obsgen.pipeline import prove

        outcome = prove(spec, only=only, require_tools=not allow_missing_tools)
    from obsgen.report.proofs import render_proofs

    say(render_proofs(outcome, form))
    sys.exit(_code(outcome.findings))


def _mutate(
    spec: Path, names: tuple[Sequence[str], Sequence[str]], least: float, form: str, *, require_tools: bool
) -> NoReturn:
    if form == "junit":
        msg = "--mutate prints text or json"
        raise click.UsageError(msg)
    with mistakes_reported(form):
        from obsgen.check.mutation import Chosen
        from obsgen.pipeline import mutate

        outcome = mutate(spec, Chosen(*names), require_tools=require_tools, told=_progress())
    from obsgen.report.mutation import render_mutation, whole

    say(render_mutation(outcome, least, form))
    share = whole(outcome).share
    sys.exit(_code(outcome.findings) or int(share is not None and share < least))


def _progress() -> Callable[[int, int], None]:
    """Says on a terminal how far the work is; a log needs no line that is written over."""
    terminal = sys.stderr.isatty()

    def told(done: int, total: int) -> None:
        if terminal:
            say_over(f"{done} of {total} mutants tried", last=done == total)

    return told


def _code(findings: tuple[Diagnostic, ...]) -> int:
    failed = [one for one in findings if one.level == "error"]
    return (2 if any(one.code == "OBS470" for one in failed) else 1) if failed else 0
