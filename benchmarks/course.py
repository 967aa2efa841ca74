"""How long the whole course takes under nbval, chapter by chapter, then two at a time.

python -m benchmarks course

The limit is what an instructor waits for: a minute a chapter, six for all of them. The price of
starting is that of a notebook of one empty cell, by the same command.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import nbformat

from workbook.settings import ROOT

CHAPTER, COURSE = 60.0, 360.0  # seconds
AT_ONCE = "2"
STARTS = 3


def run() -> list[dict]:
    """Rows for each solved edition alone, for an empty notebook, and for all of them."""
    solved = sorted((ROOT / "solutions").glob("*.ipynb"))
    with tempfile.TemporaryDirectory(prefix="workbook-") as folder:
        return list(_rows(solved, Path(folder)))


def _rows(solved: list[Path], folder: Path) -> Iterator[dict]:
    for notebook in solved:
        yield _row(f"nbval, {notebook.stem}", _seconds([notebook], folder), CHAPTER)
    start = statistics.median(_seconds([_empty(folder)], folder) for _ in range(STARTS))
    together = _seconds(solved, folder, "-n", AT_ONCE, "--dist", "loadfile")
    yield _row(f"nbval, all {len(solved)}, {AT_ONCE} at a time", together, COURSE)
    yield {
        "what": "of which kernel and nbval starts",
        "ours": f"{start * len(solved):.0f} s",
        "rival": f"{together:.0f} s × {AT_ONCE}",
        "ratio": start * len(solved) / (together * int(AT_ONCE)),
        "aim": None,
    }


def _row(what: str, seconds: float, limit: float) -> dict:
    return {
        "what": what,
        "ours": f"{seconds:.0f} s",
        "rival": f"{limit:.0f} s",
        "ratio": seconds / limit,
        "aim": 1,
    }


def _seconds(notebooks: list[Path], folder: Path, *options: str) -> float:
    """The wall time of nbval on these notebooks; raises `RuntimeError` when one is not green."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    command += ["--nbval-lax", "--nbval-current-env", "--nbval-cell-timeout=90", *options]
    began = time.perf_counter()
    done = subprocess.run(
        [*command, *map(str, notebooks)],
        env=os.environ | {"WORKBOOK_PROGRESS": str(folder / "progress.jsonl")},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stdout[-2000:] + done.stderr[-500:])
    return time.perf_counter() - began


def _empty(folder: Path) -> Path:
    path = folder / "empty.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("pass")]), path)
    return path
