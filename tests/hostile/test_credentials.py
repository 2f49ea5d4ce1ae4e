"""What a spec names of the caller's goes nowhere without consent that is given outside of the spec."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from obsgen import Diagnosed
from obsgen.cli import main
from obsgen.live.listed import listed_clusters
from obsgen.pipeline import load_stack
from tests.hostile.answering import Server, honest, running

SECRET = "hunter2-hunter2"
ALLOWED = "--allow-credentials-from-spec"
SMALLEST = {
    "apiVersion": "obsgen.dev/v1",
    "kind": "MonitoringStack",
    "metadata": {"name": "small"},
    "environment": {"cluster": "here", "runbooks": {"base_url": "https://git.example.com/runbooks"}},
    "routing": {"default": "chat", "receivers": {"chat": {"webhook": {"url": "http://hooks.example.com/alerts"}}}},
}

Spec = Callable[..., Path]


@pytest.fixture
def server() -> Iterator[Server]:
    with running() as one:
        one.answer = honest
        yield one


@pytest.fixture
def spec(tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch) -> Spec:
    """Writes a stranger's spec, whose one cluster is entered like this, in a folder beside the caller's own."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "token").write_text(SECRET)
    (tmp_path / "secrets" / "login").write_text(f"robot:{SECRET}")

    def written(**entry: object) -> Path:
        folder = tmp_path / "pull-request"
        folder.mkdir(exist_ok=True)
        body = {**SMALLEST, "capacity": {"clusters": {"north": {"url": server.url, **entry}}}}
        (folder / "spec.yaml").write_text(json.dumps(body))
        return folder / "spec.yaml"

    return written


def run(*arguments: str | Path, **variables: str) -> Result:
    result = CliRunner(env=variables).invoke(main, [str(word) for word in arguments], catch_exceptions=False)
    assert SECRET not in result.output
    return result


def capacity(path: Path, *options: str, **variables: str) -> Result:
    return run("capacity", "--spec", path, "--format", "json", *options, DEPLOY_KEY=SECRET, **variables)


def consenting(path: Path, consent: str) -> Result:
    """The report with the caller's consent, an option or the ends of variables' names."""
    variables = dict(word.split("=") for word in consent.split() if "=" in word)
    options = [word for word in consent.split() if "=" not in word]
    return capacity(path, *options, **{f"OBSGEN_CREDENTIAL_{name}": value for name, value in variables.items()})


def sent(server: Server) -> set[str | None]:
    """The Authorization headers that arrived."""
    return {asked.headers.get("Authorization") for asked in server.asked}


# A field of the spec, and what the message says of it.
NAMED = {
    "a variable": ({"bearer_token_env": "DEPLOY_KEY"}, "would send variable 'DEPLOY_KEY'"),
    "a variable of obsgen's own": (
        {"bearer_token_env": "OBSGEN_BEARER_TOKEN"},
        "would send variable 'OBSGEN_BEARER_TOKEN'",
    ),
    "a token file": ({"bearer_token_file": "../secrets/token"}, "would send the bearer token in"),
    "a login file": ({"basic_auth_file": "../secrets/login"}, "would send the user and password in"),
    "a certificate": ({"cert_file": "../secrets/token", "key_file": "../secrets/token"}, "would show the client"),
    "authorities": ({"ca_file": "../secrets/token"}, "would trust the authorities in"),
    "a proxy": ({"proxy": "http://127.0.0.1:1"}, "would be asked through the proxy http://127.0.0.1:1"),
    "a device": ({"bearer_token_file": "/dev/zero"}, "would send the bearer token in '/dev/zero'"),
    "a path that is none": ({"bearer_token_file": "a" * 5000}, "would send the bearer token in"),
}
each_named = pytest.mark.parametrize(("entry", "words"), NAMED.values(), ids=NAMED)


@each_named
@pytest.mark.parametrize("options", [(), ("--dry-run",)], ids=["asking", "dry run"])
def test_without_consent_nobody_is_connected_to_and_the_message_names_what_and_where(
    server, spec, entry, words, options
):
    result = capacity(spec(**entry), *options, OBSGEN_BEARER_TOKEN=SECRET)
    assert (result.exit_code, server.connections) == (2, 0)
    assert f"error OBS253: cluster 'north' {words}" in result.output
    assert entry.keys() == {"proxy"} or server.url in result.output
    assert ALLOWED in result.output


