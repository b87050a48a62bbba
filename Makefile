# Two commands are enough: `make book` and `make test`. Both make the environment first.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# What readers need, and what developers need besides. The marks in an environment are named by what was installed into it,
# not dated: a fresh clone that shares one installs nothing.
sum = $(firstword $(shell cat $(1) | cksum))
READY := $(VENV)/.ready-$(call sum,requirements.txt)
DEV_READY := $(VENV)/.ready-dev-$(call sum,requirements.txt requirements-dev.txt)
LAB_READY := $(VENV)/.ready-lab-$(call sum,requirements.txt requirements-lab.txt)
CHECKED := _build/.tables-checked
# The course kit has an environment of its own: Otter-Grader is no use to readers.
KIT := .venv-assignments
KIT_READY := $(KIT)/.ready-$(call sum,assignments/requirements.txt)
WEB_READY := tests/web/node_modules/.package-lock.json

.PHONY: book help lab pdf epub live site slides release check test coverage data notebooks lint linkcheck audit newest assignments grade export test-assignments bench clean test-isolation

book: $(READY) $(CHECKED) ## build the book into _build/html
	@echo "Building the pages; a chapter runs only if it, its tables or the library changed."
	$(BIN)/jupyter-book build -W -n --keep-going .
	@echo "Open _build/html/index.html in a browser."

help: ## list what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-18s%s\n", $$1, $$2 }' Makefile

lab: $(LAB_READY) ## open the notebooks in JupyterLab, which shows them as the pages do
	$(BIN)/jupyter lab book

pdf: $(DEV_READY) book ## print the built pages as _build/book.pdf; needs Chromium
	$(BIN)/python -m tools.pdf

epub: $(READY) ## build the book as _build/book.epub
	$(BIN)/jupyter-book build -W -n --keep-going --builder custom --custom-builder epub .
	cp _build/epub/book.epub _build/book.epub

# Python for the pages comes from LIVE_FROM=folder, Pyodide's release, or PyPI, once: it is kept in _build/live.
live: $(READY) book ## let readers change and run cells in the built pages; needs Node and, the first time, a network
	$(BIN)/python -m tools.live $(LIVE_FROM)

site: pdf epub live ## build what is published: pages whose cells run, with the whole book as PDF and EPUB beside them
	cp _build/book.pdf _build/book.epub _build/html/

slides: $(DEV_READY) book ## make slides of each chapter, as PDF and to edit, in _build/slides; needs Chromium
	$(BIN)/python -m tools.slides

release: site ## gather site, PDF, EPUB, data package and checksums in _build/release
	$(BIN)/python -m tools.release

linkcheck: $(DEV_READY) book ## ask every address that the book links to whether it answers; needs a network
	$(BIN)/linkchecker --check-extern --no-warnings _build/html/book/index.html

# In an environment of its own: the book does not need it, and its data are of the day.
audit: ## ask whether a pinned package is known to be vulnerable; needs a network
	$(PYTHON) -m venv _build/audit
	_build/audit/bin/python -m pip install --quiet --disable-pip-version-check pip-audit==2.10.1
	_build/audit/bin/pip-audit --no-deps --disable-pip --requirement requirements-dev.txt

# The way out of jupyter-book 1.x, which holds Sphinx and MyST back: its configuration without its own extension, in a
# copy of what is committed, for the newest of what makes the pages. What computes in them stays as pinned.
NEWEST := _build/newest
newest: $(READY) ## build the book with the newest Sphinx, MyST-NB and theme; needs a network
	rm -rf $(NEWEST) && git clone --quiet . $(NEWEST)
	$(BIN)/jupyter-book config sphinx $(NEWEST)
	echo 'import sys; sys.path.append("book/_ext"); extensions.remove("jupyter_book")' >> $(NEWEST)/conf.py
	sed '/^# Brought/,$$d; /^jupyter-book/d; /^# Pages/,/^$$/s/==[^ ]*//' requirements.txt > $(NEWEST)/newest.txt
	$(PYTHON) -m venv $(NEWEST)/.venv
	$(NEWEST)/.venv/bin/python -m pip install --quiet --disable-pip-version-check -r $(NEWEST)/newest.txt
	cd $(NEWEST) && .venv/bin/python -m sphinx -q -T -W -n --keep-going . _build/html

# Side by side: the tests of a file share what its fixtures made, so each file goes to one worker.
PARALLEL := --numprocesses logical --maxprocesses 4 --dist loadfile --no-loadscope-reorder
NBVAL := --nbval --nbval-current-env --nbval-kernel-startup-timeout 600

check: lint $(if $(shell command -v npm),$(WEB_READY)) ## check style, data and prose in a minute
	$(BIN)/python -m pytest $(PARALLEL) -m "not site and not faults and not kills"

