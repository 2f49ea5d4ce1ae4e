"""Bounds on everything that comes from outside: no honest file meets one, and nothing hostile gets past one.

The numbers stand together here, so that a reader sees at once what obsgen takes; who reads a thing applies them.
"""

from __future__ import annotations

from typing import Final

# Files of YAML, runbooks, rules and routes. The largest that anybody keeps by hand is well under 1 MiB.
FILE_BYTES: Final = 10 * 2**20
# Files of the output: a rule file of a very large stack has a few MiB.
OUTPUT_BYTES: Final = 64 * 2**20
