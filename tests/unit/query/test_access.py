"""Where credentials come from, and what is said where they do not."""

from __future__ import annotations

import pytest
import requests

from obsgen.query.access import Entrance
from obsgen.query.credentials import CredentialsUnreadable


def access_of(**options):
    return Entrance(**options).access()


def authorization(access):
    request = requests.Request("GET", "http://prometheus.example.com", auth=access.auth).prepare()
    return request.headers.get("Authorization")


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch):
    monkeypatch.delenv("OBSGEN_BEARER_TOKEN", raising=False)
    monkeypatch.delenv("OBSGEN_BASIC_AUTH", raising=False)


def test_a_rotated_token_file_is_read_anew(tmp_path):
    path = tmp_path / "token"
    path.write_text("first\n")
    access = access_of(bearer_token_file=path)
    assert authorization(access) == "Bearer first"
    path.write_text("second\n")
    assert authorization(access) == "Bearer second"


def test_basic_auth_is_sent_as_utf8(tmp_path):
    path = tmp_path / "basic"
    path.write_text("someone:gehé:im\n", encoding="utf-8")
    assert authorization(access_of(basic_auth_file=path)) == "Basic c29tZW9uZTpnZWjDqTppbQ=="


def test_variables_serve_where_no_file_is_given(monkeypatch, tmp_path):
    monkeypatch.setenv("OBSGEN_BEARER_TOKEN", "from-variable")
    assert authorization(access_of()) == "Bearer from-variable"
    (tmp_path / "token").write_text("from-file")
    assert authorization(access_of(bearer_token_file=tmp_path / "token")) == "Bearer from-file"


def test_an_authorization_header_becomes_credentials():
    access = access_of(headers={"authorization": "Bearer x", "X-Scope-OrgID": "a"})
    assert authorization(access) == "Bearer x"
    assert access.headers == {"X-Scope-OrgID": "a"}


def test_two_credentials_exclude_each_other(tmp_path):
    (tmp_path / "token").write_text("t")
    with pytest.raises(CredentialsUnreadable, match="exclude each other"):
        access_of(bearer_token_file=tmp_path / "token", headers={"Authorization": "Bearer x"})


@pytest.mark.parametrize("text", ["", "\n", "two\nlines"])
def test_a_file_without_one_line_is_refused_without_being_shown(tmp_path, text):
    path = tmp_path / "token"
    path.write_text(text)
    with pytest.raises(CredentialsUnreadable, match="on one line") as failure:
        access_of(bearer_token_file=path)
    assert "two" not in str(failure.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(CredentialsUnreadable, match=r"absent' does not exist"):
        access_of(bearer_token_file=tmp_path / "absent")


def test_basic_auth_without_a_colon_is_refused(tmp_path):
    (tmp_path / "basic").write_text("hunter2")
    with pytest.raises(CredentialsUnreadable, match="has no colon") as failure:
        access_of(basic_auth_file=tmp_path / "basic")
    assert "hunter2" not in str(failure.value)


def test_a_missing_certificate_authority_is_named(tmp_path):
    with pytest.raises(CredentialsUnreadable, match=r"ca.pem' does not exist"):
        access_of(ca_file=tmp_path / "ca.pem")
