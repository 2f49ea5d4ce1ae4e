"""`obsgen routes`, and the commands it has."""

from __future__ import annotations

import click

from obsgen.cli.lazy import LazyGroup

_COMMANDS = {
    "show": "Show the way of an alert to its receivers.",
    "prove": "Prove the routing tree for every alert there can be.",
    "diff": "Say which alerts change receiver between two trees.",
    "drill": "Send one marked alert for each tier and team, and end it.",
}


@click.group("routes", cls=LazyGroup, table=_COMMANDS, modules="obsgen.cli.routes_{}")
def command() -> None:
    """Show, prove, compare and try the routing tree.

    \b
      obsgen routes show EtcdNoLeader                  where does this alert go?
      obsgen routes show severity=critical team=shop   and one with these labels?
      obsgen routes prove                              does every alert land where the spec says?
      obsgen routes diff old.yaml new.yaml             which alerts change receiver?
      obsgen routes drill --alertmanager http://…:9093 is it true in the live system?
    """
