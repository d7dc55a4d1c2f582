# `make help` lists what there is. Nothing but Python 3.11 or newer, git and make is needed.
.DEFAULT_GOAL := help
.PHONY: help install run test check bench pictures format

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
RUN_STAMP := .venv/.installed-run
DEV_STAMP := .venv/.installed-dev

help:  ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

install: $(RUN_STAMP)  ## only install

run: $(RUN_STAMP)  ## install, migrate, load the demo city, start everything on 127.0.0.1:$PORT (default 8000)
	@$(BIN)/saan migrate
	@$(BIN)/saan seed --if-none
	@exec $(BIN)/saan run

test: $(DEV_STAMP)  ## all tests but the slow ones, on SQLite and PostgreSQL
	$(BIN)/python -m pytest -q -n auto --dist worksteal -m "not slow"

check: $(DEV_STAMP)  ## format, lint, types, import laws, all tests with the slow ones
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q -n auto --dist worksteal

bench: $(DEV_STAMP)  ## the benchmarks, as ratios
	$(BIN)/python -m tests.bench

pictures: $(DEV_STAMP)  ## the screenshots in docs/img, from a city played for it (some minutes)
	$(BIN)/python -m tests.pictures $(FOLDER)

format: $(DEV_STAMP)  ## put the code into its form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed (PYTHON=...)" >&2; exit 1; }
	@$(PYTHON) -m venv .venv

$(RUN_STAMP): pyproject.toml requirements.lock | .venv/bin/python
	@echo "installing …"
	@$(PIP) install --constraint requirements.lock --editable .
	@echo "training the classifier …"; $(BIN)/python -m nlp.built
	@touch $@

$(DEV_STAMP): pyproject.toml requirements.lock | .venv/bin/python
	@echo "installing …"
	@$(PIP) install --constraint requirements.lock --editable '.[dev]'
	@echo "training the classifier …"; $(BIN)/python -m nlp.built
	@touch $@ $(RUN_STAMP)
