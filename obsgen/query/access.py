"""How a server is entered: credentials, tenants, certificates and proxies, checked before anything is asked."""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from obsgen.address import Address, shown
from obsgen.query.credentials import (
    Authorization,
    BasicAuthAddress,
    BasicAuthFile,
    BearerTokenFile,
    BearerTokenVariable,
    CredentialsUnreadable,
    file_bytes,
    from_environment,
)
from obsgen.query.tenants import TENANT_FORM, TENANT_HEADER, names_tenants

_HEADER_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_HEADER_VALUE = re.compile(r"[!-~\x80-\xff]([ -~\x80-\xff]*[!-~\x80-\xff])?")
_HIDDEN = "…"
# Anything shorter is more likely a word of the message than a secret, or a label's value.
_SHORTEST_SECRET = 4
_SHORTEST_CREDENTIAL = 8


@dataclass(frozen=True, slots=True)
class Access:
    """Everything sent besides the query; `headers` may name a tenant (X-Scope-OrgID).

    `ca_file` replaces the system's certificate authorities, `certificate` is ours: its file and its key's.
    `parameters` join those of every query. Credentials never appear in the repr.
    """

    auth: Authorization | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    ca_file: Path | None = None
    certificate: tuple[Path, Path] | None = None
    proxy: str | None = field(default=None, repr=False)
    parameters: Mapping[str, str] = field(default_factory=dict, repr=False)

    def entering(self, address: Address) -> Access:
        """The same; with the user of the address where no other credentials are given."""
        return self if self.auth or not address.login else replace(self, auth=BasicAuthAddress(address.login))

    def without_secrets(self, text: str) -> str:
        """A server's words, with the credentials and headers left out that it may repeat."""
        others = (value for name, value in self.headers.items() if name != TENANT_HEADER)
        secrets = (*self._credentials(), *others)
        return _without(text.encode(errors="replace"), secrets, _SHORTEST_SECRET).decode(errors="replace")

    def without_credentials(self, answer: bytes) -> bytes:
        """A server's figures: fewer things are left out, because a header's value may well be a label's too."""
        return _without(answer, self._credentials(), _SHORTEST_CREDENTIAL)

    def _credentials(self) -> tuple[str, ...]:
        return self.auth.secrets() if self.auth else ()

    def exposed(self, address: Address) -> str | None:
        """What to say where credentials would travel over the network for everyone on the way to read."""
        others = [f"header {name}" for name in sorted(self.headers) if name != TENANT_HEADER]
        sent = ", ".join([*([self.auth.title] if self.auth else []), *others])
        if not sent or address.encrypted or address.on_this_machine:
            return None
        return (
            f"{sent}: sent unencrypted to {shown(address.url)}, where everyone on the way can read it; write https://"
        )

    def told(self) -> tuple[str, ...]:
        """How the server is entered, in words that give nothing away."""
        return tuple(self._told())

    def _told(self) -> Iterator[str]:
        yield self.auth.title if self.auth else "no credentials"
        if tenant := self.headers.get(TENANT_HEADER):
            yield f"tenant {tenant}"
        if names := sorted(name for name in self.headers if name != TENANT_HEADER):
            yield f"headers {', '.join(names)}"
        if self.ca_file:
            yield f"certificate authorities of '{self.ca_file}'"
        if self.certificate:
            yield f"client certificate '{self.certificate[0]}'"
        if self.proxy:
            yield f"proxy {shown(self.proxy)}"
        if self.parameters:
            yield f"parameters {', '.join(sorted(self.parameters))}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrance:
    """The same as a user writes it, in options or in a spec, before any file is read.

    `environment` lets OBSGEN_BEARER_TOKEN and OBSGEN_BASIC_AUTH serve where nothing else is given.
    """

    bearer_token_file: Path | None = None
    bearer_token_env: str | None = None
    basic_auth_file: Path | None = None
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    tenants: tuple[str, ...] = ()
    ca_file: Path | None = None
    cert_file: Path | None = None
    key_file: Path | None = None
    proxy: str | None = field(default=None, repr=False)
    parameters: Mapping[str, str] = field(default_factory=dict, repr=False)
    environment: bool = True

    def access(self) -> Access:
        """Read and checked; CredentialsUnreadable is raised."""
        headers = dict(self.headers)
        written = next((headers.pop(name) for name in tuple(headers) if name.lower() == "authorization"), None)
        for name, value in (*headers.items(), ("Authorization", written or "-")):
            _check_header(name, value)
        if self.proxy is not None and not re.match(r"https?://[^/\s]", self.proxy):
            msg = "a proxy is an address that begins with http:// or https://, such as http://proxy.example.com:3128"
            raise CredentialsUnreadable(msg)
        return Access(
            self._authorization(written),
            headers | self._tenant(headers),
            self._authorities(),
            self._certificate(),
            self.proxy,
            self.parameters,
        )

    def _authorization(self, written: str | None) -> Authorization | None:
        sources = (self.bearer_token_file, self.bearer_token_env, self.basic_auth_file, written)
        if sum(source is not None for source in sources) > 1:
            msg = "bearer token, basic auth file and Authorization header exclude each other: give one"
            raise CredentialsUnreadable(msg)
        if written is not None:
            return Authorization(written)
        if self.bearer_token_file is not None:
            return BearerTokenFile(self.bearer_token_file)
        if self.bearer_token_env is not None:
            return BearerTokenVariable(self.bearer_token_env)
        if self.basic_auth_file is not None:
            return BasicAuthFile(self.basic_auth_file)
        return from_environment() if self.environment else None

    def _tenant(self, headers: Mapping[str, str]) -> dict[str, str]:
        if not self.tenants:
            return {}
        if any(name.lower() == TENANT_HEADER.lower() for name in headers):
            msg = f"a tenant and a header {TENANT_HEADER} exclude each other: give one"
            raise CredentialsUnreadable(msg)
        joined = "|".join(self.tenants)
        if not names_tenants(joined):
            msg = f"'{joined}' is no tenant: {TENANT_FORM}"
            raise CredentialsUnreadable(msg)
        return {TENANT_HEADER: joined}

    def _authorities(self) -> Path | None:
        if self.ca_file is None:
            return None
        file_bytes(self.ca_file, "a PEM file of certificate authorities")
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(self.ca_file)
        except (OSError, ValueError):
            msg = f"'{self.ca_file}' holds no certificate: name a PEM file of certificate authorities"
            raise CredentialsUnreadable(msg) from None
        return self.ca_file

    def _certificate(self) -> tuple[Path, Path] | None:
        """Tried here, because a bad one would come to light only as a failing connection."""
        if self.cert_file is None and self.key_file is None:
            return None
        if self.cert_file is None:
            msg = "a client key needs its certificate: give the certificate's PEM file too"
            raise CredentialsUnreadable(msg)
        # One file may hold both.
        pair = (self.cert_file, self.key_file or self.cert_file)
        for path in pair:
            file_bytes(path, "a PEM certificate or its key")
        try:
            # Without a password here, OpenSSL would ask for one on the terminal.
            ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_cert_chain(*pair, password="")
        except (OSError, ValueError):
            msg = (
                f"client certificate '{pair[0]}' with key '{pair[1]}' cannot be used: "
                "they are not a PEM certificate and its key, or the key has a password"
            )
            raise CredentialsUnreadable(msg) from None
        return pair


def _without(text: bytes, secrets: Iterable[str], shortest: int) -> bytes:
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= shortest:
            text = text.replace(secret.encode(), _HIDDEN.encode())
    return text


def _check_header(name: str, value: str) -> None:
    # The value is not repeated: it may be a token.
    if not _HEADER_NAME.fullmatch(name) or not _HEADER_VALUE.fullmatch(value):
        msg = f"header '{name}' holds characters that HTTP does not allow: write it on one line"
        raise CredentialsUnreadable(msg)
