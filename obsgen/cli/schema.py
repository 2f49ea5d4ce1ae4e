"""`obsgen schema`."""

from __future__ import annotations

import click

from obsgen.cli.output import say


@click.command("schema")
@click.argument("kind", type=click.Choice(["stack", "pack", "tests"]), default="stack")
def command(kind: str) -> None:
    """Print the JSON Schema of a spec, of a pack.yaml or of a pack's tests.yaml.

    \b
      obsgen schema > obsgen.schema.json
    Editors read it from a comment in the file's first line:
      # yaml-language-server: $schema=obsgen.schema.json
    """
    from obsgen.document import json_text
    from obsgen.spec.schema import json_schema

    say(json_text(json_schema(kind)), nl=False)
