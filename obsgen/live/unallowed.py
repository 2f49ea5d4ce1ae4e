"""What a spec's clusters want of the caller's without consent: each is refused before anything is asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from obsgen.address import Address, shown
from obsgen.diagnostics import Diagnostic
from obsgen.live.consent import FOLDERS, HOSTS, VARIABLES, Consent
from obsgen.model.stack import Stack
from obsgen.spec.clusters import ClusterSpec
from obsgen.spec.root import Root
from obsgen.spec.root import shown as shown_name

# Fields that name files, and what is done with each.
_FILES: Final[Mapping[str, str]] = {
    "bearer_token_file": "would send the bearer token in '{file}' to {url}",
    "basic_auth_file": "would send the user and password in '{file}' to {url}",
    "cert_file": "would show the client certificate '{file}' to {url}",
    "key_file": "would use the key '{file}' of a client certificate for {url}",
}
_LISTING: Final = f"list its folder in {FOLDERS}"
_FLAG: Final = "--allow-credentials-from-spec"


@dataclass(frozen=True, slots=True)
class _Use:
    """What a field of a cluster's entry does with something of the caller's; `allowing` is a way to allow it."""

    field: str
    does: str
    covered: bool
    allowing: str
    secret: bool = True


def unallowed(stack: Stack, consent: Consent) -> Iterator[Diagnostic]:
    """One finding for each use, where the spec names it (OBS253), or for a host that is not listed (OBS254)."""
    for name, spec in stack.capacity.clusters.items():
        host = Address.read(spec.url).host
        for use in _uses(stack, name, spec, consent):
            place = stack.places.of("capacity", "clusters", name, use.field)
            does = f"cluster '{name}' {use.does}"
            if not use.covered:
                yield Diagnostic("OBS253", f"{does}: that needs your consent", place, use.allowing)
            elif use.secret and not consent.covers_host(host):
                hint = f"where that host may have it, add it to {HOSTS}"
                yield Diagnostic("OBS254", f"{does}: {HOSTS} does not list {host}", place, hint)


def named_file(stack: Stack, cluster: str, field: str) -> Path | None:
    """The file of a field, as seen from the current folder: a base means the folder beside itself."""
    written: str | None = getattr(stack.capacity.clusters[cluster], field)
    return None if written is None else _folder(stack, cluster, field) / written


def _folder(stack: Stack, cluster: str, field: str) -> Path:
    return Path(stack.places.of("capacity", "clusters", cluster, field).file).parent


def _uses(stack: Stack, name: str, spec: ClusterSpec, consent: Consent) -> Iterator[_Use]:
    url = shown(spec.url)
    if variable := spec.bearer_token_env:
        does = f"would send variable '{variable}' to {url}"
        allowing = _flag_or(f"list {variable} in {VARIABLES}")
        yield _Use("bearer_token_env", does, consent.covers_variable(variable), allowing)
    for field, does in _FILES.items():
        if path := named_file(stack, name, field):
            covered = consent.covers_file(path, stack.root)
            yield _Use(field, does.format(file=shown_name(path), url=url), covered, _allowing_file(stack.root, path))
    if authorities := named_file(stack, name, "ca_file"):
        # They are no secret. Yet whether a file of the caller's is there, and what it is, is not for a spec to learn.
        covered = stack.root.holds(authorities) or consent.covers_file(authorities, stack.root)
        does = f"would trust the authorities in '{shown_name(authorities)}' for {url}"
        yield _Use("ca_file", does, covered, _allowing_file(stack.root, authorities), secret=False)
    if spec.proxy:
        host = Address.read(spec.proxy).host
        does = f"would be asked through the proxy {shown(spec.proxy)}"
        yield _Use("proxy", does, consent.covers_proxy(host), _flag_or(f"list {host} in {HOSTS}"), secret=False)


def _allowing_file(root: Root, path: Path) -> str:
    return _flag_or(_LISTING) if root.holds(path) else f"{_LISTING}; {_FLAG} covers files below the spec's root {root}"


def _flag_or(listing: str) -> str:
    return f"where the spec is trusted with it, pass {_FLAG}, or {listing}"
