"""Versions and the scrape interval, as the servers and their series tell them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from obsgen.live.discovery.asking import Asking, interval_of
from obsgen.live.discovery.reads import Candidates
from obsgen.live.discovery.recognising import plain
from obsgen.live.discovery.types import Field
from obsgen.query.samples import Vector
from obsgen.spec.recognised import RecognisedSpec


def versions_of(build_infos: Vector, table: RecognisedSpec) -> dict[str, str]:
    """The version of each program that tells one; the most frequent where several run."""
    counted: dict[str, Counter[str]] = {}
    for sample in build_infos:
        program, version = table.versions.get(sample.labels.get("__name__", "")), sample.labels.get("version", "")
        if program and plain(version):
            counted.setdefault(program, Counter())[version.removeprefix("v")] += round(sample.value)
    programs = (program for program in table.versions.values() if program in counted)
    return {program: counted[program].most_common(1)[0][0] for program in programs}


def written(
    asking: Asking, offered: Candidates, versions: Mapping[str, str]
) -> dict[str, dict[str, tuple[Field, str]]]:
    """What `environment` says of Prometheus and Alertmanager, with the reason where it is not plain."""
    prometheus: dict[str, tuple[Field, str]] = {}
    told = versions.get("Prometheus", "")
    # VictoriaMetrics answers with a version of Prometheus, so that Grafana asks it as one.
    if not told and "vm_app_version" not in versions:
        told = asking.own_version()
    if version := _minor(told):
        prometheus["version"] = version, ""
    seconds = interval_of(asking.scrapes())
    if seconds and seconds * 1000 != offered.environment.prometheus.scrape_interval.milliseconds:
        prometheus["scrape_interval"] = f"{seconds}s", "As most targets are scraped."
    alertmanager: dict[str, tuple[Field, str]] = {}
    if version := _minor(versions.get("Alertmanager", "")):
        alertmanager["version"] = version, ""
    return {"prometheus": prometheus, "alertmanager": alertmanager}


def _minor(version: str) -> str:
    found = re.match(r"v?([0-9]{1,4}\.[0-9]{1,4})(\.|-|$)", version, re.ASCII)
    return found[1] if found else ""
