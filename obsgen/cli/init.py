"""`obsgen init`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from obsgen.cli.arguments import DEFAULT_SPEC, mistakes_reported
from obsgen.cli.output import say


@click.command("init")
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path), default=DEFAULT_SPEC)
@click.option("--name", default="production", show_default=True, help="Name of the stack.")
@click.option("--cluster", default="my-cluster", show_default=True, help="Name of the cluster.")
def command(path: Path, name: str, cluster: str) -> None:
    """Write a first spec to PATH and the schema that editors complete it with.

    \b
      obsgen init
      obsgen init prod.yaml --name prod --cluster prod-eu
    """
    from obsgen.cli.writing import write_files
    from obsgen.document import json_text
    from obsgen.spec.schema import json_schema
    from obsgen.spec.starter import starter_text

    schema = path.parent / "obsgen.schema.json"
    if os.path.lexists(path):
        say(f"'{path}' is already there, and init never overwrites a spec", err=True)
        sys.exit(2)
    with mistakes_reported():
        write_files({path: starter_text(name, cluster), schema: json_text(json_schema("stack"))})
    say(f"{path} and {schema.name} written; next: obsgen validate {path} && obsgen build {path}")
