"""A document: a path inside the output and the text that belongs there, always in the same bytes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, is_dataclass
from typing import Any

from pydantic_core import PydanticSerializationError, to_json

from obsgen.yaml_block import block_yaml

_AT_ONCE = 500


@dataclass(frozen=True, slots=True, order=True)
class Document:
    """One file of the output; `path` is relative, with forward slashes."""

    path: str
    text: str

    @property
    def sha256(self) -> str:
        """Hash of the bytes as they are written."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def yaml_text(body: Any, *, header: str = "") -> str:
    """The body as YAML, keys in the order given, long lines unbroken; `header` becomes a comment."""
    comment = "".join(f"# {line}".rstrip() + "\n" for line in header.splitlines())
    return comment + block_yaml(body)


def json_text(body: Any) -> str:
    """The body as indented JSON with a final newline; NaN and infinities are refused."""
    # Python's own encoder indents eight times as slowly.
    try:
        text = to_json(body, indent=2).decode()
    except PydanticSerializationError:
        # A file's name need not be text: what UTF-8 cannot say stands as an escape.
        text = json.dumps(body, indent=2, default=_plain)
    if "NaN" in text or "Infinity" in text:
        json.dumps(body, allow_nan=False, default=_plain)
    # In place, as it may be long.
    text += "\n"
    return text


def json_parts(body: Mapping[str, Any]) -> Iterator[str]:
    """The same text in parts: a list of thousands is never held as text in whole."""
    yield "{"
    for number, (name, value) in enumerate(body.items()):
        yield ",\n" if number else "\n"
        if isinstance(value, list) and len(value) > _AT_ONCE:
            opened = f"  {json.dumps(name)}: [\n"
            yield opened
            for start in range(0, len(value), _AT_ONCE):
                text = json_text({name: value[start : start + _AT_ONCE]})
                yield (",\n" if start else "") + text[len("{\n" + opened) : -len("\n  ]\n}\n")]
            yield "\n  ]"
        else:
            yield json_text({name: value})[len("{\n") : -len("\n}\n")]
    yield "\n}\n"


def json_line(body: Any) -> str:
    """The body as JSON on one line, for what only machines read."""
    return json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_plain)


def _plain(body: Any) -> Any:
    """What the encoder does not take by itself."""
    if isinstance(body, Mapping):
        return dict(body)
    if is_dataclass(body) and not isinstance(body, type):
        return asdict(body)
    raise TypeError(type(body).__name__)
