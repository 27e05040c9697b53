# Everything runs in .venv, which the first target that needs it makes and fills.  `make help` lists the targets.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.ONESHELL:
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

# The interpreter that .venv is made with: the first of these that is new enough.  Choose another with `make venv PYTHON=…`.
PYTHON ?= $(firstword $(foreach name,python3 python3.14 python3.13 python3.12 python3.11,$(shell \
	$(name) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(name))))
READY := .venv/.ready
RUN := .venv/bin/python

# nbgrader starts the program `alembic`, which it looks for on the PATH.
export PATH := $(CURDIR)/.venv/bin:$(PATH)
# One thread for each process: faster on shared machines, and the same results everywhere.
export OMP_NUM_THREADS := 1

CHROMIUM ?= /usr/bin/chromium
# Students of each assignment in the demo.
SIZE ?= 24

.PHONY: help venv try demo test test-slow test-browser pictures samples chromium lab lint release check-release doctor gauntlet bench bench-scale validity calibrate stale

help:  ## list the targets
	@sed -n -E 's/^([a-z-]+):.*  ## (.*)$$/make \1\t\2/p' Makefile | expand -t 22

venv: $(READY)  ## make .venv and install the pinned requirements (done by the other targets when needed)

try: $(READY)  ## grade a right, a wrong and a hostile submission of digits, and show what comes of them (a minute)
	$(RUN) -m grader try

demo: $(READY)  ## release digits, simulate 24 students, grade them, write feedback and a summary (ALL=1: every assignment)
	$(RUN) -m grader demo --size "$(SIZE)" $(if $(ALL),,--assignment digits)

test: $(READY)  ## run the tests, without the slow ones
	$(RUN) -m pytest --numprocesses 2 --dist loadfile --durations 20 -m "not slow and not browser"

test-slow: $(READY)  ## run the slow tests (BEGIN_WITHIN=1800: none is begun after so many seconds)
	$(RUN) -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder --durations 20 \
		$(if $(BEGIN_WITHIN),--begin-within $(BEGIN_WITHIN)) -m "slow and not browser"

test-browser: $(READY) chromium  ## run the tests in a browser (pictures in build/browser/; five minutes)
	CHROMIUM="$(CHROMIUM)" $(RUN) -m pytest --numprocesses 2 --dist loadfile -m browser tests/browser

pictures: $(READY) chromium  ## take the pictures of docs/ anew in a browser (docs/pictures/; five minutes)
	CHROMIUM="$(CHROMIUM)" $(RUN) -m tests.browser.pictures

samples: $(READY)  ## write the sample pages of docs/ anew (docs/samples/; five minutes; `make pictures` does it too)
	$(RUN) -m tests.samples

chromium:
	@if [ ! -x "$(CHROMIUM)" ]; then
		if [ "$$(id -u)" = 0 ] && [ "$(CHROMIUM)" = /usr/bin/chromium ] && command -v apt-get >/dev/null; then
			echo "installing the Debian package chromium"
			apt-get update -qq
			DEBIAN_FRONTEND=noninteractive apt-get install -qq -y chromium >/dev/null
		else
			echo "$(CHROMIUM) is missing. Install Chromium, on Debian with" >&2
			echo "    sudo apt-get install chromium" >&2
			echo "or name the one you have: make $(MAKECMDGOALS) CHROMIUM=/path/to/chromium" >&2
			exit 1
		fi
	fi

lab: $(READY)  ## open JupyterLab with formgrader on the newest demo course, or on a small one made for it
	@newest() { ls -dt build/demo/course-*/gradebook.db build/lab/course-*/gradebook.db 2>/dev/null | head -n 1 || true; }
	if [ -z "$$(newest)" ]; then
		echo "there is no demo course yet: a small one is made in build/lab (20 students of each assignment)"
		$(RUN) -m grader demo --size 20 --out build/lab
	fi
	course="$$(dirname "$$(newest)")"
	echo "course folder: $$course"
	exec $(RUN) -m grader lab --course "$$course"

lint: $(READY)  ## check style and types
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy

release: $(READY)  ## build stubs, notebooks and the students' folders from solutions/
	$(RUN) -m grader release

check-release: $(READY)  ## see whether stubs and notebooks are up to date with solutions/, and leak nothing
	$(RUN) -m grader check-release

gauntlet: $(READY)  ## grade every hostile submission, and compare with the honest scores (build/gauntlet.json)
	$(RUN) -m tests.gauntlet

bench: $(READY)  ## what grading costs: the checks alone, with us, with stock nbgrader (build/bench.json; 20 minutes)
	$(RUN) -m grader bench digits

bench-scale: $(READY)  ## whether 5,000 submissions cost fifty times as much as 100 (build/scale.json; an hour)
	$(RUN) -m grader bench-scale digits

validity: $(READY)  ## whether the checks judge rightly: right answers, mistakes, mutants (build/validity.json; two hours)
	$(RUN) -m grader validity

calibrate: $(READY)  ## measure the thresholds of accuracy anew, and write them (docs/calibration.md; an hour)
	$(RUN) -m grader calibrate

stale: $(READY)  ## list the results in docs/ that rest on what has changed since, and how to renew them
	$(RUN) -m grader stale

doctor: $(READY)  ## say what this machine lacks for grading, and the command that mends it
	$(RUN) -m grader doctor

# The stamp is written last, so that an interrupted installation is taken up again.
$(READY): pyproject.toml constraints.txt
	@if [ -z "$(PYTHON)" ]; then
		echo "Python 3.11 or newer is needed: install it, or name it: make venv PYTHON=/path/to/python3" >&2
		exit 1
	fi
	if ! $(RUN) -m pip --version >/dev/null 2>&1; then
		package="$$($(PYTHON) -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
		if ! $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null; then
			if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
				echo "installing the Debian package $$package"
				apt-get update -qq
				DEBIAN_FRONTEND=noninteractive apt-get install -qq -y "$$package" >/dev/null
			else
				echo "$(PYTHON) cannot make virtual environments. Install what it lacks, on Debian and Ubuntu with" >&2
				echo "    sudo apt-get install $$package" >&2
				exit 1
			fi
		fi
		echo "making .venv with $$($(PYTHON) --version)"
		$(PYTHON) -m venv .venv
	fi
	echo "installing the pinned requirements into .venv (5 GB with CUDA's libraries; several minutes the first time)"
	$(RUN) -m pip install --quiet --disable-pip-version-check -c constraints.txt pip
	$(RUN) -m pip install --disable-pip-version-check --progress-bar off -c constraints.txt --group dev | sed -u -n -E \
		-e 's/^ *(Downloading|Using cached) ([^ ]*\/)?([A-Za-z0-9_.]+)-[0-9][^ ]*\.whl \(([0-9.]+ MB)\)$$/  \3, \4/p' \
		-e 's/^Installing collected packages.*/  unpacking/p'
	touch $@
