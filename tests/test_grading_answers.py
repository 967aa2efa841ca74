"""The answers of a class for JPlag and Dolos: one folder a hand-in, and nobody's name."""

import csv
import json

import graded
import pytest

from workbook.grading.answers import NoReport, export, python

SERVICE = "%%service rooms\n!pip list\nfrom flask import Flask\nrate = 7 % 2"


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORKBOOK_COURSE", "small_course")
        folder = tmp_path_factory.mktemp("course")
        graded.course(folder)
        yield folder


@pytest.fixture
def report(tmp_path):
    (tmp_path / "results").mkdir()
    for name, status, answer in (
        ("Ève", "passed", "x = 1"),
        ("../Bo", "error", SERVICE),
        ("Carl", "not_attempted", "# le stub"),
    ):
        one = {"exercise": "lab9.rooms", "status": status, "answer": answer}
        kept = {"learner": name, "moodle": "", "chapters": {"lab9": {"exercises": [one]}}}
        path = tmp_path / "results" / f"{status}.json"
        path.write_text(json.dumps(kept), encoding="utf-8")
    return tmp_path


def test_layout(report, root):
    """Copies for JPlag, the base code beside them, a list for Dolos; a stub is no answer."""
    (told,) = export(report, report / "out", root)
    folder = report / "out" / "lab9.rooms"
    copies = {path.parent.name: path.read_text() for path in folder.glob("copies/*/reponse.py")}
    rows = list(csv.DictReader((folder / "info.csv").read_text().splitlines()))

    assert told.endswith("2 réponses")
    assert sorted(copies.values()) == sorted(["x = 1\n", python(SERVICE)])
    assert all(name.startswith("E-") for name in copies)
    assert {row["full_name"] for row in rows} == {*copies}
    assert all((folder / row["filename"]).is_file() for row in rows)
    assert "def list_rooms" in (folder / "base" / "reponse.py").read_text()
    assert {path.name for path in (report / "out").iterdir()} == {"lab9.rooms"}


def test_is_python():
    compile(python(SERVICE), "reponse.py", "exec")

    assert "rate = 7 % 2" in python(SERVICE)


def test_overwrites_nothing(report, root):
    list(export(report, report / "out", root))

    with pytest.raises(NoReport, match="pas vide"):
        list(export(report, report / "out", root))
    with pytest.raises(NoReport, match="aucune classe"):
        list(export(report / "out", report / "new", root))
