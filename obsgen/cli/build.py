"""`obsgen build`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from obsgen.cli.arguments import mistakes_reported, out_option, spec_argument, targets_option
from obsgen.cli.output import say

if TYPE_CHECKING:
    from obsgen.spec.root import SpecFile


@click.command("build")
@spec_argument
@out_option
@targets_option
@click.option("--adopt", is_flag=True, help="Write into a folder that obsgen did not fill; its other files stay.")
def command(spec: SpecFile, out: Path, targets: tuple[str, ...], *, adopt: bool) -> None:
    """Compile SPEC into the manifests that it stands for.

    \b
      obsgen build                                      obsgen.yaml into manifests/
      obsgen build prod.yaml -o out -t prometheus       plain Prometheus files
      obsgen build prod.yaml -t prometheus-operator -t prometheus

    Nothing is written where anything is wrong. Files that a former build wrote and that are no longer
    needed are removed, unless somebody changed them; a file that obsgen did not write is never overwritten.
    What a build that was stopped has begun, the next one finishes or takes back. Equal specs give equal bytes.
    """
    with mistakes_reported():
        from obsgen.emit.telling import NOTES
        from obsgen.pipeline import build

        found = build(spec, out, targets, adopt=adopt)
    counts = [
        f"{count} {word}"
        for word, count in (
            ("added", sum(change.action == "add" for change in found)),
            ("changed", sum(change.action == "change" for change in found)),
            ("removed", sum(change.action == "remove" for change in found)),
        )
        if count
    ]
    say(f"{out}: {', '.join(counts) if counts else 'up to date'}")
    for notes in (change.path for change in found if change.path.endswith(NOTES) and change.action != "remove"):
        say(f"{out / notes} lists what the manifests need: namespaces, and settings of the installation")
