# What a newcomer needs: `make demo` and `make test`. `make` alone lists the rest.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PREFIX ?= /usr/local
SEEDS ?= 10000
DESTDIR ?=
SECONDS ?= 60
SUBJECTS ?=
VERSION = $(shell sed -n 's/.*current *= *"\([^"]*\)".*/\1/p' Sources/Tool/Commands/Version.swift 2>/dev/null | head -n 1 | grep . || echo 0.1.0)
RELEASE = swift build -c release --static-swift-stdlib
BINARY = .build/release/plumb
FORMATTED = $(wildcard Package.swift Sources Tests Benchmarks)
DEMO = .build/demo

CRASH_POINTS ?= 60
CRASH_SEED ?= 2026
KILLS ?= 20

.PHONY: help deps kube-assets build demo test simulate crash-moto crash-gcp fuzz bench bench-terraform bench-crash install dist format lint clean swift-version

help: ## Show these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

deps: ## Install Debian packages (as root) and the test emulators (into .venv)
	@.ci/deps

kube-assets: ## Get a real kube-apiserver, etcd and kubectl for the tests (KUBEBUILDER_ASSETS, or built once)
	@.ci/kube-assets >/dev/null

swift-version:
	@.ci/swift-version

build: deps swift-version ## Build the release binary, .build/release/plumb
	$(RELEASE) --product plumb

demo: swift-version ## Plan and apply the example on the embedded sandbox, then plan again
	@.ci/quietly "installing what is missing" $(MAKE) deps
	@.ci/quietly "building (a few minutes the first time)" $(RELEASE) --product plumb
	@.ci/demo $(BINARY) examples/quickstart $(DEMO)

test: deps kube-assets swift-version lint ## Check the format, build and run every test
	swift build --build-tests
	swift test --skip-build --parallel 2>&1 | .ci/without-canaries

# One seed that failed: PLUMB_SEEDS=17 make simulate
simulate: swift-version ## Simulate many lives of estates: SEEDS=100000
	swift build --build-tests
	PLUMB_SEEDS="$${PLUMB_SEEDS:-1-$(SEEDS)}" swift test --skip-build --filter SimulationTests.SimulationTests

crash-moto: deps swift-version ## Kill 60 runs on the AWS stand-in (CRASH_POINTS, CRASH_SEED)
	swift build --build-tests
	PLUMB_CRASH_POINTS=$(CRASH_POINTS) PLUMB_CRASH_SEED=$(CRASH_SEED) swift test --skip-build --filter AWSCrashTests

crash-gcp: deps swift-version ## Kill 60 runs on the Google Cloud stand-in (CRASH_POINTS, CRASH_SEED)
	swift build --build-tests
	PLUMB_GCP_CRASH_POINTS=$(CRASH_POINTS) PLUMB_CRASH_SEED=$(CRASH_SEED) swift test --skip-build --filter GCPCrashTests

fuzz: deps swift-version ## Fuzz each reader of outside input for SECONDS (default 60)
	@.ci/fuzz $(SECONDS) $(SUBJECTS)

bench: deps swift-version ## Measure, beside Terraform where it is on the machine; exit 1 if a figure is SHORT
	$(RELEASE) --product plumb
	$(RELEASE) --product bench
	.build/release/bench

bench-terraform: deps swift-version ## Of these, those beside Terraform (5 minutes, where it is on the machine)
	$(RELEASE) --product plumb
	$(RELEASE) --product bench
	.build/release/bench terraform

bench-crash: deps swift-version ## Kill KILLS applies of each, Plumb and Terraform, and count what is left
	$(RELEASE) --product plumb
	$(RELEASE) --product bench
	PLUMB_BENCH_KILLS=$(KILLS) .build/release/bench crash

install: build ## Install into PREFIX (default /usr/local)
	@.ci/install $(BINARY) "$(DESTDIR)$(PREFIX)"

dist: build ## Pack dist/plumb-VERSION-linux-ARCH.tar.gz with its checksum
	@.ci/dist $(BINARY) "$(VERSION)"

lint:
	@swift format lint --strict --recursive --parallel $(FORMATTED)

format: ## Format every source file in place
	swift format --in-place --recursive --parallel $(FORMATTED)

clean: ## Remove everything built and the test emulators
	rm -rf .build dist .venv
