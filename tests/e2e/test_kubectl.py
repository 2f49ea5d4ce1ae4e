"""The real kubectl takes the output folder, by an API server that knows the kinds in it and holds nothing."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import yaml

from obsgen.pipeline import build
from tests.conftest import ROOT

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(not shutil.which("kubectl"), reason="there is no kubectl on PATH"),
]
LONG_ENOUGH = 120


def discovery(objects: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """What an API server answers when it is asked which kinds it knows."""
    kinds = defaultdict(dict)
    for body in objects:
        kinds[body["apiVersion"]][body["kind"]] = "namespace" in body["metadata"]
    groups = {version.partition("/")[0]: version for version in kinds if "/" in version}
    listed = [
        {"name": name, "versions": [one], "preferredVersion": one}
        for name, version in groups.items()
        for one in [{"groupVersion": version, "version": version.partition("/")[2]}]
    ]
    answers: dict[str, dict[str, Any]] = {
        "/api": {"kind": "APIVersions", "versions": ["v1"]},
        "/apis": {"kind": "APIGroupList", "apiVersion": "v1", "groups": listed},
    }
    for version, found in kinds.items():
        resources = [
            {"name": f"{kind.lower()}s", "kind": kind, "namespaced": namespaced, "verbs": ["get", "create", "patch"]}
            for kind, namespaced in found.items()
        ]
        path = f"/apis/{version}" if "/" in version else f"/api/{version}"
        answers[path] = {"kind": "APIResourceList", "groupVersion": version, "resources": resources}
    return answers


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("kubectl") / "manifests"
    build(ROOT / "config" / "example.yaml", out)
    return out


@pytest.fixture(scope="module")
def objects(folder: Path) -> list[dict[str, Any]]:
    return [yaml.safe_load(path.read_text()) for path in sorted(folder.glob("*.yaml"))]


@pytest.fixture(scope="module")
def server(objects: list[dict[str, Any]]) -> Iterator[str]:
    answers = discovery(objects)

    class Api(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer = answers.get(self.path.partition("?")[0])
            unknown = {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "NotFound", "code": 404}
            self.send_response(200 if answer else 404)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(answer or unknown).encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Api) as listening:
        Thread(target=listening.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{listening.server_port}"
        listening.shutdown()


@pytest.mark.parametrize("how", ["-f", "-k"])
def test_kubectl_applies_the_folder_and_all_of_it(folder, objects, server, tmp_path, how):
    command = ["kubectl", f"--server={server}", f"--cache-dir={tmp_path}", "apply", "--dry-run=client"]
    command += ["--validate=false", how, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=LONG_ENOUGH, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("created (dry run)") == len(objects) > 20
