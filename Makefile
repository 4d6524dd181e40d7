# Hearth: every target does all of its own set-up; a repeat costs nothing.

PY ?= $(shell for python in python3.13 python3.12 python3.11 python3; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo "$$python" && break; done)
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip --disable-pip-version-check install -qq --require-hashes --no-deps --only-binary :all:
COMPILE := $(BIN)/uv pip compile pyproject.toml --extra server --universal --python-version 3.11 \
	--generate-hashes --no-header --no-annotate $(UPGRADE) --quiet
CONSTRAIN := --constraint requirements/dev.lock
SOURCES = $(wildcard forum tests deploy migrations bench wsgi.py)

.DEFAULT_GOAL := run
.PHONY: run test test-all check lock format clean

run: $(VENV)/.runtime
	@$(BIN)/python -m deploy.run

test: $(VENV)/.test
	@$(BIN)/python -m tests.run

test-all: $(VENV)/.test
	@$(BIN)/python -m tests.run --slow

check: $(VENV)/.dev
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/mypy forum
	$(BIN)/lint-imports
	$(BIN)/python -m deploy.check

format: $(VENV)/.dev
	$(BIN)/ruff format $(SOURCES)
	$(BIN)/ruff check --fix $(SOURCES)

# The widest lock is made first, so that the narrower ones take the same versions.
# What is locked stays as it is where it can; newer versions: make lock UPGRADE=--upgrade
lock: $(VENV)/.dev
	$(COMPILE) --group dev --output-file requirements/dev.lock
	$(COMPILE) $(CONSTRAIN) --group test --output-file requirements/test.lock
	$(COMPILE) $(CONSTRAIN) --output-file requirements/runtime.lock

clean:
	rm -rf $(VENV) .coverage .coverage.* htmlcov .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache .grimp_cache
	find $(SOURCES) -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@test -n "$(PY)" || { echo "Hearth needs Python 3.11 or newer and found none; install it, or name it: make PY=/path/to/python3.12 ..." >&2; exit 1; }
	@"$(PY)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Hearth needs Python 3.11 or newer, and $(PY) does not run or is older; name another: make PY=/path/to/python3.12 ..." >&2; exit 1; }
	@"$(PY)" -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "Python's venv module is missing; on Debian or Ubuntu: sudo apt-get install python3-venv" >&2; exit 1; }
	@echo "Setting up $(VENV) with $$("$(PY)" --version)"
	@"$(PY)" -m venv $(VENV)

$(VENV)/.%: requirements/%.lock | $(BIN)/python
	@echo "Installing $<"
	@$(INSTALL) -r $<
	@touch $@
