"""Files that stand for more than they hold, or nest without an end: refused at their place, and soon."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.hostile.ended import Ended, assert_bounded, ended

HEAD = """\
apiVersion: obsgen.dev/v1
kind: MonitoringStack
metadata: {name: hostile}
environment:
  cluster: prod
  runbooks: {base_url: "https://git.example.com/runbooks"}
routing:
  default: on-call
  receivers: {on-call: {webhook: {url: "http://hooks.example.com/alerts"}}}
"""


def doubled(first: str, more: str) -> str:
    """Eleven lines, each of which stands nine times for the one before."""
    lines = (f"a{n}: &a{n} {more.format(','.join([f'*a{n - 1}'] * 9))}\n" for n in range(1, 12))
    return f"a0: &a0 {first}\n{''.join(lines)}"


def alerting_on(expr: str) -> str:
    return (
        f"{HEAD}  teams: {{shop: {{P1: on-call}}}}\n"
        "applications:\n  orders:\n    team: shop\n    namespace: shop\n    alerts:\n"
        f"      OrdersFailing: {{severity: warning, summary: s, description: d, for: 5m, expr: '{expr}'}}\n"
    )


def scraping_every(interval: str) -> str:
    return HEAD.replace("environment:\n", f"environment:\n  prometheus: {{scrape_interval: {interval}}}\n")


def each_ended(folder: Path, texts: Mapping[str, str], *command: str) -> dict[str, Ended]:
    """How the command ends with each text, which stands in a file `<number>.yaml` that takes the place of FILE."""
    commands = []
    for number, text in enumerate(texts.values()):
        (folder / f"{number}.yaml").write_text(text)
        commands.append([f"{number}.yaml" if word == "FILE" else word for word in command])
    return dict(zip(texts, ended(folder, commands), strict=False))


LAUGHS = doubled("[x,x,x,x,x,x,x,x,x]", "[{}]")
# What stands in the spec, and the finding that refuses it.
SPECS = {
    "aliases of aliases": (HEAD + LAUGHS, "OBS118"),
    "an alias inside itself": (f"{HEAD}kubernetes: &a {{etcd: *a}}\n", "OBS105"),
    "a hundred thousand components": (
        f"{HEAD}kubernetes:\n{''.join(f'  c{n}: {{pack: etcd}}' + chr(10) for n in range(100_000))}",
        "OBS118",
    ),
    "brackets without an end": ("[" * 50_000, "OBS117"),
    "braces without an end": ("{" * 50_000, "OBS117"),
    "dashes on one line": ("- " * 50_000, "OBS117"),
    "question marks on one line": ("? " * 50_000, "OBS117"),
    "a thousand levels by indentation": ("".join(f"{' ' * n}a:\n" for n in range(1000)), "OBS117"),
    "a hundred thousand documents": ("---\n" * 100_000, "OBS102"),
    "a number of 5,000 digits": (f"{HEAD}capacity: {'9' * 5000}\n", "OBS120"),
    "a number beyond floats": (f"{HEAD}capacity: 1e999\n", "OBS120"),
    "a name of 5 MB": (HEAD.replace("prod", "n" * 5_000_000), "OBS119"),
    "a key of 5 MB": (f"{HEAD}? {'n' * 5_000_000}\n: 1\n", "OBS119"),
    "40,000 unknown fields": (HEAD + "".join(f"environmen{n}: 1\n" for n in range(40_000)), "OBS121"),
    "a scrape every 106751 days": (scraping_every("106751d"), "OBS114"),
    "a scrape every month": (scraping_every("31d"), "OBS116"),
    "no time between scrapes": (scraping_every("0s"), "OBS116"),
    "a wait of 300 years": (f"{HEAD}kubernetes: {{etcd: {{alerts: {{EtcdNoLeader: {{for: 300y}}}}}}}}\n", "OBS114"),
    "a wait of a year": (f"{HEAD}kubernetes: {{etcd: {{alerts: {{EtcdNoLeader: {{for: 1y}}}}}}}}\n", "OBS116"),
    "a threshold of 1e308": (f"{HEAD}infrastructure: {{node: {{thresholds: {{load_per_cpu: 1e308}}}}}}\n", "OBS114"),
    "20,000 parentheses": (alerting_on("(" * 20_000 + "x" + ")" * 20_000), "OBS230"),
    "50,000 minus signs": (alerting_on("-" * 50_000 + "x"), "OBS230"),
    "a chain of 5,000 sums": (alerting_on("+".join(["x"] * 5000)), "OBS230"),
    "a range of 300 years": (alerting_on("rate(x[300y]) > 1"), "OBS230"),
    "a pattern of 3,000 groups": (alerting_on(f'x{{a=~"{"(" * 3000}{")" * 3000}"}} > 1'), "OBS230"),
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Ended]:
    texts = {name: text for name, (text, _) in SPECS.items()}
    return each_ended(tmp_path_factory.mktemp("specs"), texts, "build", "FILE", "-o", "out")


@pytest.mark.parametrize("name", SPECS)
def test_a_spec_that_is_a_bomb_is_refused_at_its_place(name: str, built: Mapping[str, Ended]) -> None:
    done = built[name]
    assert done.code == 2, done.output[-2000:]
    assert f"error {SPECS[name][1]}: " in done.output
    assert ".yaml:" in done.output
    assert_bounded(done)


EXPRESSIONS = {
    "parentheses": "(" * 95 + "x" + ")" * 95 + " > 1",
    "signs": "-" * 95 + "x > 1",
    "sums": "+".join(["x"] * 95) + " > 1",
    "alternatives": " or ".join(f"x{n} > 1" for n in range(48)),
    "calls": "abs(" * 95 + "x" + ")" * 95 + " > 1",
    "aggregations": "sum(" * 95 + "x" + ")" * 95 + " > 1",
    "groups of a pattern": f'x{{a=~"{"(" * 95}b{")" * 95}"}} > 1',
    "a pattern with many ways": f'label_replace(x{{a="{"a" * 60}"}}, "b", "$1", "a", "(a|a)*b") > 1',
}


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Ended]:
    texts = {name: alerting_on(expr) for name, expr in EXPRESSIONS.items()}
    return each_ended(tmp_path_factory.mktemp("specs"), texts, "build", "FILE", "-o", "out")


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_what_just_passes_the_bounds_is_followed_to_its_end(name: str, followed: Mapping[str, Ended]) -> None:
    done = followed[name]
    # An alert without a test is refused: what is seen here is that every reader of the expression came to its end.
    assert done.code == 2, done.output[-2000:]
    assert "error OBS230: " not in done.output
    assert_bounded(done)


ROOT_ROUTE = "receivers: [{name: a}]\nroute:\n  receiver: a\n"


def routing(*matchers: str) -> str:
    return ROOT_ROUTE + "  routes:\n" + "".join(f"  - matchers: ['{matcher}']\n" for matcher in matchers)


# What stands in the alertmanager.yaml, and the finding that refuses it; None where it can be compared.
ROUTINGS = {
    "3,000 groups": (routing(f'a=~"{"(" * 3000}x{")" * 3000}"'), "OBS523"),
    "400 routes in one another": (
        f"receivers: [{{name: a}}]\nroute: {'{receiver: a, routes: [' * 400}{']}' * 400}\n",
        "OBS117",
    ),
    "a route in itself": ("receivers: [{name: a}]\nroute: &r {receiver: a, routes: [*r]}\n", "OBS105"),
    "a mapping merged into itself": ("receivers: [{name: a}]\nroute: &r {receiver: a, <<: *r}\n", "OBS105"),
    "merges of merges": (doubled("{x: 1}", "{{<<: [{}]}}") + ROOT_ROUTE, "OBS118"),
    "brackets without an end": ("[" * 50_000, "OBS117"),
    "a wait of 300 years": (ROOT_ROUTE + "  group_wait: 300y\n", "OBS522"),
    "repeats of repeats": (routing(f'a=~"{"(" * 4}(){{1000}}{"){1000}" * 4}"'), "OBS522"),
    "a pattern that looks back": (routing('a=~"(a*)\\\\1"'), "OBS522"),
    "a list for a key": ("? [a]\n: 1\nroute: 1\n", "OBS105"),
    "a pattern with many ways": (routing('a=~"(a|a)*b"', f'a="{"a" * 60}"'), None),
    "repeats in a repeat": (routing('a=~"(a+)+b"', f'a="{"a" * 60}"'), None),
}


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Ended]:
    folder = tmp_path_factory.mktemp("routings")
    (folder / "plain.yaml").write_text(ROOT_ROUTE)
    return each_ended(
        folder, {name: text for name, (text, _) in ROUTINGS.items()}, "routes", "diff", "FILE", "plain.yaml"
    )


@pytest.mark.parametrize("name", ROUTINGS)
def test_a_routing_that_is_a_bomb_ends_in_a_message_or_an_answer(name: str, compared: Mapping[str, Ended]) -> None:
    done, code = compared[name], ROUTINGS[name][1]
    assert done.code == (2 if code else 1), done.output[-2000:]
    assert code is None or f"error {code}: " in done.output
    assert_bounded(done)


OBJECTIVES = {
    "brackets without an end": ("[" * 50_000, "OBS117"),
    "aliases of aliases": (LAUGHS, "OBS118"),
    "a hundred thousand documents": ("---\na: 1\n" * 100_000, "OBS118"),
    "a mapping merged into itself": ("version: prometheus/v1\nservice: &s\n  <<: *s\n", "OBS105"),
    "20,000 parentheses": (
        "version: prometheus/v1\nservice: s\nslos: [{name: n, objective: 99, sli: {events: {error_query: '%s', "
        "total_query: t}}}]\n" % ("(" * 20_000),
        "OBS230",
    ),
}


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Ended]:
    texts = {name: text for name, (text, _) in OBJECTIVES.items()}
    return each_ended(tmp_path_factory.mktemp("objectives"), texts, "objectives", "import", "FILE")


@pytest.mark.parametrize("name", OBJECTIVES)
def test_objectives_that_are_a_bomb_are_refused_at_their_place(name: str, imported: Mapping[str, Ended]) -> None:
    done = imported[name]
    assert done.code == 2, done.output[-2000:]
    assert f"error {OBJECTIVES[name][1]}: " in done.output
    assert ".yaml:" in done.output
    assert_bounded(done)


def test_a_base_that_is_extended_twice_by_each_above_it_is_not_read_without_an_end(tmp_path: Path) -> None:
    for step in range(40):
        (tmp_path / f"b{step}.yaml").write_text(f"extends: [b{step + 1}.yaml, b{step + 1}.yaml]\n")
    (tmp_path / "b40.yaml").write_text("metadata: {name: last}\n")
    [done] = ended(tmp_path, [["validate", "b0.yaml"]])
    assert done.code == 2
    assert "error OBS118: " in done.output
    assert_bounded(done)
