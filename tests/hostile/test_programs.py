"""Programs that are not what they are called or give no verdict: an error each, and no verdict of ours."""

from __future__ import annotations

import resource
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from obsgen.check.promtool import prove
from obsgen.cli import main
from obsgen.diagnostics import Diagnosed
from obsgen.pipeline import compile_stack
from obsgen.preview.pictures import BrowserFailed, picture
from obsgen.programs.binaries import BinaryMissing, find_binary
from obsgen.programs.checkers import Tool, find_tool
from obsgen.programs.children import run
from obsgen.programs.scratch import scratch_folder
from obsgen.units import Version
from tests.e2e.waiting import wait_until

SMALL = Path(__file__).parents[1] / "diagnostics" / "base" / "base.yaml"
FORMS = {"promtool": "2.53.0", "prometheus": "2.53.0", "amtool": "0.27.0"}
PNG = b"\x89PNG\r\n\x1a\n\x00\xff\xfe\x80"

Write = Callable[..., Path]


@pytest.fixture
def program(tmp_path: Path) -> Write:
    """Writes a shell script that states a version as the real program does, and then does something else."""

    def write(name: str, does: str, *, states: str | None = None, folder: str = "bin") -> Path:
        path = tmp_path / folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        stated = f"{name}, version {FORMS[name]} (branch: HEAD, revision: 1)" if states is None else states
        path.write_text(f'#!/bin/sh\n[ "$1" = --version ] && {{ echo "{stated}"; exit 0; }}\n{does}\n')
        path.chmod(0o755)
        return path

    return write


