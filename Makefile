# Two commands do all the set-up: `make run` and `make test`. Each works on a machine with only Python, make and git.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# A 32-bit Python on a 64-bit kernel says so only under linux32; for it some compiled packages are not made.
ARCH = $(shell $(PYTHON) -c 'import sys; print("" if sys.maxsize > 2**32 else "linux32")')
PIP = $(ARCH) $(BIN)/pip --disable-pip-version-check --quiet --quiet
GUNICORN := $(BIN)/gunicorn 'app:create_app()'

# Twice as many as a small machine has cores: tests of the browser and of other programs mostly wait.
WORKERS ?= 4
# Each of them reads all the tests: what Python has compiled is kept, also where that was switched off.
export PYTHONDONTWRITEBYTECODE :=
PYTEST_OPTIONS := --numprocesses $(WORKERS) --dist worksteal $(if $(SEED),--randomly-seed=$(SEED))

.PHONY: install update uninstall
.PHONY: run test quick lint style format bench screenshots holidays lock clean

run: $(VENV)/.run-stamp  ## the dashboard; without an account, with the simulated charger
	@echo "It ends when this window closes; to keep it: sudo make install"
	@$(GUNICORN)

install update uninstall:  ## on a machine with systemd, for good; with sudo
	@PYTHONDONTWRITEBYTECODE=1 $(PYTHON) -m deploy $@

test: $(VENV)/.dev-stamp style  ## everything that is checked; in an order that SEED=… repeats
	@$(BIN)/mypy > $(VENV)/mypy.log & types=$$!; \
	$(BIN)/python tests/with_postgres.py $(PYTEST_OPTIONS) --on-both; tests=$$?; \
	wait $$types; types=$$?; cat $(VENV)/mypy.log; exit $$((tests ? tests : types))

quick: $(VENV)/.dev-stamp  ## what needs neither a browser nor PostgreSQL
	$(BIN)/python -m pytest $(PYTEST_OPTIONS) -m "not browser"

lint: style
	$(BIN)/mypy

style: $(VENV)/.dev-stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(VENV)/.dev-stamp
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.dev-stamp  ## what the README's performance table was measured with
	$(BIN)/python -m bench

screenshots: $(VENV)/.dev-stamp  ## the pictures of README and docs, from the demo
	$(BIN)/python docs/take_pictures.py

holidays: $(VENV)/.dev-stamp  ## the table of public holidays, from the package of that name
	PYTHONPATH=. $(BIN)/python docs/write_holidays.py

lock: $(VENV)/.dev-stamp  ## compile requirements*.in to hashed requirements*.txt
	$(BIN)/uv pip compile $(LOCK) requirements.in -o requirements.txt
	$(BIN)/uv pip compile $(LOCK) requirements-dev.in -o requirements-dev.txt
LOCK := --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	@echo "Setting up once, in $(VENV): about a minute, three on a Raspberry Pi."
	@echo "  a Python of its own …"
	@$(PYTHON) -m venv $(VENV) || { echo "On Debian and Raspberry Pi OS: sudo apt install python3-venv"; rm -rf $(VENV); exit 1; }

$(VENV)/.run-stamp: requirements.txt $(VENV)/bin/python
	@echo "  what the dashboard uses, from the Python package index …"
	@$(PIP) install --require-hashes -r requirements.txt \
	|| { echo "The packages could not be fetched; is this machine online, and is its clock right?"; exit 1; }
	@touch $@

$(VENV)/.dev-stamp: requirements-dev.txt requirements.txt $(VENV)/bin/python
	@echo "  what working on it needs …"
	@$(PIP) install --require-hashes -r requirements-dev.txt
	@touch $@ $(VENV)/.run-stamp

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache
