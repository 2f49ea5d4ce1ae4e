"""Findings for people, for programs, and for the pull request they are about."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any
from urllib.parse import quote

from obsgen import __version__
from obsgen.diagnostics import Diagnostic
from obsgen.document import json_text
from obsgen.printable import sarif_message, workflow_message, workflow_property
from obsgen.report.codes import CODES


def render_findings(findings: Sequence[Diagnostic], form: str) -> str:
    """The findings as `text`, `json`, `github` or `sarif`; text is empty where nothing was found."""
    return _FORMS[form](findings)


def _text(findings: Sequence[Diagnostic]) -> str:
    lines = [str(finding) for finding in findings]
    if len(findings) > 1:
        errors = sum(finding.level == "error" for finding in findings)
        lines.append(f"{_count(errors, 'error')}, {_count(len(findings) - errors, 'warning')}")
    return "\n".join(lines)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _json(findings: Sequence[Diagnostic]) -> str:
    return json_text({"findings": [finding_body(finding) for finding in findings]}).rstrip("\n")


def finding_body(finding: Diagnostic) -> dict[str, Any]:
    """One finding as programs read it."""
    place = finding.location
    return {
        "code": finding.code,
        "level": finding.level,
        "message": finding.message,
        "hint": finding.hint,
        "file": place.file if place else None,
        "line": place.line if place else None,
        "column": place.column if place else None,
    }


def _github(findings: Sequence[Diagnostic]) -> str:
    return "\n".join(_workflow_command(finding) for finding in findings)


def _workflow_command(finding: Diagnostic) -> str:
    place = finding.location
    where = f"file={workflow_property(place.file)},line={place.line},col={place.column}," if place else ""
    hint = f" ({finding.hint})" if finding.hint else ""
    return f"::{finding.level} {where}title={finding.code}::{workflow_message(f'{finding.message}{hint}')}"


def _sarif(findings: Sequence[Diagnostic]) -> str:
    used = sorted({finding.code for finding in findings})
    driver = {
        "name": "obsgen",
        "version": __version__,
        "rules": [
            {"id": code, "name": CODES[code].name, "fullDescription": {"text": CODES[code].meaning}} for code in used
        ],
    }
    run = {"tool": {"driver": driver}, "results": list(_results(findings))}
    schema = "https://json.schemastore.org/sarif-2.1.0.json"
    return json_text({"$schema": schema, "version": "2.1.0", "runs": [run]}).rstrip("\n")


def _results(findings: Sequence[Diagnostic]) -> Iterator[dict[str, Any]]:
    for finding in findings:
        result: dict[str, Any] = {
            "ruleId": finding.code,
            "level": finding.level,
            "message": {"text": sarif_message(finding.message + (f"\nhint: {finding.hint}" if finding.hint else ""))},
        }
        if finding.location:
            region = {"startLine": finding.location.line, "startColumn": finding.location.column}
            artifact = {"uri": quote(finding.location.file, errors="surrogateescape")}
            result["locations"] = [{"physicalLocation": {"artifactLocation": artifact, "region": region}}]
        yield result


_FORMS: dict[str, Callable[[Sequence[Diagnostic]], str]] = {
    "text": _text,
    "json": _json,
    "github": _github,
    "sarif": _sarif,
    # Where a test runner's form was asked for, mistakes of the spec are still told in words.
    "junit": _text,
}
