"""Secrets are read anew, kept out of every text, and refused where HTTP would print them."""

from __future__ import annotations

import pytest

from obsgen.query.access import Access, Entrance
from obsgen.query.credentials import (
    Authorization,
    BasicAuthFile,
    BasicAuthVariable,
    BearerTokenFile,
    BearerTokenVariable,
    CredentialsUnreadable,
)


def test_a_variable_is_read_anew(monkeypatch):
    monkeypatch.setenv("TOKEN", "first")
    token = BearerTokenVariable("TOKEN")
    monkeypatch.setenv("TOKEN", "second")
    assert token.header() == "Bearer second"


def test_a_login_file_is_read_anew(tmp_path):
    (tmp_path / "login").write_text("someone:first")
    login = BasicAuthFile(tmp_path / "login")
    before = login.header()
    (tmp_path / "login").write_text("someone:second")
    assert login.header() != before


def test_a_token_file_that_vanishes_is_named(tmp_path):
    (tmp_path / "token").write_text("first")
    token = BearerTokenFile(tmp_path / "token")
    (tmp_path / "token").unlink()
    with pytest.raises(CredentialsUnreadable, match="does not exist"):
        token.header()


@pytest.mark.parametrize("text", ["", "two words", "two\nlines", "é"])
def test_what_is_no_token_is_refused_without_being_shown(monkeypatch, text):
    monkeypatch.setenv("TOKEN", text)
    with pytest.raises(CredentialsUnreadable) as failure:
        BearerTokenVariable("TOKEN")
    assert str(failure.value) == "variable 'TOKEN' should hold a bearer token on one line and nothing else"


def test_nothing_of_a_secret_is_in_a_repr_or_a_title(tmp_path, monkeypatch):
    (tmp_path / "secret").write_text("hunter2:hunter2")
    monkeypatch.setenv("SECRET", "hunter2:hunter2")
    kinds = (
        Authorization("Bearer hunter2"),
        BearerTokenFile(tmp_path / "secret"),
        BearerTokenVariable("SECRET"),
        BasicAuthFile(tmp_path / "secret"),
        BasicAuthVariable("SECRET"),
    )
    for auth in kinds:
        access = Access(
            auth, {"X-Key": "hunter2"}, proxy="http://u:hunter2@proxy.example.com:1", parameters={"k": "hunter2"}
        )
        assert "hunter2" not in repr(access) + repr(auth) + auth.title + " ".join(access.told())


def test_the_repr_of_what_a_user_wrote_holds_no_secret():
    written = Entrance(
        headers={"X-Key": "hunter2"}, proxy="http://u:hunter2@p.example.com", parameters={"k": "hunter2"}
    )
    assert "hunter2" not in repr(written)


def test_a_servers_text_is_shown_without_the_credentials_that_it_repeats(monkeypatch):
    monkeypatch.setenv("LOGIN", "someone:hunter2")
    access = Access(BasicAuthVariable("LOGIN"), {"X-Key": "s3cr3t", "X-Scope-OrgID": "prod"})
    assert access.without_secrets("no hunter2 with s3cr3t for prod") == "no … with … for prod"


def test_tenants_are_joined():
    assert Entrance(tenants=("a", "b|c")).access().headers == {"X-Scope-OrgID": "a|b|c"}


@pytest.mark.parametrize("tenant", ["", "a b", "a|", "a/b", "x" * 151])
def test_what_is_no_tenant_is_refused(tenant):
    with pytest.raises(CredentialsUnreadable, match="is no tenant"):
        Entrance(tenants=(tenant,)).access()


def test_a_tenant_beside_its_own_header_is_refused():
    with pytest.raises(CredentialsUnreadable, match="exclude each other"):
        Entrance(tenants=("a",), headers={"x-scope-orgid": "b"}).access()


def test_a_key_without_its_certificate_is_refused(tmp_path):
    with pytest.raises(CredentialsUnreadable, match="needs its certificate"):
        Entrance(key_file=tmp_path / "key.pem").access()


def test_a_missing_certificate_is_named(tmp_path):
    with pytest.raises(CredentialsUnreadable, match=r"absent.pem' does not exist"):
        Entrance(cert_file=tmp_path / "absent.pem").access()


def test_a_file_without_a_certificate_is_no_authority(tmp_path):
    (tmp_path / "ca.pem").write_text("hello\n")
    with pytest.raises(CredentialsUnreadable, match="holds no certificate"):
        Entrance(ca_file=tmp_path / "ca.pem").access()


@pytest.mark.parametrize("proxy", ["proxy.example.com:3128", "socks5://proxy.example.com", "http://"])
def test_what_is_no_proxy_is_refused(proxy):
    with pytest.raises(CredentialsUnreadable, match="a proxy is an address"):
        Entrance(proxy=proxy).access()


def test_variables_of_one_server_are_not_for_all(monkeypatch):
    monkeypatch.setenv("OBSGEN_BEARER_TOKEN", "token")
    assert Entrance(environment=False).access().auth is None
