"""A class graded again: what changed, for whom and why, and nothing lost that was earned."""

import csv
import json
import subprocess
import sys

import graded
import hostile
import pytest

from workbook.grading.changes import changes, never_lower, page

DUE = "fuseau = 'UTC'\n[echeances]\nch90 = 2020-01-02\n[retard]\npar_jour = 5\nplafond = 25\n"


def exercise(points=1, answer="x = 1", status="partly", **more):
    kept = {"exercise": "ch90.total", "points": points, "total": 3, "answer": answer}
    return kept | {"status": status, "remarks": [], **more}


def grades(*exercises, digest="a", mark=None, learner="Ève"):
    """What `grades.json` says of a class of one."""
    sums = {"points": sum(one["points"] for one in exercises), "total": 3 * len(exercises)}
    marks = {"ch90": {"weight": 1, "rate": 0, "by_hand": {}, **sums, **(mark or {})}}
    one = {"learner": learner, "moodle": "", **sums, "marks": marks}
    one["points"] = marks["ch90"]["points"]
    one["chapters"] = {"ch90": {"exercises": [*exercises]}}
    return {"chapters": [{"key": "ch90", "digest": digest}], "learners": [one]}


def why(old, new):
    return {one.what: one.why for one in changes(old, new)}


class TestWhy:
    def test_nothing_changed(self):
        assert changes(grades(exercise()), grades(exercise())) == []

    def test_the_answer(self):
        found = why(grades(exercise()), grades(exercise(3, "x = 2", "passed")))

        assert found == {"ch90.total": "réponse changée", "total": ""}

    def test_the_check(self):
        found = why(grades(exercise()), grades(exercise(2), digest="b"))

        assert found["ch90.total"] == "vérification changée"

    def test_the_run_alone(self):
        old, new = exercise(0, status="time_out"), exercise(3, status="passed")
        (change, total) = changes(grades(old), grades(new))

        assert (change.old, change.new) == ("0/3 Temps dépassé", "3/3 Réussi")
        assert change.why == "noté à nouveau, même réponse et même vérification"
        assert (total.old, total.new) == ("0/3", "3/3")

    @pytest.mark.parametrize(
        ("before", "after", "word"),
        [
            ({"weight": 1}, {"weight": 2}, "poids changé"),
            ({"due": None}, {"due": "2026-03-02 23:59"}, "échéance changée"),
            ({"handed_in": "2026-03-02 10:00"}, {"handed_in": None}, "→ aucune"),
            ({"rate": 0.1}, {"rate": 0.2}, "règle de retard changée"),
            ({"by_hand": {"ch90": {"given": {"a": None}}}}, {"by_hand": {}}, "points à la main"),
        ],
    )
    def test_a_rule(self, before, after, word):
        old = grades(exercise(), mark={**before, "points": 1})
        new = grades(exercise(), mark={**after, "points": 0.9})
        found = why(old, new)

        assert word in found["ch90"]
        assert "ch90.total" not in found

    def test_a_rule_that_costs_nobody_anything_is_no_change(self):
        old, new = (grades(exercise(), mark={"due": due}) for due in (None, "2026-03-02 23:59"))

        assert changes(old, new) == []

    def test_who_has_come_or_gone_is_no_change(self):
        assert changes(grades(exercise(), learner="Bo"), grades(exercise())) == []
        assert changes({}, grades(exercise())) == []


class TestNeverLower:
    def kept(self, old, new):
        results = [{"chapters": {"ch90": {"exercises": [one]}}} for one in (old, new)]
        return never_lower(*results)["chapters"]["ch90"]["exercises"][0]

    def test_keeps_what_was_better_and_says_so(self):
        kept = self.kept(exercise(2), exercise(1))

        assert kept["points"] == 2
        assert kept["remarks"] == ["note d’avant gardée (2 sur 3), la nouvelle était plus basse"]

    def test_takes_what_is_better_or_the_same(self):
        assert self.kept(exercise(1), exercise(2))["points"] == 2
        assert self.kept(exercise(1, "old"), exercise(1, "new"))["answer"] == "new"

    def test_an_exercise_that_could_not_be_checked_costs_nobody(self):
        failed = exercise(0, status="cannot_check")

        assert self.kept(exercise(2), failed)["points"] == 2
        assert self.kept(exercise(0, status="incorrect"), failed)["status"] == "cannot_check"

    def test_compares_parts_where_the_points_of_an_exercise_changed(self):
        more = {**exercise(3), "total": 6}

        assert self.kept(exercise(2), more)["points"] == 2
        assert self.kept(exercise(1), more)["points"] == 3

    def test_the_first_time(self):
        new = {"chapters": {}}

        assert never_lower(None, new) is new


