"""The installations whose objects are known, and specs for them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from obsgen.pipeline import Compiled, compile_stack, documents
from obsgen.simulate.installed import WATCHED
from tests.installations.objects import Objects, objects, read

_DATA = Path(__file__).parent / "data"
# A folder with the objects as the installations really write them, one file for each kind, for its default release.
_GIVEN = os.environ.get("OBSGEN_INSTALLATIONS")


@dataclass(frozen=True, slots=True)
class Installed:
    """One installation as it was installed; `names` are those that its objects are called by."""

    kind: str
    names: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)
    given: bool = False

    def __str__(self) -> str:
        """What a test of it is called."""
        return "-".join([self.kind, *self.options.values(), *(["given"] if self.given else [])])

    def objects(self) -> Objects:
        """Everything in the cluster."""
        own = (Path(_GIVEN) if self.given and _GIVEN else _DATA) / f"{self.kind}.yaml"
        files = (_DATA / "cluster.yaml", _DATA / f"beside-{self.kind}.yaml", own)
        return objects(body for file in files for body in read(file, **self.names))

    def spec(self) -> dict[str, Any]:
        """The least spec that watches all that such an installation comes with."""
        return {
            "apiVersion": "obsgen.dev/v1",
            "kind": "MonitoringStack",
            "metadata": {"name": "t", "team": "platform"},
            "environment": {"cluster": "prod", "installation": {"kind": self.kind, **self.options}},
            "routing": {"default": "chat", "receivers": {"chat": {"webhook": {"url": "http://chat.svc:8080/"}}}},
            "kubernetes": dict.fromkeys(WATCHED),
        }


def _helm(kind: str, release: str, fullname: str, *, given: bool = False) -> Installed:
    names = {"release": release, "fullname": fullname, "grafana": f"{release}-grafana"}
    return Installed(kind, names, {"release": release}, given)


KNOWN = (
    _helm("kube-prometheus-stack", "kps", "kps-kube-prometheus-stack"),
    _helm("kube-prometheus-stack", "monitoring", "monitoring-kube-prometheus"),
    Installed("kube-prometheus"),
    _helm("victoria-metrics-k8s-stack", "vmks", "vmks-victoria-metrics-k8s-stack"),
    _helm("victoria-metrics-k8s-stack", "watch", "watch-victoria-metrics-k8s-stack"),
)
_OUTSIDE = (
    _helm("kube-prometheus-stack", "kps", "kps-kube-prometheus-stack", given=True),
    Installed("kube-prometheus", given=True),
    _helm("victoria-metrics-k8s-stack", "vmks", "vmks-victoria-metrics-k8s-stack", given=True),
)
INSTALLED = (*KNOWN, *(_OUTSIDE if _GIVEN else ()))


@dataclass(frozen=True, slots=True)
class Built:
    """A spec for an installation, compiled, and the objects that it is applied as."""

    installed: Installed
    compiled: Compiled
    emitted: tuple[dict[str, Any], ...]


def built(installed: Installed, folder: Path) -> Built:
    """Compile the spec and read what is written of it."""
    path = folder / "spec.yaml"
    path.write_text(yaml.safe_dump(installed.spec()), encoding="utf-8")
    compiled = compile_stack(path)
    texts = [one.text for one in documents(compiled, ("prometheus-operator",)) if one.path.endswith(".yaml")]
    bodies = (body for text in texts for body in yaml.safe_load_all(text))
    return Built(installed, compiled, tuple(body for body in bodies if isinstance(body, dict) and "kind" in body))
