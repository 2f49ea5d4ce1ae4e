"""How a program can fail to give a verdict, each told in one message."""

from __future__ import annotations

from signal import SIGKILL, Signals
from typing import Final

from obsgen.diagnostics import Diagnosed, Diagnostic
from obsgen.limits import PROGRAM_OUTPUT_BYTES

# With these there is no verdict: neither "all is well" nor "so many failed".
NO_VERDICT: Final = frozenset({"OBS453", "OBS454", "OBS455", "OBS456", "OBS457", "OBS458", "OBS470"})
_SHOWN: Final = 500


def not_understood(name: str, task: str, output: str) -> Diagnosed:
    """It ended as usual, and what it said is not what this program says."""
    hint = f"see what '{name}' is on PATH: a wrapper must pass on what the real one prints"
    return _failed("OBS453", f"{name} answers '{task}' with neither success nor failure: {last_line(output)}", hint)


def unsupported(path: str, said: str, supported: str) -> Diagnosed:
    """It is too old, too new, or does not say."""
    return _failed("OBS454", f"'{path}' is not supported: {said}", f"install {supported}")


def killed(name: str, number: int) -> Diagnosed:
    """A signal ended it."""
    signal = next((one.name for one in Signals if one == number), f"signal {number}")
    hint = "the machine may be out of memory: give it more, or fewer alerts at a time" if number == SIGKILL else None
    return _failed("OBS455", f"{name} was killed by {signal} before it gave a verdict", hint)


def crashed(name: str, code: int, output: str) -> Diagnosed:
    """It ended with a code that is no verdict."""
    if code - 128 in set(Signals):
        return killed(name, code - 128)
    return _failed("OBS455", f"{name} ended with status {code} and without a verdict: {last_line(output)}", None)


def timed_out(name: str, seconds: float) -> Diagnosed:
    """It did not end in time."""
    hint = "run it by hand to see what it waits for"
    return _failed("OBS456", f"{name} did not end within {seconds:g} s and was stopped", hint)


def not_started(path: str, reason: str) -> Diagnosed:
    """The machine cannot run it."""
    hint = "install the build for this machine's processor, and make it executable"
    return _failed("OBS457", f"'{path}' cannot be started: {reason}", hint)


def too_much(name: str) -> Diagnosed:
    """It says more than anybody would read."""
    return _failed("OBS453", f"{name} printed more than {PROGRAM_OUTPUT_BYTES // 2**20} MiB and was stopped", None)


def _failed(code: str, message: str, hint: str | None) -> Diagnosed:
    return Diagnosed([Diagnostic(code, message, hint=hint)])


def last_line(output: str) -> str:
    """The end of what a program said, as it can be shown on one line."""
    last = (output.strip().splitlines() or ["it says nothing"])[-1].strip()
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in last[:_SHOWN])
