"""`obsgen init`: a first spec, made to fit what is there already."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from obsgen.cli.arguments import DEFAULT_SPEC
from obsgen.cli.init_choices import Choices
from obsgen.cli.output import say
from obsgen.cli.paths import NamedPath
from obsgen.cli.server import Server, plain_errors, server_options
from obsgen.cli.server_options import FILE

if TYPE_CHECKING:
    from obsgen.live.discovery.types import Found


@click.command("init")
@click.argument("path", type=NamedPath(dir_okay=False, path_type=Path), default=DEFAULT_SPEC)
@click.option("--name", default="production", show_default=True, help="Name of the stack.")
@click.option("--cluster", metavar="NAME", help="Name of the cluster, and with --url the one that is meant of several.")
@click.option(
    "--installation", metavar="KIND", help="What monitors the cluster already, such as kube-prometheus-stack."
)
@click.option(
    "--set", "options", multiple=True, metavar="NAME=VALUE", help="How it was made: release=kps; may be repeated."
)
@click.option("--distribution", metavar="NAME", help="Whose Kubernetes it is, such as eks; kubeadm unless given.")
@click.option("--from", "values", type=FILE, metavar="FILE", help="The values.yaml of kube-prometheus-stack.")
@server_options
def command(  # noqa: PLR0913 - one parameter per option
    *,
    path: Path,
    name: str,
    cluster: str | None,
    installation: str | None,
    options: tuple[str, ...],
    distribution: str | None,
    values: Path | None,
    server: Server,
) -> None:
    """Write a first spec to PATH and the schema that editors complete it with.

    With --url it looks first: which installation and distribution this is, in which versions, under which
    names things are scraped, which packs have data, and which applications count requests or orders. What
    it writes fits that, with the reason for each choice beside it. It only reads.

    \b
    On a terminal it asks:
      obsgen init
    Look at a live Prometheus, through a port-forward:
      kubectl -n monitoring port-forward svc/prometheus-operated 9090 &
      obsgen init prod.yaml --name prod --url http://localhost:9090
    Say what is there, without looking:
      obsgen init --cluster prod-eu --installation kube-prometheus-stack --set release=kps
    From the values that kube-prometheus-stack was installed with:
      helm get values kps -n monitoring > values.yaml
      obsgen init --from values.yaml --set release=kps
    """
    if os.path.lexists(path):
        say(f"'{path}' is already there, and init never overwrites a spec", err=True)
        sys.exit(2)
    choices = Choices(cluster, installation, options, distribution, values, server)
    if choices.nothing_given and sys.stdin.isatty() and sys.stdout.isatty():
        choices = choices.asked()
    choices.check()
    with plain_errors():
        if server.dry_run:
            say(choices.planned(), nl=False)
            return
        _write(path, name, choices.cluster, choices.found())


def _write(path: Path, name: str, cluster: str | None, found: Found | None) -> None:
    from obsgen.cli.writing import write_files
    from obsgen.document import json_text
    from obsgen.spec.schema import json_schema
    from obsgen.spec.starter import fitted_text, starter_text

    schema = path.parent / "obsgen.schema.json"
    if found is None:
        text = starter_text(name, cluster or "my-cluster")
    else:
        from obsgen.live.discovery.fitted import sections

        text = fitted_text(name, sections(found))
    write_files({path: text, schema: json_text(json_schema("stack"))})
    say(f"{path} and {schema.name} written; next: obsgen validate {path} && obsgen build {path}")
