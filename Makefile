# Everything here needs Python 3.11 or later and make; the rest is installed into .venv by scripts/setup,
# which is quick when nothing changed. PYTHON=/path/to/python chooses the interpreter.

SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
WITH_VENV := PATH="$(CURDIR)/$(BIN):$$PATH"
PORT := 5566
# Python versions that `make test` tests besides the one of .venv, where they are installed.
TEST_PYTHONS := 3.11 3.13
PYTHON_SCRIPTS := $(shell grep -l '^\#!.*python' scripts/*)
# The long files start first; the short ones fill the gaps. Tests wait half of their time: two cores have work for three workers.
PYTEST := pytest -n 3 --dist loadfile --no-loadscope-reorder

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo test setup setup-dev lint docs changelog sanity test-other-pythons test-unit test-integration pytest molecule \
	sandbox sandbox-stop bench clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' Makefile

demo: setup ## Deploy to a sandbox, prove the backup and its Slack message, show both, remove everything
	@$(BIN)/python scripts/demo

test: lint sanity pytest test-other-pythons ## Run every check and every test

setup: ## Make .venv with what the playbooks and the sandbox need
	@scripts/setup $(VENV)

setup-dev: ## Make .venv with what the tests need, too
	@scripts/setup --dev $(VENV)

lint: setup-dev docs ## Check style and types: ruff, yamllint, mypy, ansible-lint
	@echo "== ruff, yamllint, mypy, ansible-lint"
	@$(BIN)/ruff check --quiet . $(PYTHON_SCRIPTS)
	@$(BIN)/ruff format --quiet --check . $(PYTHON_SCRIPTS)
	@$(BIN)/yamllint --strict .
	@$(BIN)/mypy --no-error-summary --scripts-are-modules files $(PYTHON_SCRIPTS)
	@$(BIN)/mypy --no-error-summary -p ansible_collections.proven.aws_backup.plugins
	@$(WITH_VENV) ansible-lint --offline -q

docs: setup-dev ## Check the modules' documentation and the changelog
	@echo "== documentation"
	@# The dependencies are in .venv, which git ignores: without the ceiling, none of their files would be read.
	@$(WITH_VENV) GIT_CEILING_DIRECTORIES="$(CURDIR)" antsibull-docs lint-collection-docs --plugin-docs .
	@$(WITH_VENV) antsibull-changelog lint

changelog: setup-dev ## Write CHANGELOG.md from changelogs/fragments and the plugins
	@$(WITH_VENV) antsibull-changelog release --update-existing --reload-plugins --refresh
	@rm -f changelogs/.plugin-cache.yaml

sanity: setup-dev ## Run ansible-test sanity
	@echo "== ansible-test sanity"
	@$(BIN)/python scripts/sanity

test-other-pythons: setup-dev
	@scripts/test-other-pythons $(TEST_PYTHONS)

pytest: setup-dev
	@echo "== pytest"
	@$(WITH_VENV) $(PYTEST) tests/integration tests/unit

test-unit: setup-dev ## Run the unit tests
	@$(WITH_VENV) $(PYTEST) tests/unit

test-integration: setup-dev ## Run the tests with real playbooks and a real sandbox
	@$(WITH_VENV) $(PYTEST) tests/integration

molecule: setup-dev ## Deploy, deploy again, prove, remove and remove again, by molecule
	@$(WITH_VENV) molecule test

sandbox: setup ## Run a sandbox in the foreground: AWS and Slack on 127.0.0.1 (PORT=5566)
	@PYTHONPATH=files $(BIN)/python -m sandbox serve --port $(PORT) --state-dir .sandbox/$(PORT)

sandbox-stop: setup ## Stop the sandbox, whether a playbook or make started it (PORT=5566)
	@PYTHONPATH=files $(BIN)/python -m sandbox stop --port $(PORT) --state-dir .sandbox/$(PORT)

bench: setup-dev ## Measure what takes time
	@for file in benchmarks/*.py; do echo "== $$file"; PYTHONPATH=files:.ansible/collections $(BIN)/python "$$file" || exit 1; done

clean: ## Remove what setup and the tests have made
	rm -rf .ansible .cache .hypothesis .mypy_cache .molecule .pytest_cache .ruff_cache .sandbox .venv .venv-* reports tests/output
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
