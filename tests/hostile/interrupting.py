"""Builds that are stopped in the middle, and what must be true of the folder after the next one."""

from __future__ import annotations

import shutil
import signal
import stat
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from obsgen.emit.folder.journal import STAGING

Tree = Mapping[str, bytes | None]
"""What stands below a folder: the content of files, None for folders."""

FOREIGN = {"notes.txt": b"mine\n", "rules/mine.yaml": b"groups: []\n"}
# Far longer than any of these commands takes, even where the machine does ten other things.
TOO_LONG = 300.0


def tree(folder: Path) -> dict[str, bytes | None]:
    """Everything below the folder; of what is neither a file nor a folder, that it is something else."""
    found: dict[str, bytes | None] = {}
    for path in sorted(folder.rglob("*")):
        mode = path.lstat().st_mode
        content = path.read_bytes() if stat.S_ISREG(mode) else None if stat.S_ISDIR(mode) else b"<something else>"
        found[path.relative_to(folder).as_posix()] = content
    return found


@dataclass
class Figures:
    """What came of many interrupted builds."""

    rounds: int = 0
    inside: int = 0
    bad: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(
            ("half-written", "refused", "mixed", "with orphans", "with temporary files", "with a lost file of others"),
            0,
        )
    )
    seen: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        bad = ", ".join(f"{count} {fault}" for fault, count in self.bad.items())
        return f"{self.rounds} interrupted, {self.inside} of them inside the write; after the next command {bad}"


@dataclass(frozen=True)
class Trial:
    """Builds of several variants into one folder, each by a process of its own."""

    folder: Path
    build: Callable[[str], Sequence[str]]
    diff: Callable[[str], Sequence[str]]
    fresh: Mapping[str, Tree]

    def rounds(self, count: int, sent: signal.Signals, seed: int) -> Figures:
        """So many interrupted builds, each followed by another build or a comparison, and judged."""
        random, figures = Random(seed), Figures()
        stands = ""
        for number in range(count):
            if number % 4 == 0:
                # A first build.
                shutil.rmtree(self.folder, ignore_errors=True)
                stands = ""
            begun = random.choice([name for name in self.fresh if name != stands])
            figures.rounds += 1
            figures.inside += self.interrupt(begun, sent, random.random())
            known = {begun, stands} - {""}
            figures.bad["half-written"] += self._half_written(known)
            if stands and random.random() < 0.25:
                stands = self._settled(figures, self.diff(random.choice([*self.fresh])), known)
            else:
                chosen = random.choice([*self.fresh])
                stands = self._settled(figures, self.build(chosen), {chosen})
            for path, content in FOREIGN.items():
                (self.folder / path).write_bytes(content)
        return figures

    def interrupt(self, variant: str, sent: signal.Signals, share: float) -> bool:
        """Send the signal at a share of the write's time; whether the build was inside the write."""
        staging = self.folder / STAGING
        process = subprocess.Popen(self.build(variant), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while process.poll() is None and not staging.exists():
            time.sleep(0.0002)
        time.sleep(share * 0.00015 * len(self.fresh[variant]))
        inside = staging.exists() and process.poll() is None
        process.send_signal(sent)
        process.wait(TOO_LONG)
        return inside

    def _half_written(self, known: set[str]) -> int:
        """Whether there is a file of which no variant has the content."""
        found = tree(self.folder) if self.folder.exists() else {}
        return any(
            content is not None and all(content != self.fresh[name].get(path) for name in known)
            for path, content in found.items()
            if not path.startswith(STAGING) and path not in FOREIGN
        )

    def _settled(self, figures: Figures, command: Sequence[str], whole: set[str]) -> str:
        """Run the next command; the variant that stands there then, which must be one of these and nothing else."""
        foreign = {path for path in FOREIGN if (self.folder / path).exists()}
        done = subprocess.run(command, capture_output=True, text=True, timeout=TOO_LONG, check=False)
        found = tree(self.folder)
        ours = {path: content for path, content in found.items() if path not in FOREIGN}
        figures.bad["refused"] += done.returncode not in (0, 1) or "Traceback" in done.stderr
        figures.bad["with temporary files"] += any(path.startswith(STAGING) for path in ours)
        figures.bad["with a lost file of others"] += any(found.get(path) != FOREIGN[path] for path in foreign)
        for name in whole:
            if self.fresh[name] == ours:
                return name
        wanted = self.fresh[min(whole)]
        figures.bad["with orphans"] += bool(ours.keys() - wanted.keys())
        figures.bad["mixed"] += any(ours.get(path) != content for path, content in wanted.items())
        figures.seen.append(f"{command}: {sorted(ours.keys() ^ wanted.keys())}\n{done.stderr}")
        return ""