def test_page_holds_no_markup_of_a_learners():
    found = changes(
        grades(exercise(), learner="<script>"), grades(exercise(2), digest="b", learner="<script>")
    )
    text = page(found, "2026-03-02 10:00", "une <b>raison</b>")

    assert "<script" not in text
    assert "<b>" not in text
    assert "vérification changée" in text


# -- the command itself ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORKBOOK_COURSE", "small_course")
        yield graded.course(tmp_path_factory.mktemp("course"))


def grade(folder, root, *options):
    command = [sys.executable, "-m", "workbook", "grade", folder / "class", "--root", root]
    done = subprocess.run(
        [*command, "--out", folder / "report", "--jobs", "2", *options],
        env=graded.environment(WORKBOOK_LAUNCHER="subprocesses"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def points(folder):
    whole = json.loads((folder / "report" / "grades.json").read_text(encoding="utf-8"))
    return {one["learner"]: one["points"] for one in whole["learners"]}


def log(folder):
    text = (folder / "report" / "changes.csv").read_text(encoding="utf-8-sig")
    rows = csv.DictReader(text.splitlines(), delimiter=";")
    return [(row["apprenant"], row["exercice"], row["pourquoi"], row["raison"]) for row in rows]


def test_a_semester(source, tmp_path):
    """Graded; under rules; a worse answer with and without `--never-lower`; a mistake in a file."""
    rules = tmp_path / "classe.toml"
    for name in ("Alice", "Bo"):
        found = graded.answered(source, total=hostile.RIGHT)
        graded.hand_in(tmp_path / "class" / name, found)
    rules.write_text("", encoding="utf-8")

    first = grade(tmp_path, source.root)
    again = grade(tmp_path, source.root, "--class", rules)
    assert points(tmp_path) == {"Alice": 3, "Bo": 3}
    assert "changé" not in first
    assert "Aucune note n’a changé" in again
    seeds = drawn(tmp_path)

    rules.write_text(DUE + "[apprenants.Bo]\nreports = { ch90 = 2999-01-01 }\n", encoding="utf-8")
    told = grade(tmp_path, source.root, "--class", rules)
    assert "2 déjà notés" in told
    assert points(tmp_path) == {"Alice": 2.25, "Bo": 3}
    assert "changes.html" in told

    graded.hand_in(tmp_path / "class" / "Bo", graded.answered(source, total=hostile.WRONG))
    grade(tmp_path, source.root, "--class", rules, "--never-lower", "--reason", "appel")
    assert points(tmp_path)["Bo"] == 3
    grade(tmp_path, source.root, "--class", rules, "--again", "Alice", "Bo")
    assert points(tmp_path)["Bo"] == 0
    assert drawn(tmp_path)["Alice"] == seeds["Alice"]

    assert [line for line in log(tmp_path) if line[1] != "total"] == [
        ("Alice", "ch90", "échéance changée\u00a0: aucune → 2020-01-02 23:59", ""),
        ("Bo", "ch90.total", "réponse changée", ""),
    ]
    copies = tmp_path / "copies"
    export(tmp_path, source.root, copies)
    exported = {path.read_text(encoding="utf-8") for path in copies.glob("*/copies/*/reponse.py")}
    assert exported == {hostile.RIGHT + "\n", hostile.WRONG + "\n"}
    assert "Alice" not in (copies / "ch90.total" / "info.csv").read_text(encoding="utf-8")

    forgotten = grade(tmp_path, source.root)
    assert "ajoutez --class" in forgotten


def export(folder, root, out):
    command = [sys.executable, "-m", "workbook", "export-answers", folder / "report"]
    subprocess.run([*command, "--out", out, "--root", root], env=graded.environment(), check=True)


def drawn(folder):
    """What the checks of each learner drew from."""
    whole = json.loads((folder / "report" / "grades.json").read_text(encoding="utf-8"))
    return {
        one["learner"]: one["chapters"]["ch90"]["exercises"][0]["verdict"]["seed"]
        for one in whole["learners"]
    }


def test_a_mistake_in_a_file_costs_no_grading(source, tmp_path):
    graded.hand_in(tmp_path / "class" / "Bo", graded.answered(source, total=hostile.RIGHT))
    (tmp_path / "classe.toml").write_text("[poid]\nch90 = 2\n", encoding="utf-8")
    command = [sys.executable, "-m", "workbook", "grade", tmp_path / "class"]
    options = ["--root", source.root, "--out", tmp_path / "r", "--class", tmp_path / "classe.toml"]
    done = subprocess.run(
        [*command, *options],
        env=graded.environment(),
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert "ligne 1, « poid » : clé inconnue ; vouliez-vous dire « poids »" in done.stdout.replace(
        "\u00a0", " "
    )
    assert not (tmp_path / "r" / "results").exists()
