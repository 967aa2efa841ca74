"""The committed notebooks, run by nbval as anyone would run them."""

import json
import re
import subprocess
import sys
from difflib import ndiff

import pytest
import zoo

from workbook.editions import sources

SOLVED = sorted((zoo.ROOT / "solutions").glob("*.ipynb"))
STUDENT = sorted(
    path for kind in ("notebooks", "labs") for path in (zoo.ROOT / kind).glob("*.ipynb")
)

KEYS = {source.name: source.key for source in sources(zoo.ROOT)}


def run_nbval(notebook, folder, **environment):
    """Run a notebook; one record a cell: id, check, outcome."""
    report = folder / "cells.json"
    environment = zoo.python_environment(
        WORKBOOK_PROGRESS=str(folder / "progress.jsonl"), CELL_REPORT=str(report), **environment
    )
    environment = {k: v for k, v in environment.items() if not k.startswith("PYTEST_")}
    options = ["--nbval-lax", "--nbval-current-env", "--nbval-cell-timeout=90"]
    command = [sys.executable, "-m", "pytest", *options, "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, "-p", "cell_report", str(notebook)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert report.exists(), done.stdout + done.stderr
    return json.loads(report.read_text(encoding="utf-8"))


def not_passed(cells):
    return {cell["id"]: cell["told"] for cell in cells if cell["outcome"] != "passed"}


def said_otherwise(cells):
    """The rows that a picture's words gained and lost since the notebook was built, by cell."""
    return {
        cell["id"]: [line for line in ndiff(*map(rows, (kept, said))) if line[0] in "+-"]
        for cell in cells
        if (kept := cell["kept_words"]) != (said := cell["words"])
    }


def rows(htmls):
    return [re.sub(r"(<[^>]+>)+", " ", row) for html in htmls for row in html.split("</tr>")]


@pytest.mark.needs("rabbitmq")
@pytest.mark.timeout(600)
@pytest.mark.parametrize("notebook", SOLVED, ids=lambda path: path.stem)
def test_solved_edition_is_green(notebook, tmp_path, broker_for):
    """Every cell of a solved notebook runs, every check passes, pictures say the same again."""
    cells = run_nbval(notebook, tmp_path, **broker_for(KEYS[notebook.stem]))

    assert cells
    assert not_passed(cells) == {}
    assert said_otherwise(cells) == {}


@pytest.mark.needs("rabbitmq")
@pytest.mark.timeout(600)
@pytest.mark.parametrize("notebook", STUDENT, ids=lambda path: path.stem)
def test_only_unanswered_checks_fail(notebook, tmp_path, broker_for):
    """In an untouched student notebook the checks fail, and nothing else does."""
    cells = run_nbval(notebook, tmp_path, **broker_for(KEYS[notebook.stem]))

    checks = {cell["id"] for cell in cells if cell["check"]}
    failing = not_passed(cells)
    assert set(failing) == checks, failing
