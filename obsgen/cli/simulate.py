"""`obsgen simulate`: samples of made-up clusters, and the true answers to ask for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from obsgen.cli.arguments import mistakes_reported
from obsgen.cli.output import say
from obsgen.cli.paths import NamedPath
from obsgen.cli.server_options import BoundedFloat

if TYPE_CHECKING:
    from obsgen.simulate.settings import Settings

_OUT = NamedPath(dir_okay=False, path_type=Path)
_SPEC = NamedPath(exists=True, dir_okay=False, path_type=Path)
_OF_INSTALLATIONS = ("installation", "chosen", "distribution", "spec", "faults", "recorded", "days")
_OF_BOTH = ("hours", "end", "out")


def _listed(context: click.Context, _: click.Parameter, wanted: bool) -> None:  # noqa: FBT001 - click's signature
    if not wanted:
        return
    from obsgen.simulate.traps import TRAPS

    width = max(map(len, TRAPS))
    say("".join(f"{name:<{width}}  {about}\n" for name, about in TRAPS.items()), nl=False)
    context.exit()


@click.command("simulate")
@click.option("--nodes", type=click.IntRange(min=1), default=6, show_default=True, help="In each cluster.")
@click.option("--pods-per-node", type=click.IntRange(min=3), default=12, show_default=True)
@click.option("--zones", type=click.IntRange(1, 26), default=3, show_default=True)
@click.option("--clusters", type=click.IntRange(min=1), default=1, show_default=True)
@click.option("--hours", type=BoundedFloat(min=0.25, max=8760), default=0.25, show_default=True, help="How far back.")
@click.option("--interval", default="30s", show_default=True, help="Between scrapes of the kubelets.")
@click.option("--state-interval", default="1m", show_default=True, help="Between scrapes of kube-state-metrics.")
@click.option("--seed", type=int, default=1, show_default=True, help="Equal seeds give equal clusters.")
@click.option("--trap", "traps", multiple=True, metavar="NAME", help="A trouble to lay; may be repeated.")
@click.option("--all-traps", is_flag=True, help="All of them at once.")
@click.option(
    "--node-label",
    type=click.Choice(["node", "instance", "kubernetes_node", "address"]),
    default="node",
    show_default=True,
    help="How usage names its node; an address names it only through the pod.",
)
@click.option("--end", default="2026-01-05T12:15:00Z", show_default=True, help="RFC 3339, or 'now'.")
@click.option("--installation", metavar="KIND", help="The series of a cluster that is watched by an installation.")
@click.option("--option", "chosen", multiple=True, metavar="NAME=VALUE", help="One of its options, as release=kps.")
@click.option("--distribution", metavar="NAME", help="What its cluster runs.")
@click.option("--spec", type=_SPEC, metavar="SPEC", help="Instead of KIND: what this spec's packs read.")
@click.option(
    "--fault", "faults", multiple=True, metavar="ALERT", help="An alert whose condition holds; with KIND or SPEC."
)
@click.option("--recorded", is_flag=True, help="With what rules record of it; with KIND or SPEC, takes a Prometheus.")
@click.option(
    "--days",
    type=click.IntRange(1, 31),
    metavar="N",
    help="A healthy cluster's days, and what is done to it on purpose; with SPEC.",
)
@click.option("--out", type=_OUT, required=True, metavar="FILE.om", help="The samples, as OpenMetrics.")
@click.option("--truth", type=_OUT, metavar="FILE.json", help="What a report over them must say.")
@click.option(
    "--list-traps", is_flag=True, is_eager=True, expose_value=False, callback=_listed, help="List the traps and stop."
)
@click.pass_context
def command(context: click.Context, /, *, out: Path, truth: Path | None, **options: Any) -> None:
    """Write samples of made-up clusters, and what is true of them.

    With --installation or --spec: the series that packs read, as that installation brings them.

    The clusters have what real ones have: kube-state-metrics, cAdvisor, teams, workloads and, where asked
    for, the troubles that bend a careless report. Equal options give equal files.

    \b
    Check the capacity report against the truth:
      obsgen simulate --all-traps --nodes 8 --out sim.om --truth sim.json
      obsgen capacity --openmetrics sim.om --format json
    See the traps:
      obsgen simulate --list-traps
    A large cluster:
      obsgen simulate --nodes 500 --pods-per-node 50 --out large.om

    What the server of an installation holds where one alert fires:
      obsgen simulate --installation kube-prometheus-stack --option release=kps --fault NodeDown --out kps.om

    \b
    Three days of rollouts, drains and reboots, in which nothing is wrong:
      obsgen simulate --spec prod.yaml --days 3 --out days.om

    Exit status: 0 the files were written; 2 they were not.
    """
    asked = {name: options.pop(name) for name in _OF_INSTALLATIONS}
    if any(asked.values()):
        from obsgen.cli.installed import Asked, write

        _refuse_sizes(context)
        _refuse_beside_days(context)
        write(Asked(**asked), out, end=_moment(options["end"]), seconds=round(options["hours"] * 3600))
        return
    from obsgen.cli.writing import staged, write_files
    from obsgen.simulate.exposition import write_openmetrics
    from obsgen.simulate.truth import truth_of
    from obsgen.simulate.world import make_world

    world = make_world(_settings(**options))
    with mistakes_reported(), staged(out) as file:
        samples = write_openmetrics(world, file)
        if truth is not None:
            from obsgen.document import json_text

            write_files({truth: json_text(truth_of(world))})
    say(f"{out}: {samples} samples of {len(world.clusters)} cluster(s)", err=True)


def _refuse_sizes(context: click.Context) -> None:
    """What shapes made-up clusters says nothing of an installation's."""
    for option in context.command.params:
        if option.name in {*_OF_INSTALLATIONS, *_OF_BOTH} or not option.name:
            continue
        if context.get_parameter_source(option.name) is click.core.ParameterSource.COMMANDLINE:
            msg = f"{option.opts[0]} is for made-up clusters, and does not go with an installation's series"
            raise click.UsageError(msg)


