"""`workbook submit --dry-run`: what will be taken, and the grade, before handing in."""

import subprocess
import sys

import graded
import hostile
import pytest


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORKBOOK_COURSE", "small_course")
        yield graded.course(tmp_path_factory.mktemp("course"))


def submit(root, *arguments):
    command = [sys.executable, "-m", "workbook", "submit", *arguments, "--root", root]
    environment = graded.environment(WORKBOOK_LAUNCHER="subprocesses")
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_says_what_is_taken_and_what_it_is_worth(source, tmp_path):
    """From the learner's own folders when no notebook is named."""
    notebook = graded.answered(source, total=hostile.RIGHT)
    notebook["cells"].remove(graded.cell(notebook, "answer-ch90-owner"))
    graded.hand_in(source.root / "notebooks", notebook)
    done = submit(source.root, "--dry-run")

    assert done.returncode == 0, done.stdout + done.stderr
    assert "ch90.total\u00a0: réponse prise" in done.stdout
    assert "ch90.owner\u00a0: réponse absente (cellule de réponse absente)" in done.stdout
    assert "✓ ch90.total\u00a0: Réussi, 3 sur 3" in done.stdout
    assert "3 points sur 4" in done.stdout


def test_nothing_begun(source, tmp_path):
    graded.hand_in(tmp_path, graded.notebook(source))
    done = submit(source.root, "--dry-run", tmp_path / f"{graded.CHAPTER}.ipynb")

    assert "Aucune réponse n’y est commencée." in done.stdout


def test_hands_nothing_in(source):
    """There is nowhere to send it to, and it says so."""
    assert submit(source.root).returncode == 2
