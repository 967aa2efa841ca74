# The course in a handful of verbs; `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help lab notebook test chaos bench grade build env lock clean

# Without its byte code, matplotlib alone takes 4 s to import instead of 0.7.
unexport PYTHONDONTWRITEBYTECODE
PYTHON := .venv/bin/python

# A folder that was copied or moved brings an environment that points at the other one.
$(shell sh deploy/setup.sh moved)

help: ## affiche cette aide
	@sed -n 's/^\([a-z]*\):.*## /\1 : /p' $(MAKEFILE_LIST) | awk -F ' : ' '{printf "  make %-8s %s\n", $$1, $$2}'

lab: .venv/.lab ## installe ce qui manque, puis ouvre le cours dans JupyterLab
	@sh deploy/setup.sh broker
	@sh deploy/lab.sh $(ARGS)

notebook: .venv/.lab ## la même chose dans Notebook 7, plus sobre : une page, un carnet
	@sh deploy/setup.sh broker
	@sh deploy/lab.sh --LabApp.default_url=/notebooks/notebooks/00_bienvenue.ipynb $(ARGS)

test: .venv/.test ## installe ce qui manque, puis vérifie tout le dépôt
	@sh deploy/setup.sh programs
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/lint-imports
	.venv/bin/workbook build --check
	$(PYTHON) -m pytest -n 4 --dist loadfile $(ARGS)

chaos: .venv/.test ## prouve la boutique, par des pannes à chaque ligne, des fautes plantées et une tempête
	@sh deploy/setup.sh programs
	$(PYTHON) -m tests.chaos $(ARGS)

bench: .venv/.test ## mesure le cours contre ses rivaux
	@sh deploy/setup.sh programs
	$(PYTHON) -m benchmarks $(ARGS)

grade: .venv/.lab ## note une classe, par nbval : make grade ARGS="ENVOIS --out RAPPORT"
	.venv/bin/workbook grade $(ARGS)

build: .venv/.lab ## refait notebooks/, labs/ et solutions/ à partir de course/
	.venv/bin/workbook build

env: ## écrit .env, le mot de passe du RabbitMQ de docker-compose.yml
	@sh deploy/setup.sh env

lock: .venv/.test ## refait les deux listes verrouillées à partir de pyproject.toml
	$(COMPILE) --output-file requirements.lock
	$(COMPILE) --group dev --constraint requirements.lock --output-file requirements-dev.lock

clean: ## efface l'environnement et les caches, garde votre progression
	rm -rf .venv build *.egg-info .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

COMPILE = UV_SYSTEM_CERTS=1 .venv/bin/uv pip compile --quiet pyproject.toml --universal \
	--python-version 3.11 --custom-compile-command "make lock"

# The dev list holds the runtime list, so that either may come first.
.venv/.lab: requirements.lock pyproject.toml
	@sh deploy/setup.sh python $<
	@touch $@

.venv/.test: requirements-dev.lock pyproject.toml
	@sh deploy/setup.sh python $<
	@touch $@ .venv/.lab
