"""Secrets that a person wrote where they do not belong: nothing that obsgen prints repeats them."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from obsgen.cli import main
from obsgen.diagnostics import Diagnosed
from obsgen.programs.binaries import TOOLS_VARIABLE, BinaryMissing, find_binary
from obsgen.report.findings import render_findings
from obsgen.secrecy.compared import compared
from obsgen.secrecy.pairs import masked
from obsgen.spec.library import PackFolder, load_pack
from obsgen.spec.load import load_spec
from obsgen.spec.schema import json_schema
from obsgen.spec.source import parse_yaml
from tests.hostile.ended import ROOT
from tests.hostile.every_field import Planted, Steps, canary, fields, planted

FORMS = ("text", "json", "github", "sarif", "junit")
SPEC_FIELDS = fields(json_schema("stack"))
PACK_FIELDS = fields(json_schema("pack"))

Disguise = Callable[[str], Any]


def keeps_secrets(steps: Steps) -> bool:
    """Whether a field is a secret's by its name or by its place, said once more and in other words."""
    by_place = len(steps) > 2 and steps[:2] in (("routing", "receivers"), ("capacity", "clusters"))
    return by_place or str(steps[-1]).endswith(("secret", "_token", "password"))


def written(spec: Planted, folder: Path, *, in_one_line: bool) -> Path:
    path = folder / "spec.yaml"
    text = yaml.safe_dump(spec.content, default_flow_style=in_one_line, width=10**9, sort_keys=False)
    path.write_text(text, encoding="utf-8")
    return path


def everything_said(read: Callable[[], object]) -> str:
    """The mistakes in every form, and as Python shows them."""
    try:
        read()
    except Diagnosed as mistakes:
        rendered = [render_findings(mistakes.diagnostics, form) for form in FORMS]
        return "\n".join([*rendered, str(mistakes), repr(mistakes), repr(mistakes.diagnostics)])
    return ""


WRONG_VALUES: dict[str, Disguise] = {
    "as text": lambda secret: secret,
    "in a list": lambda secret: [secret],
    "in a mapping": lambda secret: {"of": {"another": secret}},
    "as a key": lambda secret: {secret: "value"},
    "on two lines": lambda secret: f"{secret}\nand {secret}",
}


@pytest.mark.parametrize("in_one_line", [False, True], ids=["block", "flow"])
@pytest.mark.parametrize("disguise", WRONG_VALUES.values(), ids=WRONG_VALUES)
def test_no_value_of_a_secret_field_is_repeated(disguise: Disguise, tmp_path: Path, *, in_one_line: bool) -> None:
    wanted = [steps for steps in SPEC_FIELDS if keeps_secrets(steps)]
    for spec in planted(wanted, disguise):
        path = written(spec, tmp_path, in_one_line=in_one_line)
        said = everything_said(lambda path=path: load_spec(path))
        assert said and not spec.sung(said)


SIBLINGS = (
    *("routing_key", "service_key", "password", "passwords", "api_secret", "api_secrets", "bot_token", "authorization"),
    *("private_key", "api_key", "apiKey", "webhook_url", "slack_api_url", "X-Auth-Token", "bearer_token", "pasword"),
)


@pytest.mark.parametrize("disguise", list(WRONG_VALUES.values())[:3], ids=list(WRONG_VALUES)[:3])
def test_an_unknown_field_named_like_a_secret_is_not_repeated_anywhere(disguise: Disguise, tmp_path: Path) -> None:
    mappings = sorted({steps[:-1] for steps in SPEC_FIELDS if isinstance(steps[-1], str)}, key=len)
    beside = [(*steps, SIBLINGS[number % len(SIBLINGS)]) for number, steps in enumerate(mappings)]
    for spec in planted(beside, disguise):
        path = written(spec, tmp_path, in_one_line=False)
        assert not spec.sung(everything_said(lambda path=path: load_spec(path)))


GIVEAWAYS: dict[str, Disguise] = {
    "a user in an address": lambda secret: f"https://robot:{secret}@git.example.com/x",
    "a token in an address": lambda secret: f"https://{secret}@git.example.com/x",
    "a password with a slash and a sign in it": lambda secret: f"https://robot:a/b@{secret}@git.example.com/x",
    "an address without its scheme": lambda secret: f"robot:{secret}@git.example.com",
    "a parameter": lambda secret: f"https://git.example.com/x?access_token={secret}&page=2",
    "a webhook of Slack": lambda secret: f"https://hooks.slack.com/services/T0/B0/{secret}",
    "a webhook of Discord": lambda secret: f"https://discord.com/api/webhooks/1/{secret}",
    "a workflow of Teams": lambda secret: f"https://prod-1.westeurope.logic.azure.com/workflows/{secret}",
    "a header": lambda secret: f"Bearer {secret}",
    "a private key": lambda secret: f"-----BEGIN PRIVATE KEY-----\n{secret}\n-----END PRIVATE KEY-----\n",
    "a token of Slack": lambda secret: f"xoxb-{secret}",
    "a token of GitHub": lambda secret: f"ghp_{secret}",
    "a token of GitLab": lambda secret: f"glpat-{secret}",
    "a token of Grafana": lambda secret: f"glsa_{secret}",
    "a JSON web token": lambda secret: f"eyJhbGciOiJIUzI1NiJ9.{secret}.x",
    "a label": lambda secret: f'up{{api_token="{secret}"}}',
}


