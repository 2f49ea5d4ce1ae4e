"""`obsgen objectives`, and the commands it has."""

from __future__ import annotations

import click

from obsgen.cli.lazy import LazyGroup

_COMMANDS = {
    "report": "Report on objectives from a live Prometheus.",
    "import": "Turn objectives of sloth or OpenSLO into a spec's.",
    "export": "Print a spec's objectives as OpenSLO.",
}


@click.group("objectives", cls=LazyGroup, table=_COMMANDS, modules="obsgen.cli.objectives_{}")
def command() -> None:
    """Report on service level objectives, or exchange them with other tools.

    \b
      obsgen objectives report --url http://…:9090   how much of each budget is left?
      obsgen objectives import slos/*.yaml           from sloth or OpenSLO into a spec
      obsgen objectives export prod.yaml             from a spec into OpenSLO
    """
