"""Tries files in a process of its own, with the CPU time of each bounded: what becomes of them, in one line each.

`python -m tests.hostile.trial` reads one JSON document a line, {"kind", "files"}, and answers each with one.
"""

from __future__ import annotations

import base64
import json
import os
import resource
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.hostile.readers import READERS, Outcome
from tests.hostile.seeds import specs

# What everything hostile has to stay within.
CPU_SECONDS = 10
MEGABYTES = 1500


def _tried(kind: str, files: dict[str, str]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="hostile-") as folder:
        os.chdir(folder)
        for name, body in files.items():
            path = Path(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(base64.b64decode(body))
        try:
            return vars(READERS[kind](Path()))
        except BaseException as fault:  # noqa: BLE001 - whatever it is, it is what is looked for
            return vars(Outcome("bad", _where(fault), traceback.format_exc()))
        finally:
            os.chdir("/")


def _where(fault: BaseException) -> str:
    """The exception and the last line of ours that it passed, which tells faults apart."""
    frames = traceback.extract_tb(fault.__traceback__)
    ours = [frame for frame in frames if "/obsgen/" in frame.filename]
    last = (ours or frames)[-1]
    return f"{type(fault).__name__} in {last.filename.rpartition('/obsgen/')[2]}:{last.name}"


def main(answer: Callable[[str], None]) -> None:
    """Answer every line of standard input."""
    # What is imported when it is first needed is not to count as the time of a file.
    first = specs()[-1]
    _tried(first.reader, {name: base64.b64encode(text.encode()).decode() for name, text in first.files().items()})
    resource.setrlimit(resource.RLIMIT_AS, (MEGABYTES << 20,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for line in sys.stdin:
        asked = json.loads(line)
        spent = time.process_time()
        # The kernel ends a process that goes on, also where no Python runs any more.
        resource.setrlimit(resource.RLIMIT_CPU, (int(spent) + 1 + CPU_SECONDS, resource.RLIM_INFINITY))
        answer(json.dumps({**_tried(asked["kind"], asked["files"]), "seconds": time.process_time() - spent}))


if __name__ == "__main__":
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8")
    # What is tried may print, but not into the answers.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)

    def _answer(text: str) -> None:
        channel.write(text + "\n")
        channel.flush()

    main(_answer)
