"""Templates of strangers compute a value or are refused: they run nothing, read nothing and take no time."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from obsgen.cli import main
from obsgen.limits import RENDERED_CHARACTERS
from obsgen.spec.expression.fault import TemplateFault
from obsgen.spec.template import evaluate, render
from tests.hostile.ended import assert_bounded, ended

ROOT = Path(__file__).parents[2]
NAMES = {"v": 2.0, "g": {"a": 1.5, "s": "text"}, "l": [1, 2]}


REACHING = [
    "cycler.__init__.__globals__.os.system('touch {mark}')",
    "lipsum.__globals__['os'].system('touch {mark}')",
    "self.__init__.__globals__.__builtins__.open('{mark}', 'w')",
    "''.__class__.__mro__[1].__subclasses__()",
    "v.__class__",
    "v.real",
    "g.items()",
    "g['__class__']",
    "g.s.upper",
    "l.append(1)",
    "(l | first).__class__",
    "'%s' % g",
    "'{{0.__class__}}'.format(v)",
    "v | attr('__class__')",
    "l | map(attribute='__class__')",
    "namespace(x=1)",
    "dict(x=1)",
    "range(3)",
    "joiner",
    "caller()",
]
ENDLESS = [
    "'x' * 10 ** 9",
    "'x' * 10 ** 5 * 10 ** 5",
    "9 ** (9 ** 9)",
    "2 ** 5000",
    "10.0 ** 400",
    "0.0000001 ** -400",
    "'%999999999d' % 1",
    "'%.999999999f' % 1",
    "1 | round(999999999)",
    "1e400",
    "1" * 1500,
    "(" * 500 + "1" + ")" * 500,
    "1" + " + 1" * 400,
    "v" + " | int" * 300,
    "l" + "[0]" * 400,
    "[" * 500 + "]" * 500,
    "v" * 100_000,
    "('" + "1 " * 900 + "' * 140 | split | join('" + "x" * 900 + "'))",
]
NESTED = "<% set x = [1] %>" + "<% set x = [x, x] %>" * 60
LOOPING = "<% set x = 'x ' * 130000 %><% for i in ('x ' * 9000) | split %>${{{}}}<% endfor %>"
BLOCKS = [
    "<% for i in range(10**9) %>x<% endfor %>",
    "<% for i in 'x' * 1000 %>x<% endfor %>",
    "<% for a in l %>" * 18 + "x" + "<% endfor %>" * 18,
    "<% for a in l %>" * 30 + "x" + "<% endfor %>" * 30,
    "<% for a in l recursive %>${loop(l)}<% endfor %>",
    "<% set x = 'aaaaaaaa' %>" + "<% set x = x ~ x %>" * 60 + "${x}",
    "<% set x = 'aaaaaaaa' %>" + "<% set x = x + x %>" * 60 + "${x}",
    "<% set x = 'aaaaaaaa' %>" + "<% set x = [x, x] | join %>" * 60 + "${x}",
    "<% set x = [1] %><% set y = [1] %>"
    + "<% set x = [x, x] %><% set y = [y, y] %>" * 60
    + "<% if x == y %>a<% endif %>",
    "<% set x = [1] %>" + "<% set x = [x, x] %>" * 60 + "${x}",
    "<% set x = 9 %>" + "<% set x = x ** 9 %>" * 20 + "${x}",
    "<% macro f() %>${f()}<% endmacro %>${f()}",
    "<% include '/etc/passwd' %>",
    "<% import '/etc/passwd' as x %>",
    "<% from 'os' import system %>",
    "<% extends '/etc/passwd' %>",
    "<% block x %><% endblock %>",
    "<% call x() %><% endcall %>",
    "<% filter upper %>x<% endfilter %>",
    "<% with x = 1 %>${x}<% endwith %>",
    "<% autoescape true %>x<% endautoescape %>",
    "<% set __rounds = 1 %>",
    "<% set x.y = 1 %>",
    "<% if " + "(" * 3000 + "1" + ")" * 3000 + " %>x<% endif %>",
    "<% if " + "not " * 3000 + "1 %>x<% endif %>",
    "<% if 1 %>" * 900 + "<% endif %>" * 900,
    "<% if v %>" + "x" * 20_000 + "<% endif %>",
    "<% if v %>",
    "<# never closed",
    "<% set x = ( %>",
    NESTED + "${g[x]}",
    NESTED + "${x[x]}",
    NESTED + "${'abc'[x]}",
    LOOPING.format("x | split | join | length"),
    LOOPING.format("'y' in x"),
    LOOPING.format("x[::-1] | length"),
    LOOPING.format("x | split('x') | max"),
    "<% set l = ('x ' * 9000) | split %><% for i in l %>" + "${1}" * 3000 + "<% endfor %>",
    "<% set l = ('x ' * 131072) | split %>",
    "${'\\ud800'}<# half a character #>",
]


@pytest.mark.parametrize("expression", REACHING)
@pytest.mark.parametrize("form", ["${{{}}}", "<% if v %>${{{}}}<% endif %>", "<% set x = {} %>${{x}}"])
def test_nothing_of_python_is_in_reach(expression: str, form: str, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    with pytest.raises(TemplateFault):
        render(form.format(expression.format(mark=mark)), NAMES)
    assert not mark.exists()


@pytest.mark.parametrize("expression", ENDLESS, ids=range(len(ENDLESS)))
@pytest.mark.parametrize("form", ["${{{}}}", "<% if v %>${{{}}}<% endif %>"], ids=["expression", "block"])
def test_what_would_take_for_ever_is_refused_at_once(expression: str, form: str) -> None:
    with pytest.raises(TemplateFault):
        print(len(render(form.format(expression), NAMES)))


@pytest.mark.parametrize("expression", ENDLESS, ids=range(len(ENDLESS)))
def test_a_formula_is_as_bounded_as_a_text(expression: str) -> None:
    with pytest.raises(TemplateFault):
        print(evaluate("${" + expression + "}", NAMES))


@pytest.mark.parametrize("text", BLOCKS, ids=range(len(BLOCKS)))
def test_blocks_are_bounded_and_few(text: str) -> None:
    with pytest.raises(TemplateFault):
        print(len(render(text, NAMES)))


def test_blocks_do_what_runbooks_need() -> None:
    text = "<% for i in l %>${i}<% if not loop.last %>, <% endif %><% endfor %><% set x = 2 * v %>; ${x}<# gone #>"
    assert render(text, NAMES) == "1, 2; 4.0"


def test_a_text_may_be_as_long_as_the_longest_series_of_a_test() -> None:
    assert len(render("${'1 ' * 130000}", {})) <= RENDERED_CHARACTERS


SPEC = """\
apiVersion: obsgen.dev/v1
kind: MonitoringStack
metadata: {{name: stranger}}
environment: {{cluster: c, runbooks: {{base_url: "https://git.example.com/runbooks"}}}}
routing: {{default: on-call, receivers: {{on-call: {{webhook: {{url: "http://hooks.example.com/alerts"}}}}}}}}
infrastructure:
  node:
    alerts: {{NodeDown: {{description: "{text}"}}}}
