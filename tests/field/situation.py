"""The form of a situation: what a cluster that people run went through, and which alerts should say so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field

from obsgen.spec.written import AlertSeverity
from tests.proofs.test_narrowed import SPEC

_ALERTS = Path(__file__).resolve().parents[2] / "alerts"


class Moment(BaseModel):
    """When which of the situation's alerts fire or do not; all of them unless one is named."""

    model_config = ConfigDict(extra="forbid")

    at: str
    alert: str | None = None
    severity: AlertSeverity | None = None
    times: int | None = Field(None, ge=1, description="how many alerts fire; any number unless given")


class Situation(BaseModel):
    """Series of a cluster over time. The folder that it lies in names the pack whose rules are asked."""

    model_config = ConfigDict(extra="forbid")

    situation: str
    report: str = Field(pattern=r"^([\w.-]+/[\w.-]+#\d+(, )?)+$|^our own reading$")
    distribution: str | None = None
    components: dict[str, dict[str, Any]] = Field(default_factory=dict, description="packs, and what a spec changes")
    alerts: list[str] = Field(min_length=1)
    interval: str = "1m"
    evaluated: str = Field("30s", description="how often rules are evaluated; seldom where a situation lasts for days")
    series: dict[str, str]
    silent: list[Moment] = Field(default_factory=list)
    fires: list[Moment] = Field(default_factory=list)

    def spec(self, pack: str) -> dict[str, Any]:
        """A spec that has this pack, and those that the situation names besides."""
        spec: dict[str, Any] = {**SPEC, "environment": {**SPEC["environment"], **self._surroundings()}}
        for name, changes in {pack: {}, **self.components}.items():
            layer = next(_ALERTS.glob(f"*/{name}/pack.yaml")).parent.parent.name
            if layer == "application":
                used = {"pack": name, "team": "platform", "namespace": "shop", **changes}
                spec.setdefault("applications", {})[name] = used
            else:
                spec.setdefault(layer, {})[name] = changes
        return spec

    def expectations(self) -> Iterator[dict[str, Any]]:
        """The moments as promtool reads them."""
        for moment in self.silent:
            yield {"expr": f"min({self._firing(moment)})", "eval_time": moment.at, "exp_samples": []}
        for moment in self.fires:
            counted = "count" if moment.times else "min"
            samples = [{"labels": "{}", "value": moment.times or 1}]
            yield {"expr": f"{counted}({self._firing(moment)})", "eval_time": moment.at, "exp_samples": samples}

    def _firing(self, moment: Moment) -> str:
        names = moment.alert or "|".join(self.alerts)
        severity = f',severity="{moment.severity}"' if moment.severity else ""
        return f'ALERTS{{alertstate="firing",alertname=~"{names}"{severity}}}'

    def _surroundings(self) -> dict[str, str]:
        return {"distribution": self.distribution} if self.distribution else {}


def read(path: Path) -> Situation:
    """The situation that the file describes."""
    return Situation.model_validate(yaml.safe_load(path.read_text()))
