"""`obsgen objectives import`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from obsgen.cli.arguments import format_option, mistakes_reported
from obsgen.cli.output import say, say_findings
from obsgen.cli.paths import NamedPath


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=NamedPath(dir_okay=False, path_type=Path))
@click.option("-o", "--out", type=NamedPath(dir_okay=False, path_type=Path), help="File to write; else it is printed.")
@format_option("text", "json", "github", "sarif")
def command(files: tuple[Path, ...], out: Path | None, form: str) -> None:
    """Turn the objectives in FILES into `applications:` of a spec.

    \b
      obsgen objectives import slos/*.yaml -o applications.yaml
      obsgen objectives import openslo.yaml > applications.yaml

    FILES are sloth's (prometheus/v1, PrometheusServiceLevel) or OpenSLO's (v1, v1alpha), several documents in a
    file or one. What a spec cannot say is reported at its place, on standard error and in the form of --format;
    what the source does not say has a comment `# choose …` in the result.

    Exit codes: 0 everything was taken over, though perhaps with warnings; 2 something was not.
    """
    from obsgen.cli.writing import write_files
    from obsgen.exchange.read import import_objectives

    imported = import_objectives(files)
    if imported.findings:
        say_findings(imported.findings, form, err=True)
    if out and imported.text:
        with mistakes_reported():
            write_files({out: imported.text})
    elif imported.text:
        say(imported.text, nl=False)
    sys.exit(0 if imported.complete else 2)
