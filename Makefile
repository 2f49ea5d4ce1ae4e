# Everything that is done with this repository. `make` lists the targets.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq

# Where scripts/fetch-tools unpacks: obsgen itself looks only where it is told to, and on PATH.
demo: export OBSGEN_TOOLS ?= $(shell printf '%s:' $(CURDIR)/.tools/*/usr/bin)

# What `make demo` shows: make demo SPEC=my.yaml
SPEC ?= config/example.yaml
PYTEST := $(BIN)/python -m pytest --quiet
# How many mutants `make fuzz` tries.
FUZZ ?= 20000
# Debian's packages of the checkers and of the servers that demo and tests start.
SERVERS := promtool prometheus prometheus-alertmanager
SOURCES := golang-github-prometheus-alertmanager-dev

.DEFAULT_GOAL := help
.PHONY: help demo test e2e fuzz lint format docs mutation lock sbom dist clean tools generations e2e-tools

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(INSTALLED) tools ## Compile the example, check and prove it, and report on a sample cluster
	@start=$$(date +%s); set -e; \
	test -f $(SPEC) || { echo "there is no '$(SPEC)'; name a spec with make demo SPEC=…" >&2; exit 2; }; \
	step() { printf '\n== %s\n' "$$1"; shift; "$(BIN)/obsgen" "$$@"; }; \
	step "1/4 Compile $(SPEC) for the Prometheus Operator and for plain Prometheus" \
	    build $(SPEC) -o build/demo -t prometheus-operator -t prometheus; \
	step "2/4 Check it: our own checks, promtool over the rules, amtool over the routes" validate $(SPEC); \
	step "3/4 Prove it: promtool runs the tests derived for every alert, amtool every route" test $(SPEC); \
	step "4/4 Ask a private local Prometheus, filled with a bundled sample, how full the cluster is" \
	    capacity --demo; \
	printf '\n== Done in %s s. Look around in build/demo.\n' $$(( $$(date +%s) - start ))

# Each worker begins with half of the files, so that what a module prepares is prepared once, and takes from the other's
# when it is done.
test: lint tools generations ## Lint, then run every test but the slow ones (this is what CI runs)
	@$(PYTEST) -n 2 --dist worksteal -m "not e2e"

e2e: $(INSTALLED) tools e2e-tools ## Run the slow tests, against real servers in two versions
	@OBSGEN_E2E=1 $(PYTEST) -m e2e

# The seed is printed at the end; FUZZ_SEED=… tries the same mutants again. Two hours are more than twice what it takes.
fuzz: $(INSTALLED) ## Try 20,000 new mutants of everything that is read, and say what became of them (half an hour)
	@OBSGEN_FUZZ=$(FUZZ) OBSGEN_FUZZ_SEED=$(or $(FUZZ_SEED),$$(date +%s)) timeout 2h \
	    $(PYTEST) -n 2 --dist load -p tests.hostile.figures tests/hostile/test_mutated.py

lint: $(INSTALLED) ## Check style, types and the direction of imports
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check .
	@$(BIN)/mypy --no-error-summary
	@report=$$($(BIN)/lint-imports) || { echo "$$report"; exit 1; }

format: $(INSTALLED) ## Format the code and mend what can be mended
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format .

docs: $(INSTALLED) ## Write docs/schema/*.json anew
	@mkdir -p docs/schema
	@for kind in stack pack tests; do \
	    $(BIN)/obsgen schema $$kind > $(VENV)/schema.json && mv $(VENV)/schema.json docs/schema/$$kind.json || exit; \
	done

mutation: $(INSTALLED) tools ## Give every alert each mistake and write docs/mutation.md anew (a quarter of an hour)
	@scripts/mutation-report

lock: ## Write the two locks anew with the newest versions (Python 3.11)
	@PYTHON=$(PYTHON) scripts/lock

sbom: $(INSTALLED) ## Write sbom.cdx.json anew, after a change of the locks
	@$(BIN)/python scripts/sbom

dist: $(INSTALLED) ## Build the wheel and the source archive into dist/
	@$(BIN)/python -m build --no-isolation .

clean: ## Remove everything that make has made, tools and environment included
	@rm -rf $(VENV) .tools build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Pinned packages only: the lock is complete, so neither pip's resolver nor an isolated build may add any.
$(INSTALLED): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	    echo "obsgen needs Python 3.11 or newer; '$(PYTHON)' is not: make PYTHON=python3.12 …" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	    echo "'$(PYTHON)' cannot make virtual environments: apt install python3-venv" >&2; exit 1; }
	@echo "Installing the pinned packages into $(VENV)" >&2
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) install --require-hashes --no-deps --requirement requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@$(PIP) check >/dev/null || { $(PIP) check; exit 1; }
	@touch $@

# Fetched only where the machine has none.
tools:
	@for tool in promtool prometheus amtool; do \
	    command -v $$tool >/dev/null || exec scripts/fetch-tools bookworm $(SERVERS); \
	done

# The tests that compare versions want both, whatever is on PATH, and Alertmanager's own list of what it reads.
generations:
	@if command -v apt-get >/dev/null; then \
	    scripts/fetch-tools bookworm $(SERVERS) $(SOURCES) && scripts/fetch-tools trixie $(SOURCES) && \
	    scripts/fetch-tools sid $(SERVERS) $(SOURCES); \
	else echo "there is no apt-get here: tests that compare versions are skipped" >&2; fi

e2e-tools: generations
	@scripts/fetch-tools bookworm etcd-server etcd-client prometheus-node-exporter victoria-metrics
	@scripts/fetch-tools bookworm prometheus-blackbox-exporter prometheus-mysqld-exporter
	@scripts/fetch-tools bookworm mariadb-server-core libaio1 liburing2 mariadb-common mysql-common
	@scripts/fetch-tools bookworm haproxy liblua5.3-0 libopentracing-c-wrapper0 libopentracing1
	@scripts/fetch-tools bookworm chromium-headless-shell
