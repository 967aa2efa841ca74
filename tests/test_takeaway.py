"""What a learner writes of a chapter: kept as it is, the last words count, nothing is graded."""

import json

import pytest
import zoo

from workbook import logbook
from workbook.bets.book import RECORD
from workbook.checks import progress, takeaway
from workbook.checks.registry import UnknownExercise
from workbook.checks.takeaway import LONGEST, taken_from


@pytest.fixture(autouse=True)
def own_logbook(monkeypatch, tmp_path):
    monkeypatch.setenv("WORKBOOK_COURSE", "small_course")
    monkeypatch.setenv("WORKBOOK_PROGRESS", str(tmp_path / "progress.jsonl"))


def test_last_words_count(capsys):
    takeaway("ch90", "Un total est une somme.")
    takeaway("ch90", "  Un total, c’est une somme d’<b>entiers</b>.\nEn centimes. ")

    assert taken_from("ch90") == "Un total, c’est une somme d’<b>entiers</b>.\nEn centimes."
    assert "En centimes." in capsys.readouterr().out


def test_nothing_is_asked_in_a_terminal(capsys):
    takeaway("ch90")

    assert "rien de noté" in capsys.readouterr().out
    assert taken_from("ch90") == ""


def test_is_no_attempt():
    takeaway("ch90", "Deux phrases.")

    assert progress("ch90").points == 0


def test_a_whole_book_is_cut():
    takeaway("ch90", "a" * 10 * LONGEST)

    assert taken_from("ch90") == "a" * LONGEST


def test_unknown_chapter():
    with pytest.raises(UnknownExercise, match="ch91"):
        takeaway("ch91", "…")


def test_torn_logbook():
    """A record without words, or with something else in their place, is passed over."""
    takeaway("ch90", "Les bons mots.")
    with logbook.path().open("a") as file:
        for words in ({}, {"words": 3}):
            file.write(json.dumps({"kind": "takeaway", "exercise": "ch90", **words}) + "\n")

    assert taken_from("ch90") == "Les bons mots."


def test_disk_refuses(monkeypatch, tmp_path, capsys):
    """It is said, and the cell does not fail."""
    (tmp_path / "file").touch()
    monkeypatch.setenv("WORKBOOK_PROGRESS", str(tmp_path / "file" / "progress.jsonl"))

    takeaway("ch90", "Deux phrases.")

    assert "n’a pas pu être enregistrée" in capsys.readouterr().out


def test_travels_with_the_notebook(tmp_path):
    """In a real kernel: the receipt carries the words for whoever collects notebooks."""
    import nbformat
    from nbclient import NotebookClient

    cells = [
        "from workbook import takeaway",
        'takeaway("ch90", "Une somme <i>")',
        'takeaway("ch90")',
    ]
    made = [nbformat.v4.new_code_cell(source) for source in cells]
    notebook = nbformat.v4.new_notebook(cells=made)
    client = NotebookClient(notebook, timeout=120, config=zoo.over_files_config())
    client.execute(env=zoo.python_environment(WORKBOOK_COURSE="small_course"), cwd=str(tmp_path))
    _, (receipt,), (again, form) = (cell.outputs for cell in client.nb.cells)

    for output in (receipt, again):
        assert output["data"][RECORD][0]["words"] == "Une somme <i>"
        assert "Une somme &lt;i&gt;" in output["data"]["text/html"]
    assert "deux phrases" in form["data"]["text/plain"]
