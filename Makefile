# Everything one can do here. `make` alone lists it.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:

STAGE ?= prod
PORT ?= 8640
PY := .venv/bin/python
LOCAL := .venv-local/bin/python
# The first Python that is 3.11 or later.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
JUDGE := .venv-judge/bin/python
INSTALL := -m pip install -qq --disable-pip-version-check --require-hashes --only-binary :all: -r
COMPILE := .venv/bin/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-emit-index-url \
	--no-emit-trusted-host --no-emit-find-links --no-header

export PYTHONDONTWRITEBYTECODE := 1
export PIP_NO_INPUT := 1

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# use ----------------------------------------------------------------------------------------------

.PHONY: run brand reset deploy admin
run: ready ## the whole system on this machine (BRAND=my-brand.yaml or none, PORT=8640); Ctrl-C stops it
	@exec $(PY) -m infra.local.run --port $(PORT) $(if $(BRAND),--brand "$(BRAND)")

brand: ready ## load or change a brand while `make run` runs (BRAND=my-brand.yaml)
	@test -n "$(BRAND)" || { echo "Which file? make brand BRAND=my-brand.yaml"; exit 2; }
	@exec $(PY) -m infra.deploy brand --stage local --endpoint http://localhost:$(PORT) --brand "$(BRAND)"

reset: ## throw away what `make run` kept; asks first
	@test -e .webspin || { echo "There is nothing kept here."; exit 0; }; \
	printf 'Throw away every mention, case and user in .webspin/? [y/N] '; read answer; \
	case "$$answer" in y|Y|yes|j|ja) rm -rf .webspin && echo "Gone." ;; *) echo "Kept." ;; esac

deploy: ready ## to AWS: shows what would change and asks (STAGE=prod, BRAND=, ALARM_EMAIL=, SET=)
	@exec $(PY) -m infra.deploy --stage $(STAGE) $(if $(BRAND),--brand "$(BRAND)") \
		$(if $(ALARM_EMAIL),--alarm-email "$(ALARM_EMAIL)") $(if $(SET),--set $(SET))

admin: ready ## invite an administrator on AWS (STAGE=prod, EMAIL=, NAME=)
	@test -n "$(EMAIL)" -a -n "$(NAME)" || { echo 'Who? make admin EMAIL=you@example.org NAME="Your Name"'; exit 2; }
	@exec $(PY) -m infra.deploy admin --stage $(STAGE) --email "$(EMAIL)" --name "$(NAME)"

# work on it ---------------------------------------------------------------------------------------

.PHONY: test lint unit flow crash fuzz template e2e screens bench peers lock clean
test: lint unit flow crash fuzz template e2e screens ## everything CI runs

lint: ready ## ruff and mypy
	@echo "ruff" && .venv/bin/ruff check --quiet . && .venv/bin/ruff format --quiet --check .
	@echo "mypy" && .venv/bin/mypy --no-error-summary

unit: ready ## rules, stores, platforms, pages, each on its own
	@echo "pytest" && .venv/bin/pytest --numprocesses auto --dist worksteal

flow: ready ## days of the whole flow, on a clock of their own
	@echo "pytest flow" && .venv/bin/pytest -m flow --numprocesses auto --dist worksteal

crash: ready ## the stages broken off before and after every call, and what comes of it
	@echo "pytest crash" && .venv/bin/pytest -m crash --numprocesses auto --dist worksteal

fuzz: ready ## the API as its own description has it, sound and unsound; the webhooks' door and feeds under anything
	@echo "pytest fuzz" && .venv/bin/pytest -m fuzz --numprocesses auto --dist worksteal

template: ready ## package, and check the template as it is and as AWS expands it
	@echo "cfn-lint" && made=$$($(PY) -m infra.package) && $(LOCAL) -m infra.expand $$made > build/expanded.json \
		&& .venv/bin/cfn-lint --regions eu-west-1 us-east-1 --template $$made build/expanded.json

e2e: ready ## the deployed package on the emulator, over HTTP and in a browser where there is one
	@echo "pytest e2e" && .venv/bin/pytest -m e2e tests/e2e

screens: ready ## every page in a real browser: axe, both themes, thumbs, keys, edges; without JavaScript too
	@echo "pytest screens" && .venv/bin/pytest -m screens tests/e2e

bench: ready ## figures: start-up, microseconds, requests, money
	@exec $(PY) -m bench

judge: .venv-judge/installed ## teach the judge anew (WEBSPIN_JUDGE_DATA=folder, CLEAN=1); see data/SOURCES.md
	@exec $(JUDGE) -m training

judge-eval: .venv-judge/installed ## how well the judge reads, beside others (WEBSPIN_JUDGE_DATA=folder)
	@exec $(JUDGE) -m bench.judge_eval

peers: ready ## real servers, run here or named in variables: the platforms' contract, and whole stories (docs/peers.md)
	@exec $(PY) -m tests.peers

lock: ready ## pin requirements*.in anew, with hashes
	@for name in requirements requirements-dev requirements-local requirements-judge tests/peers/hub tests/peers/builds; do \
		echo "$$name.txt" && $(COMPILE) --output-file $$name.txt $$name.in || exit 1; done

clean: ## throw away what can be made again; keeps .webspin
	@rm -rf build .chalice/deployments .mypy_cache .ruff_cache .pytest_cache .hypothesis .venv .venv-local .venv-judge

# the virtual environments -------------------------------------------------------------------------

.PHONY: ready
ready: .venv/installed .venv-local/installed

.venv/installed: requirements-dev.txt
	@$(call venv,.venv,tools)
.venv-local/installed: requirements-local.txt
	@$(call venv,.venv-local,the emulator of AWS)

.venv-judge/installed: requirements-judge.txt
	@$(call venv,.venv-judge,what teaches the judge)

# $(1) the folder, $(2) what goes into it. $< are the requirements, $@ the mark that they are in.
define venv
	test -n "$(PYTHON)" || { echo "Webspin needs Python 3.11 or later, and found none. Name it: make PYTHON=/path/to/python3 ..."; exit 1; }; \
	echo "Installing $(2) (once, and when $< changes)"; \
	test -x $(1)/bin/pip || $(PYTHON) -m venv $(1) || { rm -rf $(1); \
		echo "Python's venv module is missing or broken. On Debian or Ubuntu: sudo apt install python3-venv"; exit 1; }; \
	$(1)/bin/python $(INSTALL) $< || { echo "Could not install $<. Is there a network?"; exit 1; }; \
	touch $@
endef
