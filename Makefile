# Two commands are enough: `make book` and `make test`. Both make the environment first.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# The course kit has an environment of its own: Otter-Grader is no use to readers.
KIT := .venv-assignments
KIT_READY := $(KIT)/.ready

.PHONY: book test data notebooks lint clean assignments grade test-assignments

book: $(READY) ## build the book into _build/html
	$(BIN)/jupyter-book build -W -n --keep-going .
	@echo "Open _build/html/index.html in a browser."

test: $(READY) ## run every test and re-run every notebook
	$(BIN)/python -m pytest --nbval --nbval-current-env tests book
	$(MAKE) test-assignments

assignments: $(KIT_READY) ## make student and autograder versions of the assignments (see assignments/README.md)
	$(KIT)/bin/python assignments/build.py $(ASSIGNMENTS)

grade: $(KIT_READY) ## grade a folder: make grade ASSIGNMENT=eastern_state SUBMISSIONS=folder
	$(KIT)/bin/python assignments/grade.py $(ASSIGNMENT) $(SUBMISSIONS) $(if $(OUT),--out $(OUT)) $(if $(JOBS),--jobs $(JOBS)) $(if $(SECONDS),--seconds $(SECONDS)) $(if $(MEGABYTES),--megabytes $(MEGABYTES))

test-assignments: $(KIT_READY) ## prove that the assignments grade as they should
	$(KIT)/bin/python -m pytest assignments/tests

data: $(READY) ## rebuild the tables of data/ from raw files (see data/README.md)
	$(BIN)/python data/recipes $(TABLES)

notebooks: $(READY) ## run the notebooks and store their outputs
	$(BIN)/python book/run.py $(NOTEBOOKS)

lint: $(READY) ## check the style of the code
	$(BIN)/ruff check . && $(BIN)/ruff format --check book data tests assignments

clean: ## remove what was built; the environment stays
	rm -rf _build

# A version too old fails here with a plain word instead of later with a strange one.
$(READY): requirements.txt
$(KIT_READY): assignments/requirements.txt
$(READY) $(KIT_READY):
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed; this is " + sys.version.split()[0] + ". Name another with PYTHON=python3.12, say.")'
	$(PYTHON) -m venv $(@D)
	$(@D)/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@
