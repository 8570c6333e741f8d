# Everything a person types. `make` alone lists it.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c

TARGET := x86_64-unknown-linux-gnu
DIST := dist/x86_64
DATA ?= $(or $(XDG_STATE_HOME),$(HOME)/.local/state)/mesh/appliance
LISTEN ?= [::]:8443
HTTP_LISTEN ?= [::]:8080
FUZZ_SECONDS ?= 30
WEB_SOURCES := $(shell git ls-files --cached --others --exclude-standard -- webui | grep -v '^webui/e2e/' 2>/dev/null)
RUST_SOURCES := $(shell git ls-files --cached --others --exclude-standard -- appliance core protocol agent Cargo.toml Cargo.lock 2>/dev/null)

help: ## Show this list
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

setup: ## Install what is missing (called by the others)
	@scripts/setup.sh

setup-run:
	@scripts/setup.sh run

run: setup-run webui/dist-br/.made ## Start Mesh on this machine, ready to claim; Ctrl-C stops it
	@cargo build --quiet --package mesh-appliance
	@exec target/debug/mesh-appliance serve --data-dir "$(DATA)" --listen "$(LISTEN)" --http-listen "$(HTTP_LISTEN)"

test: setup test-rust test-web e2e fuzz ## Run every test: Rust, web client, browser journeys, fuzzers

test-rust: webui/dist-br/.made
	cargo nextest run --workspace --no-fail-fast
	cargo test --workspace --doc --quiet

test-web: webui/node_modules/.made
	cd webui && npm test --silent

e2e: $(DIST)/mesh-appliance webui/node_modules/.made ## Browser journeys in Chromium against the static box
	cd webui && npm run --silent e2e

check: setup webui/dist-br/.made ## Everything about the code that is not a test
	cargo fmt --all --check
	cargo clippy --workspace --lib --bins --quiet -- -D warnings
	cargo clippy --workspace --tests --examples --quiet -- -D warnings -A clippy::unwrap_used -A clippy::panic -A clippy::print_stdout -A clippy::print_stderr -A clippy::too_many_lines -A clippy::type_complexity
	RUSTDOCFLAGS="-D warnings -A rustdoc::private-intra-doc-links" cargo doc --workspace --no-deps --document-private-items --quiet
	cargo xtask gen --check
	cargo xtask tidy
	cd webui && npm run --silent check && npm run --silent size

bench: setup dist ## Measure a static box on this machine (docs/benchmarks.md)
	cargo build --quiet --package mesh-lab
	target/debug/mesh-bench --binary $(DIST)/mesh-appliance
	cd webui && BENCH=1 npx playwright test paint --reporter=line
	cd webui && npm run --silent size
	bash bench/store_writes.sh

dist: setup $(DIST)/mesh-appliance ## Build static binaries into dist/
	@scripts/verify-static.sh $(DIST)/mesh-appliance $(DIST)/mesh

gen: setup ## Write the files that are made from code
	cargo xtask gen

images: $(DIST)/mesh-appliance webui/node_modules/.made ## Make the screenshots of the README
	cd webui && IMAGES=1 npx playwright test images

fuzz: ## Run every fuzzer for FUZZ_SECONDS (30)
	@scripts/fuzz.sh $(FUZZ_SECONDS)

clean: ## Remove everything that was built
	cargo clean
	rm -rf dist webui/dist webui/dist-br webui/node_modules fuzz/target

webui/node_modules/.made: webui/package.json webui/package-lock.json
	cd webui && npm ci --silent
	@touch $@

webui/dist-br/.made: webui/node_modules/.made $(WEB_SOURCES)
	cd webui && npm run --silent build
	@touch $@

$(DIST)/mesh-appliance: webui/dist-br/.made $(RUST_SOURCES)
	scripts/dist.sh $(TARGET) $(DIST)

.PHONY: help setup setup-run run test test-rust test-web e2e check bench dist gen images fuzz clean
