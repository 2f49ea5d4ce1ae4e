"""How to write what selects, where it has another form: matchers of PromQL as text, or labels as a mapping."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from obsgen.spec.source import Path_

# Fields that select, and those whose entries do.
_FIELDS: Final = {"selector", "selector_labels", "instance_selector", "where"}
_LISTS: Final = {"match", "source", "target"}
_LABEL: Final = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
_PAIR: Final = re.compile(r"""\s*([-a-zA-Z0-9_./]+)\s*=\s*["']?([-A-Za-z0-9_.]+)["']?\s*""")
_USUAL: Final = {"job": "node-exporter", "env": "prod"}


def matchers_hint(wanted: str, path: Path_, given: Any) -> str | None:
    """The same in the form that is `wanted`, of pydantic's names; None where the field selects nothing."""
    names = [step for step in path if isinstance(step, str)][-2:]
    within, name = names if len(names) > 1 else ("", *names, "")[:2]
    selects = name in _FIELDS or within == "selectors" or (within, name) == ("match", "labels")
    if wanted == "dict_type" and selects and isinstance(given, str):
        labels = ", ".join(f"{key}: {value}" for key, value in (_read(given) or {"app": "node-exporter"}).items())
        return f"write the labels as a mapping: {name}: {{{labels}}}"
    if isinstance(given, str) or not (selects or name in _LISTS):
        return None
    matchers = ",".join(f'{key}="{value}"' for key, value in (_pairs(given) or _USUAL).items())
    if name in _LISTS:
        return f"write matchers of PromQL as a list of texts: {name}: ['{matchers}']"
    return f"write matchers of PromQL as text: {name}: '{matchers}'"


def _pairs(given: Any) -> Mapping[str, str]:
    """What a mapping or a list says that can be said by matchers; nothing unless that is all of it."""
    if isinstance(given, list):
        return _read(",".join(map(str, given)))
    if not isinstance(given, Mapping) or not all(map(_LABEL.fullmatch, given)):
        return {}
    return _read(",".join(f"{key}={value}" for key, value in given.items()))


def _read(text: str) -> Mapping[str, str]:
    """The pairs of a list such as `job="x",env="prod"`; nothing where anything else stands in it."""
    found = [_PAIR.fullmatch(one) for one in text.strip("{} ").split(",")]
    return {one[1]: one[2] for one in found if one} if all(found) else {}
