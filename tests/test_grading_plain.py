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
    environment = {k: v for k, v in graded.environment().items() if not k.startswith("PYTEST_")}
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
    """From the notebook's folder and from any other, with answers right, wrong and missing."""
    wrong = "def order_total(lines):\n    return 1"
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    half = graded.answered(source, total=wrong, owner=graded.RIGHT["ch90.owner"])

    assert failed_checks(tmp_path / "a", half, elsewhere) == ["ch90.total"]
    assert failed_checks(tmp_path / "b", graded.notebook(source), tmp_path / "a") == [
        "ch90.total",
        "ch90.owner",
    ]
    assert failed_checks(tmp_path / "c", graded.notebook(source, solved=True), elsewhere) == []


def test_says_why(source, tmp_path):
    """The card's own words stand in the report: what was seen, and what was expected."""
    notebook = graded.answered(source, owner='owner = "orders"')

    assert "ch90.owner" in failed_checks(tmp_path, notebook, tmp_path)
    told = (tmp_path / "junit.xml").read_text(encoding="utf-8")
    assert "Vous avez répondu « orders »" in told
