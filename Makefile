# Two commands do everything: `make run` and `make test-all`. Each does its own set-up, once.

CONFIG ?= config/config.yaml
CORES ?= $(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)

# The first Python >= 3.12 that can make virtual environments. 3.13 first: it starts fastest.
PYTHON ?= $(shell for candidate in python3.13 python3.12 /usr/bin/python3 python3 python3.14; do \
	$$candidate -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 12))' \
	>/dev/null 2>&1 && { echo $$candidate; break; }; done)

VENV := .venv
BIN := $(VENV)/bin
# Each file of tests goes to one process, in the order of tests/conftest.py.
# What was compiled once is kept, also where Python is told to keep nothing.
PYTEST := PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest --numprocesses $(CORES) --dist loadfile --no-loadscope-reorder
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input --quiet
# A lock names all that is installed, so that pip need not look for more: what no run loads is left out.
# Nor need it compile modules: Python compiles those that a run loads, half of them, and keeps them.
INSTALL := $(PIP) install --no-deps --no-compile --require-hashes -r
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.12 --generate-hashes \
	--no-emit-index-url --no-emit-package designbased --no-header
# Packages that Snakemake and pikepdf name, and this project never lets them load: docs/dependencies.md.
NEVER_LOADED := --no-emit-package pulp --no-emit-package lxml

.PHONY: help run test test-changed test-all test-engine mutants lint benchmark growth coverage reference lock docs docs-site clean cluster test-cluster cloud test-storage test-quarto test-word

help: ## show this help
	@echo "Disrupting Harm workflow"; echo
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20
	@echo; echo "  CONFIG=path/to/config.yaml   another study (make run)"
	@echo "  ONLY='KEN UGA'               some of its countries (make run)"
	@echo "  CORES=4                      number of processes (make run)"
	@echo "  ARGS='-n --quiet rules'      further arguments for Snakemake: what would run (make run)"

run: $(VENV)/run.stamp ## run the study and say where to start reading
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m disrupting_harm run --config $(CONFIG) --cores $(CORES) \
		$(if $(ONLY),--only $(ONLY)) $(ARGS)

test: $(VENV)/dev.stamp $(VENV)/pdfjs.stamp ## run the tests of every kind that are not slow, side by side on all cores
	@$(PYTEST) -m "not slow" $(ARGS)

test-changed: $(VENV)/dev.stamp ## run the tests that this branch's changes reach, while you work (ARGS=--base REV, --list, --runs)
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python tests/reached_tests.py $(ARGS) --numprocesses $(CORES) --dist loadfile \
		--no-loadscope-reorder

test-all: $(VENV)/dev.stamp $(VENV)/pdfjs.stamp ## run all tests: what proves a change
	@$(PYTEST) $(ARGS)

