"""The bill of materials: what it says of the wheel's dependencies, its form, and that the wheel carries it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from cyclonedx import schema as cyclonedx_schema
from cyclonedx.model.bom import Bom

import obsgen
from tests.conftest import ROOT

SBOM = ROOT / "sbom.cdx.json"


@pytest.fixture
def bill() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(SBOM.read_text())
    return found


def test_it_lists_every_package_that_obsgen_runs_with_its_version_and_hashes(bill):
    lock = (ROOT / "requirements-runtime.lock").read_text()
    listed = {
        (one["name"], one["version"]): sorted(file["hashes"][0]["content"] for file in one["externalReferences"])
        for one in bill["components"]
    }
    blocks = re.findall(r"^(\S+)==(\S+)((?: \\\n    \S+)+)", lock, flags=re.MULTILINE)
    assert listed == {(name, version): sorted(re.findall(r"sha256:(\w+)", rest)) for name, version, rest in blocks}


def test_it_is_a_bill_of_this_version(bill):
    assert bill["metadata"]["component"]["version"] == obsgen.__version__, "run `make sbom`"


def validator() -> jsonschema_rs.Validator:
    """The standard's own schema, as its library brings it."""
    folder = Path(cyclonedx_schema.__file__).parent / "_res"
    schemas = {path.name: json.loads(path.read_text()) for path in folder.glob("*.json")}
    bom = schemas["bom-1.6.SNAPSHOT.schema.json"]
    return jsonschema_rs.validator_for(bom, retriever=lambda address: schemas[address.rpartition("/")[2]])


def test_it_is_valid_cyclonedx(bill):
    assert [error.message for error in validator().iter_errors(bill)] == []
    # The schema knows no references; the library does.
    assert Bom.from_json(bill).validate()
    assert validator().is_valid({**bill, "components": [{"name": "pydantic"}]}) is False


def test_writing_it_again_gives_the_same_bytes(tmp_path):
    kept = SBOM.read_bytes()
    before = SBOM.stat()
    done = subprocess.run([sys.executable, ROOT / "scripts" / "sbom", tmp_path / "again.json"], check=False)
    assert done.returncode == 0
    assert (tmp_path / "again.json").read_bytes() == kept, "run `make sbom`"
    assert SBOM.stat() == before


def test_the_wheel_carries_it(tmp_path):
    outside = {**os.environ, "SOURCE_DATE_EPOCH": "0"}
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", tmp_path]
    subprocess.run(command, cwd=ROOT, env=outside, capture_output=True, check=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        name = f"obsgen-{obsgen.__version__}.dist-info/sboms/sbom.cdx.json"
        assert archive.read(name) == SBOM.read_bytes()
