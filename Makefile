# Selfcare's commands. `make` alone lists them. Works with GNU make 3.81 and newer, and with -j.

PORT ?= 8000
WORKERS ?= auto
ARGS ?=

VENV := .venv
RUN := $(VENV)/bin/python
PYTEST := $(RUN) -m pytest -n $(WORKERS)

# The first Python on the PATH that is new enough; `make PYTHON=…` names another.
FIND_PYTHON = for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
	  if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then break; fi; python=; \
	done; \
	test -n "$$python" || { echo "Selfcare needs Python 3.11 or newer, and none is on the PATH." >&2; exit 1; }

.PHONY: help demo setup frontend packages test test-fast test-browsers test-model check format translations bench bench-large lighthouse clean
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:
.SILENT:

help: ## This list
	echo 'Selfcare: two commands are enough.'
	echo
	sed -n -E 's/^([a-z-]+):.*## (.*)/  make \1#\2/p' $(firstword $(MAKEFILE_LIST)) | \
	  while IFS='#' read -r name words; do printf '%-22s %s\n' "$$name" "$$words"; done
	echo
	echo '  PORT=8123 make demo    another port'
	echo '  make test ARGS="tests/goals -k confidence"    some of the tests'

demo: frontend ## The whole thing with demonstration data, at http://127.0.0.1:8000
	PORT=$(PORT) exec $(VENV)/bin/selfcare demo start

test: packages ## All tests, a real PostgreSQL and a real Chromium included
	$(PYTEST) --database both -m "not browsers and not bench and not long" $(ARGS)

test-fast: packages ## Most tests in about a minute: SQLite, no browser, no walks over every door
	$(PYTEST) --database sqlite -m "not browser and not browsers and not postgres and not slow and not bench and not long" $(ARGS)

test-browsers: packages ## The journeys that also run in Firefox and WebKit
	$(RUN) -m pytest --database sqlite -m browsers $(ARGS)

test-model: packages ## The long ones: 20,000 steps of two phones that two people share; 10,000 texts on page, print and PDF
	$(RUN) -m pytest --database sqlite -m long -n0 -rP $(ARGS)

check: packages ## Format, lint, types, import directions, templates, packs, translations
	$(RUN) tools/check.py $(ARGS)

format: packages ## Lay out every file as `make check` wants it
	$(RUN) tools/check.py --fix $(ARGS)

translations: $(VENV)/.dev ## Collect the words for people anew into translations/
	$(RUN) tools/translations.py update

bench: $(VENV)/.dev frontend ## Speed, as ratios to the same work done bare
	$(RUN) -m bench $(ARGS)

bench-large: $(VENV)/.dev frontend ## Panel and summary over millions of entries (ARGS="--entries 10000000")
	$(RUN) -m bench --large $(ARGS)

lighthouse: packages ## Lighthouse's simulated phone on the first pages; 98 or more, or it fails
	$(RUN) -m tools.lighthouse $(ARGS)

setup: packages ## Only install and build

frontend: $(VENV)/.node ## Only build the style sheets and scripts, and install published texts
	$(RUN) tools/frontend.py build
	$(RUN) tools/texts.py

# What the front end is built with, and what checks and tests need besides (axe, TypeScript, Biome).
packages: $(VENV)/.dev
	$(RUN) tools/frontend.py build --checkers
	$(RUN) tools/texts.py

clean: ## Remove what was built and installed; the data in instance/ stays
	rm -rf $(VENV) node_modules static/dist build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache \
	  .hypothesis .schemathesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	echo 'Clean. Your data in instance/ is still there.'

# tools/install.py looks at the lock's contents, so a mere `git checkout` installs nothing again. One after the
# other, even with -j: two pips in one environment would trip over each other.
$(VENV)/.runtime: requirements.lock tools/install.py
	$(FIND_PYTHON); $$python tools/install.py runtime

$(VENV)/.node: requirements-node.lock $(VENV)/.runtime
	$(FIND_PYTHON); $$python tools/install.py node

$(VENV)/.dev: requirements-dev.lock $(VENV)/.node
	$(FIND_PYTHON); $$python tools/install.py dev
