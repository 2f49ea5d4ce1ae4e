"""What `obsgen init` is told, in options or on a terminal, and what it finds by that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from obsgen.cli.output import say, say_findings
from obsgen.cli.server import Server, exit_if_partial, refuse

if TYPE_CHECKING:
    from obsgen.live.discovery.recognising import Kind
    from obsgen.live.discovery.types import Found
    from obsgen.spec.installation import OptionSpec

# A discovery's questions, as many as it asks at the most.
_MOST_QUERIES = 40


@dataclass(frozen=True, slots=True)
class Choices:
    """The options as they were written."""

    cluster: str | None
    installation: str | None
    options: tuple[str, ...]
    distribution: str | None
    values: Path | None
    server: Server

    @property
    def nothing_given(self) -> bool:
        """Whether no option says what is there."""
        said = (self.installation, self.options, self.distribution, self.values)
        return not any(said) and not self.server.given and not self.server.entrance_given

    def check(self) -> None:
        """End with a usage error where options do not go together."""
        if self.server.given > 1 or (self.server.given and self.values):
            msg = "give one of --url URL, --openmetrics FILE and --from FILE"
            raise click.UsageError(msg)
        if self.values and self.installation:
            msg = "--from says which installation it is: leave --installation out"
            raise click.UsageError(msg)
        if self.options and not (self.installation or self.values):
            refuse("--set", "it says how an installation was made: give --installation or --from too")
        for option, name, known in self._named():
            if name is not None and name not in known:
                from obsgen.diagnostics import did_you_mean

                refuse(option, f"there is none called '{name}': {did_you_mean(name, known, noun='there are')}")

    def asked(self) -> Choices:
        """The same with what a person answers on the terminal."""
        cluster = self.cluster or click.prompt("Name of the cluster", default="my-cluster")
        say("Address of its Prometheus, to see what is there; nothing for not looking.")
        url = click.prompt("URL", default="", show_default=False)
        if url:
            return replace(self, cluster=self.cluster, server=replace(self.server, url=url))
        kind = click.prompt("What monitors it already", type=click.Choice(_installations()), default="none")
        told = [
            f"{name}={value}"
            for name, one in _options_of(kind).items()
            if (value := click.prompt(f"{name} ({one.about})", default=one.default)) != one.default
        ]
        names = click.Choice(_distributions())
        distribution = click.prompt("Whose Kubernetes it is", type=names, default="kubeadm")
        return replace(self, cluster=cluster, installation=kind, options=tuple(told), distribution=distribution)

    def planned(self) -> str:
        """Who would be asked, and how it is entered."""
        from obsgen.cli import dry_run

        if not self.server.given:
            return "no server is named\nNothing was asked.\n"
        return dry_run.planned(self.server, None, _MOST_QUERIES) + "Nothing was asked; so many at the most.\n"

    def found(self) -> Found | None:
        """What is there; None where nothing was said of it."""
        if self.server.given:
            return self._seen()
        if self.values:
            return self._from_values(self.values)
        if self.installation not in (None, "none"):
            return self._from_tables()
        return None

    def _seen(self) -> Found:
        from obsgen.live.discovery.asking import Asking
        from obsgen.live.discovery.discover import discovered

        with self.server.opened(self.server.access()) as (prometheus, at):
            found = discovered(Asking(prometheus, at), self.cluster or "", self._kind(), self.distribution or "")
            partial = prometheus.partial
        exit_if_partial(self.server, partial=partial)
        return found

    def _from_tables(self) -> Found:
        from obsgen.live.discovery.recognising import Kind
        from obsgen.live.discovery.tables import Told, from_tables, named

        kind = self._kind()
        assert kind is not None, "without an installation nothing is looked up"
        return from_tables(named(self.cluster), kind, Kind(self.distribution or "kubeadm", ""), Told())

    def _from_values(self, path: Path) -> Found:
        from obsgen.exchange.chart_values import read_chart_values
        from obsgen.live.discovery.recognising import Kind
        from obsgen.live.discovery.tables import Told, from_tables, named

        values = read_chart_values(path)
        say_findings(values.findings, "text", err=True)
        told = Told(values.unscraped, values.environment, values.switched_on)
        cluster = named(self.cluster or values.cluster, on_series=values.cluster_on_series)
        options = {**values.options, **self._told(values.kind)}
        return from_tables(cluster, Kind(values.kind, "", options), Kind(self.distribution or "kubeadm", ""), told)

    def _kind(self) -> Kind | None:
        from obsgen.live.discovery.recognising import Kind

        if self.installation is None:
            return None
        return Kind(self.installation, "", self._told(self.installation))

    def _told(self, kind: str) -> dict[str, str]:
        from obsgen.diagnostics import did_you_mean
        from obsgen.live.discovery.recognising import plain

        known, told = _options_of(kind), {}
        for text in self.options:
            name, found, value = text.partition("=")
            if not found or not plain(value):
                refuse("--set", f"write it as NAME=VALUE, such as release=kps, not '{text}'")
            if name not in known:
                refuse("--set", f"{kind} has no option '{name}': {did_you_mean(name, known, noun='there are')}")
            if known[name].choices and value not in known[name].choices:
                refuse("--set", f"{name} is one of {', '.join(known[name].choices)}")
            told[name] = value
        return told

    def _named(self) -> tuple[tuple[str, str | None, list[str]], ...]:
        return (
            ("--installation", self.installation, _installations() if self.installation else []),
            ("--distribution", self.distribution, _distributions() if self.distribution else []),
        )


def _installations() -> list[str]:
    from obsgen.spec.surroundings import INSTALLATIONS

    return sorted(INSTALLATIONS.files())


def _distributions() -> list[str]:
    from obsgen.spec.surroundings import DISTRIBUTIONS

    return sorted(DISTRIBUTIONS.files())


def _options_of(kind: str) -> Mapping[str, OptionSpec]:
    from obsgen.spec.surroundings import INSTALLATIONS

    return INSTALLATIONS.load(kind, INSTALLATIONS.files()[kind]).spec.options
