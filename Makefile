# CMIS. `make` lists what there is to do.
# Every target runs from a fresh clone: the environment is made when it is not there.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/bash

BIN := .venv/bin
PYTHON_IN_VENV := $(BIN)/python
INSTALLED := .venv/.installed
DEMO_FLAGS ?=
BENCH_FLAGS ?=

.PHONY: help setup system demo test check lint test-postgres test-browser test-deep bench bench-night bench-rating docs docs-check lock clean

help: ## List the targets
	@echo 'CMIS: electricity customers, readings, bills and signed invoices'
	@echo
	@awk -F ':.*## ' '/^[a-z][a-z-]*:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo
	@echo 'Start with: make demo'

setup: $(INSTALLED) ## Make .venv with the locked packages; then .venv/bin/cmis is the command

$(INSTALLED): requirements/dev.txt pyproject.toml tools/setup.sh
	@PYTHON='$(PYTHON)' tools/setup.sh

system: ## Install PostgreSQL, Chromium and fonts for the tests (root with apt), or say what is missing
	@tools/system.sh

demo: setup ## Build a demo utility from nothing, run two nights, open http://127.0.0.1:8000
	$(BIN)/cmis demo $(DEMO_FLAGS)

test: setup system ## Run every suite: SQLite, browser, PostgreSQL
	$(PYTHON_IN_VENV) tools/suites.py

check: lint ## The quick loop before a commit, under five minutes
	$(PYTHON_IN_VENV) -m pytest -q -n 2 --dist loadfile -m 'not slow and not browser'

lint: setup ## Style, types and the floors: ruff, mypy, import-linter
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	PYTHONPATH=src $(BIN)/lint-imports --config .importlinter.toml --no-cache

test-postgres: setup ## The database suites on a private PostgreSQL
	$(PYTHON_IN_VENV) tools/suites.py postgres

test-browser: setup ## The pages in Chromium
	$(PYTHON_IN_VENV) tools/suites.py browser

test-deep: setup ## Every suite with far more generated cases, a million bills (an hour or more)
	CMIS_TEST_BILLS=1000000 HYPOTHESIS_PROFILE=deep $(PYTHON_IN_VENV) tools/suites.py

bench: setup ## Run every measurement in bench/; prints name: value lines
	@set -e; for file in bench/bench_*.py; do \
	  [ -e "$$file" ] || { echo 'bench: there are no measurements yet'; break; }; \
	  echo "=== $$file"; PYTHONPATH=. $(PYTHON_IN_VENV) "$$file" $(BENCH_FLAGS); \
	done

bench-rating: setup ## Rate 1 M and 10 M bills beside an I/O floor, and what others would use
	PYTHONPATH=src:. $(PYTHON_IN_VENV) bench/bench_rating.py --bills 1000000 10000000 --plot $(BENCH_FLAGS)
	PYTHONPATH=src:. $(PYTHON_IN_VENV) bench/bench_rating_peers.py

bench-night: setup ## Measure a night of 100,000 customers on PostgreSQL
	PYTHONPATH=. $(PYTHON_IN_VENV) bench/bench_night.py $(BENCH_FLAGS)

docs: setup ## Write docs/reference anew from the code
	$(PYTHON_IN_VENV) -m tools.docs

docs-check: setup ## Fail when docs/reference differs from the code
	$(PYTHON_IN_VENV) -m tools.docs --check

lock: setup ## Recompile requirements/*.txt with hashes (LOCK_FLAGS=--upgrade for newer versions)
	@$(PYTHON_IN_VENV) -m uv --version >/dev/null 2>&1 || $(PYTHON_IN_VENV) -m pip install -q uv
	$(PYTHON_IN_VENV) tools/lock.py $(LOCK_FLAGS)

clean: ## Remove .venv and everything made by tools; your data in CMIS_HOME stays
	rm -rf .venv build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis src/*.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
