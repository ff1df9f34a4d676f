# make run   virtual environment, install, build the graph, serve it  (make run PORT=9000 elsewhere)
# make test  set up what the tests need and run them all
# make screenshots  take pictures of the pages anew
# make test-stores  the tests of stores across the network, against Virtuoso  (TESTS='-m "not long"': a part)
PYTHON ?= python3
PORT ?= 8080
VENV := .venv
BIN := $(VENV)/bin
LIBRARIES := server/frontend/libraries.py server/frontend/libraries.toml
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

# Some hundred processes start from these sources in a test run: where nothing compiled is kept, each
# compiles them anew, which is a third of the processor's time that a server takes to start.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test screenshots test-w3c test-stores lint check docs lock clean

run: $(VENV)/run.stamp
	@$(BIN)/sanctiongraph build
	@$(BIN)/sanctiongraph serve --port $(PORT)

test: $(VENV)/test.stamp
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core; } || echo "no chromium: the tests of pages in a browser are skipped (apt-get install chromium)"
	@ldconfig -p 2>/dev/null | grep -q libjemalloc || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq && apt-get install -y -qq --no-install-recommends libjemalloc2; } || echo "no jemalloc: its test is skipped (apt-get install libjemalloc2)"
	$(BIN)/python -m pytest -n auto $(TESTS)

# Pictures of each view, in docs/screenshots/.
screenshots: $(VENV)/test.stamp
	$(BIN)/python -m pytest tests/pages -m screenshots

# The W3C suites over HTTP, against the gateway and oxigraph serve; writes docs/conformance.md.
# With TESTS=word it runs what has the word in its name, and writes nothing.
test-w3c: $(VENV)/test.stamp
	$(BIN)/python -m tests.w3c $(TESTS)

# The same answers from Virtuoso, which the tests start themselves; installed where that is allowed.
test-stores: $(VENV)/test.stamp
	@command -v virtuoso-t >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq && apt-get install -y -qq --no-install-recommends virtuoso-opensource-7-bin; } || { echo "the tests need virtuoso-t: apt-get install virtuoso-opensource-7-bin"; exit 1; }
	SANCTIONGRAPH_TEST_STORE=virtuoso $(BIN)/python -m pytest tests/stores $(TESTS)

lint: $(VENV)/test.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Shapes, places against the texts, dates, and consistency by HermiT.
check: $(VENV)/test.stamp
	$(BIN)/sanctiongraph check

# The pages under docs/ that are made from the data.
docs: $(VENV)/test.stamp
	$(BIN)/python docs/generate.py

# The lock files, from pyproject.toml.
lock: $(VENV)/test.stamp
	$(PIP) uv
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header --python-version 3.11 pyproject.toml -o requirements/run.txt
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header --python-version 3.11 --extra test pyproject.toml -o requirements/test.txt

clean:
	rm -rf $(VENV) .sanctiongraph

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "sanctiongraph needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Name another: make PYTHON=python3.12 ...")'
	@echo "making a virtual environment in $(VENV)"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: requirements/run.txt pyproject.toml hatch_build.py $(LIBRARIES) | $(VENV)/bin/python
	@echo "installing"
	@$(PIP) --require-hashes -r requirements/run.txt
	@$(PIP) --no-deps -e .
	@touch $@

$(VENV)/test.stamp: requirements/test.txt pyproject.toml hatch_build.py $(LIBRARIES) | $(VENV)/bin/python
	@echo "installing what the tests need"
	@$(PIP) --require-hashes -r requirements/test.txt
	@$(PIP) --no-deps -e .
	@touch $@ $(VENV)/run.stamp
