"""Steps that only the grader has: they count, they are told by number, and nobody reads them."""

import json
import subprocess
import sys

import graded
import hostile
import pytest

STEP = """
from small_course.ch90.total import exercise
from workbook.checks import expect, plain


@exercise.step("Un avoir se retranche", points=2)
def refund(lab, order_total):
    got = plain(order_total([(900, 1), (-400, 1)]))
    expect(got == 500, seen=f"order_total a rendu {got}.", expected="500")
"""
FORGETS_REFUNDS = """def order_total(lines):
    return sum(price * n for price, n in lines if price > 0)"""
READS = f"""import os, pathlib
folder = pathlib.Path(os.environ["WORKBOOK_HIDDEN"])
assert not list(folder.rglob("*"))
{hostile.RIGHT}"""


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORKBOOK_COURSE", "small_course")
        yield graded.course(tmp_path_factory.mktemp("course"))


@pytest.fixture(scope="module")
def folder(source, tmp_path_factory):
    folder = tmp_path_factory.mktemp("graded")
    answers = {"right": hostile.RIGHT, "forgets": FORGETS_REFUNDS, "reads": READS}
    for name, answer in answers.items():
        graded.hand_in(folder / "class" / name, graded.answered(source, total=answer))
    hide(folder, "ch90/total.py", STEP)
    done = grade(folder, source.root)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def hide(folder, name, text):
    path = folder / "hidden" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def grade(folder, root):
    command = [sys.executable, "-m", "workbook", "grade", folder / "class", "--root", root]
    return subprocess.run(
        [*command, "--out", folder / "report", "--hidden", folder / "hidden", "--jobs", "2"],
        env=graded.environment(WORKBOOK_LAUNCHER="subprocesses"),
        capture_output=True,
        text=True,
        check=False,
    )


def total(folder, name):
    whole = json.loads((folder / "report" / "grades.json").read_text(encoding="utf-8"))
    (one,) = [one for one in whole["learners"] if one["learner"] == name]
    return one["chapters"]["ch90"]["exercises"][0]


def test_count(folder):
    """In the points, and in what they are out of."""
    found = {name: total(folder, name) for name in ("right", "forgets")}

    assert {name: (one["points"], one["total"]) for name, one in found.items()} == {
        "right": (5, 5),
        "forgets": (3, 5),
    }
    assert found["forgets"]["status"] == "partly"


def test_no_answer_reads_them(folder):
    """They are gone from the disk before any code of a learner's runs."""
    found = total(folder, "reads")

    assert found["points"] == 5, found["told"]
    assert not found["suspect"]


def test_are_told_by_number(folder):
    """The learner's page says how many passed, not what they look at."""
    (page,) = (folder / "report" / "feedback").glob("forgets-*.html")
    text = page.read_text(encoding="utf-8")

    assert "Vérifications cachées\u00a0: 0 réussie sur 1, 0 sur 2\u00a0points." in text
    assert "Une commande vide" in text
    assert "avoir" not in text
    assert "a rendu 900" not in text


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("ch90/totl.py", STEP, ["ch90/totl.py", "pas d’exercice de ce nom"]),
        ("ch90/owner.py", "x = 1", ["owner.py", "n’ajoute aucune étape"]),
        ("ch90/owner.py", "import nowhere", ["owner.py", "ModuleNotFoundError"]),
        ("readme.txt", "", ["aucun fichier comme ch07/publish.py"]),
    ],
)
def test_a_mistake_in_them_is_told_first(source, tmp_path, name, text, words):
    graded.hand_in(tmp_path / "class" / "a", graded.answered(source, total=hostile.RIGHT))
    hide(tmp_path, name, text)
    done = grade(tmp_path, source.root)

    assert done.returncode == 1, done.stderr
    assert not [word for word in words if word not in done.stdout], done.stdout
    assert not (tmp_path / "report" / "results").exists()
