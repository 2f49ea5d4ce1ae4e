"""What a stranger wrote is shown, and shown only: no terminal, log, table or page takes it for more than text."""

from __future__ import annotations

import ast
import csv
import json
import os
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml
from click.testing import CliRunner
from markdown_it import MarkdownIt
from rich.console import Console

from obsgen.check.verdict import Proved
from obsgen.cli import main
from obsgen.diagnostics import Diagnostic, Location
from obsgen.printable import powerless, printable, throughout
from obsgen.report.columns import columns
from obsgen.report.findings import render_findings
from obsgen.report.objectives_table import objectives_table
from obsgen.report.proofs import render_proofs
from tests.diagnostics.case import BASE
from tests.hostile.served import strange_prometheus

ROOT = Path(__file__).parents[2]
# Escape, title of the window, bell, backspace, return, 8-bit CSI, right-to-left, zero width, lines, and what
# CI systems, spreadsheets, Markdown and HTML would obey.
ATTACK = (
    "=1+1\x1b[2J\x1b]0;owned\x07\b\r\x9b31m\u202etxt\u200b\u2028\ufeff\x7f\n::error file=x::owned\n"
    "##[add-mask]a ##vso[task.complete]|![i](http://track.example/i.png)[l](javascript:x) `@everyone` "
    "www.track.example <img src=x onerror=alert(1)></script><script>alert(1)</script>"
)


def run(*arguments, code=None):
    """What the command prints, which must be harmless."""
    ended = CliRunner().invoke(main, list(map(str, arguments)))
    assert ended.exception is None or isinstance(ended.exception, SystemExit), ended.exception
    assert ended.exit_code in ((0, 1, 2) if code is None else (code,)), ended.output
    is_harmless(ended.output)
    return ended.output


def is_harmless(text):
    assert text == printable(text)
    assert text == powerless(text)


@pytest.fixture(scope="module")
def reports():
    """The report on a hostile server, in each form."""
    with strange_prometheus(ATTACK) as url:
        forms = ("text", "json", "csv", "markdown", "html")
        return {form: run("capacity", "--url", url, "--allow-partial", "--format", form, code=0) for form in forms}


@pytest.mark.parametrize("form", ["text", "csv", "markdown", "html"])
def test_a_label_of_a_live_server_is_shown_written_out(reports, form):
    assert "u001b" in reports[form]
    assert "u202e" in reports[form]


def test_json_still_means_what_the_server_said(reports):
    report = json.loads(reports["json"])
    assert report["nodes"][0]["node"] == ATTACK
    assert any(" ".join(ATTACK.split()) in warning or ATTACK in warning for warning in report["warnings"])


def test_no_cell_of_a_csv_is_a_formula(reports):
    head, *rows = csv.reader(StringIO(reports["csv"]))
    assert rows
    assert all(len(row) == len(head) for row in rows)
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


def test_markdown_has_no_link_no_image_no_mention_and_no_html(reports):
    tokens = MarkdownIt("commonmark").enable("table").parse(reports["markdown"])
    inline = [child for token in tokens for child in token.children or ()]
    assert {token.type for token in inline} <= {"text", "text_special", "strong_open", "strong_close", "html_inline"}
    assert {token.content for token in inline if token.type == "html_inline"} == {"<!-- -->"}
    assert not [token for token in tokens if token.type == "html_block"]
    written = "".join(token.content for token in inline if token.type in ("text", "text_special"))
    assert "<img src=x onerror=alert(1)>" in written
    for linked in ("@everyone", "http://", "www.track"):
        assert linked not in reports["markdown"]


class _Elements(HTMLParser):
    """The names of a page's elements, and their attributes."""

    def __init__(self, page):
        super().__init__()
        self.names, self.attributes = set(), set()
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.names.add(tag)
        self.attributes |= {name for name, _ in attrs}


def test_a_page_has_no_element_of_a_strangers_making(reports):
    page = _Elements(reports["html"])
    assert not page.names & {"script", "img", "a", "iframe", "object"}
    assert not [name for name in page.attributes if name.startswith("on")]
    assert "default-src 'none'" in reports["html"]


def test_what_a_server_says_against_a_query_is_shown_written_out():
    with strange_prometheus(ATTACK) as url:
        said = run("capacity", "--url", url, "--namespace", "refused", code=2)
    assert "\\u001b]0;owned" in said


def test_a_report_on_objectives_shows_labels_written_out(objectives_report):
    names = {"orders", "success", "prod-sh", "/list"}
    strange = throughout(objectives_report, lambda text: ATTACK if text in names else text)
    console = Console(file=StringIO(), width=4000)
    objectives_table(strange, console)
    text = console.file.getvalue()
    assert "u001b" in text
    assert printable(text) == text


