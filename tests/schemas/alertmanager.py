"""The fields that each generation of Alertmanager reads, from its own source as Debian packages it."""

from __future__ import annotations

import gzip
import re
from collections.abc import Mapping
from functools import cache
from itertools import chain
from pathlib import Path

from obsgen.units import Version
from tests.conftest import ROOT

PACKAGE = "golang-github-prometheus-alertmanager-dev"
Fields = Mapping[str, set[str]]

_STRUCT = re.compile(r"^type (\w+) struct \{\n(.*?)^\}", re.MULTILINE | re.DOTALL)
_TAG = re.compile(r'`yaml:"(\w+)')
_EMBEDDED = re.compile(r'^\s+(?:\w+\.)?(\w+)\s+`yaml:",inline"', re.MULTILINE)


@cache
def generations() -> dict[Version, Fields]:
    """The structs' fields for each version that was fetched, the oldest first."""
    found = {_version(suite): _fields(suite) for suite in ROOT.glob(".tools/*") if (suite / f".{PACKAGE}").exists()}
    return dict(sorted(found.items()))


def surely_known(version: Version) -> Fields:
    """What the newest fetched version that is not above this one reads."""
    return generations()[max(one for one in generations() if one <= version)]


def perhaps_known(version: Version) -> Fields:
    """What the oldest fetched version that is not below this one reads; of those beyond, the newest."""
    above = [one for one in generations() if one >= version]
    return generations()[min(above, default=max(generations()))]


def _version(suite: Path) -> Version:
    changes = gzip.decompress((suite / "usr/share/doc" / PACKAGE / "changelog.Debian.gz").read_bytes()).decode()
    found = re.search(r"\((?:\d+:)?(\d+\.\d+)", changes)
    assert found, f"'{PACKAGE}' of '{suite.name}' names no version"
    return Version.parse(found[1])


def _fields(suite: Path) -> Fields:
    source = suite / "usr/share/gocode/src/github.com/prometheus/alertmanager"
    files = chain(source.glob("config/**/*.go"), source.glob("notify/*/config.go"))
    structs = {name: body for file in files for name, body in _STRUCT.findall(file.read_text(encoding="utf-8"))}
    return {name: _read(body, structs) for name, body in structs.items()}


def _read(body: str, structs: Mapping[str, str]) -> set[str]:
    embedded = [_read(structs[name], structs) for name in _EMBEDDED.findall(body)]
    return {*_TAG.findall(body), *chain.from_iterable(embedded)}
