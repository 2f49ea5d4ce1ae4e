"""The clusters that a spec lists, with what it takes to ask each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from obsgen.diagnostics import Findings
from obsgen.live.consent import NOTHING, Consent
from obsgen.live.selectors import Scope
from obsgen.live.unallowed import named_file, unallowed
from obsgen.query.access import Entrance

if TYPE_CHECKING:
    from obsgen.model.stack import Stack
    from obsgen.spec.clusters import ClusterSpec


@dataclass(frozen=True, slots=True)
class ListedCluster:
    """One cluster by the spec's name; `timeout` is in seconds, `scope` what is its own on the server."""

    name: str
    url: str = field(repr=False)
    entrance: Entrance
    timeout: float
    scope: Scope


def listed_clusters(stack: Stack, *, timeout: float, consent: Consent | None = NOTHING) -> tuple[ListedCluster, ...]:
    """In the spec's order; `timeout` holds where the spec names none.

    `Diagnosed` where `consent` does not suffice; None is for a caller who will ask none of them.
    """
    findings = Findings()
    if consent is not None:
        findings.add(*unallowed(stack, consent))
    findings.stop()
    return tuple(_listed(stack, timeout))


def _listed(stack: Stack, timeout: float) -> Iterator[ListedCluster]:
    for name, spec in stack.capacity.clusters.items():
        seconds = spec.timeout.milliseconds / 1000 if spec.timeout else timeout
        yield ListedCluster(name, spec.url, _entrance(stack, name, spec), seconds, Scope(spec.label))


def _entrance(stack: Stack, name: str, spec: ClusterSpec) -> Entrance:
    path = partial(named_file, stack, name)
    return Entrance(
        bearer_token_file=path("bearer_token_file"),
        bearer_token_env=spec.bearer_token_env,
        basic_auth_file=path("basic_auth_file"),
        headers=spec.headers,
        tenants=(spec.tenant,) if spec.tenant else (),
        ca_file=path("ca_file"),
        cert_file=path("cert_file"),
        key_file=path("key_file"),
        proxy=spec.proxy,
        parameters=spec.params,
        # obsgen's own variables are meant for one server: sent to all, each would learn the others' token.
        environment=False,
    )
