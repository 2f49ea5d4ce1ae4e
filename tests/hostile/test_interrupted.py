"""A build may be stopped at any moment: the next one gives what an empty folder would have given, and loses nothing."""

from __future__ import annotations

import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from obsgen.emit.folder.manifest import MANIFEST
from tests.conftest import ROOT
from tests.diagnostics.case import BASE
from tests.hostile.interrupting import FOREIGN, TOO_LONG, Figures, Tree, Trial, tree

OBSGEN = [sys.executable, "-c", "from obsgen.cli import run; run()"]
# The same files by the same code, without the second that it takes to compile a spec.
WRITER = """
import sys
from pathlib import Path
from obsgen.document import Document
from obsgen.emit.folder.writing import changes, write
command, variant, folder = sys.argv[1:]
numbers = {"old": range(0, 150), "new": range(50, 250), "other": range(200, 230)}[variant]
documents = [Document(f"rules/{n % 7}/{n}.yaml", f"{n if n % 3 else variant}\\n" * 400) for n in numbers]
documents.append(Document(f"{variant}/only.yaml", variant))
{"build": write, "diff": changes}[command](Path(folder), documents)
"""
SPECS = {"old": ("prod", range(6)), "new": ("stage", range(3, 10)), "other": ("prod", range(2))}
Command = Callable[[str, str, Path], Sequence[str]]
SIGNALS = [signal.SIGKILL, signal.SIGTERM, signal.SIGINT]


def named(value: object) -> str:
    return value.name if isinstance(value, signal.Signals) else str(value)


def writer(command: str, name: str, folder: Path) -> Sequence[str]:
    """A process that writes made-up documents."""
    return [sys.executable, "-c", WRITER, command, name, str(folder)]


def fresh(command: Command, folder: Path) -> dict[str, Tree]:
    """What each variant gives in a folder of its own."""
    for name in SPECS:
        subprocess.run(command("build", name, folder / name), check=True, capture_output=True, timeout=TOO_LONG)
    return {name: tree(folder / name) for name in SPECS}


def trial(command: Command, fresh: Mapping[str, Tree], folder: Path) -> Trial:
    return Trial(folder, lambda name: command("build", name, folder), lambda name: command("diff", name, folder), fresh)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Tree]:
    return fresh(writer, tmp_path_factory.mktemp("written"))


@pytest.fixture
def writers(written: dict[str, Tree], tmp_path: Path) -> Trial:
    return trial(writer, written, tmp_path / "out")


@pytest.fixture(scope="module")
def obsgen(tmp_path_factory: pytest.TempPathFactory) -> Command:
    """`obsgen` as a person runs it, on three specs that share some of their files and are cheap to compile."""
    specs = tmp_path_factory.mktemp("specs")
    shutil.copytree(BASE, specs, dirs_exist_ok=True)
    for name, (cluster, numbers) in SPECS.items():
        queues = "".join(f"  queue-{number}: {{pack: queue}}\n" for number in numbers)
        text = f"extends: [base.yaml]\nenvironment: {{cluster: {cluster}}}\nkubernetes:\n{queues}"
        (specs / f"{name}.yaml").write_text(text)

    def command(command: str, name: str, folder: Path) -> Sequence[str]:
        return [*OBSGEN, command, str(specs / f"{name}.yaml"), "-o", str(folder), "-t", "prometheus"]

    return command


@pytest.fixture(scope="module")
def built(obsgen: Command, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Tree]:
    return fresh(obsgen, tmp_path_factory.mktemp("built"))


@pytest.fixture
def builds(obsgen: Command, built: dict[str, Tree], tmp_path: Path) -> Trial:
    return trial(obsgen, built, tmp_path / "out")


def nothing_bad(figures: Figures) -> bool:
    return not any(figures.bad.values())


def test_after_a_kill_at_any_moment_the_next_command_leaves_nothing_of_it(writers):
    figures = writers.rounds(12, signal.SIGKILL, seed=1)
    assert figures.inside > 2, figures
    assert nothing_bad(figures), (figures, figures.seen)


@pytest.mark.parametrize("sent", SIGNALS, ids=named)
def test_the_same_holds_for_builds_through_the_command_line(builds, sent):
    figures = builds.rounds(2 if sent is signal.SIGKILL else 1, sent, seed=2)
    assert nothing_bad(figures), (figures, figures.seen)


