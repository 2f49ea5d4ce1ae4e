"""`obsgen new`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from obsgen.cli.arguments import mistakes_reported
from obsgen.cli.output import say
from obsgen.cli.paths import NamedPath
from obsgen.spec.layers import LAYERS

_NAME = "lower case, beginning with a letter, such as redis or message-queue"


@click.group("new")
def command() -> None:
    """Begin something of your own.

    \b
      obsgen new pack redis --layer application
    """


@command.command("pack")
@click.argument("name")
@click.option(
    "--layer",
    type=click.Choice(LAYERS),
    default="application",
    show_default=True,
    help="Layer of what is monitored.",
)
@click.option("--into", type=NamedPath(file_okay=False, path_type=Path), default="packs", show_default=True)
def pack(name: str, layer: str, into: Path) -> None:
    """Write a pack NAME that passes its checks, to be filled with what is true.

    \b
      obsgen new pack redis
      obsgen new pack ceph --layer infrastructure --into alerts
    """
    import re

    from obsgen.cli.writing import write_files
    from obsgen.document import json_text
    from obsgen.spec.pack_starter import pack_files
    from obsgen.spec.schema import json_schema

    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name):
        say(f"'{name}' is no name of a pack: {_NAME}", err=True)
        sys.exit(2)
    folder = into / layer / name
    if os.path.lexists(folder):
        say(f"'{folder}' is already there, and new never overwrites a pack", err=True)
        sys.exit(2)
    files = {**pack_files(name), "obsgen.pack.schema.json": json_text(json_schema("pack"))}
    with mistakes_reported():
        write_files({folder / file: text for file, text in files.items()})
    section = "applications" if layer == "application" else layer
    say(f"{folder} written; use it in a spec with packs: [{into}] and '{name}' under {section}")
