# `make run` starts the site, `make test` tests it. Both make what they need.
HOST ?= 127.0.0.1
PORT ?= 8000
DEBUG ?= 1
SITE_URL ?= http://$(subst 0.0.0.0,127.0.0.1,$(HOST)):$(PORT)
PYTHON ?= $(firstword $(foreach p,python3.13 python3.12 python3.11 python3,$(if $(shell $(p) -c \
  'import ensurepip, sys, venv; print(sys.version_info >= (3, 11) or "")' 2>/dev/null | grep True),$(p))))
BIN := .venv/bin
LOCALDB := $(BIN)/python -m campaign.localdb exec --
LINTED := campaign pledges actions tests manage.py

.PHONY: run test lint bench manage
run: .venv/installed
	@DEBUG=$(DEBUG) SITE_URL=$(SITE_URL) $(BIN)/python manage.py serve --host $(HOST) --port $(PORT)

test: .venv/installed-dev
	$(LOCALDB) $(BIN)/python -m pytest -n auto $(ARGS)

lint: .venv/installed-dev
	$(BIN)/ruff check $(LINTED)
	$(BIN)/ruff format --check $(LINTED)
	$(BIN)/mypy campaign pledges actions
	$(BIN)/djlint templates --check --lint --quiet
	$(LOCALDB) $(BIN)/python manage.py makemigrations --check --dry-run
	DEBUG=0 SITE_URL=https://lint.example $(LOCALDB) $(BIN)/python manage.py check --deploy --fail-level WARNING

bench: .venv/installed-dev
	$(LOCALDB) $(BIN)/python -m pytest tests/bench -s $(ARGS)

# Any of Django's commands, with the database running: make manage ARGS="organiser_sign_in --new-link"
manage: .venv/installed
	@DEBUG=$(DEBUG) $(LOCALDB) $(BIN)/python manage.py $(ARGS)

# The stamps are written last, so that an interrupted installation is begun again from nothing.
.venv/installed: requirements.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer with its venv module is needed."; exit 1; }
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

.venv/installed-dev: .venv/installed requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@
