"""The program `obsgen`: its commands behind one guard, so that whatever happens ends in a message and a status."""

from __future__ import annotations

import errno
import os
import sys
from contextlib import suppress
from io import TextIOWrapper
from pathlib import Path
from typing import Final, NoReturn

import click

from obsgen import __version__
from obsgen.cli.lazy import OutputClosed, Told
from obsgen.cli.main import COMMANDS, main
from obsgen.cli.output import say
from obsgen.programs.leaving import LEAVING

_ERROR: Final = 2
_BUG: Final = 3
_INTERRUPTED: Final = 130
# As a shell shows a program that ended because nobody reads on.
_UNREAD: Final = 141
# What the machine has run out of is no fault of ours.
_OUT_OF: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EMFILE, errno.ENFILE})


def run() -> NoReturn:
    """Run the command that the arguments name, and end with its status: see `obsgen --help`."""
    LEAVING.listen()
    for stream in (sys.stdout, sys.stderr):
        # A sign that the terminal cannot show must not end a report.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        status = _status()
    except (KeyboardInterrupt, Told):
        status = _INTERRUPTED
    LEAVING.leave()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):
            stream.flush()
    # At once: a thread may wait for a server still, and to take apart all that a build has made is a tenth of its time.
    os._exit(_final(status))


def _final(status: int) -> int:
    """The command's own status, or that of the signal that ended it."""
    if LEAVING.signal is None:
        return status
    # A command that ctrl-c ends as it should has its own status.
    as_usual = LEAVING.signal == _INTERRUPTED - 128 and status != _BUG
    return status if as_usual else 128 + LEAVING.signal


def _status() -> int:
    try:
        return _completed()
    except click.Abort:
        return _INTERRUPTED
    except (OutputClosed, BrokenPipeError):
        _drop_output()
        return _UNREAD
    except click.ClickException as refused:
        refused.show()
        return refused.exit_code
    except Exception as error:  # noqa: BLE001 - nobody after this one can say it in a sentence
        return _told(error)


def _completed() -> int:
    try:
        ended = main.main(standalone_mode=False)
        status = ended if isinstance(ended, int) else 0
    except SystemExit as left:
        status = left.code if isinstance(left.code, int) else 0
    if sys.stdout:
        sys.stdout.flush()
    return status


def _told(error: Exception) -> int:
    from obsgen.diagnostics import Diagnosed

    if isinstance(error, Diagnosed):
        _say(str(error))
        return _ERROR
    if isinstance(error, OSError) and error.errno in _OUT_OF:
        _drop_output()
        what = f"'{error.filename}'" if error.filename else "standard output or a temporary file"
        _say(f"obsgen: {what} cannot be written: {error.strerror}")
        return _ERROR
    if "--debug" in sys.argv:
        import traceback

        with suppress(OSError):
            traceback.print_exception(error)
    _say(_report(error))
    return _BUG


def _report(error: Exception) -> str:
    """One line without the error's own words, which may hold what nobody should publish."""
    command = next((word for word in sys.argv[1:] if word in COMMANDS), "")
    called = " ".join(filter(None, ["obsgen", command]))
    return (
        f"{called}: unexpected {type(error).__name__} at {_place(error)} in version {__version__}. This is a bug: "
        f"please report this line, with what `obsgen --debug {command or '…'}` prints above it"
    )


def _place(error: Exception) -> str:
    """The line of obsgen's own code that failed last."""
    package = Path(__file__).parent.parent
    place, step = "an unknown place", error.__traceback__
    while step:
        file = Path(step.tb_frame.f_code.co_filename)
        if file.is_relative_to(package):
            place = f"{file.relative_to(package)}:{step.tb_lineno}"
        step = step.tb_next
    return place


def _say(text: str) -> None:
    with suppress(OSError):
        say(text, err=True)


def _drop_output() -> None:
    """What is left for an output that takes no more goes nowhere, so that it does not fail a second time."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
