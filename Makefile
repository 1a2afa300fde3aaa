# Clubroom. `make run` starts it, `make help` tells the rest.
# From the environment: PORT, HOST, PUBLIC_URL, CLUBROOM_DATA, DATABASE_URL (see `.venv/bin/clubroom --help`).

PYTHON ?= python3
BIN := .venv/bin
WEB := npm --prefix web

# The machine's own certificates, as everything else on it uses them. No other Python than the one above.
export UV_SYSTEM_CERTS := 1
export NODE_USE_SYSTEM_CA := 1
export npm_config_update_notifier := false
export UV_PYTHON_DOWNLOADS := never
# Node comes with the Python packages.
export PATH := $(CURDIR)/$(BIN):$(PATH)

# Stamps lie where what they stand for lies, so that they go with it.
VENV := .venv/pyvenv.cfg
INSTALLER := $(BIN)/uv
RUN := .venv/.installed-run
DEV := .venv/.installed-dev
MODULES := web/node_modules/.installed
BUILT := web/dist/.built
EDGE := deploy/cloudflare/node_modules/.installed
MINISTACK := .cache/peers/ministack/.installed
OSLS := deploy/aws/node_modules/.installed
# Folders too: a removed file shows only there.
SOURCES := $(wildcard web/*.*) $(shell find web/src web/public 2>/dev/null | sed 's/ /\\ /g')

INSTALL := $(BIN)/uv pip install --quiet --python $(BIN)/python
STEP := @printf '  %s\n'

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: run demo screens web aws routes edge test test-root verify bench lint types fixtures lock licences clean help

run: $(RUN) $(BUILT) ## start Clubroom on http://localhost:8000
	@exec $(BIN)/clubroom serve

demo: $(RUN) $(BUILT) ## start a lively club to look at, in a data folder of its own
	@exec $(BIN)/clubroom demo

screens: $(DEV) $(BUILT) ## take the pictures in docs/screens anew
	@.ci/debian $(CHROMIUM)
	@.ci/debian $(FAKETIME)
	@$(BIN)/python -m screens

web: $(BUILT) ## build the client into web/dist

# See docs/host/cloudflare.md.
edge: $(RUN) $(BUILT) $(EDGE) ## bring the client to Cloudflare's edge (docs/host/cloudflare.md)
	@$(BIN)/python deploy/cloudflare/edge.py

# See docs/host/aws.md.
aws: $(RUN) $(BUILT) $(OSLS) ## put Clubroom on AWS (docs/host/aws.md)
	@$(BIN)/python deploy/aws/package.py
	@cd deploy/aws && node_modules/.bin/osls deploy

# A clock that is wrong, and fonts with emoji, CJK and Arabic.
FAKETIME := "The fault tests" "/usr/lib/*/faketime/libfaketime.so.1" libfaketime
CHROMIUM := "The browser tests" /usr/bin/chromium-headless-shell \
	chromium-headless-shell fonts-noto-color-emoji fonts-noto-cjk fonts-noto-core
WHOLE_CHROMIUM := "The tests of notifications" /usr/bin/chromium chromium
POOLER := "The tests of functions" /usr/sbin/pgbouncer pgbouncer
NETWORKS := "The tests of networks" /usr/sbin/nft nftables iproute2

test: $(DEV) $(BUILT) ## run every check and test that needs no root
	@.ci/debian $(CHROMIUM)
	@.ci/debian $(WHOLE_CHROMIUM)
	@.ci/debian $(FAKETIME)
	@.ci/debian $(POOLER)
	@$(BIN)/python .ci/checks.py test

test-root: $(DEV) ## run the tests that need root
	@.ci/debian $(NETWORKS)
	@$(BIN)/python .ci/checks.py root

verify: $(DEV) $(BUILT) $(MINISTACK) $(OSLS) $(EDGE) ## run faults, made-up calls, mutants and peers at length (over an hour)
	@.ci/debian $(FAKETIME)
	@.ci/debian $(POOLER)
	@CLUBROOM_VERIFY=long $(BIN)/python .ci/checks.py faults

bench: $(DEV) $(BUILT) ## measure what is claimed about speed (ten minutes; nothing else should run)
	@.ci/debian $(CHROMIUM)
	@$(BIN)/python -m bench

lint: $(DEV) $(MODULES) ## run the linters and type checkers alone
	@$(BIN)/python .ci/checks.py lint

types: $(RUN) ## make the client's types from the server's
	@mkdir -p .cache && $(BIN)/clubroom types > .cache/types.ts && mv .cache/types.ts web/src/wire/types.ts

routes: $(DEV) ## write the table of calls for API Gateway from the server's
	@mkdir -p .cache && $(BIN)/python deploy/aws/routes.py > .cache/routes.yml && mv .cache/routes.yml deploy/aws/routes.yml

fixtures: $(DEV) ## write anew what the server says, for the tests of both sides
	@CLUBROOM_WRITE_FIXTURES=1 $(BIN)/pytest -q tests/drift/test_action_fixtures.py

lock: $(DEV) ## take the newest versions that pyproject.toml and requirements/*.in allow
	@.ci/lock

licences: $(DEV) $(MODULES) ## write docs/licences.md anew
	@$(BIN)/python .ci/licences.py > docs/licences.md

clean: ## remove what the above made, but never data
	rm -rf .venv .cache .*_cache .coverage .coverage.* web/node_modules web/dist deploy/aws/node_modules
	rm -rf deploy/cloudflare/node_modules deploy/cloudflare/dist deploy/cloudflare/.wrangler deploy/aws/.serverless
	rm -rf deploy/hasura/postgraphile/node_modules tests/peers/oidc/node_modules

help: ## show this
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1	\2/p' $(firstword $(MAKEFILE_LIST)) | while IFS='	' read -r name text; \
	do printf '  make %-10s %s\n' "$$name" "$$text"; done

$(VENV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	|| { echo "Clubroom needs Python 3.11 or newer; set PYTHON to one."; exit 1; }
	$(STEP) "Making a Python environment in .venv"
	@$(PYTHON) -m venv .venv \
	|| { rm -rf .venv; echo "Python lacks its module venv. On Debian: apt-get install python3-venv"; exit 1; }

# pip takes 15 s for what uv does in 2, so pip only installs uv.
$(INSTALLER): requirements/installer.txt | $(VENV)
	$(STEP) "Installing the installer"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

$(RUN): requirements/run.txt requirements/build.txt requirements/web.txt pyproject.toml $(INSTALLER)
	$(STEP) "Installing Python packages and Node"
	@$(INSTALL) --require-hashes -r requirements/run.txt -r requirements/build.txt -r requirements/web.txt
	@$(INSTALL) --no-deps --no-index --no-build-isolation --editable .
	@touch $@

$(DEV): requirements/dev.txt $(RUN)
	$(STEP) "Installing what the tests need"
	@$(INSTALL) --require-hashes -r requirements/dev.txt
	@touch $@

$(MODULES): web/package-lock.json web/package.json $(RUN)
	$(STEP) "Installing the client's packages"
	@$(WEB) ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
	@touch $@

$(EDGE): deploy/cloudflare/package-lock.json deploy/cloudflare/package.json $(RUN)
	$(STEP) "Installing what runs the edge"
	@npm --prefix deploy/cloudflare ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
	@touch $@

# Peers stand for what one cannot have here; each has an environment of its own.
$(MINISTACK): requirements/ministack.txt $(INSTALLER)
	$(STEP) "Installing what stands for AWS"
	@rm -rf $(@D) && $(PYTHON) -m venv --without-pip $(@D)
	@$(BIN)/uv pip install --quiet --python $(@D)/bin/python --require-hashes -r $<
	@touch $@

$(OSLS): deploy/aws/package-lock.json $(RUN)
	$(STEP) "Installing what deploys to AWS"
	@npm --prefix deploy/aws ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
	@touch $@

$(BUILT): $(MODULES) $(SOURCES)
	$(STEP) "Building the client"
	@$(WEB) run --silent build -- --logLevel warn
	@touch $@