def test_columns_stay_columns_whatever_stands_in_them():
    lines = columns([("a", "x"), ("節点", "x"), ("\x1b[31m", "x"), ("e\u0301", "x")])
    assert lines == ["a           x", "節点        x", "\\u001b[31m  x", "e\u0301           x"]


@pytest.fixture
def spec(tmp_path, monkeypatch):
    """A spec and a pack with the attack in every text that people write."""
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    pack = tmp_path / "packs" / "kubernetes" / "queue" / "pack.yaml"
    body = yaml.safe_load(pack.read_text())
    body["title"] = body["about"] = body["signals"]["depth"]["title"] = ATTACK
    for alert in body["alerts"].values():
        alert["summary"] = alert["description"] = ATTACK
    for threshold in body["thresholds"].values():
        threshold["about"] = ATTACK
    pack.write_text(yaml.safe_dump(body))
    path = tmp_path / "base.yaml"
    whole = yaml.safe_load(path.read_text())
    whole["environment"]["cluster"] = ATTACK
    whole["environment"]["runbooks"]["base_url"] = f"https://git.example.com/{ATTACK}"
    whole["metadata"]["team"] = whole["metadata"]["labels"] = ATTACK
    path.write_text(yaml.safe_dump(whole))
    return path


def _with_attack(spec, *path, value=ATTACK):
    whole = yaml.safe_load(spec.read_text())
    place = whole
    for step in path[:-1]:
        place = place.setdefault(step, {})
    place[path[-1]] = value
    spec.write_text(yaml.safe_dump(whole))


def test_every_mistake_of_a_spec_is_shown_written_out_in_every_form(spec):
    for step in ("name", "distribution", "installation"):
        _with_attack(spec, "environment", step)
    _with_attack(spec, "kubernetes", ATTACK, value={"pack": ATTACK})
    _with_attack(spec, "routing", "default")
    for form in ("text", "json", "sarif"):
        assert "u001b" in run("validate", spec, "--format", form, "--allow-missing-tools", code=2)


@pytest.mark.parametrize(
    "command",
    [
        ("build", "-o", "out"),
        ("diff", "-o", "out"),
        ("validate", "--allow-missing-tools"),
        ("secrets",),
        ("explain", "QueueDeep"),
        ("routes", "show", "QueueDeep"),
        ("routes", "prove"),
        ("packs", "--spec"),
        ("objectives", "export"),
    ],
    ids=" ".join,
)
def test_no_command_on_a_spec_prints_what_it_says_raw(spec, command):
    whole = yaml.safe_load(spec.read_text())
    del whole["metadata"]["labels"], whole["metadata"]["team"]
    spec.write_text(yaml.safe_dump(whole))
    name, *rest = command
    run(name, *rest, spec)


def test_a_manifest_still_holds_what_the_spec_says(spec):
    whole = yaml.safe_load(spec.read_text())
    del whole["metadata"]["labels"], whole["metadata"]["team"]
    whole["environment"]["cluster"] = "prod"
    pack = Path("packs/kubernetes/queue/pack.yaml")
    body = yaml.safe_load(pack.read_text())
    for alert in body["alerts"].values():
        alert["summary"] = "A queue is deep."
    pack.write_text(yaml.safe_dump(body))
    whole["environment"]["runbooks"]["base_url"] = "https://git.example.com/runbooks"
    spec.write_text(yaml.safe_dump(whole))
    run("build", spec, "-o", "out", "-t", "prometheus", code=0)
    texts = [path.read_text() for path in Path("out/rules").glob("*.yaml")]
    rules = [rule for text in texts for group in yaml.safe_load(text)["groups"] for rule in group["rules"]]
    # A description is one paragraph.
    assert " ".join(ATTACK.split()) in [rule["annotations"]["description"] for rule in rules if "alert" in rule]
    for text in texts:
        is_harmless(text)


