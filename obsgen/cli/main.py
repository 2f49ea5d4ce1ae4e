"""`obsgen`, and the commands it has."""

from __future__ import annotations

import gc
import os

import click

from obsgen import __version__
from obsgen.cli.lazy import LazyGroup

# Name, module and one line of help: `obsgen --help` must not import what it only lists.
COMMANDS = {
    "init": "Write a first spec, made to fit what is there.",
    "build": "Compile a spec into manifests.",
    "diff": "Show what a build would change.",
    "validate": "Check a spec and everything it compiles to.",
    "test": "Prove every alert and every route.",
    "routes": "Show, prove, compare and try the routing tree.",
    "explain": "Say where an alert's values come from, or what a diagnostic means.",
    "packs": "List what can be monitored.",
    "new": "Begin a pack of your own.",
    "secrets": "List the Secrets that must exist.",
    "schema": "Print the JSON Schema of a spec or a pack.",
    "objectives": "Report on objectives, or take them over from other tools.",
    "preview": "Draw the dashboards with live data.",
    "capacity": "Report utilization from a live Prometheus.",
    "coverage": "Say which alerts are blind on a live Prometheus, and why.",
    "simulate": "Write samples of made-up clusters, and what is true of them.",
}


@click.group(
    cls=LazyGroup,
    table=COMMANDS,
    modules="obsgen.cli.{}",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="obsgen")
@click.option("--debug", is_flag=True, expose_value=False, help="Show a traceback where obsgen itself fails.")
def main() -> None:
    """Describe your monitoring once; get rules, routes and dashboards that are proved.

    \b
      obsgen init                          write obsgen.yaml to start from
      obsgen init --url http://…:9090      look first, and write one that fits
      obsgen build -o manifests            compile it
      obsgen diff -o manifests             what would change (exit 1: something)
      obsgen validate && obsgen test       stop mistakes before they merge
      obsgen explain NodeDown              where does this alert come from?
      obsgen capacity --url http://…:9090  how full is the cluster now?

    Exit codes: 0 clean, 1 findings or differences, 2 error, 3 a bug of obsgen; 130 and 143 where a signal ended it.
    """
    # A command builds many small values, keeps nearly all of them to its end and then exits: looking for
    # cycles among them costs up to a tenth of the whole and finds next to nothing.
    gc.disable()
    # pydantic would search every installed package for plugins of its own, of which obsgen has none.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
