"""`obsgen packs`."""

from __future__ import annotations

import click

from obsgen.cli.arguments import format_option, mistakes_reported


@click.command("packs")
@click.argument("name", required=False)
@format_option("text", "json")
def command(name: str | None, form: str) -> None:
    """List the packs, or show what one of them monitors and what can be set.

    \b
      obsgen packs
      obsgen packs etcd
    """
    with mistakes_reported(form):
        from obsgen.report.packs import render_pack, render_packs

        click.echo(render_pack(name, form) if name else render_packs(form))
