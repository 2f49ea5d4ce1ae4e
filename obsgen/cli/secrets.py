"""`obsgen secrets`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from obsgen.cli.arguments import format_option, mistakes_reported, spec_argument
from obsgen.cli.output import say

if TYPE_CHECKING:
    from obsgen.spec.root import SpecFile


@click.command("secrets")
@spec_argument
@format_option("text", "json")
def command(spec: SpecFile, form: str) -> None:
    """List the Secrets that must exist for what SPEC compiles to, and what must be mounted.

    obsgen writes the names of Secrets only, never what is in them: create these by hand, or with whatever
    keeps your secrets.

    \b
      obsgen secrets
      obsgen secrets prod.yaml --format json     for a script that checks or creates them
    """
    with mistakes_reported(form):
        from obsgen.pipeline import compile_stack
        from obsgen.report.secrets import render_secrets

        compiled = compile_stack(spec)
        say(render_secrets(compiled.stack, compiled.bundle, form).rstrip("\n"))