@pytest.mark.e2e
@pytest.mark.parametrize(("sent", "count"), list(zip(SIGNALS, (300, 100, 100), strict=True)), ids=named)
def test_the_same_holds_for_hundreds_of_builds(builds, sent, count, capsys):
    figures = builds.rounds(count, sent, seed=3)
    with capsys.disabled():
        print(f"\n{sent.name}: {figures}")
    assert figures.inside > count // 3
    assert nothing_bad(figures), (figures, figures.seen)


def at_once(trial: Trial, names: Sequence[str]) -> list[str]:
    """What goes wrong where several builds write one folder at once."""
    processes = [
        subprocess.Popen(trial.build(name), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        for name in names
    ]
    said = [process.communicate(timeout=TOO_LONG)[1] for process in processes]
    faults = [text for process, text in zip(processes, said, strict=True) if process.returncode]
    if tree(trial.folder) not in trial.fresh.values():
        faults.append("the folder holds none of the variants")
    return faults


def test_writers_at_once_wait_for_each_other(writers):
    assert [at_once(writers, ["old", "new", "other", "new"]) for _ in range(2)] == [[]] * 2


@pytest.mark.e2e
def test_sixty_times_four_builds_at_once(builds, capsys):
    faults = [at_once(builds, ["old", "new", "other", "new"]) for _ in range(60)]
    with capsys.disabled():
        print(f"\n60 rounds of 4 writers: {sum(map(bool, faults))} bad")
    assert faults == [[]] * 60


def test_a_file_that_cannot_be_written_leaves_all_as_it_was(builds):
    subprocess.run(builds.build("old"), check=True, capture_output=True, timeout=TOO_LONG)
    before = tree(builds.folder)
    done = subprocess.run(
        builds.build("new"),
        capture_output=True,
        text=True,
        timeout=TOO_LONG,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (6_000, 6_000)),
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"error OBS607: the output folder '{builds.folder}' cannot be used: File too large")
    assert tree(builds.folder) == before


FULL_DISK = """
import os, subprocess, sys
from pathlib import Path
from tests.hostile.interrupting import tree
disk, *build = sys.argv[1:]
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk], check=True)
out = Path(disk, "out")
run = lambda name: subprocess.run([part.format(name=name, out=out) for part in build], capture_output=True, text=True)
bad, refused = [], 0
assert run("old").returncode == 0
before, used = tree(out), os.statvfs(disk)
free = used.f_bavail * used.f_frsize
for left in range(0, min(free, 65 * 8192), 8192):
    Path(disk, "filler").write_bytes(bytes(free - left))
    done = run("new")
    Path(disk, "filler").unlink()
    if done.returncode == 0:
        break
    refused += 1
    if done.returncode != 2 or "OBS607" not in done.stderr or "No space left" not in done.stderr or tree(out) != before:
        bad.append((left, done.stderr))
assert run("new").returncode == 0
print(refused, len(bad), bad)
sys.exit(bool(bad) or not refused or any(path.startswith(".obsgen-build") for path in tree(out)))
"""


@pytest.mark.e2e
def test_a_full_disk_leaves_all_as_it_was_and_space_lets_the_next_build_through(obsgen, tmp_path, capsys):
    if subprocess.run(["unshare", "-rm", "true"], capture_output=True, check=False).returncode:
        pytest.skip("no file system of one's own may be mounted here")
    (tmp_path / "disk").mkdir()
    build = obsgen("build", "{name}", Path("{out}"))
    command = ["unshare", "-rm", sys.executable, "-c", FULL_DISK, str(tmp_path / "disk"), *build]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=1200, check=False)
    with capsys.disabled():
        print(f"\nfull disk: {done.stdout.partition(' [')[0].replace(' ', ' refused, ', 1)} bad")
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_first_build_that_was_killed_is_no_foreign_folder(writers):
    for _ in range(50):
        shutil.rmtree(writers.folder, ignore_errors=True)
        if writers.interrupt("old", signal.SIGKILL, 0.3) and MANIFEST not in tree(writers.folder):
            break
    assert MANIFEST not in tree(writers.folder)
    subprocess.run(writers.build("old"), check=True, capture_output=True, timeout=TOO_LONG)
    assert tree(writers.folder) == writers.fresh["old"]


def test_files_of_others_stay_where_they_are(writers):
    subprocess.run(writers.build("old"), check=True, capture_output=True, timeout=TOO_LONG)
    for path, content in FOREIGN.items():
        (writers.folder / path).write_bytes(content)
    writers.interrupt("other", signal.SIGKILL, 0.5)
    subprocess.run(writers.build("new"), check=True, capture_output=True, timeout=TOO_LONG)
    found = tree(writers.folder)
    assert {path: found.pop(path) for path in FOREIGN} == FOREIGN
    assert found == writers.fresh["new"]
