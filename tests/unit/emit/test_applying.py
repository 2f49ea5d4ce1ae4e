"""What `kubectl apply -f FOLDER` reads of the output folder, and what a new release changes in it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import yaml

from obsgen.document import Document
from obsgen.emit.folder.manifest import MANIFEST
from obsgen.emit.folder.writing import write
from obsgen.pipeline import compile_stack, documents
from obsgen.spec.root import SpecFile
from tests.conftest import ROOT
from tests.diagnostics.case import BASE
from tests.hostile.interrupting import tree

# By kubectl 1.32: it takes these endings, names that begin with a dot too, and goes into no folder below.
READ = (".json", ".yaml", ".yml")
WAVE = "argocd.argoproj.io/sync-wave"


@pytest.fixture(scope="module")
def written() -> tuple[Document, ...]:
    return documents(compile_stack(ROOT / "config" / "starter.yaml"))


def test_every_file_that_kubectl_reads_is_an_object_of_the_api(tmp_path, written):
    write(tmp_path, written)
    read = [path for path in tmp_path.iterdir() if path.suffix in READ]
    bodies = [body for path in read for body in yaml.safe_load_all(path.read_text())]
    assert len(bodies) > 20
    assert [body for body in bodies if not (body.get("apiVersion") and body.get("kind") and body["metadata"])] == []
    # Only kustomize knows it, and no API server.
    assert "Kustomization" not in {body["kind"] for body in bodies}


def test_a_new_release_changes_the_list_of_files_and_nothing_else(tmp_path, monkeypatch):
    def build(folder: Path) -> dict[str, bytes | None]:
        write(folder, documents(compile_stack(BASE / "base.yaml"), ["prometheus-operator", "prometheus"]))
        return tree(folder)

    before = build(tmp_path / "old")
    ours = [module for name, module in sys.modules.items() if name.partition(".")[0] == "obsgen"]
    for module in (one for one in ours if hasattr(one, "__version__")):
        monkeypatch.setattr(module, "__version__", "98.7.6")
    after = build(tmp_path / "new")
    assert [path for path in before.keys() | after.keys() if before.get(path) != after.get(path)] == [MANIFEST]
    assert b"98.7.6" in (after[MANIFEST] or b"")


def annotations(folder: Path, environment: str = "") -> dict[str, dict[str, str]]:
    """What each kind of object of a small stack is annotated with, and its API's group."""
    (folder / "spec.yaml").write_text(f"extends: [{BASE / 'base.yaml'}]\nenvironment: {{{environment}}}\n")
    written = documents(compile_stack(SpecFile(folder / "spec.yaml", Path("/"))))
    bodies = [yaml.safe_load(one.text) for one in written if one.path.endswith(READ) and "/" not in one.path]
    return {body["kind"]: body["metadata"]["annotations"] for body in bodies}


def test_neither_flux_nor_argo_cd_takes_the_routing_away(tmp_path):
    secret = annotations(tmp_path)["Secret"]
    assert secret["argocd.argoproj.io/sync-options"] == "Prune=false"
    assert secret["kustomize.toolkit.fluxcd.io/prune"] == "disabled"


def test_with_a_wave_what_needs_definitions_waits_for_them_and_nothing_else_does(tmp_path):
    waves = {kind: one.get(WAVE) for kind, one in annotations(tmp_path, "argocd: {sync_wave: 2}").items()}
    assert {kind for kind, wave in waves.items() if wave == "2"} == {"PrometheusRule", "ServiceMonitor"}
    assert {waves[kind] for kind in ("Secret", "ConfigMap", "Role", "RoleBinding")} == {None}
    assert not any(WAVE in one for one in annotations(tmp_path).values())
