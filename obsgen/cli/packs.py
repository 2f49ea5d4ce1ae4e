"""`obsgen packs`."""

from __future__ import annotations

from pathlib import Path

import click

from obsgen.cli.arguments import ToSpec, format_option, mistakes_reported, spec_options
from obsgen.cli.output import say


@click.command("packs")
@click.argument("name", required=False)
@click.option(
    "--spec",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="What each component of this spec comes to: rules, panels and tests.",
)
@spec_options
@format_option("text", "json")
def command(name: str | None, spec: Path | None, to_spec: ToSpec, form: str) -> None:
    """List the packs, or show what one of them monitors and what can be set.

    \b
      obsgen packs
      obsgen packs etcd
      obsgen packs --spec prod.yaml
    """
    if name and spec:
        msg = "give a pack or --spec FILE, not both"
        raise click.UsageError(msg)
    with mistakes_reported(form):
        if spec:
            from obsgen.pipeline import compile_stack
            from obsgen.report.catalogue import render_catalogue

            compiled = compile_stack(to_spec(spec))
            say(render_catalogue(compiled.stack, compiled.bundle, form))
            return
        from obsgen.report.packs import render_pack, render_packs

        say(render_pack(name, form) if name else render_packs(form))
