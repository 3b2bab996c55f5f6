# The front door. `make` alone lists what there is; every target does its own set-up.
# Recipes are one call each: what they do is in scripts/.

ENV     ?= local
STACK   ?= sync-batch
JOB     ?= $(STACK)
SINCE   ?= 1h
ERRORS  ?=
WAIT    ?=
TABLE   ?=
Q       ?=
IMAGE   ?=
TYPE    ?=
FOLDER  ?=
FROM    ?=
PAGE    ?=
FULL    ?=
RESUME  ?=
RELEASE ?=
DRY_RUN ?=
UPGRADE ?=
DELETE_OLD ?=

SHELL         := /bin/sh
.SHELLFLAGS   := -eu -c
.DEFAULT_GOAL := help
MAKEFLAGS     += --no-print-directory

# What people write may hold quotes: it stays one word of the shell.
quoted = $(subst ','\'',$(1))

PYTHON   := .venv/bin/python
PLATFORM := $(if $(filter local,$(ENV)),local,aws)

# What targets need; the rules are at the end.
WORKING        := .venv/.lock.sha256
LAMBDA_RUNTIME := .local/lambda-runtime/.lock.sha256
TERRAFORM      := .local/terraform.ready
CHECKERS       := .tools/checkov/.lock.sha256
LOCAL_AWS      := $(WORKING) $(LAMBDA_RUNTIME) $(TERRAFORM)

# POSIX shells have a variable of that name for their start-up file: that one is not meant.
ifeq ($(origin ENV)$(filter $(ENV),local dev prd),environment)
ENV := local
endif
ifeq ($(filter $(ENV),local dev prd),)
$(error ENV=$(ENV) is none of the environments: local, dev, prd)
endif

.PHONY: help setup demo demo-nas-sync demo-archive demo-dynamodb-export demo-efs-autoscaler up down \
        sync-local sync-dev sync-prd nas-sync search reindex model install export partition smoke \
        trigger logs disable enable release-mount-targets package plan apply lock test check bench \
        fmt clean

help:
	@awk -f scripts/help.awk $(MAKEFILE_LIST)

##@ Try it here

demo: $(LOCAL_AWS) ## build, apply and run sync-batch on this machine, show the rows, clean up
	@$(PYTHON) -m scripts.local_estate demo --stack sync-batch

demo-nas-sync demo-archive demo-dynamodb-export demo-efs-autoscaler: demo-%: $(LOCAL_AWS)
	@$(PYTHON) -m scripts.local_estate demo --stack $*

demo-nas-sync:        ## the same of nas-sync: 5,000 files, searched; then a month later
demo-archive:         ## the same of archive: a file share, archived, restored and looked up
demo-dynamodb-export: ## the same of dynamodb-export: 10,000 items in S3, exact, partitioned
demo-efs-autoscaler:  ## the same of efs-autoscaler: 120,000 files and a third mount target

up: $(LOCAL_AWS) ## a stack left running to play with; another joins what runs [STACK]
	@$(PYTHON) -m scripts.local_estate up --stack $(STACK)

down: $(WORKING) ## stop what `make up` started
	@$(PYTHON) -m scripts.local_estate down

##@ Run the job from here

sync-local sync-dev sync-prd: sync-%: $(WORKING)
	@$(PYTHON) -m scripts.sync_batch --env $*

sync-local: ## YouTube to PostgreSQL with the settings of .env.local
sync-dev:   ## the same with those of dev: .env.dev or Secrets Manager
sync-prd:   ## the same with those of prd: .env.prd or Secrets Manager

##@ Make a NAS searchable

nas-sync: $(WORKING) ## run a batch, follow it; FULL=1: all files [ENV FULL RESUME RELEASE]
	@$(PYTHON) -m scripts.nas_sync run --env $(ENV) $(if $(filter-out 0,$(FULL)),--full-sync) \
	    $(if $(RESUME),--resume $(RESUME)) $(if $(filter-out 0,$(RELEASE)),--release-brake)

search: $(WORKING) ## find files by words, images by likeness [ENV Q IMAGE TYPE FOLDER FROM PAGE]
	@$(PYTHON) -m scripts.nas_sync search --env $(ENV) \
	    $(if $(FROM),--since $(FROM)) $(if $(PAGE),--page $(PAGE)) \
	    $(if $(IMAGE),--image '$(call quoted,$(IMAGE))') \
	    $(if $(TYPE),--type '$(call quoted,$(TYPE))') \
	    $(if $(FOLDER),--folder '$(call quoted,$(FOLDER))') $(if $(Q),-- '$(call quoted,$(Q))')

reindex: $(WORKING) ## new indices after a change of their mapping, no downtime [ENV DELETE_OLD]
	@$(PYTHON) -m scripts.nas_sync reindex --env $(ENV) $(if $(filter-out 0,$(DELETE_OLD)),--delete-old)

