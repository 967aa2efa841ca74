"""Runs a solved notebook and keeps of it what says the same on every machine."""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from workbook import settings
from workbook.editions.cell import solved_text
from workbook.editions.kernels import over_files
from workbook.editions.notebook import as_notebook, written
from workbook.editions.source import Source

RESULT = "application/vnd.workbook.result+json"
WIDGET = "application/vnd.jupyter.widget-view+json"
ANSI = re.compile(r"\x1b\[[0-9;]*m")
CELL_TIMEOUT = 120


class ExecutionFailed(Exception):
    """A solved notebook does not run through."""


def digest(source: Source) -> str:
    """Changes with anything in the chapter's folder but its answers: text, checks, experiments."""
    content = hashlib.sha256()
    for path in sorted(source.path.parent.glob("*.py")):
        content.update(path.read_bytes())
    return content.hexdigest()[:16]


def execute(source: Source) -> str:
    """Run the solved notebook in a fresh kernel; return its file's text.

    Raises `ExecutionFailed` when a cell raises or a check does not pass.
    """
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
    from traitlets.config import Config

    notebook = nbformat.from_dict(as_notebook(source, solved_text))
    for cell in notebook.cells:
        cell.source = "".join(cell.source)
    source.solved.parent.mkdir(parents=True, exist_ok=True)
    client = NotebookClient(
        notebook,
        timeout=CELL_TIMEOUT,
        kernel_name="python3",
        extra_arguments=["--log-level=ERROR"],
        record_timing=False,
        store_widget_state=False,
        config=Config(KernelManager=over_files()),
        resources={"metadata": {"path": str(source.solved.parent)}},
    )
    with tempfile.TemporaryDirectory(prefix="workbook-") as folder:
        try:
            client.execute(env=_kernel_environment(source.root, Path(folder)))
        except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
            raise ExecutionFailed(ANSI.sub("", str(error))) from error
    for cell in notebook.cells:
        _tidy(cell, source.root)
    _require_passed(source, notebook.cells)
    notebook.metadata["language_info"] = {"name": "python"}
    notebook.metadata["workbook"] = {"digest": digest(source)}
    return written(_split_lines(json.loads(json.dumps(notebook))))


def _kernel_environment(root: Path, folder: Path) -> dict[str, str]:
    """The kernel finds this very course, and leaves no trace in the author's own progress."""
    return settings.inherited() | {
        "WORKBOOK_PROGRESS": str(folder / "progress.jsonl"),
        "WORKBOOK_SOLUTIONS": str(root / "solutions"),
    }


def _tidy(cell: Any, root: Path) -> None:
    """Drop what would change from one run or machine to the next and tells nothing."""
    cell.metadata.pop("execution", None)
    for output in cell.get("outputs", ()):
        output.get("data", {}).pop(WIDGET, None)
        output.pop("transient", None)
        if "text" in output:
            output["text"] = _without_paths(output["text"], root)
        for kind, value in output.get("data", {}).items():
            if isinstance(value, str) and kind.startswith("text/"):
                output["data"][kind] = _without_paths(value, root)


def _without_paths(text: str, root: Path) -> str:
    text = text.replace(f"{root}{os.sep}", "")
    text = re.sub(r"\S*/ipykernel_\d+/\d+\.py", "<cellule>", text)
    return re.sub(rf"{re.escape(tempfile.gettempdir())}/workbook-[\w-]+", "<dossier>", text)


def _require_passed(source: Source, cells: Iterable[Any]) -> None:
    for cell in cells:
        id = cell["metadata"].get("workbook", {}).get("check")
        if id and not passed(cell, id):
            text = "\n".join(_texts(cell))
            raise ExecutionFailed(f"la solution de « {id} » ne passe pas.\n{text}")


def passed(cell: Any, id: str) -> bool:
    """Whether the outputs of a check cell hold a passed result of exercise `id`."""
    results = [output.get("data", {}).get(RESULT) for output in cell["outputs"]]
    return any(r and r["exercise"] == id and r["outcome"] == "passed" for r in results)


def _texts(cell: Any) -> Iterator[str]:
    for output in cell["outputs"]:
        text = output.get("text") or output.get("data", {}).get("text/plain", "")
        yield "".join(text)


def _split_lines(notebook: dict[str, Any]) -> dict[str, Any]:
    """Long texts as lists of lines, as Jupyter writes them: diffs show lines."""
    for cell in notebook["cells"]:
        if isinstance(cell["source"], str):
            cell["source"] = cell["source"].splitlines(keepends=True)
        for output in cell.get("outputs", ()):
            holders = [(output, "text")] if "text" in output else []
            data = output.get("data", {})
            holders += [(data, kind) for kind in data if _is_lines(kind, data[kind])]
            for holder, key in holders:
                holder[key] = holder[key].splitlines(keepends=True)
    return notebook


def _is_lines(kind: str, value: Any) -> bool:
    return isinstance(value, str) and (kind.startswith("text/") or kind == "image/svg+xml")