@pytest.fixture
def only_these(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the written programs is the only one that is searched."""
    monkeypatch.setenv("OBSGEN_TOOLS", str(tmp_path / "bin"))
    return tmp_path / "bin"


@pytest.fixture
def searched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Stands in a stranger's checkout, with this PATH."""
    checkout = tmp_path / "checkout"
    checkout.mkdir(exist_ok=True)
    monkeypatch.chdir(checkout)
    monkeypatch.delenv("OBSGEN_TOOLS", raising=False)
    return lambda path: monkeypatch.setenv("PATH", path)


@pytest.mark.parametrize(
    ("place", "path"),
    [
        ("checkout/.tools/bookworm/usr/bin", "/nowhere"),
        ("checkout", "/nowhere:"),
        ("checkout", ":/nowhere"),
        ("checkout", "/nowhere::/nowhere"),
        ("checkout", "."),
        ("checkout/bin", "bin:/nowhere"),
        ("checkout/bin", "./bin"),
        (".tools/bookworm/usr/bin", "/nowhere"),
        ("bin", "../bin"),
    ],
)
def test_nothing_that_lies_in_a_checkout_is_run(program: Write, searched, place: str, path: str) -> None:
    program("promtool", "touch ran", folder=place)
    searched(path)
    with pytest.raises(BinaryMissing) as missing:
        find_binary("promtool")
    assert ("not searched" in str(missing.value)) == any(not entry.startswith("/") for entry in path.split(":"))


@pytest.mark.parametrize("named", ["bin", "./bin", ".", ""])
def test_a_folder_of_tools_is_named_with_its_full_path(program: Write, searched, monkeypatch, named: str) -> None:
    program("promtool", "touch ran", folder="checkout/bin")
    program("promtool", "touch ran", folder="checkout")
    searched("/nowhere")
    monkeypatch.setenv("OBSGEN_TOOLS", named)
    with pytest.raises(BinaryMissing):
        find_binary("promtool")


@pytest.mark.parametrize("command", ["validate", "test"])
@pytest.mark.parametrize("states", ["hello", "", "promtool 2.53.0", "Docker version 27.1.1, build 6312585"])
def test_a_program_that_does_not_state_its_version_gives_no_verdict(
    program: Write, only_these: Path, command: str, states: str
) -> None:
    for name in FORMS:
        program(name, "echo hello", states=states)
    ended = CliRunner().invoke(main, [command, str(SMALL)])
    assert ended.exit_code == 2
    assert ended.output.count("error OBS454: ") == 2
    assert "it does not state its version as promtool does" in ended.output
    assert "are valid" not in ended.output


@pytest.mark.parametrize(
    ("name", "version", "supported"),
    [
        ("promtool", "1.8.2", "promtool 2.42 or newer, up to 3.x"),
        ("promtool", "2.41.0", "promtool 2.42 or newer, up to 3.x"),
        ("promtool", "4.0.0", "promtool 2.42 or newer, up to 3.x"),
        ("amtool", "0.24.0", "amtool 0.25 or newer, up to 0.x"),
        ("amtool", "1.0.0", "amtool 0.25 or newer, up to 0.x"),
    ],
)
def test_a_version_that_is_not_known_is_refused(
    program: Write, only_these: Path, name: str, version: str, supported: str
) -> None:
    program(name, "", states=f"{name}, version {version} (branch: HEAD, revision: 1)")
    with pytest.raises(Diagnosed, match=rf"OBS454: .*it is {name} {version[:3]}[\s\S]*install {supported}"):
        find_tool(name)


@pytest.mark.parametrize("does", ["echo hello", "true", "echo SUCCESS", "echo '  SUCCESS: 1 rules found'", "exit 1"])
@pytest.mark.parametrize("command", ["validate", "test"])
def test_an_answer_that_is_none_of_theirs_is_no_verdict(
    program: Write, only_these: Path, command: str, does: str
) -> None:
    program("promtool", does)
    program("amtool", does)
    ended = CliRunner().invoke(main, [command, str(SMALL)])
    assert ended.exit_code == 2
    assert "error OBS453: promtool answers" in ended.output
    assert "passed" not in ended.output
    assert "failed" not in ended.output


@pytest.mark.parametrize(
    ("does", "message"),
    [
        ("kill -9 $$", "OBS455: promtool was killed by SIGKILL before it gave a verdict"),
        ("kill -SEGV $$", "OBS455: promtool was killed by SIGSEGV before it gave a verdict"),
        ("exit 137", "OBS455: promtool was killed by SIGKILL before it gave a verdict"),
        ("echo 'panic: runtime error' >&2; exit 2", "OBS455: promtool ended with status 2 .*: panic: runtime error"),
        ("exit 255", "OBS455: promtool ended with status 255 and without a verdict: it says nothing"),
        ("sleep 60 & wait", r"OBS456: promtool did not end within 0\.5 s and was stopped"),
        ("exec >&- 2>&-; sleep 60", r"OBS456: promtool did not end within 0\.5 s and was stopped"),
    ],
)
def test_a_checker_that_gives_no_verdict_has_not_found_a_failure(program: Write, does: str, message: str) -> None:
    tool = Tool("promtool", program("promtool", does), Version(2, 53), seconds=0.5 if "sleep" in does else 60)
    compiled = compile_stack(SMALL)
    with pytest.raises(Diagnosed, match=message):
        prove(tool, compiled.stack, compiled.bundle)


@pytest.mark.parametrize("name", ["promtool", "amtool"])
def test_what_is_no_text_is_quoted_without_it(program: Write, only_these: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "image").write_bytes(PNG * 30)
    for each in ("promtool", "amtool"):
        program(each, f"cat {tmp_path}/image")
    with scratch_folder() as folder:
        answer = find_tool(name).run("check", folder=folder)
    assert answer.output.startswith("\N{REPLACEMENT CHARACTER}PNG")
    ended = CliRunner().invoke(main, ["validate", str(SMALL)])
    assert ended.exit_code == 2
    assert f"error OBS453: {name} answers" in ended.output
    assert ended.output.replace("\n", "").isprintable()


def test_an_endless_output_is_cut_off_before_it_fills_the_memory(program: Write, tmp_path: Path) -> None:
    noisy = program("promtool", "exec cat /dev/zero")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(Diagnosed, match="OBS453: promtool printed more than 64 MiB and was stopped"):
        run([str(noisy)], tmp_path, seconds=60)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300_000


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"\x7fELF\x02\x01\x01" + bytes(57), "Exec format error"), (b"#!/nowhere/sh\n", "No such file or directory")],
)
def test_a_build_for_another_machine_is_named(program: Write, only_these: Path, content: bytes, reason: str) -> None:
    path = program("promtool", "")
    path.write_bytes(content)
    with pytest.raises(Diagnosed, match=f"OBS457: '{path}' cannot be started: {reason}"):
        find_tool("promtool")


