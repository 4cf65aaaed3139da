# Everything happens in .venv/ in this checkout. PYTHON= chooses the interpreter, ARGS= is passed on to the command.

PYTHON ?= python3
ARGS ?=
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help setup tools run test serve demo selftest mutation bench screenshots lint format lock clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

setup: ## make .venv/ ready (quick when nothing changed)
	@PYTHON='$(PYTHON)' ./setup.sh

tools: setup ## also get chromium, a Chinese font and tshark, for the tests (400 MB)
	@PYTHON='$(PYTHON)' ./setup.sh --tests

run: setup ## the main job: all cases against the simulated pile, report in reports/latest/
	@$(BIN)/harness run --pile fixtures/piles/demo.yaml --target sim --speed 20 --report reports/latest $(ARGS)

test: tools lint ## what CI runs: lint, then all tests
	@$(BIN)/python -m pytest -n 2 --dist loadgroup $(ARGS)

serve: setup ## keep piles online, log them, open the desk (YKC on 5456, pages on 8080 and 8443, FTP for firmware)
	@$(BIN)/harness serve $(ARGS)

demo: setup ## click through all of it: the desk, a reviewer and a simulated pile, with nothing to configure
	@$(BIN)/harness demo $(ARGS)

selftest: setup ## all broken piles against all cases and rules, and all right ones: prints who finds what
	@$(BIN)/harness selftest $(ARGS)

mutation: setup ## change one comparison or boolean of what judges piles at a time, and see that somebody notices
	@$(BIN)/python -m tests.mutation $(ARGS)

bench: tools ## measure what has to be fast
	@$(BIN)/python -m tests.bench $(ARGS)

screenshots: tools ## draw the pictures of all pages anew, in docs/images/
	@$(BIN)/python -m tests.browser.screenshots $(ARGS)

lint: setup ## ruff and mypy, changing nothing
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

format: setup ## let ruff put imports and layout right
	@$(BIN)/ruff check --fix-only .
	@$(BIN)/ruff format .

lock: ## work out requirements.lock anew from pyproject.toml
	@command -v uv >/dev/null || test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet uv
	@PATH="$$PATH:$(CURDIR)/$(BIN)" uv pip compile --quiet --upgrade --universal --generate-hashes --all-extras --python-version 3.11 \
		--custom-compile-command 'make lock' pyproject.toml -o requirements.lock

clean: ## remove .venv/, caches and what builds leave behind
	@rm -rf .venv build dist ./*.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@find harness web tests -name __pycache__ -type d -prune -exec rm -rf {} +
