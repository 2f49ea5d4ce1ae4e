"""`obsgen routes diff`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from obsgen.cli.arguments import ToSpec, format_option, mistakes_reported, spec_options
from obsgen.cli.output import say
from obsgen.cli.paths import NamedPath

_SIDE = NamedPath(path_type=Path)


@click.command("diff")
@click.argument("old", type=_SIDE)
@click.argument("new", type=_SIDE)
@spec_options
@format_option("text", "json")
def command(old: Path, new: Path, to_spec: ToSpec, form: str) -> None:
    """Say exactly which alerts change receiver between OLD and NEW.

    Each is a spec, an alertmanager.yaml, the manifest of a Secret that holds one, or a folder with one of these.
    Nothing is sampled: all alerts there can be are compared, and those of a spec are named.

    \b
      obsgen routes diff old.yaml new.yaml         two specs
      obsgen routes diff manifests obsgen.yaml     what was built, and what would be

    Exit status: 0 every alert goes the same ways; 1 something is different; 2 one of the two cannot be read.
    """
    with mistakes_reported(form):
        from obsgen.pipeline import routes_diff

        found = routes_diff(to_spec(old), to_spec(new))
    from obsgen.report.route_diff import render_route_diff

    say(render_route_diff(found, form))
    sys.exit(1 if found else 0)