def test_everything_that_lacks_consent_is_said_at_once(server, spec):
    entry = {"bearer_token_env": "DEPLOY_KEY", "cert_file": "c", "key_file": "k", "proxy": "http://127.0.0.1:1"}
    result = capacity(spec(**entry))
    assert result.output.count("error OBS253") == 4
    assert server.connections == 0


VARIABLE = {"bearer_token_env": "DEPLOY_KEY"}
TOKEN_FILE = {"bearer_token_file": "../secrets/token"}


@pytest.mark.parametrize(
    ("entry", "consent", "header"),
    [
        (VARIABLE, ALLOWED, f"Bearer {SECRET}"),
        (VARIABLE, "VARIABLES=OTHER,DEPLOY_KEY", f"Bearer {SECRET}"),
        (VARIABLE, f"{ALLOWED} HOSTS=127.0.0.*", f"Bearer {SECRET}"),
        ({"bearer_token_file": "own-token"}, ALLOWED, f"Bearer {SECRET}"),
        (TOKEN_FILE, f"{ALLOWED} FOLDERS=secrets", f"Bearer {SECRET}"),
        (TOKEN_FILE, f"{ALLOWED} --root .", f"Bearer {SECRET}"),
        (TOKEN_FILE, "FOLDERS=/usr/lib:secrets", f"Bearer {SECRET}"),
        ({"basic_auth_file": "../secrets/login"}, "FOLDERS=secrets", "Basic cm9ib3Q6aHVudGVyMi1odW50ZXIy"),
    ],
)
def test_with_consent_the_header_arrives(server, spec, entry, consent, header):
    path = spec(**entry)
    (path.parent / "own-token").write_text(SECRET)
    result = consenting(path, consent)
    assert result.exit_code == 0, result.output
    assert sent(server) == {header}


@pytest.mark.parametrize(
    ("entry", "consent", "code"),
    [
        (VARIABLE, "VARIABLES=DEPLOY", "OBS253"),
        (VARIABLE, "VARIABLES=*", "OBS253"),
        (VARIABLE, "HOSTS=127.0.0.1", "OBS253"),
        (VARIABLE, "VARIABLES=DEPLOY_KEY HOSTS=example.com", "OBS254"),
        (VARIABLE, f"{ALLOWED} HOSTS=*.127.0.0.1", "OBS254"),
        (TOKEN_FILE, ALLOWED, "OBS253"),
        (TOKEN_FILE, f"{ALLOWED} FOLDERS=secrets/to", "OBS253"),
        ({"bearer_token_file": "link"}, ALLOWED, "OBS253"),
        ({"cert_file": "../secrets/token"}, ALLOWED, "OBS253"),
        ({"ca_file": "link"}, ALLOWED, "OBS253"),
        ({"bearer_token_file": ".git/config"}, ALLOWED, "OBS253"),
        ({"bearer_token_file": "/dev/zero"}, ALLOWED, "OBS253"),
        (TOKEN_FILE, "FOLDERS=secrets/to", "OBS253"),
        (TOKEN_FILE, "FOLDERS=pull-request", "OBS253"),
        (TOKEN_FILE, "FOLDERS=", "OBS253"),
        (TOKEN_FILE, "FOLDERS=secrets HOSTS=127.0.0.2", "OBS254"),
        ({"bearer_token_file": "link"}, "FOLDERS=pull-request", "OBS253"),
        ({"bearer_token_file": "loop"}, "FOLDERS=pull-request", "OBS253"),
    ],
)
def test_consent_covers_what_is_listed_and_nothing_beside_it(server, spec, entry, consent, code):
    path = spec(**entry)
    (path.parent / "link").symlink_to("../secrets/token")
    (path.parent / "loop").symlink_to("loop")
    result = consenting(path, consent)
    assert (result.exit_code, server.connections) == (2, 0)
    assert f"error {code}: cluster 'north'" in result.output


