# Everything a person does with this project. "make" alone lists it.
#
# The first command that needs it makes .venv with a Python from 3.11 to 3.13 and
# installs into it; afterwards only a change of setup.cfg installs again.

VENV ?= .venv
PY = $(VENV)/bin/python
PIP = $(PY) -m pip --disable-pip-version-check --quiet
PORT ?= 8000
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help demo test quick requirements lint types imports migrations format \
	docs package browser screenshots clean

help: ## List the commands
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 15

# --- Environment -----------------------------------------------------------------

$(PY):
	@python=$$(tools/find-python 3.11 3.12 3.13) && \
	echo "Making $(VENV) with $$python" && \
	"$$python" -m venv $(VENV) || { \
		rm -rf $(VENV); \
		echo "It takes Python 3.11, 3.12 or 3.13 with the venv module" \
			"(on Debian: apt install python3-venv)."; exit 1; }

# One stamp for each set of extras.
$(VENV)/.installed-%: setup.cfg pyproject.toml | $(PY)
	@echo "Installing what '$*' needs (some minutes the first time)"
	@$(PIP) install --editable '.[$*]'
	@touch $@

# --- To look at ------------------------------------------------------------------

demo: $(VENV)/.installed-demo ## Serve the sandbox with its mailbox; PORT=8123 elsewhere
	@PORT=$(PORT) $(PY) sandbox/demo.py $(ARGS)

screenshots: $(VENV)/.installed-demo $(VENV)/.installed-testing ## Take the pictures in docs/images again
	$(PY) tools/screenshots.py $(ARGS)

# --- To check --------------------------------------------------------------------

test: $(VENV)/.installed-testing ## Run the tests on SQLite; ARGS="-k closure" for some
	$(PY) -m pytest -n auto -m "not browser" $(ARGS)

browser: $(VENV)/.installed-testing ## Run the tests that need Chromium
	$(PY) -m pytest -m browser $(ARGS)

quick: $(VENV)/.installed-testing ## What to run before each commit; under 30 seconds
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/lint-imports --no-cache
	DJANGO_SETTINGS_MODULE=tests.settings $(PY) -m django makemigrations --check --dry-run

lint: $(VENV)/.installed-testing ## Check style of Python and templates
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/djhtml --check wagtail_helpdesk sandbox

format: $(VENV)/.installed-testing ## Let the tools format Python and templates
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .
	$(VENV)/bin/djhtml wagtail_helpdesk sandbox

imports: $(VENV)/.installed-testing ## Check who imports whom
	$(VENV)/bin/lint-imports --no-cache

types: $(VENV)/.installed-testing $(VENV)/.installed-types ## Check the types
	$(VENV)/bin/mypy

migrations: $(VENV)/.installed-testing ## Check that no migration is missing
	DJANGO_SETTINGS_MODULE=tests.settings $(PY) -m django makemigrations --check --dry-run

requirements: $(VENV)/.installed-testing ## List every requirement with its tests
	@$(PY) tools/requirements.py $(ARGS)

docs: $(VENV)/.installed-docs ## Build the documentation into docs/_build/html
	$(VENV)/bin/sphinx-build -W --keep-going -q -b html docs docs/_build/html

package: | $(PY) ## Build the wheel and try it in a bare Wagtail site
	$(PY) tools/try_wheel.py $(ARGS)

clean: ## Remove what the commands above made, the demo's data too
	rm -rf $(VENV) build dist docs/_build sandbox/var *.egg-info .tox .mypy_cache \
		.pytest_cache .ruff_cache .coverage htmlcov
