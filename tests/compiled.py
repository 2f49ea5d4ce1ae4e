"""The specs that come with obsgen, each compiled once in a process of tests: what they compile to never changes."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from obsgen.document import Document
from obsgen.pipeline import Compiled, compile_stack, documents

CONFIG = Path(__file__).resolve().parent.parent / "config"


@cache
def shipped_spec(name: str) -> Compiled:
    """The spec `config/<name>.yaml`, compiled."""
    return compile_stack(CONFIG / f"{name}.yaml")


@cache
def shipped_documents(name: str, *targets: str) -> tuple[Document, ...]:
    """Every file that it stands for."""
    return documents(shipped_spec(name), targets)
