# Two commands do everything: `make report` runs the main job, `make test` passes all checks.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
LOWEST := tests/routing/test_route.py tests/data/test_tables.py tests/formats/test_graphs.py tests/plot/test_dollar.py
FUZZ ?= 1000000
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: report test lint types unit data wheel lowest fuzz bench bench-quick docs pictures notebooks clean

report: $(VENV)/installed
	$(BIN)/corridors report --out report

# Types, the wheel and the lowest versions take one core each, so two of them go side by side.
test: lint data
	$(MAKE) --jobs=2 lowest types wheel
	$(MAKE) unit

lint: $(VENV)/developing
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-cache

types: $(VENV)/developing
	$(BIN)/mypy

data: $(VENV)/installed
	$(BIN)/corridors check

unit: $(VENV)/developing
	$(BIN)/python -m pytest -n 2 --dist worksteal

# The wheel is built, installed in an environment of its own, and used from an empty folder.
wheel: $(VENV)/developing
	rm -rf dist build/smoke && mkdir -p build/smoke/empty
	$(BIN)/python -m build --wheel --outdir dist . > build/wheel.log
	$(PYTHON) -m venv build/smoke/venv
	build/smoke/venv/bin/python -m pip --disable-pip-version-check --quiet install -c constraints.txt dist/*.whl
	cd build/smoke/empty && ../venv/bin/python -I -c "import corridors as co; print(co.load().route('Almaty', 'Karachi').km)"
	cd build/smoke/empty && ../venv/bin/corridors route Almaty Karachi --format csv > /dev/null

# A part of the tests with the lowest versions that pyproject.toml permits; other packages warn of their own there.
lowest:
	rm -rf build/lowest && $(PYTHON) -m venv build/lowest
	build/lowest/bin/python -m pip --disable-pip-version-check --quiet install -c lowest.txt -e '.[excel,igraph,osm,parquet]' \
	  pytest hypothesis
	build/lowest/bin/python -m pytest -q -p no:cacheprovider -o filterwarnings=ignore $(LOWEST)

# Damaged files through every reader; FUZZ=1000000 takes some hours.
fuzz: $(VENV)/developing
	PYTHONPATH=tests $(BIN)/python -m fuzz.run --inputs $(FUZZ)

# bench-quick leaves out the world and the growth with size, and gives each task less time.
bench bench-quick: $(VENV)/benching
	$(BIN)/python -m benchmarks.load
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m benchmarks.chain
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m benchmarks.plan
	$(BIN)/python -m benchmarks.run $(if $(filter bench-quick,$@),--quick)
	$(BIN)/python -m benchmarks.page

docs: $(VENV)/installed
	$(BIN)/python docs/validation.py
	$(BIN)/python docs/schema.py
	$(BIN)/python docs/commands.py

pictures: $(VENV)/installed
	$(BIN)/python docs/pictures.py

notebooks: $(VENV)/developing
	$(BIN)/python notebooks/execute.py

clean:
	rm -rf $(VENV) build dist report

$(VENV)/python:
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --upgrade "pip==26.3" && touch $@

$(VENV)/installed: $(VENV)/python pyproject.toml constraints.txt
	$(PIP) install -c constraints.txt -e . && touch $@

$(VENV)/developing: $(VENV)/installed
	$(PIP) install -c constraints.txt --group dev && touch $@

$(VENV)/benching: $(VENV)/developing
	$(BIN)/python -m benchmarks.install && touch $@
