"""`obsgen explain`."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import click

from obsgen.cli.arguments import format_option, mistakes_reported, spec_argument
from obsgen.cli.output import say


@click.command("explain")
@click.argument("topic")
@spec_argument
@format_option("text", "json")
def command(topic: str, spec: Path, form: str) -> None:
    """Explain TOPIC: an alert of SPEC, or the code of a diagnostic.

    \b
      obsgen explain EtcdNoLeader prod.yaml     expression, who chose each value, route, runbook, tests
      obsgen explain OBS412                     what the finding means and what to do
    """
    if re.fullmatch(r"OBS\d{3}", topic.upper()):
        from obsgen.report.codes import explain_code

        text = explain_code(topic.upper())
        if text is None:
            say(f"there is no diagnostic '{topic}'", err=True)
            sys.exit(2)
        say(text)
        return
    with mistakes_reported(form):
        from obsgen.pipeline import compile_stack
        from obsgen.report.explain import explain_alert, render_explanations

        compiled = compile_stack(spec)
        say(render_explanations(explain_alert(topic, compiled.stack, compiled.bundle), form))
