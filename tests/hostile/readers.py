"""Who reads each kind of file, as a command does, and which refusals are documented."""

from __future__ import annotations

import zlib
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

import requests
from click.testing import CliRunner
from requests.adapters import BaseAdapter
from urllib3 import HTTPResponse

from obsgen.check.mutants import mutants
from obsgen.check.verdict import Tools, judged
from obsgen.cli import main
from obsgen.diagnostics import Diagnosed, Diagnostic
from obsgen.document import Document
from obsgen.emit.folder.writing import changes, write
from obsgen.exchange.chart_values import read_chart_values
from obsgen.exchange.read import import_objectives
from obsgen.live.offline import OfflineFailed, newest_sample
from obsgen.pipeline import compile_stack, documents, routes_diff
from obsgen.query.errors import PrometheusError
from obsgen.query.prometheus import Prometheus
from obsgen.query.retries import Retries
from obsgen.report.findings import render_findings
from obsgen.report.route_diff import render_route_diff
from obsgen.spec.load import load_spec
from tests.hostile.seeds import HEAD, KEPT, OLD, OURS, OUTPUT, SPEC

_FORMATS = ("text", "json", "github", "sarif")
_COMMANDS = (
    ("validate", SPEC, "--allow-missing-tools", "--format", "github"),
    ("build", SPEC, "-o", OUTPUT, "-t", "prometheus"),
    ("explain", "ErrorBudgetBurn", SPEC),
    ("explain", "QueueBacklogHigh", SPEC),
    ("secrets", SPEC),
    ("routes", "show", "QueueBacklogHigh", "team=commerce", SPEC),
    ("routes", "prove", SPEC),
    ("objectives", "export", SPEC),
)


@dataclass(frozen=True)
class Outcome:
    """What became of a file; `reason` is the first code, the error, or where it went wrong."""

    result: Literal["accepted", "refused", "bad"]
    reason: str = ""
    detail: str = ""


ACCEPTED = Outcome("accepted")


def _spec(folder: Path) -> Outcome:
    """Everything between reading a spec and its manifests, and whatever checks it without another program."""
    try:
        compiled = compile_stack(folder / SPEC)
        documents(compiled, ("prometheus-operator", "prometheus"))
    except Diagnosed as mistakes:
        return _refused(mistakes.diagnostics)
    for rule in compiled.bundle.alerts:
        deque(mutants(rule, compiled.bundle.recordings), maxlen=0)
    _shown(judged(compiled.stack, compiled.bundle, Tools(None, None, ())))
    return ACCEPTED


def _command(folder: Path) -> Outcome:
    """One of the commands that read a spec, chosen by the spec's own bytes."""
    arguments = _COMMANDS[zlib.crc32((folder / SPEC).read_bytes()) % len(_COMMANDS)]
    done = CliRunner().invoke(main, arguments)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    if done.exit_code not in (0, 1, 2):
        return Outcome("bad", f"exit {done.exit_code} of {arguments[0]}", done.output)
    return ACCEPTED if done.exit_code == 0 else Outcome("refused", _first_code(done.output))


def _objectives(folder: Path) -> Outcome:
    """Objectives of another tool; what they become is a part of a spec, or is refused as one."""
    found = import_objectives(sorted(folder.glob("*.yaml")))
    _shown(found.findings)
    if found.text:
        (folder / "imported.yaml").write_text(HEAD + found.text, encoding="utf-8")
        try:
            load_spec(folder / "imported.yaml")
        except Diagnosed as mistakes:
            return _refused(mistakes.diagnostics)
    return ACCEPTED if found.complete else _refused(found.findings)


def _values(folder: Path) -> Outcome:
    """What a chart was installed with."""
    try:
        _shown(read_chart_values(folder / "values.yaml").findings)
    except Diagnosed as mistakes:
        return _refused(mistakes.diagnostics)
    return ACCEPTED


def _routing(folder: Path) -> Outcome:
    """An `alertmanager.yaml` compared with the one it comes from."""
    (new,) = (path for path in folder.glob("*.yaml") if path.name != OLD)
    try:
        found = routes_diff(folder / OLD, new)
    except Diagnosed as mistakes:
        return _refused(mistakes.diagnostics)
    for form in ("text", "json"):
        render_route_diff(found, form)
    return ACCEPTED


def _manifest(folder: Path) -> Outcome:
    """A folder whose list of our files somebody changed, and what stands beside it."""
    wanted = [Document("rules/new.yaml", "groups: []\n")]
    try:
        for change in changes(folder / OUTPUT, wanted):
            change.unified()
        write(folder / OUTPUT, wanted)
        outcome = ACCEPTED
    except Diagnosed as mistakes:
        outcome = _refused(mistakes.diagnostics)
    kept = folder / KEPT
    return outcome if kept.is_file() and kept.read_text() == OURS else Outcome("bad", "a file outside was touched")


class _Mutant(BaseAdapter):
    """A server whose every answer is the file."""

    def __init__(self, body: bytes) -> None:
        super().__init__()
        self._body = body

    def send(self, request: Any, **_: Any) -> requests.Response:
        response = requests.Response()
        response.status_code, response.url, response.request = 200, request.url, request
        response.raw = HTTPResponse(BytesIO(self._body), status=200, preload_content=False)
        return response

    def close(self) -> None:
        """Nothing is open."""


def _answer(folder: Path) -> Outcome:
    """A server's answer, read as each kind of question reads it."""
    session = requests.Session()
    session.mount("http://", _Mutant((folder / "answer.json").read_bytes()))
    refusals = []
    with Prometheus("http://127.0.0.1", session=session, retries=Retries(attempts=1)) as server:
        asked: tuple[Callable[[], Any], ...] = (
            lambda: server.instant("up").samples,
            lambda: server.range("up", start=0, end=60, step=60).series,
            server.server_time,
            lambda: server.metric_names(["up"], start=0, end=60),
        )
        for ask in asked:
            try:
                ask()
            except PrometheusError as error:
                refusals.append(type(error).__name__)
    return ACCEPTED if len(refusals) < len(asked) else Outcome("refused", refusals[0])


def _samples(folder: Path) -> Outcome:
    """A file of OpenMetrics, as far as obsgen reads it itself."""
    try:
        newest_sample(folder / "samples.om")
    except OfflineFailed:
        return Outcome("refused", "OfflineFailed")
    return ACCEPTED


def _refused(findings: Sequence[Diagnostic]) -> Outcome:
    _shown(findings)
    return Outcome("refused", findings[0].code if findings else "")


def _shown(findings: Sequence[Diagnostic]) -> None:
    for form in _FORMATS:
        render_findings(findings, form)


def _first_code(output: str) -> str:
    start = output.find("OBS")
    return output[start : start + 6] if start >= 0 else ""


READERS: dict[str, Callable[[Path], Outcome]] = {
    "spec": _spec,
    "command": _command,
    "objectives": _objectives,
    "values": _values,
    "routing": _routing,
    "manifest": _manifest,
    "answer": _answer,
    "samples": _samples,
}
