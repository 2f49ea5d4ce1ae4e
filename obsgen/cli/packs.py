"""`obsgen packs`."""

from __future__ import annotations

from pathlib import Path

import click

from obsgen.cli.arguments import ToSpec, format_option, mistakes_reported, spec_options
from obsgen.cli.output import say
from obsgen.cli.paths import NamedPath


@click.command("packs")
@click.argument("name", required=False)
@click.option(
    "--spec",
    type=NamedPath(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="What each component of this spec comes to: rules, panels and tests.",
)
@click.option("--distribution", metavar="NAME", help="What this distribution changes of what the packs say.")
@click.option("--installation", metavar="KIND", help="The same for an installation of monitoring.")
@click.option("--jobs", is_flag=True, help="Every pack's scrape jobs: what is scraped, where, and on which port.")
@click.option("--seen", is_flag=True, help="Where the metrics' names were seen, counted for each pack.")
@spec_options
@format_option("text", "json")
def command(  # noqa: PLR0913 - one parameter per option
    *,
    name: str | None,
    spec: Path | None,
    distribution: str | None,
    installation: str | None,
    jobs: bool,
    seen: bool,
    to_spec: ToSpec,
    form: str,
) -> None:
    """List the packs, or show what one of them monitors and what can be set.

    \b
      obsgen packs
      obsgen packs etcd
      obsgen packs --spec prod.yaml
      obsgen packs --distribution eks
    """
    surroundings = distribution or installation
    if sum(map(bool, (name, spec, surroundings, jobs, seen))) > 1:
        msg = "give a pack, --spec FILE, --jobs, --seen, or --distribution and --installation: one of the five"
        raise click.UsageError(msg)
    with mistakes_reported(form):
        if spec:
            from obsgen.pipeline import compile_stack
            from obsgen.report.catalogue import render_catalogue

            compiled = compile_stack(to_spec(spec))
            say(render_catalogue(compiled.stack, compiled.bundle, form))
            return
        if surroundings:
            from obsgen.report.surroundings import render_surroundings

            say(render_surroundings(distribution, installation, form))
            return
        if jobs:
            from obsgen.report.scraping import render_jobs

            say(render_jobs(form))
            return
        if seen:
            from obsgen.report.seen import render_seen

            say(render_seen(form))
            return
        from obsgen.report.packs import render_pack, render_packs

        say(render_pack(name, form) if name else render_packs(form))
