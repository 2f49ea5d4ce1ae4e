"""The cluster's name: what a caller gives in place of the spec's, and what cannot be one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from obsgen.diagnostics import Diagnostic, Location
from obsgen.limits import CLUSTER_NAME
from obsgen.printable import shortened
from obsgen.spec.source import Source

VARIABLE: Final = "OBSGEN_CLUSTER"

_MOST_SHOWN: Final = 60
_READ_OTHERWISE: Final = {
    # A relabelling replaces $NAME by a group of its regular expression, which is nothing.
    "$": "relabeling takes for a reference, so that series would lose the label",
    "{{": "rules take for the beginning of a template",
    '"': "rules, tests and links would each have to write otherwise",
    "\\": "rules, tests and links would each have to write otherwise",
}


def with_cluster(source: Source, name: str | None) -> Source:
    """The spec with this name where one is given, whether or not it has a name already."""
    written = source.content.get("environment")
    if name is None or not isinstance(written, Mapping | None):
        return source
    return Source({**source.content, "environment": {**(written or {}), "cluster": name}}, source.places)


def unusable_name(name: str, where: Location | None) -> Diagnostic | None:
    """Why the name cannot be the value of the label `cluster`, if it cannot."""
    hint = f"write the name itself, or give it to each command: --cluster NAME, or the variable {VARIABLE}"
    if not name.strip():
        return Diagnostic("OBS267", "the cluster's name is empty, and a label without a value is none", where, hint)
    shown = shortened(name, _MOST_SHOWN)
    for text, taken in _READ_OTHERWISE.items():
        if text in name:
            return Diagnostic("OBS267", f"the cluster's name '{shown}' holds '{text}', which {taken}", where, hint)
    if len(name) > CLUSTER_NAME:
        message = f"the cluster's name '{shown}' has {len(name)} characters, more than {CLUSTER_NAME}"
        return Diagnostic("OBS267", message, where, hint)
    if not name.isprintable():
        message = f"the cluster's name '{shown}' holds characters that cannot be printed"
        return Diagnostic("OBS267", message, where, hint)
    return None
