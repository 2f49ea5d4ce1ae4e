"""Emit: the bundle in the files of one target."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from obsgen.document import Document
from obsgen.emit.operator import operator_documents
from obsgen.emit.prometheus import prometheus_documents
from obsgen.ir.bundle import Bundle
from obsgen.model.stack import Stack

Emitter = Callable[[Bundle, Stack, Path], Iterator[Document]]

EMITTERS: Mapping[str, Emitter] = {
    "prometheus-operator": operator_documents,
    "prometheus": prometheus_documents,
}


def emit(bundle: Bundle, stack: Stack, target: str, views_folder: Path) -> tuple[Document, ...]:
    """The target's files, sorted by path; equal input gives equal bytes. KeyError for an unknown target."""
    return tuple(sorted(EMITTERS[target](bundle, stack, views_folder)))
