# Two commands do all the set-up: `make demo` and `make test`. Both build .venv when it is missing.
# A wheel-less Debian Python has no ensurepip, so the environment is made without pip and filled
# by the pip that is there.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
PORT ?= 8000
BIN := .venv/bin
STAMP := .venv/.ready

.PHONY: demo demo-data test test-slow test-journeys bench lint lock setup translations clean

demo: setup
	$(BIN)/kundenstamm demo --port $(PORT)

demo-data: setup
	$(BIN)/kundenstamm demo --data-only

test: setup
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile

test-slow: setup
	$(BIN)/python -m pytest -m slow

test-journeys: setup
	$(BIN)/python -m pytest -m browser

bench: setup
	@for script in benchmarks/*.py; do echo "== $$script"; $(BIN)/python "$$script" || exit 1; done

lint: setup
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

setup: $(STAMP)

$(STAMP): requirements.lock pyproject.toml $(wildcard src/kundenstamm/locale/*/LC_MESSAGES/*.po)
	test -x $(BIN)/python || "$(PYTHON)" -m venv --without-pip .venv
	"$(PYTHON)" -m pip --python $(BIN)/python install --quiet --require-hashes -r requirements.lock
	"$(PYTHON)" -m pip --python $(BIN)/python install --quiet --no-deps -e .
	$(MAKE) translations
	touch $(STAMP)

translations:
	$(BIN)/pybabel --quiet compile --directory src/kundenstamm/locale --domain django

# Needs uv (`pip install uv`). No index address may stand in the file: the environment knows it.
lock:
	uv pip compile --quiet --generate-hashes --universal --python-version 3.11 --group dev \
	  --no-emit-index-url --no-annotate --no-header pyproject.toml --output-file requirements.lock

clean:
	rm -rf .venv var