"""
QUIET = "${cycler.__init__.__globals__.os.system('touch ran') and None or ''}"
COMMANDS = [
    ["validate", "spec.yaml"],
    ["build", "spec.yaml", "-o", "out"],
    ["diff", "spec.yaml", "-o", "out"],
    ["explain", "NodeDown", "spec.yaml"],
    ["secrets", "spec.yaml"],
    ["routes", "show", "NodeDown", "spec.yaml"],
    ["routes", "prove", "spec.yaml"],
    ["routes", "diff", "spec.yaml", "spec.yaml"],
    ["objectives", "export", "spec.yaml"],
    ["capacity", "--explain", "--spec", "spec.yaml"],
    ["test", "spec.yaml"],
    ["preview", "spec.yaml", "--demo"],
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_no_command_runs_what_a_spec_says(command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "spec.yaml").write_text(SPEC.format(text=QUIET))
    result = CliRunner().invoke(main, command)
    assert result.exit_code == 2
    assert "spec.yaml:8:78: error OBS210: a template cannot be read: nothing can be called like this" in result.output
    assert sorted(path.name for path in tmp_path.iterdir()) == ["spec.yaml"]


def test_many_templates_together_stay_within_bounds(tmp_path: Path) -> None:
    """Each text may be long; thousands of them together end with a message, in time and in memory."""
    alert = "{{expr: up == 0, severity: warning, summary: s, description: \"${{'x' * 250000}}\"}}"
    alerts = "".join(f"      Down{number}: {alert.format()}\n" for number in range(400))
    (tmp_path / "spec.yaml").write_text(
        SPEC.format(text="fine")
        + f"applications:\n  a:\n    team: commerce\n    namespace: shop\n    alerts:\n{alerts}"
    )
    (done,) = ended(tmp_path, [["validate", "spec.yaml"]])
    assert_bounded(done)
    assert done.code == 2, done.output[-300:]
    assert "error OBS210: the templates give more than" in done.output
