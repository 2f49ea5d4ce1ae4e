"""`obsgen validate`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from obsgen.cli.arguments import format_option, mistakes_reported, spec_argument, tools_option
from obsgen.cli.output import say, say_findings


@click.command("validate")
@spec_argument
@format_option("text", "json", "github", "sarif")
@tools_option
def command(spec: Path, form: str, *, allow_missing_tools: bool) -> None:
    """Check SPEC, the packs it uses and everything they compile to.

    First the spec's form and meaning, then obsgen's own checks (labels that an expression drops, alerts
    without a test, windows that are too short, …), then promtool over the rules and amtool over the routes.

    \b
      obsgen validate
      obsgen validate prod.yaml --format github     annotations on a pull request
      obsgen explain OBS412                         what does this finding mean?
    """
    with mistakes_reported(form):
        from obsgen.pipeline import validate

        verdict = validate(spec, require_tools=not allow_missing_tools)
    say_findings(verdict.findings, form, err=form == "text")
    if form == "text" and verdict.clean:
        say(f"{spec}: {verdict.alerts} alerting rules are valid ({verdict.tools or 'own checks only'})")
    sys.exit(0 if verdict.clean else 2)
