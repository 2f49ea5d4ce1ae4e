"""`obsgen diff`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from obsgen.cli.arguments import format_option, mistakes_reported, out_option, spec_argument, targets_option
from obsgen.cli.output import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from obsgen.emit.folder.changes import Change
    from obsgen.spec.root import SpecFile


@click.command("diff")
@spec_argument
@out_option
@targets_option
@format_option("text", "json")
@click.option("--names-only", is_flag=True, help="List the files, without what changes in them.")
def command(spec: SpecFile, out: Path, targets: tuple[str, ...], form: str, *, names_only: bool) -> None:
    """Show what building SPEC into the folder would change.

    \b
      obsgen diff -o manifests                 exit 0: nothing; 1: something; 2: an error
      obsgen diff -o manifests --names-only

    What a build would refuse is refused here too. What a build that was stopped has begun is finished or
    taken back first. Of a file too large to be read by anybody it is only said that it differs.
    """
    with mistakes_reported(form):
        from obsgen.pipeline import diff

        found = diff(spec, out, targets)
    if form == "json":
        from obsgen.document import json_text

        say(json_text([{"path": one.path, "action": one.action} for one in found]), nl=False)
    elif names_only:
        for change in found:
            say(f"{change.action} {change.path}")
    else:
        _show(found)
    sys.exit(1 if found else 0)


def _show(found: Sequence[Change]) -> None:
    """The differences, as long as they are not more than anybody reads; then only which files differ."""
    from obsgen.limits import DIFFERENCE_BYTES, DIFFERENCES_BYTES

    left = DIFFERENCES_BYTES
    for change in found:
        say(change.unified(min(DIFFERENCE_BYTES, left)), nl=False)
        left = max(left - len(change.before), 0)
