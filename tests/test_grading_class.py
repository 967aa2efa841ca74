"""A whole class graded by the command: each hand-in gets its own verdict, whoever is beside it."""

import csv
import json
import socket
import subprocess
import sys

import graded
import hostile
import psutil
import pytest
from basics import eventually

pytestmark = pytest.mark.timeout(900)
HONEST = hostile.MISTAKES | hostile.VIOLENT
SUSPECT = {"error"}


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORKBOOK_COURSE", "small_course")
        yield graded.course(tmp_path_factory.mktemp("course"))


@pytest.fixture(scope="module")
def outside():
    """A server of the machine's own, that no learner is to reach."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture(scope="module")
def report(source, outside, tmp_path_factory):
    """The folder in which the whole class was graded, by the command itself."""
    folder = tmp_path_factory.mktemp("graded")
    class_, out = folder / "class", folder / "report"
    for name, (total, _, owner, _) in HONEST.items():
        graded.hand_in(class_ / name, graded.answered(source, total=total, owner=owner))
    for name, (total, _) in hostile.CHEATS.items():
        graded.hand_in(class_ / name, graded.answered(source, total=total))
    places = {"class_": str(class_), "report": str(out), "port": outside}
    for name, reach in hostile.OUTSIDE.items():
        reached = reach.format(solutions=str(source.path), **places)
        answer = f"{reached}\n{hostile.RIGHT}"
        graded.hand_in(class_ / name, graded.answered(source, total=answer))
    graded.hand_in(class_ / "=empty", graded.notebook(source))
    graded.hand_in(class_ / "<script>alert(1)", b"not a notebook")
    graded.hand_in(
        class_ / "Ève Zoé_1234_assignsubmission_file_",
        graded.answered(source, total=hostile.RIGHT, owner='owner = "<script>alert(2)</script>"'),
    )
    done = grade(class_, out, source.root)
    assert done.returncode == 0, done.stdout + done.stderr
    return out


WITHOUT_BUBBLEWRAP = """
from workbook.grading import sandbox
sandbox.state = lambda: sandbox.ABSENT
from workbook.__main__ import main
raise SystemExit(main())
"""


def grade(class_, out, root, *options, program=("-m", "workbook")):
    command = [sys.executable, *program, "grade", class_, "--out", out, "--root", root]
    limits = ["--cell-timeout", "15", "--memory", "700", "--jobs", "3"]
    return subprocess.run(
        [*command, *limits, *options],
        env=graded.environment(WORKBOOK_LAUNCHER="subprocesses"),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def grades(report):
    """Each learner's exercises, by name."""
    return grades_in(report)


def grades_in(report):
    whole = json.loads((report / "grades.json").read_text(encoding="utf-8"))
    return {
        one["learner"]: {e["exercise"]: e for e in one["chapters"]["ch90"]["exercises"]}
        for one in whole["learners"]
    }


@pytest.mark.parametrize("name", HONEST)
def test_mistakes(grades, name):
    """What a mistake costs is its own exercise, never the next one."""
    _, total, _, owner = HONEST[name]
    found = grades[name]

    assert found["ch90.total"]["status"] in total.split(" or "), found
    assert found["ch90.owner"]["status"] == owner, found


@pytest.mark.parametrize("name", hostile.CHEATS)
def test_cheats(grades, name):
    """No cheat earns a point; one that touches the judge is shown to the teacher."""
    _, status = hostile.CHEATS[name]
    found = grades[name]["ch90.total"]

    assert found["points"] == 0
    if status:
        assert found["status"] == status, found
        assert found["suspect"] == (status in SUSPECT), found


@pytest.mark.needs("bubblewrap")
@pytest.mark.parametrize("name", hostile.OUTSIDE)
def test_out_of_reach(grades, name):
    assert grades[name]["ch90.total"]["status"] == "error", grades[name]


