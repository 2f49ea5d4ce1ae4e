"""What leaves through the one way out."""

from __future__ import annotations

import pytest

from obsgen.cli.output import say, say_page


@pytest.mark.parametrize("out", [say, say_page])
@pytest.mark.parametrize("command", ["::error file=x::owned", "<td>##vso[task.complete]</td>", "  ::add-mask::a"])
def test_what_a_ci_system_would_obey_is_written_out(out, command, capfdbinary):
    out(f"<!doctype html>\n{command}\n")
    printed = capfdbinary.readouterr().out.decode()
    assert printed.replace("\\u003a", ":").replace("\\u0023", "#").rstrip() == f"<!doctype html>\n{command}"
    assert command not in printed
