"""The outcome of the tests."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from obsgen.check.verdict import Proved
from obsgen.document import json_text
from obsgen.programs.failures import NO_VERDICT
from obsgen.report.findings import render_findings


def render_proofs(outcome: Proved, form: str) -> str:
    """The outcome as `text`, `json` or `junit`."""
    if form == "junit":
        return _junit(outcome)
    if form == "json":
        findings = [
            {
                "code": one.code,
                "level": one.level,
                "message": one.message,
                "file": one.location.file if one.location else None,
            }
            for one in outcome.findings
        ]
        counts = {"alerts": outcome.alerts, "tests": outcome.proofs, "routes": outcome.routes}
        return json_text({**counts, "failed": _failed(outcome), "findings": findings}).rstrip("\n")
    lines = [render_findings(outcome.findings, "text")] if outcome.findings else []
    missing = any(one.code in NO_VERDICT for one in outcome.findings)
    failed = sum(one.level == "error" and one.code not in NO_VERDICT for one in outcome.findings)
    verdicts = [f"{failed} failed" if failed else "passed"] if outcome.proofs or outcome.routes else []
    if missing:
        verdicts.append("what the missing tools would prove was not run")
    verdict = ", and ".join(verdicts) or "nothing is to be proved"
    what = f"{outcome.proofs} tests of {outcome.alerts} alerting rules and {outcome.routes} routes"
    lines.append(f"{what} passed" if verdict == "passed" else f"{what}: {verdict}")
    return "\n".join(lines)


def _failed(outcome: Proved) -> int:
    return sum(finding.level == "error" for finding in outcome.findings)


def _junit(outcome: Proved) -> str:
    total = outcome.proofs + outcome.routes
    cases = [
        f"  <testcase classname={quoteattr(one.code)} name={quoteattr(one.message.splitlines()[0])}>"
        f"<failure message={quoteattr(one.message.splitlines()[0])}>{escape(one.message)}</failure></testcase>"
        for one in outcome.findings
        if one.level == "error"
    ]
    head = f'<testsuite name="obsgen" tests="{total}" failures="{len(cases)}">'
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', head, *cases, "</testsuite>"])
