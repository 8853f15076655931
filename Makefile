# `make run` starts the site, `make test` tests it. Both set up what they need.
HOST ?= 127.0.0.1
PORT ?= 8000
DEBUG ?= 1
PYTHON ?= $(firstword $(foreach p,python3.13 python3.12 python3.11 python3,$(if $(shell $(p) -c \
  'import ensurepip, sys, venv; print(sys.version_info >= (3, 11) or "")' 2>/dev/null | grep True),$(p))))
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
LOCALDB := $(BIN)/python -m campaign.devserver.localdb exec --
LINTED := campaign pledges actions tests manage.py

# If an upgrade has removed the Python that the environment was made with, make the environment again.
$(shell $(BIN)/python -c '' 2>/dev/null || rm -f .venv/installed .venv/installed-dev)

.PHONY: run test lint lint-types lint-templates lint-migrations lint-deployment prove bench guide freeze-migrations manage shell
run: .venv/installed
	@DEBUG=$(DEBUG) exec $(BIN)/python manage.py serve --host $(HOST) --port $(PORT) --parent $$PPID

test: .venv/installed-dev
	$(LOCALDB) $(BIN)/python -m pytest -n auto --dist loadgroup --ignore tests/bench $(ARGS)

lint: .venv/installed-dev
	$(BIN)/python -m ruff check $(LINTED)
	$(BIN)/python -m ruff format --check $(LINTED)
	@$(LOCALDB) $(MAKE) --no-print-directory --output-sync --jobs 2 lint-types lint-templates lint-migrations lint-deployment

lint-types:
	DEBUG=1 $(BIN)/python -m mypy campaign pledges actions manage.py
lint-templates:
	$(BIN)/python -m djlint templates --check --lint --quiet
lint-migrations:
	DEBUG=1 $(BIN)/python manage.py makemigrations --check --dry-run
	@DEBUG=1 DJANGO_SETTINGS_MODULE=campaign.settings $(BIN)/python -m tests.migration_linter
lint-deployment:
	DEBUG=0 SITE_URL=https://lint.example ERASURE_JOURNAL= $(BIN)/python manage.py check --deploy --fail-level WARNING

# Slow tests, at full size: 35,000 posts to the public forms, 16,000 to the admin and 2,000 URLs of its lists, none of
# which may answer 500; malformed HTTP; sqlmap and wapiti, if they are installed; faults while people sign
# (tests/prove/faults); lives of signatures and donations beside small models; storms of signers; kills; events in every
# order; axe on every admin page.
# `make prove SEED=2` sends other input; RECORDINGS=folder records how an organiser works by keyboard.
PROVED := tests/prove tests/test_modeladmin.py tests/actions/businesses/fairness tests/actions/businesses/test_migrations.py \
  tests/actions/businesses/tracker/test_snapshots.py tests/actions/businesses/tracker/test_speed.py \
  tests/pledges/signing/test_storms.py tests/mailings/sending/test_kills.py tests/mailings/sending/test_worker.py \
  tests/mailings/sending/test_broken_connections.py \
  tests/pledges/signing/test_scanners.py tests/actions/fundraising/stripe/test_kills.py \
  tests/actions/fundraising/stripe/test_event_order.py tests/mail/bounces/test_reading.py tests/mail/bounces/test_halting.py \
  tests/editing/test_two_editors.py tests/versions/test_drafts.py tests/versions/test_migrations.py tests/media/test_memory.py tests/media/test_storage.py \
  tests/browser/test_admin_axe.py tests/browser/test_admin_pages.py tests/browser/test_donation_admin.py \
  tests/actions/protests/calendar/test_engines.py tests/actions/protests/calendar/test_timezones.py \
  tests/actions/protests/test_migrations.py \
  tests/browser/test_supporter.py tests/deploy/test_installer.py tests/deploy/test_containers.py tests/devserver tests/machines tests/public_names/test_through_nginx.py \
  tests/security tests/guide
prove: .venv/installed-dev
	PROVE=1 PROVE_SEED=$(or $(SEED),1) $(LOCALDB) $(BIN)/python -m pytest -n auto --dist loadgroup --show-capture=no $(or $(ARGS),$(PROVED))

bench: .venv/installed-dev
	$(LOCALDB) $(BIN)/python -m pytest -s $(if $(filter tests/%,$(ARGS)),,tests/bench) $(ARGS)

# Take the pictures of the organisers' guide again. Look at each before you commit it.
guide: .venv/installed-dev
	GUIDE=1 $(LOCALDB) $(BIN)/python -m pytest tests/guide $(ARGS)

# Add new migrations to the list of released ones, which never change again (tests/released_migrations.py).
freeze-migrations: .venv/installed-dev
	@$(BIN)/python -m tests.released_migrations

# Run a Django command, with the database running: make manage ARGS="organiser_sign_in --new-link"
manage: .venv/installed
	@DEBUG=$(DEBUG) $(LOCALDB) $(BIN)/python manage.py $(ARGS)

shell: .venv/installed
	@DEBUG=$(DEBUG) $(LOCALDB) $(BIN)/python manage.py shell

# One installation at a time: pip inherits the lock, so that the next one waits for a pip orphaned by a kill. The stamp
# is written last; without it everything starts again from scratch.
LOCKED := @mkdir -p var && exec 9>var/install.lock && flock 9 &&

.venv/installed: requirements.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer with its venv module is needed."; exit 1; }
	$(LOCKED) if [ ! $@ -nt $< ]; then echo "Installing packages into .venv"; \
	  if [ -e $@ ]; then rm -f $@ $@-dev; else $(PYTHON) -m venv --clear .venv; fi && \
	  $(PIP) -r $< && touch $@; fi

.venv/installed-dev: .venv/installed requirements-dev.txt
	$(LOCKED) if [ ! $@ -nt .venv/installed ] || [ ! $@ -nt requirements-dev.txt ]; then \
	  echo "Installing packages for development into .venv"; \
	  rm -f .venv/installed && $(PIP) -r requirements-dev.txt && touch .venv/installed && sleep 0.01 && touch $@; fi
