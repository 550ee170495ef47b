.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin

help: ## Show what can be made.
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

.venv/ready: requirements/dev.txt pyproject.toml
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements/uv.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --compile-bytecode --requirement requirements/dev.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --editable .
	touch .venv/ready

setup: .venv/ready ## Make .venv from the lock.

demo: .venv/ready ## Build an invented firm of thirty people and serve it on this machine.
	$(BIN)/cadre demo --workspace .demo

browser: ## Install Chromium for the browser tests (Debian and Ubuntu; elsewhere have one on the PATH).
	@tools/browser.sh

test: .venv/ready browser ## Check format, lint, types, import contracts and all quick tests.
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not slow"

spark: .venv/ready ## Install Java and Spark for the tests on a second engine (Debian and Ubuntu).
	@tools/spark.sh

postgres: .venv/ready ## Install PostgreSQL and its driver for the tests on it (Debian and Ubuntu).
	@tools/postgres.sh

test-all: .venv/ready browser spark postgres ## The same and the slow tests.
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder

validate: .venv/ready ## Run the studies on real data in DATA (a folder); each prints one JSON object.
	@test -n "$(DATA)" || { echo "Say where the data lies: make validate DATA=DIR" >&2; exit 2; }
	$(BIN)/python validation/handover.py --data $(DATA)/tickets/bpic2013_incidents.xes.gz --json
	$(BIN)/python validation/handover.py --data $(DATA)/tickets/uci_incident_event_log.csv.gz --json
	$(BIN)/python validation/promotions.py --data $(DATA)/projects --json
	$(BIN)/python validation/managers.py --data $(DATA)/tickets --json
	$(BIN)/python validation/posterior.py --json
	$(BIN)/python validation/belief.py --json
	$(BIN)/python validation/recovery.py --json
	$(BIN)/python validation/fairness.py --quick --json
	$(BIN)/python validation/severity.py --data $(DATA)/actions --json
	$(BIN)/python validation/gate.py --data validation/suites/*.jsonl --json
	$(BIN)/python validation/month.py --json
	$(BIN)/python validation/replies.py --data $(DATA)/chat --json
	$(BIN)/python validation/meetings.py --data $(DATA) --json
	$(BIN)/python validation/clarity.py --data $(DATA) --json
	$(BIN)/python validation/planted_private.py --out .private.jsonl --number 1
	$(BIN)/python validation/private.py --data .private.jsonl --json
	CADRE_DATA=$(DATA) $(BIN)/pytest -q -m "" tests/docs/test_real_data.py

faults: .venv/ready ## Kill loads and gates a thousand times, fill the disk, turn the clock back: nothing is lost, and refusals say so.
	$(BIN)/python -m pytest -m "" -n 0 tests/faults

bench: .venv/ready ## Measure load, signals and reading, side by side with peers where there are any.
	$(BIN)/python benchmarks/load.py --rows 1e6 1e7 --json
	$(BIN)/python benchmarks/signals.py --rows 1e6 1e7 --json
	$(BIN)/python benchmarks/process.py --json
	$(BIN)/python benchmarks/networks.py --json
	$(BIN)/python benchmarks/assess.py --json
	$(BIN)/python benchmarks/first_look.py --json
	$(BIN)/python benchmarks/audit.py --json
	$(BIN)/python benchmarks/gateway.py --json
	@test -z "$(DATA)" || $(BIN)/python benchmarks/annotate.py --data $(DATA)/chat --json
	$(BIN)/python benchmarks/policy.py --json
	$(BIN)/python benchmarks/decide.py --json
	$(BIN)/python benchmarks/pages.py --json

fix: .venv/ready ## Format and mend what can be mended.
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: .venv/ready ## Resolve the versions anew.
	tools/lock.sh

.PHONY: help setup demo browser spark postgres test test-all validate faults bench fix lock
