# make run      start the dashboard on this machine and print its address
# make test     the whole suite, browser tests included
# make check    lint, types and the tests without browsers, servers and long runs: before each commit
# make explore  the suite without a browser, with different made-up cases each time
# make lint     style, formatting and types
# make check-charts  draw 200 charts and report labels that overlap or are cut off
# make look     pictures of every page on screens and on paper, as contact sheets in look/
# make bench    measure speed and memory, and write bench/RESULTS.md
# make sbom     list what it runs on, with versions and licences, in sbom.cdx.json (CycloneDX)
# make audit    look for known vulnerabilities in what it runs on; asks the Python package index
# make setup    only prepare the environment in .venv

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8501
TESTS ?= tests
# Where Python is told to keep no compiled files, each of the many processes of a run compiles everything again.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev browser postgres run test check explore lint format check-charts look bench sbom audit clean

help:
	@sed -n 's/^# \(make .*\)/\1/p' Makefile

setup: $(VENV)/.runtime

setup-dev: $(VENV)/.dev

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "This needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) --version 2>&1). Name another one: make PYTHON=python3.12 setup" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { \
	  echo "Python could not make an environment. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }

$(VENV)/.runtime: requirements.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@$(BIN)/python -m careleavers.ui.server.precompress 2>/dev/null
	@touch $@

$(VENV)/.dev: requirements-dev.txt requirements-stores.txt requirements.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@$(BIN)/python -m careleavers.ui.server.precompress 2>/dev/null
	@touch $(VENV)/.runtime $@

run: setup
	@echo "Care leaver outcomes: http://127.0.0.1:$(PORT)  (Ctrl+C stops it). The address for uploading follows."
	@$(BIN)/streamlit run app.py --server.address 127.0.0.1 --server.port $(PORT)

browser: setup-dev
	@$(BIN)/python tests/browser/find_browser.py --install

# The store's tests start their own PostgreSQL.
postgres: setup-dev
	@$(BIN)/python tests/store/find_postgres.py --install

test: setup-dev browser postgres
	$(BIN)/python -m pytest -n 3 --dist worksteal $(TESTS)

check: lint
	$(BIN)/python -m pytest -q -n 2 --dist worksteal -m "not browser and not server and not slow" $(TESTS)

explore: setup-dev
	HYPOTHESIS_PROFILE=anything $(BIN)/python -m pytest -n 2 -m "not browser" tests

lint: setup-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: setup-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

check-charts: setup-dev browser
	$(BIN)/python scripts/check_charts.py

look: setup-dev browser
	$(BIN)/python scripts/screenshots.py --out look

bench: setup-dev browser
	$(BIN)/python -m bench

sbom: setup-dev
	@$(BIN)/python scripts/sbom.py sbom.cdx.json

# In an environment of its own: it brings packages that Streamlit would use if it found them.
AUDIT := .audit
audit: setup
	@test -x $(AUDIT)/bin/pip-audit || { $(PYTHON) -m venv $(AUDIT) && $(AUDIT)/bin/python -m pip install --quiet --disable-pip-version-check pip-audit==2.10.1; }
	@$(BIN)/python -m pip freeze --exclude-editable > $(AUDIT)/installed.txt
	$(AUDIT)/bin/pip-audit --requirement $(AUDIT)/installed.txt --no-deps --disable-pip --strict

clean:
	rm -rf $(VENV) $(AUDIT) .pytest_cache .ruff_cache .mypy_cache .hypothesis
