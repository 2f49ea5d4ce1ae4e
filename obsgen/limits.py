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
# Entries of a list that a template makes: no loop goes through more.
TEMPLATE_ENTRIES: Final = TEMPLATE_ROUNDS
# Samples of one series, and evaluations, of a written test: 30 days by minutes are 43,200.
TEST_SAMPLES: Final = 100_000
# All of a stack's templates together; the largest stack in the tests gives 4 MiB, of which blocks are 20 KiB.
STACK_CHARACTERS: Final = 2**26
STACK_BLOCK_CHARACTERS: Final = 2**18
# Units of 50 ns that one text, one formula of a feed, and all texts of a stack may take; the largest stack in the tests
# takes a hundredth of the last.
TEXT_EFFORT: Final = 2**18
FORMULA_EFFORT: Final = 2**14
STACK_EFFORT: Final = 2**25

# What RE2 may keep for one pattern while it matches; a thousand names beside each other need a tenth of it.
REGEX_BYTES: Final = 2**22
# Another program, such as promtool: one run over the rules of a large stack takes seconds and prints a few MiB.
PROGRAM_SECONDS: Final = 600.0
PROGRAM_OUTPUT_BYTES: Final = 64 * 2**20
# One runbook: a ConfigMap in Kubernetes holds no more.
RUNBOOK_BYTES: Final = 2**20

# Levels of one YAML document. Packs and specs have 12, a routing tree with its routes one in the other some 20.
YAML_DEPTH: Final = 100
# Values of one file, each alias counted as all that it stands for. The largest shipped spec has some 2,000.
YAML_NODES: Final = 100_000
# The same of a spec, its bases and its packs together; the shipped packs come to 25,000.
SPEC_NODES: Final = 100_000
# Files that one spec may come to, each counted as often as it is extended.
SPEC_FILES: Final = 32
# Characters of one value of a spec or pack: runbooks, the only long texts, are files of their own.
YAML_TEXT: Final = 2**16
# The same in files of other tools: a Secret in Kubernetes holds 1 MiB, which is four thirds of that in base64.
FOREIGN_TEXT: Final = 2**21
# Characters of a key: Kubernetes' longest, of a label with a prefix, has 317.
YAML_KEY: Final = 1024
# Whole numbers have 64 bits in Prometheus, Alertmanager and Kubernetes alike.
INTEGER: Final = 2**63 - 1

# Characters of a cluster's name, which every series and every alert carries; the longest of a provider have 100.
CLUSTER_NAME: Final = 253

# Of thresholds and shares: a zettabyte. What tests feed is up to a million times as much, and must stay exact enough.
AMOUNT: Final = 1e21

# Of scrapes and evaluations. An instant selector looks back for 5 minutes: what comes more seldom is not seen at all.
LEAST_INTERVAL: Final = "100ms"
MOST_INTERVAL: Final = "1h"
# Of `for`, `keep_firing_for` and escalations: derived tests take a step for each evaluation until then.
MOST_PENDING: Final = "30d"
# Of an objective's windows: as far back as Prometheus is ever asked to look.
MOST_WINDOW: Final = "366d"

# Mistakes shown at once: nobody reads more of them.
MISTAKES: Final = 500
# Characters shown of a source line: as wide as two terminals.
SHOWN_LINE: Final = 240

# Characters of one line of samples: a series with all its labels.
SAMPLE_TEXT: Final = 2**20

# Characters of one PromQL expression: ten times the longest that the shipped packs compile to.
PROMQL_TEXT: Final = 2**14
# Brackets and operators one inside the other. The deepest shipped has 24; the parser's stack grows by each.
PROMQL_DEPTH: Final = 100
# Groups of a regular expression one inside the other. RE2 refuses 1,000, and Python's reader gives up before that.
REGEX_DEPTH: Final = 100
# Characters of one regular expression: a hundred times the longest that is shipped.
REGEX_TEXT: Final = 2**14
# Files of the output: a rule file of a very large stack has a few MiB.
OUTPUT_BYTES: Final = 64 * 2**20
# Of files that stand in the output folder, as `diff` shows what changes in them: one, and all of them together. Whoever
# reads a difference reads less, and finding it takes ever longer.
DIFFERENCE_BYTES: Final = 2**19
DIFFERENCES_BYTES: Final = 32 * 2**20
