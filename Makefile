# The front door. `make help` says what there is.
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.PHONY: help setup run build test check bench watch fuzz

# tools/setup leaves the compiler that it chose in target/toolchain; without it the usual cargo is found. rustup's folder is
# last, for a shell that has not been told of it yet.
export PATH := $(CURDIR)/target/toolchain:$(PATH):$(or $(CARGO_HOME),$(HOME)/.cargo)/bin

TARGET := $(or $(CARGO_TARGET_DIR),target)
WASM := wasm32-unknown-unknown
LISTEN ?= 127.0.0.1:3000
DATA ?= data

help:
	@echo "Second Story. Targets:"
	@echo "  make run     build in release mode and serve the demo organisation at http://$(LISTEN) (LISTEN=, DATA=)"
	@echo "  make test    every test: units, both databases, HTTP, browser with scripts on and off"
	@echo "  make check   formatting, clippy, docs, house rules"
	@echo "  make bench   the figures of docs/PERFORMANCE.md"
	@echo "  make fuzz    hostile documents for the importers, FUZZ_SECONDS long (60)"
	@echo "  make watch   the development loop: builds and restarts when a file is saved"
	@echo "  make build   what make run builds, without serving it"
	@echo "  make setup   what run and test install when it is missing"

setup:
	@tools/setup --for test

build:
	@tools/setup --for run
	@test -x $(TARGET)/release/secondstory || echo "build: the first build takes about ten minutes on two cores, half of that on four; later ones take seconds to a few minutes."
	@echo "build: the browser's part (WebAssembly)"
	@cargo build --profile wasm-release -p frontend --target $(WASM)
	@echo "build: styles, icons and fonts"
	@cargo run -q -p site -- $(TARGET)/$(WASM)/wasm-release/frontend.wasm release
	@echo "build: the server"
	@cargo build --release -p server

run: build
	@echo "run: starting with the demo organisation; its data is kept in $(DATA)/. Stop with Ctrl-C."
	@exec $(TARGET)/release/secondstory demo --data $(DATA) --listen $(LISTEN)

test:
	@tools/setup --for test
	@echo "test: house rules"
	@tools/lint-proof
	@tools/lint
	@echo "test: building the browser's part for the tests"
	@cargo build -p frontend --target $(WASM)
	@cargo run -q -p site -- $(TARGET)/$(WASM)/debug/frontend.wasm debug
	@tools/postgres -- tools/tests

check:
	@tools/setup --for run
	cargo fmt --all --check
	tools/lint-proof
	tools/lint
	cargo clippy --all-targets -- -D warnings
	cargo clippy -p site --all-targets -- -D warnings
	cargo clippy -p frontend --target $(WASM) -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --no-deps
	@echo "check: all is well"

bench: build
	@node tools/bench/run.mjs

watch:
	@tools/setup --for run
	@LISTEN=$(LISTEN) tools/watch

# libFuzzer with the stable compiler: the flags are those that cargo-fuzz would set. It starts from our own documents.
FUZZ_SECONDS ?= 60
FUZZ_DIR := $(abspath $(TARGET))/fuzz
# Named outright, so that build scripts are spared the flags.
FUZZ_HOST = $(shell rustc -vV | sed -n 's/^host: //p')
FUZZ_FLAGS := -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
	-Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares --cfg fuzzing

FUZZ_TARGETS ?= review holidays schedules logs pasted
fuzz:
	@mkdir -p $(FUZZ_DIR)/corpus/review $(FUZZ_DIR)/corpus/holidays $(FUZZ_DIR)/corpus/schedules $(FUZZ_DIR)/corpus/pasted
	@find crates/importers/tests/fixtures -name '*.md' -o -name '*.md.erb' | while read -r f; do cp "$$f" "$(FUZZ_DIR)/corpus/review/seed-$$(basename "$$f")"; done
	@fuzz/seed-logs $(FUZZ_DIR)/corpus/logs
	@cd fuzz && CARGO_TARGET_DIR=$(FUZZ_DIR) RUSTFLAGS="$(FUZZ_FLAGS)" cargo build --release --bins --target $(FUZZ_HOST)
	@for target in $(FUZZ_TARGETS); do \
		$(FUZZ_DIR)/$(FUZZ_HOST)/release/$$target -max_total_time=$(FUZZ_SECONDS) -max_len=6000 -timeout=10 -dict=fuzz/$$target.dict \
			-artifact_prefix=$(FUZZ_DIR)/ $(FUZZ_DIR)/corpus/$$target || exit 1; done
