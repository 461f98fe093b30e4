# Two commands do everything: `make report` runs the main job, `make test` passes the checks of CI.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
# What the lowest and the newest versions are tried with.
EXTRAS := excel,igraph,osm,parquet
PART := tests/routing/test_route.py tests/data/test_tables.py tests/formats/test_graphs.py tests/plot/test_dollar.py
FUZZ ?= 1000000
LAWS ?= 100
OLD ?= HEAD
# Python compiles what is imported by itself; compiling all that is installed takes as long again as installing it.
INSTALL := -m pip --disable-pip-version-check --quiet install --no-compile

.PHONY: report test lint types warm unit slow data data-diff release lowest newest fuzz laws bench bench-quick docs pictures notebooks site clean

report: $(VENV)/installed
	$(BIN)/corridors report --out report

# What takes one core goes side by side: the lowest versions need none of what the rest is installed in.
test:
	$(MAKE) --jobs=2 lowest lint data types warm newest
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
	$(BIN)/python -m pytest -n 2 --dist worksteal -m "not slow"

# Tests that take long and seldom find what the others do not: before a release, and after changes of report and inputs.
slow: $(VENV)/developing
	$(BIN)/python -m pytest -n 2 --dist worksteal -m slow

# What numba compiles is kept on disk, where all processes of the tests find it.
warm: $(VENV)/installed
	$(BIN)/python -c "import corridors as co; co.simulate(co.load(), ['Almaty'], ['Karachi'], draws=10, cargo='wagon')"
	$(BIN)/python -c "from corridors.engine import Hierarchy as H; \
	  H.build(5000, range(4999), range(1, 5000)).customize([1.0] * 4999).matrix([0], [1])"
	$(BIN)/python -c "from corridors.model import search; search.LARGE = 0; \
	  import corridors as co; co.load().route('Almaty', 'Karachi')"

# Sdist and wheel, twice, the same bit for bit; what an index would say of them; the recipe of conda, rendered; and the
# wheel used where nothing can be written, without a home, by a user who owns nothing if this one may write everywhere.
release: EPOCH := $(shell git log -1 --format=%ct 2> /dev/null || echo 1577836800)
release: OTHER := $(if $(filter 0,$(shell id -u)),setpriv --bounding-set -dac_override)
release: $(VENV)/developing
	rm -rf dist build/again build/frozen && mkdir -p build/frozen
	$(BIN)/python $(INSTALL) -c constraints.txt --group release
	for folder in dist build/again; do \
	  SOURCE_DATE_EPOCH=$(EPOCH) $(BIN)/python -m build --outdir $$folder . > build/release.log || exit 1; done
	cd dist && for file in *; do cmp $$file ../build/again/$$file || exit 1; done
	$(BIN)/python -m twine check --strict dist/*
	$(BIN)/python -c "from rattler_build import Stage0Recipe as R; R.from_file('recipe/recipe.yaml').render()"
	$(PYTHON) -m venv build/frozen/venv
	build/frozen/venv/bin/python $(INSTALL) -c constraints.txt dist/*.whl
	chmod -R a-w build/frozen && cd build/frozen && HOME=/nonexistent $(OTHER) venv/bin/python -I -c \
	  "import corridors as co; print(co.load().route('Almaty', 'Karachi').km, co.load().to_osmnx())"
	chmod -R u+w build/frozen && sha256sum dist/*

# The wheel with the newest versions that there are, whatever constraints.txt says: used from an empty folder, where no
# extra is installed yet, and then for a part of the tests.
newest: $(VENV)/developing
	rm -rf dist build/newest && mkdir -p build/newest/empty
	$(BIN)/python -m build --wheel --outdir dist . > build/wheel.log
	$(PYTHON) -m venv build/newest/venv
	build/newest/venv/bin/python $(INSTALL) dist/*.whl
	cd build/newest/empty && ../venv/bin/python -I -c "import corridors as co; print(co.load().route('Almaty', 'Karachi').km)"
	cd build/newest/empty && ../venv/bin/corridors route Almaty Karachi --format csv > /dev/null
	build/newest/venv/bin/python $(INSTALL) "$$(ls dist/*.whl)[$(EXTRAS)]" pytest hypothesis
	build/newest/venv/bin/python -m pytest -q -p no:cacheprovider -o filterwarnings=ignore $(PART)

# What the data of this tree changes in answers, against that of a commit: make data-diff OLD=main
data-diff: $(VENV)/installed
	rm -rf build/old && mkdir -p build/old
	git archive $(OLD) data/geo | tar -x -C build/old
	$(BIN)/corridors data diff build/old/data/geo data/geo

# A part of the tests with the lowest versions that pyproject.toml permits; other packages warn of their own there.
lowest:
	rm -rf build/lowest && $(PYTHON) -m venv build/lowest
	build/lowest/bin/python $(INSTALL) -c lowest.txt -e '.[$(EXTRAS)]' pytest hypothesis
	build/lowest/bin/python -m pytest -q -p no:cacheprovider -o filterwarnings=ignore $(PART)

# Damaged files through every reader; FUZZ=1000000 takes some hours.
fuzz: $(VENV)/developing
	PYTHONPATH=tests $(BIN)/python -m fuzz.run --inputs $(FUZZ)

# Random worlds that no test has seen before, LAWS times as many as the tests draw.
laws: $(VENV)/developing
	LAWS=$(LAWS) $(BIN)/python -m pytest -q -n 2 --hypothesis-profile=search tests/laws

# All benchmarks and their page, which says how long they take. A run that was stopped goes on where it was. bench-quick
# leaves out the world, the largest made network and the growth with size, and gives each task less time.
bench bench-quick: $(VENV)/benching
	$(BIN)/python -m benchmarks.everything $(if $(filter bench-quick,$@),--quick)

docs: $(VENV)/installed
	$(BIN)/python docs/validation.py
	$(BIN)/python docs/schema.py
	$(BIN)/python docs/commands.py
	$(BIN)/python docs/datapackage.py

pictures: $(VENV)/installed
	$(BIN)/python docs/pictures.py
	$(BIN)/python docs/figures.py

notebooks: $(VENV)/developing
	$(BIN)/python notebooks/execute.py

# The site, as build/site/index.html: nothing but the tools comes from the network, and it works offline.
site: $(VENV)/siting
	rm -rf build/site && mkdir -p build
	$(BIN)/python -m sphinx --jobs 2 --fail-on-warning --keep-going --quiet -c docs/site -d build/doctrees . build/site
	$(BIN)/python docs/site/links.py build/site
	$(BIN)/python -m pytest -q tests/test_site.py

clean:
	rm -rf $(VENV) build dist report

$(VENV)/python:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python $(INSTALL) --upgrade "pip==26.3" && touch $@

$(VENV)/installed: $(VENV)/python pyproject.toml constraints.txt
	$(BIN)/python $(INSTALL) -c constraints.txt -e . && touch $@

$(VENV)/developing: $(VENV)/installed
	$(BIN)/python $(INSTALL) -c constraints.txt --group dev && touch $@

$(VENV)/benching: $(VENV)/developing
	$(BIN)/python -m benchmarks.install && touch $@

$(VENV)/siting: $(VENV)/developing
	$(BIN)/python $(INSTALL) -c constraints.txt --group site && touch $@
