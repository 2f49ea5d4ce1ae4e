"""`obsgen routes show`."""

from __future__ import annotations

from pathlib import Path

import click

from obsgen.cli.arguments import DEFAULT_SPEC, ToSpec, format_option, mistakes_reported, spec_options
from obsgen.cli.output import say


@click.command("show")
@click.argument("words", nargs=-1, required=True)
@spec_options
@format_option("text", "json")
def command(words: tuple[str, ...], to_spec: ToSpec, form: str) -> None:
    """Show where an alert goes: WORDS are its name or labels as name=value, and the spec where it is not obsgen.yaml.

    \b
      obsgen routes show EtcdNoLeader prod.yaml
      obsgen routes show severity=critical team=commerce layer=application
    """
    spec = Path(words[-1]) if words[-1].endswith((".yaml", ".yml")) else DEFAULT_SPEC
    asked = [word for word in words if word != str(spec)]
    names = [word for word in asked if "=" not in word]
    if len(names) > 1 or not asked:
        msg = "give the name of one alert, labels as name=value, or both"
        raise click.UsageError(msg)
    labels = dict(word.split("=", 1) for word in asked if "=" in word)
    with mistakes_reported(form):
        from obsgen.pipeline import compile_stack
        from obsgen.report.route_show import render_ways, ways

        compiled = compile_stack(to_spec(spec))
        found = ways(next(iter(names), None), labels, compiled.stack, compiled.bundle)
    say(render_ways(found, form))
