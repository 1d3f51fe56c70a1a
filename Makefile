# `make run` and `make test` are all that a new machine needs; `make help` lists the rest.

SHELL := /bin/sh
DEMO ?= 1
PORT ?= 8000
GROUP ?=
# The first Python on the machine that is new enough.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
SETUP = @$(if $(PYTHON),$(PYTHON) tools/setup.py,echo 'Python 3.11 or newer is needed and was not found on this machine.' >&2; exit 1;)
VENV = .venv/bin

.DEFAULT_GOAL := help
.PHONY: help run test check format prove mutate bench assets specimen words lock clean

help: ## list the commands
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1	\2/p' Makefile | expand -t 16

run: ## start the product with demo data (DEMO=0: empty; PORT=8000)
	$(SETUP) run
	@exec env DEMO=$(DEMO) PORT=$(PORT) $(VENV)/python app.py

test: ## run the tests (ARGS="-k word" for some of them)
	$(SETUP) dev
	@$(VENV)/python -m pytest -n auto --dist worksteal --junitxml=build/tests.xml $(ARGS)

check: ## lint, types, import contracts, content, words, colours, locks
	$(SETUP) dev
	@$(VENV)/python tools/check.py

format: ## bring Python into its format
	$(SETUP) dev
	@$(VENV)/ruff check --fix-only --quiet .
	@$(VENV)/ruff format .

prove: ## show that what is promised holds (GROUP=main for one group, GROUP=main/kill for one row)
	$(SETUP) dev
	@$(VENV)/python -m tests.proof $(GROUP)

mutate: ## put faults into permissions, outbox and import validation: the tests must notice (takes long)
	$(SETUP) dev
	@$(VENV)/python tools/mutate.py

bench: ## measure, beside a hello world in the same run
	$(SETUP) dev
	@$(VENV)/python -m tests.bench

assets: ## build style sheet, script and fonts into build/
	$(SETUP) run

specimen: assets ## show every class of assets/README.md in build/specimen.html
	@$(VENV)/python tools/specimen.py

words: ## collect new texts from code and templates into templates/words
	$(SETUP) dev
	@$(VENV)/python tools/words.py update

lock: ## lock the newest allowed packages into requirements/*.txt and assets/package-lock.json
	$(SETUP) dev
	@$(VENV)/python tools/locks.py update

clean: ## remove everything that was built; keeps instance/ (your data)
	rm -rf .venv build assets/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find compliance tests tools templates -name '__pycache__' -prune -exec rm -rf {} + -o -name '*.mo' -exec rm -f {} +