@pytest.mark.parametrize(
    "arguments",
    [
        (ATTACK,),
        (f"--{ATTACK}",),
        ("capacity", "--by", ATTACK),
        ("capacity", "--demo", "--format", ATTACK),
        ("explain", ATTACK),
        ("explain", "OBS999"),
        ("packs", ATTACK),
        ("new", "pack", f"x/{ATTACK}"),
        ("simulate", "--out", "x", "--trap", ATTACK),
        ("validate", ATTACK.replace("/", "")),
        ("validate", "\udcff\udc9b.yaml"),
        ("validate", "missing.yaml", "--format", "sarif"),
        ("routes", "diff", "\x1b[31m", "b\u202e"),
        ("objectives", "import", "\x1b[31m.yaml"),
        ("preview", "\x1b.yaml", "--demo"),
    ],
    ids=lambda arguments: arguments[0][:8].strip("=1+-\x1b"),
)
def test_what_was_typed_is_not_repeated_raw(arguments, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run(*arguments, code=2)


def test_a_file_with_a_strange_name_is_named_on_one_line(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = Path("a\n::error::b\x1b.yaml")
    path.write_text("kind: [")
    said = run("validate", path, code=2)
    assert said.startswith("a\\n::error::b\\u001b.yaml:2:1: error")


def test_a_pull_request_gets_one_command_for_each_finding():
    place = Location("a,line=9:b%\n::stop-commands::x.yaml", 3, 1, "x")
    text = render_findings(
        [Diagnostic("OBS101", "one\n::set-output name=a::b\r::error::c\x1b", place, "100%\n::")], "github"
    )
    assert text == (
        "::error file=a%2Cline=9%3Ab%25%0A%3A%3Astop-commands%3A%3Ax.yaml,line=3,col=1,title=OBS101"
        "::one%0A::set-output name=a::b%0D::error::c\\u001b (100%25%0A::)"
    )


def test_a_message_can_imitate_no_line_of_ours():
    forged = "gone\nb.yaml:1:1: error OBS999: forged\n  hint: pipe it to a shell"
    shown = str(Diagnostic("OBS101", forged, Location("a.yaml", 1, 3, "\x1b節: x"), "first\nsecond"))
    assert shown.splitlines() == [
        "a.yaml:1:3: error OBS101: gone",
        "    b.yaml:1:1: error OBS999: forged",
        "    hint: pipe it to a shell",
        "  1 | \\u001b節: x",
        "    |         ^",
        "  hint: first",
        "    second",
    ]


def test_sarif_has_no_link_and_a_valid_address():
    found = Diagnostic("OBS101", "see [here](https://evil.example)", Location("a b%/c#d.yaml", 1, 1))
    (result,) = json.loads(render_findings([found], "sarif"))["runs"][0]["results"]
    assert result["message"]["text"] == "see \\[here\\](https://evil.example)"
    place = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place["uri"] == "a%20b%25/c%23d.yaml"


def test_a_junit_report_of_anything_is_xml():
    found = Diagnostic("OBS452", ATTACK + "\ud800\ufffe\x00")
    text = powerless(printable(render_proofs(Proved(1, 1, 0, (found,)), "junit")))
    (failure,) = ElementTree.fromstring(text).iter("failure")
    assert "\\u001b" in failure.text


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "utf-8"])
def test_a_terminal_of_any_encoding_gets_the_text(encoding):
    command = [sys.executable, "-c", "from obsgen.cli import main; main()", "节\x1b"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": encoding}
    ended = subprocess.run(command, capture_output=True, env=environment, timeout=60, check=False)
    assert ended.returncode == 2
    assert b"Traceback" not in ended.stderr
    assert b"\x1b" not in ended.stderr


def test_a_dashboards_page_runs_its_own_script_only(tmp_path, monkeypatch):
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    attack = ATTACK.replace("\n", " ")
    with strange_prometheus(attack) as url:
        run("preview", "base.yaml", "--url", url, "--html", "pages")
    pages = [path.read_text(encoding="utf-8") for path in Path("pages").glob("*-*.html")]
    assert any("u001b" in page for page in pages)
    for page in pages:
        assert page == printable(page)
        assert _Elements(page).names.isdisjoint({"img", "iframe", "object"})
        assert page.count("<script") == 3
        assert not [name for name in _Elements(page).attributes if name.startswith("on")]
        assert "script-src 'self' 'sha256-" in page


def test_every_command_prints_through_one_door():
    """So that a new command cannot forget."""
    package = ROOT / "obsgen"
    texts = {path.relative_to(package).as_posix(): path.read_text(encoding="utf-8") for path in package.rglob("*.py")}
    found = [
        f"{path}:{call.lineno}"
        for path, text in texts.items()
        if any(f"{door}(" in text for door in _DOORS)
        for call in ast.walk(ast.parse(text))
        if isinstance(call, ast.Call)
        and ast.unparse(call.func) in _DOORS
        and path not in _DOORS[ast.unparse(call.func)]
    ]
    assert found == []


_DOORS = {
    "click.echo": ("cli/output.py",),
    "click.secho": (),
    "click.echo_via_pager": (),
    "click.get_text_stream": (),
    "print": (),
    "sys.stdout.write": (),
    "sys.stderr.write": (),
    "sys.stdout.buffer.write": (),
    "Console": ("cli/output.py",),
    "Markup": ("preview/page.py", "report/capacity_html.py"),
    "Environment": ("report/pages.py", "spec/sandbox.py"),
    "PackageLoader": ("report/pages.py",),
}
