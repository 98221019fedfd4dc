# huisartsdata: `make help` lists what can be done.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
NODIG = requirements.lock pyproject.toml

.DEFAULT_GOAL := help
.PHONY: help run lab test test-all lint check bench lock snapshot wheelhouse clean

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## */\t/' | expand -t 14

$(VENV)/.run: $(NODIG)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=python3.12 ..."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { echo "no venv module: install it (Debian: apt install python3-venv)"; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.test: $(VENV)/.run requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

run: $(VENV)/.run  ## make the environment, run every notebook, write maps and tables to figures/
	$(BIN)/huisartsdata run

lab: $(VENV)/.run  ## open JupyterLab on the notebooks
	$(BIN)/huisartsdata lab

check: $(VENV)/.run  ## verify hashes, contracts, totals and joins of the data
	$(BIN)/huisartsdata check

ZWAAR = tests/test_browser.py tests/test_brief_kantoor.py tests/test_cluster.py tests/test_eigen_gebied.py

test: $(VENV)/.test lint  ## tests, doctests, notebooks, types, lint and import contracts
	$(BIN)/python -m pytest -n 2 --dist loadfile $(ZWAAR:%=--ignore=%)

test-all: $(VENV)/.test  ## what needs a browser, an office program, a cluster of processes, or six areas
	$(BIN)/python -m pytest -n 2 --dist loadfile $(ZWAAR)

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/nbstripout --verify notebooks/*.ipynb

$(VENV)/.bench: $(VENV)/.test
	$(BIN)/uv pip install --quiet --python $(BIN)/python -c requirements-dev.lock 'access>=1.1.9' 'spopt>=0.6'
	@touch $@

bench: $(VENV)/.bench  ## time it all against pysal access and itself, write docs/prestaties.md (some five minutes)
	$(BIN)/python tests/bench/alles.py

lock:  ## compile both locks and environment.yml from pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --group build --extra notebook --extra brief --extra refresh pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --group build --extra notebook --extra brief --extra refresh --extra cluster --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock
	$(BIN)/python tests/omgeving.py > environment.yml

snapshot:  ## build data/2024 from a folder of gathered inputs: make snapshot INPUTS=...
	$(BIN)/python data/bouw.py "$(INPUTS)"

wheelhouse: $(VENV)/.run  ## fetch everything `make run` needs into wheelhouse/, for a machine without internet
	$(BIN)/python -m pip download --quiet --require-hashes -r requirements.lock -d wheelhouse
	$(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation -w wheelhouse .

clean:  ## remove the environment and caches
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis wheelhouse dist