model: $(WORKING) ## ResNet-50 as a file, and in the environment's bucket (needs internet) [ENV]
	@$(PYTHON) -m scripts.nas_sync.model $(if $(filter-out local,$(ENV)),--env $(ENV))

##@ Archive files

install: $(WORKING) ## install the command archive for this user, and print where it is
	@$(PYTHON) -m scripts.install

##@ Export tables of DynamoDB

export: $(WORKING) ## scan a table into S3 from here, with a progress bar [ENV TABLE]
	@$(PYTHON) -m scripts.dynamodb_export export --env $(ENV) $(if $(TABLE),--table $(TABLE))

partition: $(WORKING) ## move exports to year=/month=/day=/; DRY_RUN=1 only tells [ENV DRY_RUN]
	@$(PYTHON) -m scripts.dynamodb_export partition --env $(ENV) $(if $(filter-out 0,$(DRY_RUN)),--dry-run)

smoke: $(WORKING) ## export a table made for it, compare, and remove it all again [ENV]
	@$(PYTHON) -m scripts.dynamodb_export smoke --env $(ENV)

##@ Operate the job in AWS

trigger: $(WORKING) ## start it now; WAIT=1 follows it to its end [ENV JOB WAIT]
	@$(PYTHON) -m scripts.operate trigger --env $(ENV) --job $(JOB) $(if $(filter-out 0,$(WAIT)),--wait)

logs: $(WORKING) ## print its log; ERRORS=1 prints errors only [ENV JOB SINCE ERRORS]
	@$(PYTHON) -m scripts.operate logs --env $(ENV) --job $(JOB) --since $(SINCE) $(if $(filter-out 0,$(ERRORS)),--errors)

disable: $(WORKING) ## emergency stop: no schedule starts it any more [ENV JOB]
	@$(PYTHON) -m scripts.operate disable --env $(ENV) --job $(JOB)

enable: $(WORKING) ## take the emergency stop back [ENV JOB]
	@$(PYTHON) -m scripts.operate enable --env $(ENV) --job $(JOB)

release-mount-targets: $(WORKING) ## delete those Terraform doesn't know, before a destroy [ENV]
	@$(PYTHON) -m scripts.efs_autoscaler release-mount-targets --env $(ENV)

##@ Change what runs in AWS

package: $(WORKING) ## build what it uploads: zips of function, layers, host [ENV STACK]
	@$(PYTHON) -m scripts.package --platform $(PLATFORM) --stack $(STACK)

plan: package $(TERRAFORM) ## show what would change, and save that plan [ENV STACK]
	@$(PYTHON) -m scripts.terraform plan --env $(ENV) --stack $(STACK)

apply: package $(TERRAFORM) ## apply the saved plan, nothing else [ENV STACK]
	@$(PYTHON) -m scripts.terraform apply --env $(ENV) --stack $(STACK)

lock: $(WORKING) $(TERRAFORM) ## renew locks after a change; UPGRADE=1 renews them all (needs internet)
	@$(PYTHON) -m scripts.lock $(if $(filter-out 0,$(UPGRADE)),--upgrade)

##@ Work on the code

setup: $(LOCAL_AWS) $(CHECKERS) ## make the environment; the targets do that by themselves

test: $(LOCAL_AWS) ## unit and system tests, with coverage
	@$(PYTHON) -m pytest --cov --numprocesses auto --no-loadscope-reorder

check: $(WORKING) $(TERRAFORM) $(CHECKERS) ## linters, types, security scanners, Terraform's own tests
	@$(PYTHON) -m scripts.check

bench: $(LOCAL_AWS) ## speed and memory, as ratios against the obvious alternatives
	@$(PYTHON) -m tests.bench

fmt: $(WORKING) $(TERRAFORM) ## format Python and Terraform
	@$(PYTHON) -m ruff check --quiet --fix-only .
	@$(PYTHON) -m ruff format --quiet .
	@$(PYTHON) -m scripts.terraform fmt

clean: ## remove everything that was generated, environments included
	-@if [ -x $(PYTHON) ]; then $(PYTHON) -m scripts.local_estate down; fi
	@rm -rf .venv .tools .local build .coverage* .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find lambda layers scripts terraform tests \( -name __pycache__ -o -name .terraform \) -prune \
	    -exec rm -rf {} +

# The set-up compares the content of locks by itself: these rules only save make from asking.

SETUP_CODE := scripts/setup/run scripts/files.py $(wildcard scripts/setup/*.py)

$(WORKING): requirements/dev.txt requirements/uv.txt $(SETUP_CODE)
	@scripts/setup/run python

$(LAMBDA_RUNTIME): requirements/lambda-runtime.txt $(WORKING)
	@scripts/setup/run lambda-runtime

$(TERRAFORM): $(SETUP_CODE)
	@scripts/setup/run terraform providers && mkdir -p $(@D) && touch $@

$(CHECKERS): requirements/checkov.txt $(SETUP_CODE)
	@scripts/setup/run linters checkov
