from __future__ import annotations

import json
import os
import re
import shutil
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from obsgen.cli import main
from obsgen.live.demo import demo_sample
from obsgen.live.offline import newest_sample, serve_openmetrics
from obsgen.programs.binaries import BinaryMissing, find_binary
from tests.faults import certificates
from tests.faults.proxy import Proxy

NEWEST = int(time.time())
_OUTSIDE = re.compile(r"^(OBSGEN_|.*_proxy$|REQUESTS_|CURL_|NETRC|SSL_)", re.IGNORECASE)


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str
    seconds: float

    @property
    def report(self) -> dict[str, Any]:
        return json.loads(self.out)

    @property
    def figures(self) -> dict[str, Any]:
        """Everything but what the backend said, without the digits that the order of a sum leaves open."""
        report = json.loads(self.out, parse_float=lambda digits: float(f"{float(digits):.9g}"))
        return {name: part for name, part in report.items() if name != "warnings"}

    def is_error(self, *words: str) -> None:
        """Assert a clear error and nothing else."""
        assert (self.code, self.out) == (2, "")
        assert self.err.startswith("Error: ")
        assert "Traceback" not in self.err
        for word in words:
            assert word in self.err


def obsgen(*arguments: str, **variables: str) -> Ended:
    """Run the command as a user does, but for the process: most of its time would be the start of an interpreter."""
    environment = {**{name: None for name in os.environ if _OUTSIDE.match(name)}, **variables}
    started = time.monotonic()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        done = CliRunner().invoke(main, arguments, env=environment, prog_name="obsgen")
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exc_info
    return Ended(done.exit_code, done.stdout, done.stderr, time.monotonic() - started)


def capacity(url: str, *options: str, **variables: str) -> Ended:
    """`obsgen capacity` over one address, as JSON, about the sample's newest moment: on a busy machine it is past."""
    moment = () if "--dry-run" in options else ("--at", str(NEWEST))
    return obsgen("capacity", "--url", url, "--format", "json", *moment, *options, **variables)


def _moved(text: str, seconds: int) -> str:
    return re.sub(r" (\d+)$", lambda found: f" {int(found[1]) + seconds}", text, flags=re.MULTILINE)


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real Prometheus over the bundled sample, moved to now; one for each module, before it is old."""
    try:
        find_binary("prometheus"), find_binary("promtool")
    except BinaryMissing as missing:
        pytest.skip(str(missing))
    sample = tmp_path_factory.mktemp("sample") / "now.om"
    moved = _moved(demo_sample().read_text(), int(NEWEST - newest_sample(demo_sample())))
    sample.write_text(moved)
    with serve_openmetrics(sample) as url:
        yield url


@pytest.fixture(scope="module")
def truth(real: str) -> dict[str, Any]:
    """The figures without anything in between."""
    straight = capacity(real)
    assert straight.code == 0, straight.err
    assert straight.figures["clusters"][0]["cluster"] == "demo"
    return straight.figures


@pytest.fixture
def proxy(real: str, truth: dict[str, Any]) -> Iterator[Proxy]:
    with Proxy(real) as between:
        yield between


@pytest.fixture(scope="session")
def certificate_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """ca.pem; a server's certificate, one that has expired, one for another name; a client's."""
    if not shutil.which("openssl"):
        pytest.skip("openssl is not installed")
    folder = tmp_path_factory.mktemp("certificates")
    certificates.authority(folder)
    certificates.authority(folder, "strangers")
    certificates.issued(folder, "server")
    certificates.issued(folder, "expired", days=-1)
    certificates.issued(folder, "elsewhere", extension="subjectAltName=DNS:elsewhere.example.com")
    certificates.issued(folder, "client", extension="extendedKeyUsage=clientAuth")
    return folder


@pytest.fixture
def over_tls(real: str, certificate_folder: Path) -> Iterator[Callable[..., Proxy]]:
    """Starts a server that shows the named certificate; `clients` is the authority of those it lets in."""
    running: list[Proxy] = []

    def start(name: str, clients: str | None = None) -> Proxy:
        pair = (str(certificate_folder / f"{name}.pem"), str(certificate_folder / f"{name}.key"))
        running.append(Proxy(real, certificate=pair, clients=clients))
        return running[-1]

    yield start
    for one in running:
        one.__exit__()
