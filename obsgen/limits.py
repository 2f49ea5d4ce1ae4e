"""Bounds on everything that comes from outside: no honest file meets one, and nothing hostile gets past one.

The numbers stand together here, so that a reader sees at once what obsgen takes; who reads a thing applies them.
"""

from __future__ import annotations

from typing import Final

# Files of YAML, runbooks, rules and routes. The largest that anybody keeps by hand is well under 1 MiB.
FILE_BYTES: Final = 10 * 2**20

# Templates. A long runbook section has 4,000 characters, the series of a test over 30 days by minutes 172,000.
EXPRESSION_CHARACTERS: Final = 2_000
EXPRESSION_DEPTH: Final = 16
EXPRESSION_STEPS: Final = 200
RENDERED_CHARACTERS: Final = 2**18
NUMBER_BITS: Final = 1024
TEMPLATE_CHARACTERS: Final = 2**14
TEMPLATE_ROUNDS: Final = 10_000
# Samples of one series, and evaluations, of a written test: 30 days by minutes are 43,200.
TEST_SAMPLES: Final = 100_000
# All of a stack's templates together; the largest stack in the tests gives 4 MiB, of which blocks are 20 KiB.
STACK_CHARACTERS: Final = 2**26
STACK_BLOCK_CHARACTERS: Final = 2**18

# What RE2 may keep for one pattern while it matches; a thousand names beside each other need a tenth of it.
REGEX_BYTES: Final = 2**22
