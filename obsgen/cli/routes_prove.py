"""`obsgen routes prove`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from obsgen.cli.arguments import format_option, mistakes_reported, spec_argument
from obsgen.cli.output import say, say_findings


@click.command("prove")
@spec_argument
@format_option("text", "json", "github", "sarif")
def command(spec: Path, form: str) -> None:
    """Prove the routing tree of SPEC, for every alert there can be and every minute of the week.

    Nothing is sampled: all possible labels are parted by what the tree and the spec can tell apart, and each part
    is held against the spec. Every tier of every team and layer must land where the spec says, no route may be
    unreachable, no page unheard, nothing that starts something may reach automation alone, and no inhibition may
    mute a page by less, mute in a circle, or join alerts that have nothing to do with each other.

    Exit status: 0 proved; 2 something is wrong, each with a shortest alert that shows it.
    """
    with mistakes_reported(form):
        from obsgen.pipeline import prove_routing

        proof = prove_routing(spec)
    say_findings(proof.findings, form, err=form == "text")
    if proof.findings:
        sys.exit(2)
    if form == "text":
        say(
            f"{spec}: {proof.routes} routes are proved, over {proof.regions} kinds of alerts"
            f" and {proof.occasions} kinds of hours"
        )
