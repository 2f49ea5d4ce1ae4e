"""A document: a path inside the output and the text that belongs there, always in the same bytes."""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml
from pydantic_core import to_json

# What Kubernetes' and other readers take for a boolean or a number although PyYAML writes it bare:
# y and n, exponents without a point, octals of YAML 1.2, and numbers with leading zeros.
_AMBIGUOUS = re.compile(r"^([yYnN]|[-+]?\d[\d_]*[eE][-+]?\d+|0o[0-7_]+|[-+]?0\d+)$")


@dataclass(frozen=True, slots=True, order=True)
class Document:
    """One file of the output; `path` is relative, with forward slashes."""

    path: str
    text: str

    @property
    def sha256(self) -> str:
        """Hash of the bytes as they are written."""
        return hashlib.sha256(self.text.encode()).hexdigest()


class _Dumper(yaml.CSafeDumper):
    """Readable YAML that Kubernetes' parser reads back as the same strings."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - anchors never appear in manifests
        return True


def _represent_text(dumper: yaml.CSafeDumper, text: str) -> yaml.ScalarNode:
    if "\n" in text:
        return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|")
    quoted = "'" if _AMBIGUOUS.match(text) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=quoted)


_Dumper.add_representer(str, _represent_text)


def yaml_text(body: Any, *, header: str = "") -> str:
    """The body as YAML, keys in the order given, long lines unbroken; `header` becomes a comment."""
    comment = "".join(f"# {line}".rstrip() + "\n" for line in header.splitlines())
    dumped: str = yaml.dump(
        _plain(body),
        Dumper=_Dumper,
        sort_keys=False,
        default_flow_style=False,
        allow_unicode=True,
        width=4096,
    )
    return comment + dumped


def json_text(body: Any) -> str:
    """The body as indented JSON with a final newline; NaN and infinities are refused."""
    # Python's own encoder indents eight times as slowly.
    return to_json(_plain(body), indent=2).decode() + "\n"


def json_line(body: Any) -> str:
    """The body as JSON on one line, for what only machines read."""
    return json.dumps(_plain(body), ensure_ascii=False, separators=(",", ":"))


def _plain(body: Any) -> Any:
    if isinstance(body, Mapping):
        return {key: _plain(value) for key, value in body.items()}
    if isinstance(body, Sequence) and not isinstance(body, str):
        return [_plain(value) for value in body]
    if isinstance(body, float) and not math.isfinite(body):
        msg = f"{body} has no place in a document"
        raise ValueError(msg)
    return body
