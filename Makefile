# First Reader. `make run` opens the app; nothing else is needed first.
#
# Works with GNU make 3.81, which macOS ships. Every step leaves a stamp in .venv/, so that a second
# `make run` does nothing but start. PYTHON chooses another Python (3.11 or later), ARGS is passed on
# to the app or to pytest: make test ARGS="-k quotes".

PYTHON ?= python3
ARGS ?=

# Where bytecode is not kept, each of the many processes of the app and its tests compiles everything.
export PYTHONDONTWRITEBYTECODE :=

BIN := .venv/bin
VENV := .venv/.made
RUNTIME := .venv/.runtime
SERVER := .venv/.server
DEV := .venv/.dev
PIP := $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes

# With CI set, a missing Ollama, browser or Postgres is a failure and not a remark.
STRICT := $(if $(filter-out false 0,$(CI)),--strict)

# Two tests at a time, a file's all in one process; tests/conftest.py puts the longest first.
PARALLEL := -n 2 --dist loadfile --no-loadscope-reorder

.PHONY: run worker setup test quick check bench novel lock clean

run: SETUP := --first-model
run: setup
	@$(BIN)/python -m components.server $(ARGS)

# A process that performs analyses, for a publisher's server with its store in Postgres.
worker: $(SERVER)
	@$(BIN)/python -m components.worker $(ARGS)

# POSTGRES=1 installs what a publisher's server needs on top.
setup: $(RUNTIME) $(if $(POSTGRES),$(SERVER))
	@$(BIN)/python -m components.engine.private $(STRICT) $(SETUP)

test: setup check
	@$(BIN)/python tests/browser/install.py
	@$(BIN)/python -m tests.install_postgres
	$(BIN)/python -m pytest $(PARALLEL) $(ARGS)

# What needs no Ollama, no browser and no Postgres.
quick: $(DEV)
	$(BIN)/python -m pytest $(PARALLEL) -m "not (ollama or browser or postgres)" $(ARGS)

check: $(DEV)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

bench: setup $(DEV)
	$(BIN)/python -m bench $(ARGS)

# Whole novels, every chapter's receipt; minutes for each 10,000 words.
novel: setup $(DEV)
	$(BIN)/python -m bench.whole $(ARGS)

# The only target that chooses versions; the locks hold hashes for every platform and no address.
LOCK := $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate \
	--custom-compile-command "make lock"
lock: $(VENV)
	@test -x $(BIN)/uv || $(BIN)/python -m pip install -q --disable-pip-version-check uv
	$(LOCK) requirements.txt -o requirements.lock
	$(LOCK) requirements-postgres.txt -c requirements.lock -o requirements-postgres.lock
	$(LOCK) requirements-dev.txt -c requirements-postgres.lock -o requirements-dev.lock
	$(LOCK) --no-deps components/engine/private/requirements.in \
		-o components/engine/private/requirements.txt

clean:
	rm -rf .venv .ollama .import_linter_cache .mypy_cache .pytest_cache .ruff_cache test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "First Reader needs Python 3.11 or later, and $(PYTHON) is not: install one," \
			"or name it: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@echo "Making .venv"
	@$(PYTHON) -m venv --clear .venv
	@touch $@

$(RUNTIME): requirements.lock $(VENV)
	@echo "Installing what the app needs into .venv (half a minute to two minutes, once)"
	@$(PIP) -r requirements.lock
	@touch $@

$(SERVER): requirements-postgres.lock $(RUNTIME)
	@echo "Installing what Postgres needs into .venv"
	@$(PIP) -r requirements-postgres.lock
	@touch $@

$(DEV): requirements-dev.lock $(RUNTIME)
	@echo "Installing what the tests need into .venv (half a minute, once)"
	@$(PIP) -r requirements-dev.lock
	@touch $@
