"""`obsgen init`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from obsgen.cli.arguments import DEFAULT_SPEC
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
    from obsgen.document import json_text
    from obsgen.spec.schema import json_schema
    from obsgen.spec.starter import starter_text

    schema = path.parent / "obsgen.schema.json"
    if path.exists():
        say(f"'{path}' is already there, and init never overwrites a spec", err=True)
        sys.exit(2)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(starter_text(name, cluster), encoding="utf-8")
    schema.write_text(json_text(json_schema("stack")), encoding="utf-8")
    say(f"{path} and {schema.name} written; next: obsgen validate {path} && obsgen build {path}")
