"""Coverage of a stranger's server: bounded in time and words, and nothing of the server's is more than text."""

from __future__ import annotations

import json
import re
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from markdown_it import MarkdownIt

from obsgen.cli import main
from obsgen.live.coverage.likeness import Likeness
from obsgen.printable import powerless, printable
from tests.diagnostics.case import BASE
from tests.hostile.answering import Answer, Asked, Server, running, success, vector
from tests.hostile.test_escape_sequences import ATTACK

_MARKED = re.compile(r'label_replace\((.+?),"asked","([0-9]+)","",""\)')
_BY = re.compile(r"by \(([^)]*)\)")
Series = Callable[[str], list[dict[str, str]]]


@pytest.fixture
def server() -> Iterator[Server]:
    with running() as one:
        yield one


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    return tmp_path / "base.yaml"


def elsewhere(value: str) -> Series:
    """Every metric is there, and every label of it and of all targets has this value."""

    def of(expr: str) -> list[dict[str, str]]:
        if grouped := _BY.search(expr):
            return [dict.fromkeys(grouped[1].split(", "), value)]
        return [{}] if re.fullmatch(r"count\(\w+\)", expr) else []

    return of


def gone(expr: str) -> list[dict[str, str]]:
    """The targets are up, and none of their metrics is there."""
    return [{"job": "queue"}] if " by " in expr and "== 0" not in expr else []


def answering(series: Series, names: list[object]) -> Callable[[Asked], Answer]:
    def answer(asked: Asked) -> Answer:
        now = time.time()
        if asked.path.endswith("/values"):
            return success(names)
        if asked.path.endswith("/rules"):
            rule = {"name": ATTACK, "type": "recording", "health": "err", "lastError": ATTACK}
            return success({"groups": [{"rules": [rule]}]})
        if asked.query == "time()":
            return success({"resultType": "scalar", "result": [now, str(now)]})
        found = [{**labels, "asked": mark} for expr, mark in _MARKED.findall(asked.query) for labels in series(expr)]
        return vector(*({"metric": labels, "value": [now, "3"]} for labels in found))

    return answer


def report(server: Server, spec: Path, form: str = "text") -> str:
    done = CliRunner().invoke(main, ["coverage", str(spec), "--url", server.url, "--format", form])
    assert isinstance(done.exception, SystemExit), done.exception
    assert done.exit_code == 1
    assert done.output == printable(done.output) == powerless(done.output)
    return done.output


@pytest.mark.parametrize("form", ["text", "markdown", "html", "json"])
def test_a_label_of_a_server_is_text_in_every_form(server, spec, form):
    server.answer = answering(elsewhere(ATTACK), [])
    said = report(server, spec, form)
    if form == "json":
        assert json.loads(said)["alerts"][0]["missing"][0]["cause"] == f"the job is '{ATTACK[:200]}…' here, not 'queue'"
        return
    assert "=1+1" in said
    if form == "html":
        assert "<script" not in said
        assert "<img" not in said
    if form == "markdown":
        tokens = MarkdownIt("commonmark").enable("table").parse(said)
        inline = {(child.type, child.content) for token in tokens for child in token.children or ()}
        assert {kind for kind, _ in inline} <= {"text", "text_special", "strong_open", "strong_close", "html_inline"}
        assert {content for kind, content in inline if kind == "html_inline"} == {"<!-- -->"}


def test_a_label_of_any_length_is_cut_and_no_selector_is_made_of_it(server, spec):
    server.answer = answering(elsewhere("a" * 100_000), [])
    said = report(server, spec)
    assert "aaa…' here, not 'queue'" in said
    assert 'relabel the target, so that its series have job="queue"' in said
    assert len(said) < 10_000


def test_what_a_server_lists_beside_names_is_no_name(server, spec):
    server.answer = answering(gone, [1, None, True, "", "a b", "x" * 10_000, "queue_depht"])
    assert "the server has queue_depht, but no queue_depth" in report(server, spec)


def test_more_kinds_of_targets_than_anybody_has_are_one_message(server, spec):
    def crowded(expr: str) -> list[dict[str, str]]:
        return [{"job": f"j{n}"} for n in range(20_001)] if expr.endswith(" (up)") else []

    server.answer = answering(crowded, [])
    done = CliRunner().invoke(main, ["coverage", str(spec), "--url", server.url])
    assert done.exit_code == 2
    assert "has more than 20,000 kinds of targets, by job" in done.output


class Counted(str):
    """A name that counts how often one is taken apart."""

    times = 0

    def split(self, *given, **named):
        Counted.times += 1
        return super().split(*given, **named)


def test_a_name_is_compared_with_those_that_share_a_word_and_with_no_other():
    likeness = Likeness([Counted(f"{first}_x_{last}") for first in "abcdefghij" for last in "abcdefghij"])
    Counted.times = 0
    assert likeness.of("a_x_zz", ()) is None
    assert Counted.times == 10
