"""Certificates, credentials and proxies, right and wrong; no secret is ever printed."""

from __future__ import annotations

import base64

import pytest

from tests.faults.conftest import capacity
from tests.faults.proxy import Answer

SECRET = "hunter2-hunter2"


def test_a_certificate_of_a_named_authority_is_trusted(over_tls, truth, certificate_folder):
    ended = capacity(over_tls("server").url, "--ca-file", str(certificate_folder / "ca.pem"))
    assert (ended.code, ended.figures, ended.report["warnings"]) == (0, truth, [])


def test_the_named_authority_wins_over_one_in_the_environment(over_tls, truth, certificate_folder):
    strangers = str(certificate_folder / "strangers.pem")
    ended = capacity(
        over_tls("server").url, "--ca-file", str(certificate_folder / "ca.pem"), REQUESTS_CA_BUNDLE=strangers
    )
    assert (ended.code, ended.figures) == (0, truth)


@pytest.mark.parametrize(
    ("shown", "trusted", "words"),
    [
        ("expired", "ca", "shows a certificate that has expired"),
        ("elsewhere", "ca", "shows a certificate for another name"),
        ("server", "strangers", "shows a certificate that is not trusted"),
    ],
)
def test_a_wrong_certificate_is_said_to_be_wrong_in_its_way(over_tls, certificate_folder, shown, trusted, words):
    ended = capacity(over_tls(shown).url, "--ca-file", str(certificate_folder / f"{trusted}.pem"))
    ended.is_error(words)


def test_http_at_an_https_port_and_the_reverse_are_told_apart(over_tls, proxy, certificate_folder):
    ca = str(certificate_folder / "ca.pem")
    capacity(proxy.url.replace("http:", "https:"), "--ca-file", ca).is_error("does not speak TLS: write http://")


def test_a_plain_request_to_a_go_server_with_tls_is_explained(proxy):
    proxy.fault = lambda *_: Answer(400, b"Client sent an HTTP request to an HTTPS server.\n", {})
    capacity(proxy.url).is_error("write https:// instead of http://")


def test_a_client_certificate_lets_in(over_tls, truth, certificate_folder):
    folder = certificate_folder
    url = over_tls("server", str(folder / "ca.pem")).url
    pair = ("--cert-file", str(folder / "client.pem"), "--key-file", str(folder / "client.key"))
    ended = capacity(url, "--ca-file", str(folder / "ca.pem"), *pair)
    assert (ended.code, ended.figures, ended.report["warnings"]) == (0, truth, [])


def test_without_a_client_certificate_the_way_out_is_named(over_tls, certificate_folder):
    url = over_tls("server", str(certificate_folder / "ca.pem")).url
    ended = capacity(url, "--ca-file", str(certificate_folder / "ca.pem"))
    # While the client is still sending, its refusal may get lost, and the connection just ends.
    ended.is_error("client", "certificate", "--cert-file")


def test_a_key_of_another_certificate_is_found_before_anything_is_asked(proxy, certificate_folder):
    pair = ("--cert-file", str(certificate_folder / "client.pem"), "--key-file", str(certificate_folder / "ca.key"))
    capacity(proxy.url, *pair).is_error("cannot be used: they are not a PEM certificate and its key")
    assert proxy.seen == []


@pytest.mark.parametrize("option", ["--bearer-token-file", "--basic-auth-file"])
def test_a_secret_that_the_server_repeats_is_not_printed(proxy, tmp_path, option):
    def repeating(passed, number, ask):
        given = passed.headers["Authorization"].partition(" ")[2]
        decoded = base64.b64decode(given) if option == "--basic-auth-file" else b""
        return Answer(401, b"bad credentials: " + given.encode() + b" " + decoded)

    proxy.fault = repeating
    (tmp_path / "secret").write_text(f"someone:{SECRET}\n")
    ended = capacity(proxy.url, option, str(tmp_path / "secret"))
    ended.is_error("answers 401 (bad credentials: …", "--bearer-token-file or --basic-auth-file")
    assert SECRET not in ended.err
    assert proxy.seen[0].headers["Authorization"].partition(" ")[2] not in ended.err


@pytest.mark.parametrize("text", [f"{SECRET}\n{SECRET}", f"{SECRET} {SECRET}", f"{SECRET}é"])
def test_a_token_that_http_does_not_allow_is_refused_unseen(proxy, text):
    ended = capacity(proxy.url, OBSGEN_BEARER_TOKEN=text)
    ended.is_error("variable 'OBSGEN_BEARER_TOKEN' should hold a bearer token on one line")
    assert SECRET not in ended.err


def test_a_header_that_http_does_not_allow_is_refused_unseen(proxy):
    ended = capacity(proxy.url, "--header", f"X-Key: {SECRET}\n{SECRET}")
    ended.is_error("header 'X-Key' holds characters that HTTP does not allow")
    assert SECRET not in ended.err


@pytest.mark.parametrize("option", ["--dry-run", "--explain"])
def test_what_would_be_asked_is_printed_without_secrets(proxy, option):
    url = proxy.url.replace("http://", f"http://someone:{SECRET}@")
    ended = capacity(url, "--header", f"X-Key: {SECRET}", option, OBSGEN_BEARER_TOKEN=SECRET)
    assert ended.code == 0
    assert SECRET not in ended.out + ended.err
    assert (proxy.seen == []) == (option == "--dry-run")


def test_a_dry_run_names_the_server_and_how_it_is_entered(proxy):
    ended = capacity("http://prometheus.example.com/p/", "--tenant", "a", "--timeout", "7", "--dry-run")
    assert ended.out == (
        "http://prometheus.example.com/p/api/v1/query\n"
        "  entered with no credentials, tenant a\n"
        "  28 queries by POST, 2 at a time, 7 s for each\n"
        "Nothing was asked. The queries: --explain.\n"
    )


def forwarding(proxy):
    """The fault-injecting server as a forward proxy: the target is a whole URL, of which the path is passed on."""
    proxy.fault = lambda passed, number, ask: ask()
    return "http://prometheus.invalid:9090"


def test_a_proxy_option_is_used_for_everything_also_where_the_environment_names_another(proxy, truth):
    url = forwarding(proxy)
    ended = capacity(url, "--proxy", proxy.url, HTTP_PROXY="http://127.0.0.1:1", http_proxy="http://127.0.0.1:1")
    assert (ended.code, ended.figures, ended.report["warnings"]) == (0, truth, [])
    assert all(passed.target.startswith(url) for passed in proxy.seen)


def test_a_proxy_in_the_environment_is_used(proxy, truth):
    ended = capacity(forwarding(proxy), http_proxy=proxy.url)
    assert (ended.code, ended.figures) == (0, truth)


def test_a_proxy_that_does_not_answer_is_named_without_its_password():
    ended = capacity("http://prometheus.invalid", "--proxy", f"http://someone:{SECRET}@127.0.0.1:1")
    ended.is_error("cannot be reached: the proxy does not answer (--proxy")
    assert SECRET not in ended.err


def test_a_proxy_that_wants_a_password_is_told_apart_from_a_server_that_does(proxy):
    proxy.fault = lambda *_: Answer(407, b"Proxy Authentication Required")
    capacity("http://prometheus.invalid", "--proxy", proxy.url).is_error("the proxy wants a user and password")


def test_parameters_join_every_query(proxy, truth):
    ended = capacity(proxy.url, "--param", "dedup=true", "--param", "partial_response=false")
    assert (ended.code, ended.figures) == (0, truth)
    queries = [passed for passed in proxy.seen if passed.query]
    assert all(b"dedup=true&partial_response=false&query=" in passed.body for passed in queries)
