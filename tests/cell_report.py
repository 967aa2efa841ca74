"""A pytest plugin for nbval runs: writes what became of each cell, by its id and not its number."""

import json
import os
import re
from functools import partial
from pathlib import Path

import pytest

from workbook.editions.kernels import over_files
from workbook.grading import imports

imports.spare()

import nbval.kernel  # noqa: E402 - after what it would import
from jupyter_client.manager import KernelManager  # noqa: E402

nbval.kernel.KernelManager = partial(KernelManager, **over_files())

CELLS = []


def words(outputs):
    """What the pictures of a cell say, without what was measured."""
    found = [output["data"].get("text/html", "") for output in outputs if "data" in output]
    spoken = [html for html in found if "workbook-words" in html]
    return [re.sub(r'(<td class="measured"[^>]*>)[^<]*', r"\1", html) for html in spoken]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    cell = getattr(item, "cell", None)
    if cell is not None and (report.when == "call" or report.failed):
        check = cell.metadata.get("workbook", {}).get("check")
        told = report.longreprtext[-2000:]
        CELLS.append(
            {
                "id": cell.id,
                "check": check,
                "outcome": report.outcome,
                "told": told,
                "words": words(item.test_outputs or ()),
                "kept_words": words(cell.outputs),
            }
        )
    return report


def pytest_sessionfinish():
    Path(os.environ["CELL_REPORT"]).write_text(json.dumps(CELLS), encoding="utf-8")
