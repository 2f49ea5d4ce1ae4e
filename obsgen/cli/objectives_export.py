"""`obsgen objectives export`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from obsgen.cli.arguments import mistakes_reported, spec_argument
from obsgen.cli.output import say
from obsgen.cli.paths import NamedPath

if TYPE_CHECKING:
    from obsgen.spec.root import SpecFile


@click.command("export")
@spec_argument
@click.option("-o", "--out", type=NamedPath(dir_okay=False, path_type=Path), help="File to write; else it is printed.")
def command(spec: SpecFile, out: Path | None) -> None:
    """Print the objectives of SPEC as documents of OpenSLO v1.

    \b
      obsgen objectives export prod.yaml
      obsgen objectives export prod.yaml -o slos.yaml

    A component with objectives becomes a Service, each of its objectives an SLO. OpenSLO has no place for
    burn-rate windows, budget policies and what changes an alert: these are left out.
    """
    from obsgen.cli.writing import write_files

    with mistakes_reported():
        from obsgen.exchange.openslo.export import openslo_text
        from obsgen.pipeline import load_stack

        text = openslo_text(load_stack(spec))
    if not text:
        say(f"'{spec}' has no objectives", err=True)
    elif out:
        with mistakes_reported():
            write_files({out: text})
    else:
        say(text, nl=False)