test-engine: $(VENV)/dev.stamp ## install the engine from its wheel into an environment of its own, and test it there
	rm -rf $(VENV)/engine && $(BIN)/python -m venv $(VENV)/engine
	cd engine && ../$(BIN)/python -m hatchling build -t wheel -d ../$(VENV)/engine
	grep -o '^[A-Za-z0-9_.-]*==[^\]*' requirements-dev.lock > $(VENV)/engine/pins.txt
	$(VENV)/engine/bin/python -m pip --disable-pip-version-check --quiet install --constraint $(VENV)/engine/pins.txt \
		$(VENV)/engine/*.whl statsmodels patsy great-tables python-docx matplotlib pytest pytest-timeout hypothesis
	$(VENV)/engine/bin/python -m pytest --rootdir engine -q engine/tests -o addopts= $(ARGS)

mutants: $(VENV)/dev.stamp ## put 200 small faults into the library and see which the tests miss; an hour
	$(BIN)/python benchmarks/mutants.py record results/mutants.jsonl
	$(BIN)/python benchmarks/mutants.py try results/mutants.jsonl results/mutants.csv $(ARGS)

lint: $(VENV)/dev.stamp ## check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/snakefmt --check Snakefile workflow/Snakefile workflow/rules
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/snakemake --lint

benchmark: $(VENV)/dev.stamp ## time the engine beside svy, samplics and R, and the comparison (ARGS=--quick for less)
	$(BIN)/python benchmarks/run.py $(ARGS)
	OPENBLAS_NUM_THREADS=1 $(BIN)/python benchmarks/comparison_speed.py

cluster: $(VENV)/cluster.stamp ## add what runs the study on a Slurm cluster (docs/scaling.md)

test-cluster: $(VENV)/dev.stamp $(VENV)/cluster.stamp ## start a Slurm here and run a study on it; as root
	@TEST_CLUSTER=1 $(BIN)/python -m pytest tests/cluster/test_slurm.py $(ARGS)

cloud: $(VENV)/cloud.stamp ## add what keeps tables in a bucket and hands jobs to Kubernetes (docs/scaling.md)

test-storage: $(VENV)/dev.stamp $(VENV)/cloud.stamp ## start a storage here and run a study's numbers in it
	@TEST_STORAGE=1 $(BIN)/python -m pytest tests/cluster/test_bucket.py $(ARGS)

test-quarto: $(VENV)/dev.stamp ## hold an installed Quarto to what it was seen to do: REAL_QUARTO=/path/to/quarto
	@test -x "$(REAL_QUARTO)" || { echo "error: name a Quarto: make test-quarto REAL_QUARTO=/path/to/quarto" >&2; exit 1; }
	@REAL_QUARTO="$(REAL_QUARTO)" $(BIN)/python -m pytest tests/unit/report/test_quarto_behaviours.py \
		tests/documents/test_quarto_parity.py $(ARGS)

test-word: $(VENV)/dev.stamp ## have an installed LibreOffice set briefs and reports for Word, and save a filled review again
	@command -v soffice >/dev/null || { echo "error: install LibreOffice: sudo apt-get install libreoffice-writer" >&2; exit 1; }
	@TEST_WORD=1 $(BIN)/python -m pytest tests/documents/test_brief_pages.py \
		tests/unit/report/test_translation_review.py -k 'word or libreoffice' $(ARGS)

growth: $(VENV)/dev.stamp ## measure each stage of a country of up to a million children
	$(BIN)/python benchmarks/growth.py $(ARGS)

coverage: $(VENV)/dev.stamp ## simulate how often intervals and rank sets hold the truth; some minutes
	$(BIN)/python benchmarks/coverage.py
	$(BIN)/python benchmarks/coverage_stabilised.py
	$(BIN)/python benchmarks/coverage_designs.py
	$(BIN)/python benchmarks/coverage_short.py
	$(BIN)/python benchmarks/hidden_groups.py
	$(BIN)/python benchmarks/comparison_coverage.py
	$(BIN)/python benchmarks/pooling_coverage.py

reference: $(VENV)/dev.stamp ## recompute the R reference numbers; needs R with survey, MASS, numDeriv and metafor
	sh tests/reference/regenerate.sh

docs: $(VENV)/run.stamp ## write the generated pages of docs/
	$(BIN)/python -m disrupting_harm schema

docs-site: $(VENV)/dev.stamp ## build the documentation as a site, with search and the reference of the engine
	$(BIN)/python -m sphinx -q -W -b html docs results/docs-site $(ARGS)
	@echo "Start reading: results/docs-site/index.html"

lock: $(VENV)/dev.stamp ## renew the locked dependencies
	$(PIP) install uv
	$(COMPILE) $(NEVER_LOADED) pyproject.toml -o requirements.lock
	$(COMPILE) --no-emit-package pulp --extra dev pyproject.toml -o requirements-dev.lock
	$(COMPILE) $(NEVER_LOADED) --extra cluster --constraint requirements.lock pyproject.toml -o requirements-cluster.lock
	cp requirements.lock requirements-cloud.lock # what can stay as it is stays
	$(COMPILE) $(NEVER_LOADED) --extra cloud pyproject.toml -o requirements-cloud.lock

clean: ## remove results and the virtual environment
	@! find results -path '*/releases/*/accepted.json' 2>/dev/null | grep . || { echo "error: these \
	releases were accepted, and without them no later run is safe. Move them away first." >&2; exit 1; }
	rm -rf results .snakemake $(VENV)

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "error: no Python 3.12 or newer with venv was found. \
	Install one, or name it: make PYTHON=/path/to/python3" >&2; exit 1; }
	@echo "Setting up with $(PYTHON), once: this takes a few minutes ..." >&2
	@$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: requirements.lock pyproject.toml engine/pyproject.toml | $(BIN)/python
	@$(INSTALL) requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e engine -e .
	@touch $@

$(VENV)/cluster.stamp: requirements-cluster.lock $(VENV)/run.stamp
	@$(INSTALL) requirements-cluster.lock
	@touch $@

$(VENV)/cloud.stamp: requirements-cloud.lock $(VENV)/run.stamp
	@$(INSTALL) requirements-cloud.lock
	@touch $@

$(VENV)/dev.stamp: requirements-dev.lock $(VENV)/run.stamp
	@$(INSTALL) requirements-dev.lock
	@touch $@

# pdf.js, by which Firefox reads PDF files, where there is an npm to bring it. Tests miss it elsewhere, and say so.
$(VENV)/pdfjs.stamp: tests/pdfjs/package-lock.json | $(BIN)/python
	@if command -v npm >/dev/null; then mkdir -p $(VENV)/pdfjs && cp tests/pdfjs/package*.json $(VENV)/pdfjs && \
	npm ci --prefix $(VENV)/pdfjs --omit=optional --ignore-scripts --no-audit --no-fund --fetch-retries=1 --loglevel=error && touch $@; fi || true
