"""What a series is called in a panel."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_LABEL = re.compile(r"\{\{\s*(\w+)\s*\}\}")


def legend(target: Mapping[str, Any], labels: Mapping[str, str]) -> str:
    """The target's own legend with its labels filled in, or the labels themselves."""
    form = target.get("legendFormat", "__auto")
    if form and form != "__auto":
        return _LABEL.sub(lambda found: labels.get(found[1], ""), form).strip()
    own = {name: value for name, value in labels.items() if name != "__name__"}
    if len(own) == 1:
        return next(iter(own.values()))
    return ", ".join(f"{name}={value}" for name, value in sorted(own.items())) or labels.get("__name__", "value")