@pytest.mark.parametrize("disguise", GIVEAWAYS.values(), ids=GIVEAWAYS)
def test_what_gives_itself_away_is_repeated_from_no_field_of_a_spec(disguise: Disguise, tmp_path: Path) -> None:
    for spec in planted(SPEC_FIELDS, disguise):
        path = written(spec, tmp_path, in_one_line=False)
        said = everything_said(lambda path=path: load_spec(path))
        assert said and not spec.sung(said)


@pytest.mark.parametrize("disguise", GIVEAWAYS.values(), ids=GIVEAWAYS)
def test_nor_from_a_field_of_a_pack(disguise: Disguise, tmp_path: Path) -> None:
    for pack in planted(PACK_FIELDS, disguise):
        (tmp_path / "pack.yaml").write_text(yaml.safe_dump(pack.content), encoding="utf-8")
        folder = PackFolder("queue", "kubernetes", tmp_path, "queue")
        said = everything_said(lambda folder=folder: load_pack(folder))
        assert said and not pack.sung(said)


# What may follow a key that is not YAML.
BROKEN = (
    *("{}: x", '"{}', "'{}", "%{}", "[{}", "{{a: {}", "@{}", "*{}", "&a &b {}", "- {}", "\t{}", "!<{} x"),
    *("|9x\n {}", "]{}", "{}\n bad: [", "> {}", "{} # {}: x: y", "!!python/object:{} x"),
)


def test_a_line_that_is_not_yaml_is_shown_without_the_secret_in_it() -> None:
    refused = 0
    for text in _broken_documents():
        said = everything_said(lambda text=text: parse_yaml(text, "spec.yaml"))
        assert canary(0) not in said, text
        refused += bool(said)
    assert refused > 2000


def _broken_documents() -> Iterator[str]:
    for steps in filter(keeps_secrets, SPEC_FIELDS):
        (spec,) = planted([steps], lambda _: "HERE")
        for in_one_line in (False, True):
            text = yaml.safe_dump(spec.content, default_flow_style=in_one_line, width=10**9)
            yield from (text.replace("HERE", broken.replace("{}", canary(0))) for broken in BROKEN)


COMMANDS = (
    ["validate", "spec.yaml"],
    *(["validate", "spec.yaml", "--format", form] for form in FORMS[1:4]),
    ["build", "spec.yaml", "-o", "out"],
    ["diff", "spec.yaml", "-o", "out"],
    ["test", "spec.yaml"],
    ["test", "spec.yaml", "--format", "junit"],
    ["explain", "QueueDeep", "spec.yaml"],
    ["secrets", "spec.yaml"],
    ["packs", "--spec", "spec.yaml"],
    ["routes", "show", "QueueDeep", "spec.yaml"],
    ["routes", "prove", "spec.yaml"],
    ["routes", "diff", "spec.yaml", "spec.yaml"],
    ["routes", "drill", "spec.yaml", "--alertmanager", "http://127.0.0.1:9"],
    ["objectives", "export", "spec.yaml"],
    ["capacity", "--spec", "spec.yaml", "--explain"],
)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_says_what_is_wrong_without_the_secret(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    specs = planted([steps for steps in SPEC_FIELDS if keeps_secrets(steps)], lambda secret: secret)
    written(specs[0], tmp_path, in_one_line=False)
    result = CliRunner().invoke(main, command, catch_exceptions=False)
    assert result.exit_code == 2
    assert "OBS" in result.output and not specs[0].sung(result.output)


BASE = Path(__file__).parent.parent / "diagnostics" / "base"

# Accepted, and still not for everybody: where notifications go, and how clusters are entered.
ADDRESSES = f"""
extends: [base.yaml]
environment: {{alertmanager: {{version: "0.25"}}}}
routing:
  receivers:
    relayed:
      webhook: {{url: "https://relay.example.com/{canary(1)}"}}
      teams: {{url: "https://relay.example.com/{canary(2)}"}}
      wecom: {{corp_id: {canary(3)}, agent_id: {canary(4)}, api_secret: wecom/secret, to_user: {canary(5)}}}
      feishu: {{relay_url: "https://relay.example.com/{canary(6)}"}}
      opsgenie: {{api_key_secret: opsgenie/key, api_url: "https://relay.example.com/{canary(7)}"}}
      email: {{to: a@example.com, from: b@example.com, smarthost: "mail.example.com:587", username: {canary(8)}}}
"""
UNUSABLE_ADDRESS = f"""
extends: [base.yaml]
routing: {{receivers: {{on-call: {{webhook: {{url: "https://relay.example.com/%zz{canary(1)}"}}}}}}}}
"""
ENTRANCES = f"""
extends: [base.yaml]
capacity:
  clusters:
    north: {{url: "https://north.example.com", headers: {{Authorization: Basic {canary(1)}}}}}
    south: {{url: "https://robot:{canary(2)}@south.example.com"}}
    east: {{url: "https://east.example.com/?key={canary(3)}", tenant: "{canary(4)} {canary(5)}"}}
"""


@pytest.fixture
def spec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    try:
        # Found before the test leaves the checkout.
        monkeypatch.setenv(TOOLS_VARIABLE, str(find_binary("amtool").parent))
    except BinaryMissing as missing:
        pytest.skip(str(missing))
    folder = tmp_path / "specs"
    shutil.copytree(BASE, folder)
    monkeypatch.chdir(folder)
    return Path("spec.yaml")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, catch_exceptions=False)


