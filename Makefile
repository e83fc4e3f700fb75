# The project's ways in. `make help` lists them. README.md gives the same steps for a machine without make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Nothing is compiled as it is installed: most of it is never imported, and what is imported is compiled then.
# A lock names all that is wanted, so that nothing is left to be worked out.
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet install --no-compile --no-deps
LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml
# What a user added must not change what the committed notebooks are compared with.
EMPTY := ANALYSIS_DATA=$(CURDIR)/.empty
# nbval would load a library that takes a second before tests/conftest.py, which leaves it out, is read.
LEAN := PYTHONPATH=$(CURDIR)/tests/lean
# What pytest has made of the tests is kept for its other processes, and for the next run.
export PYTHONDONTWRITEBYTECODE :=

# Holds a file to a published form, which the program carries.
FORM = $(BIN)/check-jsonschema --quiet --builtin-schema vendor

# How long `make fuzz` searches, for each reader.
SECONDS ?= 60
# What `make mutation` changes, and how long it may take.
ROOM ?= terms/periods
MINUTES ?= 60

.DEFAULT_GOAL := help
.PHONY: help reports test test-all shuffled lab check format notebooks docs lock wheel kills sums fuzz mutation audit benchmark clean

help: ## list what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.lock pyproject.toml | $(BIN)/python
	$(PIP) --require-hashes -r requirements.lock
	$(PIP) --no-build-isolation -e .
	touch $@

# What the first lock names is left to the rule above, so that the two may go side by side.
$(VENV)/.tools: requirements.lock requirements-dev.lock | $(BIN)/python
	grep -vxFf requirements.lock requirements-dev.lock | $(PIP) --require-hashes -r /dev/stdin
	touch $@

$(VENV)/.develop: $(VENV)/.run $(VENV)/.tools
	touch $@

reports: $(VENV)/.run ## make every report and say where to look
	$(BIN)/analysis build --output reports

test: $(VENV)/.develop ## run the unit tests, the docs' examples and the notebooks
	$(EMPTY) $(LEAN) $(BIN)/pytest --nbval --nbval-current-env -n auto --dist loadfile --no-loadscope-reorder -m "not (slow or system or browser)"

test-all: test ## run every lane: what kills, fills disks or waits, builds every page or looks at them in Chromium
	$(BIN)/pytest -n auto --dist worksteal -m "slow or system or browser" tests

shuffled: $(VENV)/.develop ## run the unit tests in an order of chance, files and what is in them; a failure tells the seed
	$(BIN)/pytest -n auto --random-order -m "not (slow or system or browser)" tests src

lab: $(VENV)/.run ## open the tour of the figures in JupyterLab
	$(BIN)/jupyter lab --ServerApp.root_dir=$(CURDIR) notebooks/explore.ipynb

check: $(VENV)/.develop ## lint, format, types, the direction of imports, and the published forms of workflows, issues and citation
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(FORM).github-workflows .github/workflows/*.yml
	$(FORM).github-issue-forms $(filter-out %/config.yml,$(wildcard .github/ISSUE_TEMPLATE/*.yml))
	$(FORM).citation-file-format CITATION.cff

format: $(VENV)/.develop ## put the code in its format
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

notebooks: $(VENV)/.develop ## execute the committed notebooks again, in place (commit that on its own)
	$(EMPTY) $(BIN)/jupyter nbconvert --log-level WARN --to notebook --execute --inplace \
		--ExecutePreprocessor.record_timing=False notebooks/*.ipynb
	$(BIN)/nbstripout --keep-output --keep-count --keep-id --extra-keys \
		"metadata.papermill metadata.language_info.version cell.metadata.papermill cell.metadata.execution" notebooks/*.ipynb

docs: $(VENV)/.develop ## build the documentation site, docs/_build/html/index.html; a link that leads nowhere is an error
	$(BIN)/python docs/generate.py
	rm -rf docs/api
	$(BIN)/sphinx-build -M html . docs/_build -c docs --quiet --fresh-env --fail-on-warning

lock: $(VENV)/.develop ## lock the dependencies again, with hashes and without addresses
	$(BIN)/$(LOCK) --upgrade --group build --extra lab --extra cluster -o requirements.lock
	$(BIN)/$(LOCK) --upgrade --group dev --extra lab --extra cluster --no-emit-package pip -c requirements.lock -o requirements-dev.lock

wheel: $(VENV)/.develop ## build the wheel in dist/, and list what it runs on as CycloneDX
	$(BIN)/python -m build --wheel --no-isolation --outdir dist
	$(BIN)/cyclonedx-py requirements --pyproject pyproject.toml --output-reproducible -o dist/sbom.json requirements.lock

kills: $(VENV)/.develop ## kill builds, additions and updates at some seventy moments, in place of nine (takes a quarter of an hour)
	ANALYSIS_KILLS=many $(BIN)/pytest tests/publish/test_killed.py

sums: ## list the hash of every file of data/raw in data/raw/SHA256SUMS
	$(PYTHON) .ci/sums.py

fuzz: $(VENV)/.develop ## search for inputs that break the readers, SECONDS each (60)
	$(BIN)/python tests/fuzz/search.py workbook $(SECONDS)
	$(BIN)/python tests/fuzz/search.py claims $(SECONDS)
	$(BIN)/python tests/fuzz/search.py answer $(SECONDS)

mutation: $(VENV)/.develop ## change a ROOM (terms/periods) in small ways for MINUTES (60), and list what none of its tests notices
	$(BIN)/python .ci/mutation.py $(ROOM) $(MINUTES)

audit: $(VENV)/.develop ## known vulnerabilities of what is locked, and licences of what is installed
	$(BIN)/python .ci/audit.py
	$(BIN)/pip-licenses --summary

benchmark: $(VENV)/.develop ## measure speed and memory, as ratios in one run (on a quiet machine; some ten minutes)
	$(BIN)/python benchmarks/builds.py
	$(BIN)/python benchmarks/many.py

clean: ## remove what was made by code, as it was made; what is your own stays and is named
	-$(PYTHON) .ci/clean.py
