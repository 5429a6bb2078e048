# `make` lists what there is. The first run of anything builds .venv from a lock file (tools/bootstrap.py).

PYTHON ?= python3
ARGS ?=
BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest
# All tests run on every processor, with one worker more, since tests also wait; those that ARGS picks run in one process,
# which starts at once.
WORKERS ?= $(if $(ARGS),0,$(shell echo $$(($$(getconf _NPROCESSORS_ONLN) + 1))))
ON_ALL = -n $(WORKERS) --maxprocesses 8 --dist
# FULL=1: fault runs of the long size, and generated input by the thousand.
FULL ?=
# DENSE=1: with vectors, so that questions in other words and in the other language find their answer (x86-64).
DENSE ?=

# How long it will take; of tests that ARGS picks nobody knows.
announce = @$(if $(ARGS),true,$(BIN)/python tools/how_long.py $(1))

code := $(wildcard bot adapters handlers sandbox wiring tests tools app.py)
store_tests := $(wildcard tests/contracts/store tests/adapters/store tests/walks)
# Findings of commands that run side by side stay apart, where this make can do that.
apart := $(if $(filter output-sync,$(.FEATURES)),--output-sync=target)
compile := $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-annotate --no-header

.PHONY: help run test check e2e chaos mutants bench eval coverage test-redis format lock clean runtime dev browser playground teams-client \
	checks check-types check-format check-lint check-imports check-texts check-locks

help:
	@echo 'make run       start the bot with its sandbox and print the address; DENSE=1 with vectors'
	@echo 'make test      all tests that need no browser; ARGS="-k name" picks some'
	@echo 'make check     format, lint, types, import contracts, texts, locks'
	@echo 'make e2e       browser walks: the web chat, and Teams through Microsoft'\''s own client'
	@echo 'make teams-client  Microsoft'\''s own client of Teams, to talk with what make run has started'
	@echo 'make chaos     fault runs and process kills; FULL=1 for as long as it takes'
	@echo 'make mutants   promises broken on purpose: the tests must notice each'
	@echo 'make bench     figures: latency, throughput, start'
	@echo 'make eval      how good the answers are, on sets of questions with known answers'
	@echo 'make coverage  the tests with a coverage report'
	@echo 'make format    put the code in order as make check wants it'
	@echo 'make lock      make the lock files anew from pyproject.toml; ARGS=--upgrade takes newer versions'
	@echo 'make clean     remove .venv and caches; data stays'

run: runtime
	@exec $(BIN)/python app.py $(ARGS)

test: dev
	$(call announce,test)
	$(PYTEST) -m "not e2e and not chaos" $(ON_ALL) worksteal $(ARGS)

check: dev
	@$(MAKE) --no-print-directory --keep-going -j2 $(apart) checks

e2e: dev browser playground
	$(call announce,e2e)
	$(PYTEST) -m e2e tests/e2e $(ARGS)

# Fault runs keep their processors busy by themselves.
chaos: WORKERS = $(if $(ARGS),0,auto)
chaos: export CHAOS := $(if $(FULL),full,small)
chaos: export HYPOTHESIS_PROFILE := $(if $(FULL),thorough,quick)
chaos: dev
	$(if $(FULL),,$(call announce,chaos))
	$(PYTEST) -m "chaos$(if $(FULL), or hypothesis)" $(ON_ALL) loadfile $(ARGS)

mutants: dev
	$(BIN)/python -m tests.mutants $(ARGS)

bench: dev
	$(BIN)/python -m tests.bench $(ARGS)

eval: dev
	$(BIN)/python -m tests.eval $(ARGS)

coverage: dev
	$(BIN)/python -m coverage run -m pytest -m "not e2e and not chaos" $(ARGS)
	$(BIN)/python -m coverage report

# The tests of the store once more, against the Redis that TEST_REDIS_URL names: in one process, as some of them change
# settings of the whole server.
test-redis: dev
	@test -n "$$TEST_REDIS_URL" || { echo 'TEST_REDIS_URL=redis://... names the server to test against' >&2; exit 2; }
	$(call announce,test-redis)
	$(PYTEST) -m "not e2e and not chaos" $(store_tests) $(ARGS)

format: dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: dev
	$(compile) $(ARGS) pyproject.toml -o requirements.lock
	$(compile) $(ARGS) -c requirements.lock pyproject.toml --extra dense -o requirements-dense.lock
	$(compile) $(ARGS) -c requirements.lock pyproject.toml --group dev -o requirements-dev.lock

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage htmlcov
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# What the commands above are made of.

runtime:
	@$(PYTHON) tools/bootstrap.py $(if $(DENSE),requirements-dense.lock,requirements.lock)

dev:
	@$(PYTHON) tools/bootstrap.py requirements-dev.lock

browser:
	@command -v chromium >/dev/null || tools/debian_packages.sh chromium fonts-dejavu-core fonts-noto-color-emoji

# Microsoft's own client of Teams, for the walks.
client := tests/e2e/playground
playground:
	@command -v npm >/dev/null || tools/debian_packages.sh nodejs npm
	@cd $(client) && { cmp -s package-lock.json node_modules/.installed || \
		{ npm ci --silent && cp package-lock.json node_modules/.installed; }; }

# Somebody in Teams who talks with the bot of `make run`, on this machine only.
teams-client: playground
	@echo 'Open http://127.0.0.1:56150 while make run runs. Stop: Ctrl-C'
	@cd $(client) && TEAMSAPPTESTER_BROWSER=none APPLICATION_INSIGHTS_NO_STATSBEAT=true exec node --require ./guard.cjs \
		node_modules/@microsoft/m365agentsplayground/cli.js start -p 56150 \
		-e http://127.0.0.1:$${PORT:-8080}/api/messages -c msteams --disable-telemetry

# Types take longest and go first.
checks: check-types check-format check-lint check-imports check-texts check-locks

check-types:
	@$(BIN)/mypy --strict $(code)

check-format:
	@$(BIN)/ruff format --check .

check-lint:
	@$(BIN)/ruff check .

check-imports:
	@$(BIN)/lint-imports --no-logo

check-texts:
	@$(BIN)/python tools/check_texts.py

check-locks:
	@$(BIN)/python tools/check_locks.py
