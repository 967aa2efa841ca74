"""Plain nbval on a learner's notebook: what anyone gets without our grader."""

import subprocess
import sys
from xml.etree import ElementTree

import graded
import pytest


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORKBOOK_COURSE", "small_course")
        yield graded.course(tmp_path_factory.mktemp("course"))


def failed_checks(folder, notebook, cwd):
    """Run stock nbval with no plugin of ours; the exercises at whose checks it fails."""
    report = folder / "junit.xml"
    options = ["--nbval-lax", "--nbval-current-env", "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", *options, f"--junit-xml={report}"]
    given = graded.environment(WORKBOOK_LAUNCHER="subprocesses")
    environment = {k: v for k, v in given.items() if not k.startswith("PYTEST_")}
    path = graded.hand_in(folder, notebook) / f"{graded.CHAPTER}.ipynb"
    subprocess.run([*command, path], cwd=cwd, env=environment, capture_output=True, check=False)
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    cases = list(ElementTree.parse(report).iter("testcase"))
    assert len(cases) == len(code)
    return [
        cell["metadata"].get("workbook", {}).get("check", "a cell that is no check")
        for cell, case in zip(code, cases, strict=True)
        if len(case)  # a failure, an error, or an expected one
    ]


def test_fails_exactly_at_the_checks_not_passed(source, tmp_path, tmp_path_factory):
    """From any other folder, with an answer that is right and one that is not; it says why."""
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    half = graded.answered(source, total=graded.RIGHT["ch90.total"], owner='owner = "orders"')

    assert failed_checks(tmp_path, half, elsewhere) == ["ch90.owner"]
    told = (tmp_path / "junit.xml").read_text(encoding="utf-8")
    assert "Vous avez répondu « orders »" in told


def test_passes_when_all_is_answered(source, tmp_path):
    """And from the notebook's own folder."""
    assert failed_checks(tmp_path, graded.notebook(source, solved=True), tmp_path) == []


def test_fails_at_every_check_of_an_untouched_notebook(source, tmp_path):
    assert failed_checks(tmp_path, graded.notebook(source), tmp_path) == [
        "ch90.total",
        "ch90.owner",
    ]
