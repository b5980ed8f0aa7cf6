# Dukandar: every command a person or CI needs. `make help` lists them.
# Needed first: make, git, curl, a C compiler, rustup, node (20 or newer). The rest is installed by `make run`,
# pinned, into .tools/ and by rustup.

SHELL := /bin/bash
.DEFAULT_GOAL := help
PORT ?= 3000

.PHONY: help run build dev test lint e2e bench bench-forecast bench-learn bench-stock budgets soak cold-start icons fonts screenshots clean

help: ## this list
	@echo "Dukandar: make <target>"
	@sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)/  \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

run: build ## build for production and serve app and API at http://127.0.0.1:3000
	@tools/serve.sh

build: ## the tools, the app (dist/) and the server (target/release/dukandar), without starting it
	@tools/setup.sh build
	@tools/build.sh

dev: ## the app with live reload at http://127.0.0.1:3001, the API on 3000; no service worker
	@tools/setup.sh build
	@tools/dev.sh

test: ## everything CI runs: lint, unit, wasm, server, browser, budgets
	@tools/test.sh

lint: ## rustfmt, clippy natively and for wasm, unused dependencies, licences
	@tools/setup.sh test
	@tools/test.sh lint

e2e: ## the browser scenarios against a fresh build; pictures in tests/e2e/screenshots
	@tools/setup.sh test
	@tools/build.sh
	@tools/test.sh helper e2e

budgets: ## bytes of each artefact in brotli against what ui.md allows
	@node tools/budgets.mjs

bench: ## measurements beside DuckDB-wasm in one Chromium run; writes docs/bench.md
	@tools/setup.sh test
	@tools/build.sh
	@tools/test.sh helper
	@tools/bench.sh

bench-forecast: ## our forecasts beside the peers' on ../shared; writes docs/bench-forecast.md
	@tools/setup.sh test
	@tools/bench-forecast.sh

bench-learn: ## boosting and forest beside LightGBM on ../shared; writes docs/bench-learn.md
	@tools/setup.sh build
	@tools/bench-learn.sh

bench-stock: ## policies of ordering on real demand of ../shared, with lost sales; writes docs/bench-stock.md
	@tools/setup.sh build
	@tools/bench-stock.sh

soak: ## the browser scenarios and the convergence tests, again and again for SOAK_MINUTES (10)
	@tools/setup.sh test
	@tools/build.sh
	@tools/soak.sh

cold-start: ## trains public/cold_start.bin, the model for new products, again on ../shared (authoring)
	@tools/setup.sh build
	@tools/cold-start.sh

icons: ## redraw public/icons.svg and the app's icons (authoring)
	@tools/icons.sh

fonts: ## subset the Urdu face again (authoring)
	@tools/fonts.sh

screenshots: ## the manifest's screenshots, from the last e2e run (authoring)
	@node tools/screenshots.mjs

clean: ## remove what was built, keep tools and data
	rm -rf dist target .tools/app.stamp