@pytest.mark.parametrize("name", ["pipe", "folder", "circle", "nowhere", "n" * 5000])
@pytest.mark.parametrize("field", ["bearer_token_file", "basic_auth_file", "ca_file", "cert_file"])
def test_a_file_that_cannot_be_read_is_told_with_consent_and_nobody_is_asked(server, spec, field, name):
    path = spec(**{field: name})
    os.mkfifo(path.parent / "pipe")
    (path.parent / "folder").mkdir()
    (path.parent / "circle").symlink_to("circle")
    result = capacity(path, ALLOWED)
    assert (result.exit_code, server.connections) == (2, 0)
    assert "it should hold " in result.output
    assert len(result.output) < 2000


def test_a_library_caller_gives_consent_too(server, spec):
    stack = load_stack(spec(bearer_token_env="DEPLOY_KEY"))
    with pytest.raises(Diagnosed, match="OBS253"):
        listed_clusters(stack, timeout=1.0)


def test_a_clusters_own_authorities_need_no_consent(server, spec):
    path = spec(ca_file="ca.pem")
    (path.parent / "ca.pem").write_text("no certificate")
    assert "holds no certificate" in capacity(path).output


def test_what_is_meant_for_one_server_goes_to_none_of_a_spec(server, spec, tmp_path, monkeypatch):
    (tmp_path / "netrc").write_text(f"default login robot password {SECRET}\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    result = capacity(spec(), OBSGEN_BEARER_TOKEN=SECRET, OBSGEN_BASIC_AUTH=f"robot:{SECRET}")
    assert result.exit_code == 0, result.output
    assert sent(server) == {None}


@pytest.mark.parametrize("command", [("capacity",), ("objectives", "report")], ids=" ".join)
def test_only_what_is_given_for_an_address_goes_there(server, tmp_path, monkeypatch, command):
    (tmp_path / "netrc").write_text(f"default login robot password {SECRET}\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    run(*command, "--url", server.url)
    assert sent(server) == {None}
    server.asked.clear()
    run(*command, "--url", server.url.replace("//", f"//robot:{SECRET}@"))
    assert sent(server) == {"Basic cm9ib3Q6aHVudGVyMi1odW50ZXIy"}


@pytest.mark.parametrize(
    "command",
    [("validate", "--allow-missing-tools"), ("build", "-o", "out"), ("diff", "-o", "out"),
     ("routes", "prove"), ("secrets",), ("capacity", "--explain", "--spec")],
    ids=" ".join,
)  # fmt: skip
def test_what_asks_no_server_connects_to_none_and_needs_no_consent(server, spec, command):
    path = spec(bearer_token_env="DEPLOY_KEY", cert_file="../secrets/token")
    result = run(*command, path)
    assert server.connections == 0
    assert "OBS253" not in result.output
    assert result.exit_code in (0, 1), result.output


@pytest.mark.parametrize("url", ["http://prometheus.invalid:9090", "http://10.255.255.1:1"])
def test_a_token_that_would_travel_unencrypted_is_warned_of(spec, url):
    result = run("capacity", "--url", url, "--timeout", "0.2", OBSGEN_BEARER_TOKEN=SECRET)
    assert f"variable 'OBSGEN_BEARER_TOKEN': sent unencrypted to {url}" in result.output
    drill = ("routes", "drill", spec(), "--alertmanager", url, "--yes", "--wait", "1s", "--timeout", "0.2")
    assert "sent unencrypted" in run(*drill, OBSGEN_BEARER_TOKEN=SECRET).output


def test_a_spec_whose_token_travels_unencrypted_is_warned_of_in_the_report(server, spec):
    path = spec(url="http://prometheus.example.com", **VARIABLE)
    result = capacity(path, ALLOWED, http_proxy=server.url)
    (warning,) = [text for text in json.loads(result.output)["warnings"] if "unencrypted" in text]
    assert warning.startswith("cluster north: a bearer token from variable 'DEPLOY_KEY'")


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1", "http://[::1]:1", "http://localhost:1", "https://prometheus.invalid"]
)
def test_what_stays_on_this_machine_or_is_encrypted_needs_no_warning(url):
    result = run("capacity", "--url", url, "--timeout", "0.2", OBSGEN_BEARER_TOKEN=SECRET)
    assert "unencrypted" not in result.output