test: lint $(if $(shell command -v npm),$(WEB_READY)) ## run every test and re-run every notebook
	@echo "Step 1 of 2: the book, its pages and notebooks. The longest tests come first; the site is built for them meanwhile."
	$(BIN)/python -m pytest $(PARALLEL) $(NBVAL) tests book
	@echo "Step 2 of 2: the course kit."
	$(MAKE) test-assignments

# The quick ring alone. The notebooks run once more by themselves, because nbval ends its kernels before they can report.
coverage: $(DEV_READY) ## list the lines of the library and the recipes that no test runs, beside tests/uncovered.yml
	rm -rf _build/coverage && mkdir -p _build/coverage
	$(BIN)/python -m coverage run -m pytest -m "not site and not faults and not kills"
	$(BIN)/python -m coverage run -m tools.notebooks
	$(BIN)/python -m coverage combine --quiet
	$(BIN)/python tests/uncovered.py

assignments: $(KIT_READY) ## make student and autograder versions of the assignments (see assignments/README.md)
	$(KIT)/bin/python assignments/build.py $(ASSIGNMENTS)

grade: $(KIT_READY) ## grade a folder: make grade ASSIGNMENT=eastern_state SUBMISSIONS=folder
	$(KIT)/bin/python assignments/grade.py "$(ASSIGNMENT)" "$(SUBMISSIONS)" $(if $(OUT),--out "$(OUT)") $(if $(JOBS),--jobs $(JOBS)) $(if $(SECONDS),--seconds $(SECONDS)) $(if $(MEGABYTES),--megabytes $(MEGABYTES)) $(if $(TRUST),--trust)

export: $(KIT_READY) ## write grades for a learning platform: make export PLATFORM=canvas ASSIGNMENT=eastern_state ROSTER=file
	$(KIT)/bin/python assignments/grade.py export "$(PLATFORM)" "$(ASSIGNMENT)" "$(ROSTER)" $(if $(COLUMN),--column "$(COLUMN)") $(if $(POINTS),--points "$(POINTS)") $(if $(OUT),--out "$(OUT)")

test-assignments: $(KIT_READY) ## prove that the assignments grade as they should
	$(KIT)/bin/python -m pytest $(PARALLEL) assignments/tests

test-isolation: $(KIT_READY) ## attack the grader of the assignments; as root, in both of its ways
	$(KIT)/bin/python -m pytest assignments/tests/test_attacks.py

data: $(DEV_READY) ## rebuild, describe and check the tables of data/, and name what in the chapters disagrees with them
	$(BIN)/python data/recipes $(TABLES)
	@$(BIN)/python -m tests.disagreements

notebooks: $(READY) $(CHECKED) ## run the notebooks and store their outputs
	$(BIN)/python -m tools.notebooks $(NOTEBOOKS)

lint: $(DEV_READY) ## check the style of the code
	-@git config diff.notebook.textconv "python3 tools/notebook_text.py"
	$(BIN)/ruff check && $(BIN)/ruff format --check

# A table that is not what it should be fails here with its own line, before any notebook runs.
$(CHECKED): $(READY) $(wildcard data/*.csv data/*.json data/*.geojson) book/essay/tables.py book/essay/rules.py
	@echo "Checking every table of data/ against its description ..."
	@cd book && $(abspath $(BIN))/python -m essay.tables
	@mkdir -p $(@D) && touch $@

clean: ## remove what was built; the environment stays
	rm -rf _build

# What the tests of the pages need from npm; without npm those tests are skipped and say so.
$(WEB_READY): tests/web/package-lock.json
	@echo "Installing what the tests of the pages need from npm, once."
	npm ci --prefix tests/web --silent --no-audit --no-fund
	@touch $@

# A version too old fails here with a plain word instead of later with a strange one.
$(READY): LIST := requirements.txt
$(KIT_READY): LIST := assignments/requirements.txt
$(READY) $(KIT_READY):
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed; this is " + sys.version.split()[0] + ". Name another with PYTHON=python3.12, say.")'
	@echo "Installing $(LIST) into $(@D): a minute or more, once."
	$(PYTHON) -m venv $(@D)
	@rm -f $(@D)/.ready*
	$(@D)/bin/python -m pip install --quiet --disable-pip-version-check -r $(LIST)
	@touch $@
$(DEV_READY): | $(READY)
	@echo "Installing requirements-dev.txt into $(VENV): a minute or so, once."
	@rm -f $(VENV)/.ready-dev*
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@
$(LAB_READY): | $(READY)
	@echo "Installing requirements-lab.txt into $(VENV): a minute or so, once."
	@rm -f $(VENV)/.ready-lab*
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-lab.txt
	@touch $@

bench: book ## measure builds and pages beside the template book; needs npm and Chromium, takes most of an hour
	npm ci --prefix bench --silent --no-audit --no-fund
	rm -rf _build/template && $(BIN)/jupyter-book create _build/template && $(BIN)/jupyter-book build -q _build/template
	node bench/pages.mjs _build/html _build/template/_build/html
	$(BIN)/python -m bench.builds
