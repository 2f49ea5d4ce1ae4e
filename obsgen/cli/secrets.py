"""`obsgen secrets`."""

from __future__ import annotations

from pathlib import Path

import click

from obsgen.cli.arguments import format_option, mistakes_reported, spec_argument
from obsgen.cli.output import say


@click.command("secrets")
@spec_argument
@format_option("text", "json")
def command(spec: Path, form: str) -> None:
    """List the Secrets that must exist for what SPEC compiles to, and what must be mounted.

    obsgen writes the names of Secrets only, never what is in them: create these by hand, or with whatever
    keeps your secrets.

    \b
      obsgen secrets
      obsgen secrets prod.yaml --format json     for a script that checks or creates them
    """
    with mistakes_reported(form):
        from obsgen.pipeline import load_stack
        from obsgen.report.secrets import render_secrets

        say(render_secrets(load_stack(spec), form).rstrip("\n"))