@pytest.mark.parametrize("form", FORMS[:4])
@pytest.mark.parametrize(("text", "code"), [(ADDRESSES, "OBS421"), (UNUSABLE_ADDRESS, "OBS460"), (ENTRANCES, "OBS251")])
def test_what_checks_find_in_values_of_the_right_form_does_not_repeat_them(
    spec: Path, text: str, code: str, form: str
) -> None:
    spec.write_text(text, encoding="utf-8")
    result = run("validate", "spec.yaml", "--format", form)
    assert result.exit_code == 2
    assert code in result.output and "c4n4ry" not in result.output


def test_what_is_said_of_one_file_keeps_the_secrets_of_the_file_that_it_extends(spec: Path) -> None:
    Path("lower.yaml").write_text(UNUSABLE_ADDRESS, encoding="utf-8")
    spec.write_text("extends: [lower.yaml]\nrouting: {receivers: {on-call: {webhook: {send_resolved: false}}}}\n")
    result = run("validate", "spec.yaml")
    assert result.exit_code == 2
    assert "OBS460" in result.output and "c4n4ry" not in result.output


def test_a_value_that_an_alias_puts_into_a_secret_field_is_not_repeated(spec: Path) -> None:
    spec.write_text(f"""
extends: [base.yaml]
environment: {{cluster: &name {canary(1)}, kind: unknown}}
routing: {{receivers: {{on-call: {{pagerduty: {{routing_key_secret: *name}}}}}}}}
""")
    result = run("validate", "spec.yaml")
    assert "OBS113" in result.output and "OBS111" in result.output and "c4n4ry" not in result.output


def test_the_caret_keeps_its_place_beside_what_is_hidden(spec: Path) -> None:
    spec.write_text(
        "extends: [base.yaml]\n"
        "capacity: {clusters: {north: {headers: {X-Key: hunter2}, timeout: 30 parsecs}}}  # was hunter1\n"
    )
    lines = run("validate", "spec.yaml").output.splitlines()
    assert [line for line in lines if line.startswith(("  2 |", "    |"))] == [
        "  2 | capacity: {clusters: {north: {headers: {X-Key: (hidden)}, timeout: 30 parsecs}}}  (hidden)",
        "    |                              ^",
        "  2 | capacity: {clusters: {north: {headers: {X-Key: *******}, timeout: 30 parsecs}}}  (hidden)",
        "    |                                                                   ^",
    ]


CONFIGURATIONS = (
    "route: {{receiver: a}}\nreceivers: [{{name: a}}, {{name: a, slack_configs: [{{api_url: {}}}]}}]\n",
    "route: {{receiver: a}}\nreceivers: [{{slack_configs: [{{api_url: {}}}]}}]\n",
    "route: {{receiver: a}}\nreceivers: {{token: {}}}\n",
    "route: {{receiver: a, bot_token: {}}}\nreceivers: [{{name: a}}]\n",
    "route: {{receiver: a, group_by: {{password: {}}}}}\nreceivers: [{{name: a}}]\n",
    "route: {{receiver: a}}\nglobal: {{smtp_auth_password: {0}: {0}}}\nreceivers: [{{name: a}}]\n",
    "kind: Secret\nstringData:\n  alertmanager.yaml: |\n    receivers: [{{name: {0}, x: *{0}}}]\n",
)


@pytest.mark.parametrize("text", CONFIGURATIONS)
def test_nothing_of_a_configuration_of_alertmanager_that_is_refused_is_repeated(spec: Path, text: str) -> None:
    spec.write_text(text.format(canary(1)), encoding="utf-8")
    result = run("routes", "diff", "base.yaml", "spec.yaml")
    assert result.exit_code == 2
    assert "OBS" in result.output and "c4n4ry" not in result.output


