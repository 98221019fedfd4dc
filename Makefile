# huisartsdata: `make help` lists what can be done.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
NODIG = requirements.lock pyproject.toml

.DEFAULT_GOAL := help
.PHONY: help run lab check test test-all lint betrouwbaarheid dekking mutatie audit bench licenties lock snapshot wheelhouse clean

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## */\t/' | expand -t 18

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

# What needs a browser, an office program, a cluster, a server, or to be killed half-way; files that do not exist are no error.
ZWAAR = $(wildcard $(addprefix tests/test_,browser.py brief_kantoor.py cluster.py eigen_gebied.py lab.py verversen.py verversen_sigkill.py verversen_fouten.py verversen_grenzen.py verversen_verslag.py verversen_wissel.py brief_opdracht.py briefscenario.py briefgetallen.py doelen.py herhaling.py herhaling_lezers.py naaste.py leveringen_terugrekenen.py leveringen_verhoudingen.py))
PYTEST = $(BIN)/python -m pytest -n 2 --dist loadgroup --no-loadscope-reorder

test: $(VENV)/.test lint  ## what CI runs, under ten minutes: unit, properties, doctests, notebooks, types, lint, imports
	$(PYTEST) --toets-betrouwbaarheid $(ZWAAR:%=--ignore=%)

test-all: $(VENV)/.test  ## browser, office, lab, cluster, SIGKILL, refreshing, reruns, whole briefs, six areas: after `make test`, in CI too
	$(PYTEST) --toets-betrouwbaarheid $(ZWAAR)

betrouwbaarheid: $(VENV)/.test  ## run the tests that count attempts, write docs/betrouwbaarheid.md
	$(PYTEST) --schrijf-betrouwbaarheid $$(grep -lE '\btel(\(|\.poging)' tests/test_*.py | grep -v test_betrouwbaarheid.py)

dekking: $(VENV)/.test  ## all tests with the lines of src that they reach, into docs/dekking.md; fails below 95% (twenty-five minutes)
	$(PYTEST) --cov=src/huisartsdata --cov-report=term:skip-covered --cov-fail-under=95
	@{ printf '# Line coverage\n\nWritten by `make dekking`, from the tests of `make test` and `make test-all`; at least 95%% or it fails. Modules\nthat are covered entirely are left out. What runs in a kernel of its own (`werkkernel.py`, `werkmoeder.py`, `werklezers.py`)\nis tested and not counted.\n\n'; \
	  $(BIN)/coverage report --format=markdown --skip-covered --sort=cover; } > docs/dekking.md

mutatie: $(VENV)/.test  ## change model/ and scenario/ at up to 120 more places, see which changes the tests notice (forty minutes)
	$(BIN)/python tests/mutatie.py

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/nbstripout --verify notebooks/*.ipynb

$(VENV)/.bench: $(VENV)/.test
	$(BIN)/uv pip install --quiet --python $(BIN)/python -c requirements-dev.lock 'access>=1.1.9' 'spopt>=0.6'
	@touch $@

bench: $(VENV)/.bench  ## time it all against pysal access and itself, write docs/prestaties.md (some forty minutes)
	$(BIN)/python tests/bench/alles.py

# the auditor stays out of the environment that it audits
$(VENV)-audit/.klaar:
	@test -x $(VENV)-audit/bin/python || $(PYTHON) -m venv $(VENV)-audit
	$(VENV)-audit/bin/python -m pip install --quiet --disable-pip-version-check 'pip-audit>=2.9,<3'
	@touch $@

audit: $(VENV)-audit/.klaar  ## look up known vulnerabilities of both locks; fails when it cannot
	@for slot in requirements.lock requirements-dev.lock; do \
	  $(VENV)-audit/bin/pip-audit --strict --progress-spinner off --require-hashes --disable-pip --requirement $$slot > $(VENV)-audit/uit.txt 2>&1 || { \
	    cat $(VENV)-audit/uit.txt | tail -n 40; echo "audit: $$slot could not be cleared (see above)"; exit 1; }; \
	  tail -n 1 $(VENV)-audit/uit.txt; done

licenties: $(VENV)/.test  ## write docs/licenties.md from the data and the locks
	$(BIN)/python tests/licenties.py > docs/licenties.md

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
	rm -rf $(VENV) $(VENV)-audit .pytest_cache .mypy_cache .ruff_cache .hypothesis wheelhouse dist
