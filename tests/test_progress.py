"""The logbook on disk, and the table made of it."""

import json
import subprocess
import sys

import pytest
import zoo

from workbook import logbook, settings
from workbook.checks import progress


@pytest.fixture(autouse=True)
def path(tmp_path, monkeypatch):
    """A logbook of its own, somewhere that does not exist yet."""
    monkeypatch.setenv("WORKBOOK_COURSE", "small_course")
    monkeypatch.setenv("WORKBOOK_PROGRESS", str(tmp_path / "new" / "progress.jsonl"))
    return tmp_path / "new" / "progress.jsonl"


def checked(exercise="ch90.total", outcome="incorrect", points=0):
    logbook.record("check", exercise, outcome=outcome, points=points)


class TestRecords:
    def test_absent_file_is_an_empty_logbook(self):
        assert list(logbook.records()) == []

    def test_come_back_in_order(self):
        checked(points=1)
        checked(points=3)

        assert [entry["points"] for entry in logbook.records()] == [1, 3]

    def test_torn_last_line_costs_only_itself(self, path):
        """A crash in the middle of a write loses that record, and not the next one."""
        checked(points=1)
        with path.open("ab") as file:
            file.write(b'{"kind": "check", "exercise": "ch90.total", "poi')
        checked(points=3)

        assert [entry["points"] for entry in logbook.records()] == [1, 3]

    @pytest.mark.parametrize(
        "line",
        ["", "null", "[1]", "3", '{"kind": 1}', "\udcff", "{}", "[" * 100_000, '{"a":' * 100_000],
        ids=range(9),
    )
    def test_strange_lines_are_passed_over(self, path, line):
        checked()
        with path.open("ab") as file:
            file.write(line.encode(errors="surrogateescape") + b"\n")

        assert len(list(logbook.records())) == 1

    def test_many_kernels_write_at_once(self, path):
        """Records of several processes are all there and whole."""
        source = (
            "from workbook import logbook\n"
            "for n in range(200): logbook.record('check', 'ch90.total', outcome='passed', points=n)"
        )
        environment = zoo.python_environment(WORKBOOK_PROGRESS=str(path))
        writers = [
            subprocess.Popen([sys.executable, "-c", source], env=environment) for _ in range(4)
        ]

        assert [writer.wait(60) for writer in writers] == [0] * 4
        lines = path.read_text(encoding="utf-8").split("\n")
        assert len([json.loads(line) for line in lines if line]) == 800

    def test_tests_leave_the_learners_logbook_alone(self, monkeypatch):
        monkeypatch.delenv("WORKBOOK_PROGRESS")

        assert logbook.path() != settings.ROOT / logbook.DEFAULT
        monkeypatch.delenv("PYTEST_CURRENT_TEST")
        assert logbook.path() == settings.ROOT / logbook.DEFAULT


class TestTrouble:
    def test_none_before_anything_is_written(self, path):
        assert logbook.trouble() == ""

    @pytest.mark.parametrize("blocked", ["file", "folder"])
    def test_names_the_file_and_the_cure(self, path, blocked):
        """What occupies the logbook's place costs the progress, and nothing else."""
        if blocked == "file":
            path.mkdir(parents=True)
        else:
            path.parent.touch()

        assert str(path) in logbook.trouble()
        assert "occupe" in logbook.trouble()
        assert list(logbook.records()) == []
        assert logbook.trouble() in repr(progress())
        assert "occupe" in progress()._repr_html_()

    def test_of_a_file_of_somebody_else(self, path, monkeypatch):
        """Root's, after a `sudo`: the sentence gives it back."""
        checked()
        monkeypatch.setattr("os.access", lambda place, mode: False)

        assert "sudo chown" in logbook.trouble()

    def test_shared_checkout_keeps_everybodys_apart(self, monkeypatch, tmp_path):
        """Where the course is not ours to write, progress is in our own home."""
        monkeypatch.delenv("WORKBOOK_PROGRESS")
        monkeypatch.delenv("PYTEST_CURRENT_TEST")
        monkeypatch.setenv("HOME", str(tmp_path))
        monkeypatch.setattr("os.access", lambda place, mode: False)

        assert logbook.path() == tmp_path / logbook.DEFAULT


class TestProgress:
    def test_keeps_the_best_attempt(self):
        checked(points=3, outcome="passed")
        checked(points=1)
        table = progress("ch90")

        assert (table.points, table.total) == (3, 4)

    def test_only_real_attempts_count(self):
        """Running the check of an untouched cell is not an attempt, nor is our own failure."""
        for outcome in ("not_attempted", "cannot_check", "incorrect", "error"):
            checked(outcome=outcome)
        line = progress("ch90").chapters["ch90"][0]

        assert line.attempts == 2
        assert logbook.attempted("ch90.total")

    def test_hints_and_solutions_are_told(self):
        logbook.record("hint", "ch90.total", stage=1)
        logbook.record("hint", "ch90.total", stage=2)
        logbook.record("solution", "ch90.total")
        line = progress("ch90").chapters["ch90"][0]

        assert (line.hints, line.revealed) == (2, True)

    def test_unknown_ids_do_not_matter(self):
        """An exercise that was renamed leaves its records behind."""
        checked("ch00.gone", "passed", 9)
        checked("nonsense", "passed", 9)

        assert progress().points == 0

    def test_points_lowered_since_are_not_overpaid(self):
        checked(points=99, outcome="passed")

        assert progress("ch90").points == 3

    def test_table_in_words(self):
        checked(points=3, outcome="passed")
        table = progress()
        text, html = repr(table), table._repr_html_()

        for word in ("Chapitre 90", "Lab 9", "Le total d’une commande", "réussi", "à faire"):
            assert word in text
            assert word in html
        assert "3 points sur 6" in html

    def test_page_is_folded(self):
        """Of a whole course only the chapter at work is open: the rest is a line each."""
        checked("ch90.total")
        table = progress()
        html = table._repr_html_().removesuffix(table.bets.html())

        assert html.count("<details open>") == 1
        assert html.count("<summary>") == len(table.chapters)
        opened = html.partition("<details open>")[2].partition("</details>")[0]
        assert "Chapitre 90" in opened
        assert "Le total d’une commande" in opened

    def test_one_chapter_is_not_folded(self):
        assert "<details" not in progress("lab9")._repr_html_()


def test_killed_kernels_leave_nothing_for_long(tmp_path):
    """nbval kills its kernels: what one leaves, the next one takes away."""
    born = "import os, sys; from workbook import logbook; print(logbook.path()); sys.stdout.flush()"
    env = zoo.python_environment(TMPDIR=str(tmp_path), PYTEST_CURRENT_TEST="nbval")
    env.pop("WORKBOOK_PROGRESS", None)

    def run(code):
        subprocess.run([sys.executable, "-c", code], env=env, check=False, capture_output=True)
        return list(tmp_path.glob("workbook-log-*"))

    assert len(run(f"{born}; os.kill(os.getpid(), 9)")) == 1
    assert run(born) == []
