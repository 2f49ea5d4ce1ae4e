"""Runbooks as Markdown files."""

from __future__ import annotations

from collections.abc import Iterator

from obsgen.document import Document
from obsgen.ir.bundle import Bundle
from obsgen.lower.names import runbook_file


def runbook_documents(bundle: Bundle) -> Iterator[Document]:
    """One page for each component."""
    for page in bundle.runbooks:
        yield Document(f"runbooks/{runbook_file(page.component)}", page.text)
