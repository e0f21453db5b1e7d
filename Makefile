# SQUID Viewer. `make run` on a fresh machine is all a user needs; `make test` is what the integration runs.
# Everything lives in .venv; a stamp a step keeps the second call instant and follows pyproject.toml.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup setup-dev run test lint bench soak bundle bundle-test package screenshots translations clean libraries test-tools

PYTHON ?= python3
# Torch goes first, alone, so that pip takes this machine's build of it (CUDA on Linux).
# Another build: make run TORCH="torch --index-url https://download.pytorch.org/whl/cpu"
TORCH ?= torch==2.13.0
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install
# A progress bar for a person, silence but for errors in a log.
QUIET = $$([ -t 1 ] || echo --quiet)
SNAPSHOT := squid-demo.png
BUNDLE := dist/squid-viewer-$(shell sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)

help: ## this list
	@echo "SQUID Viewer. Targets:"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(VENV)/stamp-python:
	@.ci/make-venv.sh $(PYTHON) $(VENV)
	@touch $@

$(VENV)/stamp-torch: $(VENV)/stamp-python
	@echo "[2/3] torch: the largest part, some minutes on a slow line"
	@$(PIP) $(QUIET) $(TORCH)
	@touch $@

$(VENV)/stamp-demo: $(VENV)/stamp-torch pyproject.toml
	@echo "[3/3] SQUID Viewer and what it needs"
	@$(PIP) $(QUIET) --editable '.[demo]'
	@touch $@

$(VENV)/stamp-dev: $(VENV)/stamp-torch pyproject.toml
	@echo "[3/3] SQUID Viewer, what it needs, and the tools for its tests"
	@$(PIP) $(QUIET) --editable '.[demo,dev]'
	@touch $(VENV)/stamp-demo $@

$(VENV)/stamp-bundle: $(VENV)/stamp-demo pyproject.toml
	@echo "PyInstaller"
	@$(PIP) $(QUIET) --editable '.[demo,bundle]'
	@touch $@

setup: $(VENV)/stamp-demo ## make .venv and install the viewer into it

setup-dev: $(VENV)/stamp-dev

libraries:
	@.ci/system-libraries.sh offscreen

test-tools:
	@.ci/test-tools.sh

run: setup ## open the viewer on the demonstration folder (no display: a table and a picture)
	@if [ "$$(uname)" = Darwin ] || [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ]; then \
		.ci/system-libraries.sh window && exec $(BIN)/squid-viewer --demo; \
	else \
		echo "No display: the same work offscreen."; \
		.ci/system-libraries.sh offscreen && \
		QT_QPA_PLATFORM=offscreen $(BIN)/squid-viewer --demo --snapshot $(SNAPSHOT) && \
		echo "The window is in $(CURDIR)/$(SNAPSHOT)"; \
	fi

lint: setup-dev ## format, lint, strict types, import contracts
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

test: lint libraries test-tools ## everything the integration checks: lint, then the whole suite
	@# Children would compile all modules anew; and of torch's two threads one that waits for a busy core spins.
	@PYTHONDONTWRITEBYTECODE= OMP_NUM_THREADS=1 QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -q -n auto --dist loadfile

bench: setup-dev libraries ## the benchmarks
	@QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -q tests/benchmarks --benchmark-enable --benchmark-only

SOAK := SQUID_PROPERTY_RUNS=500 SQUID_KILLS=500 SQUID_SOAK_STUDIES=10000 SQUID_SOAK_FILES=20000 SQUID_SOAK_MINUTES=30

soak: setup-dev libraries ## the long forms of what the program must survive (docs/reliability.md), about fifty minutes
	@$(SOAK) QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -q -s --timeout 7200 tests/app/test_one_digest.py \
		tests/app/test_kills.py tests/app/services/test_ten_thousand.py tests/app/test_interrupted_import.py tests/app/test_soak.py

bundle: $(VENV)/stamp-bundle ## build dist/squid-viewer-VERSION and let it test itself
	@.ci/system-libraries.sh window # they go into the bundle
	@$(BIN)/pyinstaller --noconfirm --log-level WARN squid_viewer.spec
	@$(BIN)/python -m tests.tools.sbom $(BUNDLE)/_internal/licences
	@du -sh $(BUNDLE)
	@$(BUNDLE)/squid-viewer --self-test

bundle-test: setup-dev ## the bundle: its test of itself, then everything in tests/frozen (as root, so that none is left out)
	@[ -x $(BUNDLE)/squid-viewer ] || { echo "There is no $(BUNDLE). Build it: make bundle" >&2; exit 1; }
	@$(BUNDLE)/squid-viewer --self-test
	@SQUID_BUNDLE_TEST=1 QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -q -rs tests/frozen

package: ## make of the bundle a Debian package, an archive with install.sh, and their checksums
	@[ -d $(BUNDLE) ] || $(MAKE) bundle
	@SOURCE_DATE_EPOCH=$${SOURCE_DATE_EPOCH:-$$(git log -1 --format=%ct)} $(BIN)/python -m tests.tools.package $(BUNDLE)

screenshots: setup libraries ## the pictures of the user guide, and all others in build/screenshots
	@QT_QPA_PLATFORM=offscreen $(BIN)/python -m tests.tools.screenshots build/screenshots --guide docs/images

translations: setup-dev ## bring resources/translations up to date with the sources
	@$(BIN)/python -m tests.tools.translations

clean: ## remove what was built (not .venv)
	@rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .benchmarks $(SNAPSHOT)
