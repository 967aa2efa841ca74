"""Runs a chapter of a learners' archive as a learner would: unpacked elsewhere, by stock nbval."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from workbook import settings
from workbook.editions.source import Source

CELL_TIMEOUT = 120
LONGEST = 900  # seconds
WHERE = "import workbook, course; print(workbook.__file__); print(course.__file__)"


def trial(archive: Path, folder: str, source: Source) -> Iterator[str]:
    """What went wrong, if anything: nothing but its checks may fail, and each of them must."""
    with tempfile.TemporaryDirectory(prefix="workbook-") as place:
        with zipfile.ZipFile(archive) as packed:
            packed.extractall(place)
        course = Path(place, folder).resolve()
        environment = _environment(course)
        for found in _run([sys.executable, "-c", WHERE], course, environment).splitlines():
            if not Path(found).is_relative_to(course):
                yield f"le cours essayé n’est pas celui de l’archive, mais {found}"
                return
        yield from _tried(course, source.addresses[source.key], environment)


def _environment(course: Path) -> dict[str, str]:
    """This process's own, in which nothing leads to another course than that one."""
    ours = ("WORKBOOK_", "PYTEST_")
    kept = {k: v for k, v in settings.inherited().items() if not k.startswith(ours)}
    return kept | {"PYTHONPATH": str(course), "WORKBOOK_LAUNCHER": settings.launcher()}


def _tried(course: Path, address: str, environment: dict[str, str]) -> Iterator[str]:
    report = course / "trial.xml"
    options = ["--nbval-lax", "--nbval-current-env", "-q", f"--junit-xml={report}"]
    limits = [f"--nbval-cell-timeout={CELL_TIMEOUT}", "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", *options, *limits, address]
    told = _run(command, course, environment)
    if not report.exists():
        yield f"nbval n’a rien rendu :\n{told[-2000:]}"
        return
    notebook = json.loads((course / address).read_text(encoding="utf-8"))
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    cases = list(ElementTree.parse(report).iter("testcase"))
    if len(cases) != len(code):
        yield f"nbval a rendu {len(cases)} cellules sur {len(code)} :\n{told[-2000:]}"
        return
    for cell, case in zip(code, cases, strict=True):
        yield from _judged(cell, len(case) > 0)


def _judged(cell: dict[str, Any], failed: bool) -> Iterator[str]:
    check = cell["metadata"].get("workbook", {}).get("check", "")
    first = "".join(cell["source"]).strip().partition("\n")[0]
    if failed and not check:
        yield f"une cellule qui n’est pas une vérification échoue : {first}"
    if check and not failed:
        yield f"la vérification de « {check} » passe, sans réponse"


def _run(command: list[str], folder: Path, environment: dict[str, str]) -> str:
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=LONGEST,
        check=False,
    )
    return done.stdout + done.stderr if "-m" in command else done.stdout