def test_nor_of_an_objective_that_is_imported(spec: Path) -> None:
    spec.write_text(f"""
version: prometheus/v1
service: orders
slos:
- name: success
  objective: 99.9
  sli: {{events: {{error_query: "e[{{{{.window}}}}]", total_query: "t[{{{{.window}}}}]", password: {canary(1)}}}}}
  alerting: {{name: Orders, api_key: {{of: {canary(2)}}}, webhook_url: "https://hooks.slack.com/{canary(3)}"}}
""")
    result = run("objectives", "import", "spec.yaml")
    assert "OBS613" in result.output and "c4n4ry" not in result.output


MANIFEST = """apiVersion: v1
kind: Secret
stringData:
  alertmanager.yaml: |
    route: {{receiver: pager}}
    receivers:
    - name: pager
      pagerduty_configs: [{{routing_key: {0}, client: obsgen}}]
      slack_configs:
      - api_url: https://hooks.slack.com/services/{0}
        channel: "#alerts"
      webhook_configs: [{{url: http://relay.example.com/{0}}}]
  password: {0}
"""


def test_a_difference_shows_that_a_secret_changes_and_not_what_it_is() -> None:
    assert compared(MANIFEST.format(canary(1)), MANIFEST.format(canary(2)), "a/secret.yaml", "b/secret.yaml") == (
        "--- a/secret.yaml\n"
        "+++ b/secret.yaml\n"
        "@@ -5,9 +5,9 @@\n"
        "     route: {receiver: pager}\n"
        "     receivers:\n"
        "     - name: pager\n"
        "-      pagerduty_configs: [{routing_key: (hidden), client: obsgen}]\n"
        "+      pagerduty_configs: [{routing_key: (hidden), client: obsgen}]\n"
        "       slack_configs:\n"
        "-      - api_url: https://hooks.slack.com(hidden)\n"
        "+      - api_url: https://hooks.slack.com(hidden)\n"
        '         channel: "#alerts"\n'
        "-      webhook_configs: [{url: http://relay.example.com(hidden)}]\n"
        "-  password: (hidden)\n"
        "+      webhook_configs: [{url: http://relay.example.com(hidden)}]\n"
        "+  password: (hidden)\n"
    )


TEXTS_OF_A_SPEC = """
extends: [base.yaml]
metadata: {{name: base, team: platform}}
environment: {{runbooks: {{base_url: "https://git.example.com/{0}"}}, grafana: {{folder: "{0}"}}}}
kubernetes:
  queue:
    labels: {{note: "{0}"}}
    alerts: {{QueueDeep: {{summary: "{0} of {{{{ $labels.cluster }}}}", description: "{0}"}}}}
routing: {{routes: {{quiet: {{match: ['note="x"'], drop: "{0}"}}}}}}
"""


@pytest.mark.parametrize("disguise", ["a user in an address", "a webhook of Slack", "a header", "a token of Slack"])
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_what_gives_itself_away_in_an_accepted_text_is_printed_by_no_command(
    spec: Path, command: list[str], disguise: str
) -> None:
    spec.write_text(TEXTS_OF_A_SPEC.format(GIVEAWAYS[disguise](canary(1))), encoding="utf-8")
    assert "c4n4ry" not in run(*command).output


LONG = ("password", "token=", "secret=", "token={", "secret={", "token:\n", "token ", "token='", 'token="', 'token=\\"')
# Each of the texts takes a fraction of a second where every part of it is read once, and minutes where it is not.
MASKS = """
import resource, sys
from obsgen.secrecy.pairs import masked
resource.setrlimit(resource.RLIMIT_CPU, (5, 5))
for piece in sys.argv[1:]:
    text = piece * (100_000 // len(piece)) + " " * 50_000 + ","
    print(len(masked(text)))
"""


def test_every_part_of_a_long_text_of_names_of_secrets_is_read_once() -> None:
    run = subprocess.run([sys.executable, "-c", MASKS, *LONG], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, f"ended by {run.returncode} after {len(run.stdout.split())} of {len(LONG)} texts"
    assert len(run.stdout.split()) == len(LONG)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a=token=password=hunter2 b", "a=token=(hidden) b"),
        ("token=x, password={a: 'y'}", "token=(hidden), password=(hidden)"),
        ("token=password=Bearer abc b", "token=(hidden) b"),
        ("secret=shop/password=hunter2", "secret=shop/password=(hidden)"),
        ("{token: {password: hunter2", "{token: (hidden)"),
        ("token=   ,password=x", "token=   ,password=(hidden)"),
    ],
)
def test_names_inside_a_value_hide_no_less(text: str, shown: str) -> None:
    assert masked(text) == shown
