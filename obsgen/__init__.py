"""One spec of the three-layer monitoring of a Kubernetes platform, compiled and proved.

>>> import obsgen
>>> stack = obsgen.load_stack("config/example.yaml")
>>> obsgen.build("config/example.yaml", "manifests")
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from obsgen.diagnostics import Diagnosed, Diagnostic
    from obsgen.pipeline import (
        Compiled,
        SpecFile,
        Verdict,
        build,
        compile_stack,
        diff,
        documents,
        load_stack,
        prove,
        validate,
    )

# Where each public name lives. Looked up on first use: `obsgen --help` must not pay for the compiler.
_HOMES = {
    "Compiled": "obsgen.pipeline",
    "Diagnosed": "obsgen.diagnostics",
    "Diagnostic": "obsgen.diagnostics",
    "SpecFile": "obsgen.spec.root",
    "Verdict": "obsgen.pipeline",
    "build": "obsgen.pipeline",
    "compile_stack": "obsgen.pipeline",
    "diff": "obsgen.pipeline",
    "documents": "obsgen.pipeline",
    "load_stack": "obsgen.pipeline",
    "prove": "obsgen.pipeline",
    "validate": "obsgen.pipeline",
}

__all__ = [
    "Compiled",
    "Diagnosed",
    "Diagnostic",
    "SpecFile",
    "Verdict",
    "__version__",
    "build",
    "compile_stack",
    "diff",
    "documents",
    "load_stack",
    "prove",
    "validate",
]


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    msg = f"module 'obsgen' has no attribute '{name}'"
    raise AttributeError(msg)