def _refuse_beside_days(context: click.Context) -> None:
    """Days have their own length, and nothing in them is ill."""
    if not context.params["days"]:
        return
    for name, option in (("hours", "--hours"), ("faults", "--fault"), ("recorded", "--recorded")):
        if context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE:
            msg = f"{option} does not go with --days"
            raise click.UsageError(msg)
    if not context.params["spec"]:
        msg = "--days needs --spec: the cluster has what the spec's packs read"
        raise click.UsageError(msg)


def _settings(*, traps: tuple[str, ...], all_traps: bool, hours: float, end: str, **sizes: Any) -> Settings:
    from obsgen.simulate.settings import Settings, SettingsRefused
    from obsgen.simulate.traps import TRAPS

    for trap in traps:
        if trap not in TRAPS:
            from obsgen.diagnostics import did_you_mean

            msg = f"there is no trap '{trap}': {did_you_mean(trap, TRAPS, noun='traps')}"
            raise click.BadParameter(msg, param_hint="'--trap'")
    for name in ("interval", "state_interval"):
        sizes[name] = _seconds(name, sizes[name])
    try:
        return Settings(
            seconds=round(hours * 3600),
            traps=frozenset(TRAPS if all_traps else traps),
            end=_moment(end),
            **sizes,
        )
    except SettingsRefused as error:
        raise click.UsageError(str(error)) from None


def _seconds(name: str, text: str) -> int:
    from obsgen.units import Duration

    try:
        return Duration.parse(text).milliseconds // 1000
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint=f"'--{name.replace('_', '-')}'") from None


def _moment(text: str) -> int:
    from datetime import UTC, datetime

    if text == "now":
        return int(datetime.now(UTC).timestamp())
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        msg = f"'{text}' is no time: write it as 2026-01-05T12:15:00Z, or 'now'"
        raise click.BadParameter(msg, param_hint="'--end'") from None
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