@pytest.fixture(scope="module")
def bare_grades(source, tmp_path_factory):
    """The same violence where no bubblewrap keeps it in: our own limits alone."""
    folder = tmp_path_factory.mktemp("bare")
    class_, out = folder / "class", folder / "report"
    for name, (total, _, owner, _) in hostile.VIOLENT.items():
        graded.hand_in(class_ / name, graded.answered(source, total=total, owner=owner))
    done = grade(class_, out, source.root, program=("-c", WITHOUT_BUBBLEWRAP))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "n’est pas installé" in done.stdout
    return grades_in(out)


@pytest.mark.parametrize("name", hostile.VIOLENT)
def test_violence_outside_bubblewrap(bare_grades, name):
    test_mistakes(bare_grades, name)


def test_unwritten_and_unreadable(grades):
    """Nothing written is not attempted; what cannot be read is nobody's fault."""
    unreadable = grades["<script>alert(1)"]

    assert {one["status"] for one in grades["=empty"].values()} == {"not_attempted"}
    assert {one["status"] for one in unreadable.values()} == {"cannot_check"}


def test_steps_are_told(grades):
    """Points, step by step, and the card's own words."""
    found = grades["half"]["ch90.total"]

    assert [(s["outcome"], s["points"]) for s in found["steps"]] == [
        ("passed", 1),
        ("incorrect", 0),
    ]
    assert found["points"] == 1
    assert found["verdict"]["steps"][1]["finding"]["seen"] == "order_total a rendu 1."


def test_limits_are_named(grades):
    assert "mémoire" in grades["swells"]["ch90.total"]["told"]
    assert "plus de" in grades["forks"]["ch90.total"]["told"]


def test_nothing_outlives_the_run(report):
    """A daemon in a session of its own, four hundred forks: none is left."""
    eventually(lambda: not [p for p in psutil.process_iter(["cmdline"]) if _is_left(p)], 20)


def _is_left(process):
    return "time.sleep(987)" in " ".join(process.info["cmdline"] or ())


class TestResults:
    def test_gradebook(self, report, grades):
        """A line a learner; no cell that a spreadsheet would compute."""
        text = (report / "gradebook.csv").read_text(encoding="utf-8-sig")
        rows = {row["apprenant"]: row for row in csv.DictReader(text.splitlines(), delimiter=";")}

        assert len(rows) == len(grades)
        assert rows["right"]["total"] == "4"
        assert rows["right"]["ch90.total (état)"] == "Réussi"
        assert rows["half"]["ch90.total"] == "1"
        assert rows["'=empty"]["total"] == "0"
        assert rows["<script>alert(1)"]["sur"] == "0"

    def test_moodle(self, report):
        """What Moodle's import asks for: the number of the hand-in, a grade out of 100."""
        lines = (report / "moodle.csv").read_text(encoding="utf-8").splitlines()
        (row,) = csv.DictReader(lines)

        assert (row["Identifiant"], row["Note"]) == ("Participant 1234", "75.00")
        assert (report / "moodle-feedback.zip").exists()

    def test_pages_hold_no_markup_of_a_learners(self, report):
        pages = [*report.glob("feedback/*.html"), report / "classe.html"]

        assert len(pages) > len(HONEST)
        assert not [p.name for p in pages if "<script" in p.read_text(encoding="utf-8")]

    def test_feedback_tells_no_solution(self, report):
        """The card, and the learner's own answer."""
        (page,) = report.glob("feedback/half-*.html")
        text = page.read_text(encoding="utf-8")

        assert "En partie" in text
        assert "order_total a rendu 1." in text
        assert "inventory" not in text


def test_regrading_changes_one_learner_only(report, source):
    """A second run grades nothing; `--again` grades whom it names."""
    results = report / "results"
    before = {path.name: path.stat().st_mtime_ns for path in results.glob("*.json")}
    done = grade(report.parent / "class", report, source.root, "--again", "right")
    after = {path.name: path.stat().st_mtime_ns for path in results.glob("*.json")}

    assert done.returncode == 0, done.stdout
    assert [name for name in after if after[name] != before.get(name)] == [
        name for name in after if name.startswith("right-")
    ]