def test_what_is_not_executable_is_not_installed(program: Write, only_these: Path, monkeypatch) -> None:
    program("promtool", "").chmod(0o644)
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(BinaryMissing, match="'promtool' is not installed"):
        find_tool("promtool")


def test_what_a_program_has_started_ends_with_it(program: Write, tmp_path: Path) -> None:
    leaving = program("promtool", f"sleep 60 & echo $! >{tmp_path}/started")
    with pytest.raises(Diagnosed, match="OBS456"):
        run([str(leaving)], tmp_path, seconds=0.5)
    wait_until(lambda: _state(int((tmp_path / "started").read_text())), lambda state: state in "ZX", what="its end")


def _state(process: int) -> str:
    """One letter, as `ps` shows it; Z and X are over."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "X"


def test_a_program_sees_nothing_of_our_environment(program: Write, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("PROMETHEUS_TOKEN", "canary")
    seen = run([str(program("promtool", "env"))], tmp_path, seconds=60).output
    passed_on = {"PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "LD_LIBRARY_PATH", "GOMAXPROCS", "GOMEMLIMIT", "GOGC"}
    assert "canary" not in seen
    assert {line.partition("=")[0] for line in seen.splitlines()} <= {*passed_on, "HOME", "TMPDIR", "PWD"}
    assert f"HOME={tmp_path}" in seen
    assert f"TMPDIR={tmp_path}" in seen


@pytest.mark.parametrize(
    ("promtool", "prometheus", "code"),
    [("echo hello", "exit 1", "OBS453"), ("kill -9 $$", "exit 1", "OBS455"), ("mkdir -p $5/block", "echo hello", None)],
)
def test_a_sample_is_not_read_with_programs_that_do_not_read_it(
    program: Write, only_these: Path, promtool: str, prometheus: str, code: str | None
) -> None:
    program("promtool", promtool)
    program("prometheus", prometheus)
    ended = CliRunner().invoke(main, ["capacity", "--demo"])
    assert ended.exit_code == 2
    assert (code or "did not start over the samples: hello") in ended.output


def test_a_browser_draws_into_a_folder_of_its_own(program: Write, tmp_path: Path) -> None:
    draws = """for word; do case $word in
--dump-dom) echo '<html lang="en" data-height="7">';;
--screenshot=*) echo "drawn in $PWD $*" >"${word#*=}";;
esac; done"""
    page = tmp_path / "page.html"
    drawn = picture(str(program("chromium", draws, states="")), page).decode()
    assert f"--window-size=1600,7 {page.as_uri()}" in drawn
    assert not Path(drawn.split()[2]).exists()


@pytest.mark.parametrize(
    ("does", "failure", "message"),
    [
        ("echo broken; exit 1", BrowserFailed, "made no picture of '.*page.html': broken"),
        ("true", BrowserFailed, "made no picture of '.*page.html': it says nothing"),
        ("kill -9 $$", Diagnosed, "OBS455: chromium was killed by SIGKILL"),
    ],
)
def test_a_browser_that_draws_nothing_is_told(
    program: Write, tmp_path: Path, does: str, failure: type[Exception], message: str
) -> None:
    with pytest.raises(failure, match=message):
        picture(str(program("chromium", does, states="")), tmp_path / "page.html")


def test_without_a_temporary_folder_nothing_is_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", "/nowhere")
    ended = CliRunner().invoke(main, ["validate", str(SMALL)])
    assert ended.exit_code == 2
    assert "error OBS458: no temporary folder can be made: No such file or directory" in ended.output
