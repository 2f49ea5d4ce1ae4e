"""`obsgen test`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from obsgen.cli.arguments import format_option, mistakes_reported, spec_argument, tools_option


@click.command("test")
@spec_argument
@click.option("--alert", "only", multiple=True, help="Prove only this alert; may be repeated.")
@format_option("text", "json", "junit")
@tools_option
def command(spec: Path, only: tuple[str, ...], form: str, *, allow_missing_tools: bool) -> None:
    """Prove every alert of SPEC with promtool and every route with amtool.

    The tests are derived from the spec's own thresholds: each alert fires just past them, stays silent just
    short of them and before its time, carries the right labels and text, and resolves.

    \b
      obsgen test
      obsgen test prod.yaml --alert NodeDown --alert EtcdNoLeader
    """
    with mistakes_reported(form):
        from obsgen.pipeline import prove

        outcome = prove(spec, only=only, require_tools=not allow_missing_tools)
    from obsgen.report.proofs import render_proofs

    click.echo(render_proofs(outcome, form))
    failed = [one for one in outcome.findings if one.level == "error"]
    sys.exit((2 if any(one.code == "OBS470" for one in failed) else 1) if failed else 0)
