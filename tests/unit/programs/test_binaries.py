"""Where programs are looked for, and in which order."""

from __future__ import annotations

import os

import pytest

from obsgen.programs.binaries import BinaryMissing, find_binary


@pytest.fixture
def program(tmp_path, monkeypatch):
    """Makes an executable under tmp_path, which is the current directory and has an empty PATH."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    monkeypatch.delenv("OBSGEN_TOOLS", raising=False)

    def make(place):
        path = tmp_path / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("#!/bin/sh\n")
        path.chmod(0o755)
        return path

    return make


def test_a_chosen_folder_comes_before_path(program, tmp_path, monkeypatch):
    on_path, chosen, given = (program(f"{folder}/promtool") for folder in ("path", "chosen", "given"))
    assert find_binary("promtool") == on_path
    monkeypatch.setenv("OBSGEN_TOOLS", str(chosen.parent))
    assert find_binary("promtool") == chosen
    assert find_binary("promtool", tools=given.parent) == given


def test_several_folders_can_be_named(program, tmp_path, monkeypatch):
    promtool, amtool = program("one/promtool"), program("two/amtool")
    monkeypatch.setenv("OBSGEN_TOOLS", os.pathsep.join(map(str, (promtool.parent, amtool.parent))))
    assert [find_binary("promtool"), find_binary("amtool")] == [promtool, amtool]


@pytest.mark.parametrize(
    ("name", "packaged"),
    [("alertmanager", "prometheus-alertmanager"), ("node_exporter", "prometheus-node-exporter")],
)
def test_debians_longer_names_are_known(program, name, packaged):
    path = program(f"path/{packaged}")
    assert find_binary(name) == path


def test_a_missing_program_says_what_to_install(program):
    with pytest.raises(BinaryMissing, match=r"'amtool' is not installed: install Alertmanager 0.25 or newer"):
        find_binary("amtool")
