"""The learners' archive: it holds what is needed to learn, gives no answer away, and runs."""

import json
import re
import subprocess
import sys
import zipfile

import graded
import pytest
import zoo

from workbook.checks.registry import paths
from workbook.editions import student_edition
from workbook.editions.release import NoPath, Unfit, release, slug
from workbook.editions.source import read, sources
from workbook.editions.stripping import leaks, stripped, unlinked, without_usual

COURSE = sources(zoo.ROOT)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORKBOOK_COURSE", "small_course")
        root = tmp_path_factory.mktemp("course")
        graded.course(root)
        yield root


def unpacked(path):
    with zipfile.ZipFile(path) as archive:
        return {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}


class TestStripping:
    @pytest.mark.parametrize("source", COURSE, ids=lambda source: source.key)
    def test_gives_the_same_student_edition(self, source, tmp_path):
        """So that a learner's own `submit --dry-run` judges as the teacher's grader does."""
        folder = tmp_path / "course" / source.key
        folder.mkdir(parents=True)
        path = folder / source.path.name
        path.write_text(stripped(source, source.addresses), encoding="utf-8")
        again = read(path, source.root, source.addresses)

        assert not again.mistakes
        assert student_edition(again) == student_edition(source)
        assert not [*leaks(source, [("the text", path.read_text(encoding="utf-8"))])]

    def test_finds_a_solution_wherever_it_is(self):
        source = next(source for source in COURSE if source.key == "ch07")
        text = source.path.read_text(encoding="utf-8")

        assert {id for id, _ in leaks(source, [("itself", text)])} > {"ch07.publish"}

    def test_bets_do_not_tell_what_is_measured(self):
        text = 'A = Number("é", usual=(1 +\n  2), low=0)\nB = Choice("?", usual="é, oui", near=1)\n'

        assert without_usual(text) == (
            'A = Number("é", usual=(...), low=0)\nB = Choice("?", usual=..., near=1)\n'
        )

    def test_links_lead_only_to_what_is_there(self):
        text = "[a](course:ch01), [b](course:ch02), [c](course:next)"

        assert unlinked(text, {"ch01"}) == "[a](course:ch01), b, [c](course:next)"


@pytest.mark.parametrize("name", [*(slug(path.title) for path in paths()), "complet"])
def test_every_path_of_the_course(name, tmp_path):
    """Its chapters and no other, the same bytes twice, no source of an answer."""
    twice = [tmp_path / "one.zip", tmp_path / "two.zip"]
    for out in twice:
        release(zoo.ROOT, name, out, check=False, tell=lambda _: None)
    content = unpacked(twice[0])
    path = next((path for path in paths() if slug(path.title) == name), None)
    keys = {source.key for source in COURSE}
    if path:
        keys = {*path.between, *(key for session in path.sessions for key in session)}

    assert twice[0].read_bytes() == twice[1].read_bytes()
    assert {part.split("/")[1] for part in content if part.count("/") > 1} >= keys
    assert {n.split("/")[1] for n in content if n.startswith("course/ch")} == {
        key for key in keys if key.startswith("ch")
    }
    wrong = ("/answers/", "solutions/", "tests/", "benchmarks/", ".pyc", "noter.md")
    assert not [part for part in content if any(word in part for word in wrong)]
    assert "make lab" in content["README.md"].decode()
    assert not {"test", "grade"} & {*re.findall(r"(?m)^(\w+):", content["Makefile"].decode())}


def test_unknown_path(tmp_path):
    with pytest.raises(NoPath, match="decouverte, module, complet"):
        release(zoo.ROOT, "master", tmp_path / "x.zip")


def run(root, *arguments, **options):
    command = [sys.executable, "-m", "workbook", "release", "--root", root, *arguments]
    environment = graded.environment(WORKBOOK_LAUNCHER="subprocesses")
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, **options
    )


def test_runs_from_the_archive_alone(small, tmp_path):
    """The command itself, its own trial, then a learner's dry run from the unpacked folder."""
    done = run(small, "--out", tmp_path / "x.zip")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "n’échoue qu’aux réponses qui restent à écrire" in done.stdout
    with zipfile.ZipFile(tmp_path / "x.zip") as archive:
        archive.extractall(tmp_path)
    folder = tmp_path / "cours-complet"
    path = folder / "notebooks" / f"{graded.CHAPTER}.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    graded.cell(notebook, "answer-ch90-total")["source"] = graded.RIGHT["ch90.total"]
    path.write_text(json.dumps(notebook), encoding="utf-8")
    theirs = {k: v for k, v in graded.environment().items() if k != "WORKBOOK_COURSE"}
    told = subprocess.run(
        [sys.executable, "-m", "workbook", "submit", "--dry-run"],
        cwd=folder,
        env=theirs | {"PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert "✓ ch90.total\u00a0: Réussi, 3 sur 3" in told.stdout, told.stdout + told.stderr
    text = (folder / "course/ch90/90_totaux.py").read_text(encoding="utf-8")
    assert 'owner = "inventory"' not in text


def test_an_archive_that_does_not_run_is_not_left(small, tmp_path):
    """A chapter whose own cell fails, and a check that passes without an answer."""
    broken = tmp_path / "broken"
    graded.course(broken)
    text = broken / "course" / "ch90" / "90_totaux.py"
    told = text.read_text(encoding="utf-8").replace(
        "from workbook import bet, settle", "raise RuntimeError('broken')"
    )
    text.write_text(told, encoding="utf-8")
    rule = broken / "course" / "ch90" / "owner.py"
    rule.write_text(
        rule.read_text(encoding="utf-8").replace('plain(answer) == "inventory"', "True"),
        encoding="utf-8",
    )
    done = run(broken, "--out", tmp_path / "x.zip")

    assert done.returncode == 1
    assert "une cellule qui n’est pas une vérification échoue : raise RuntimeError" in done.stdout
    assert not (tmp_path / "x.zip").exists()


def test_refuses_an_archive_that_gives_an_answer_away(tmp_path, monkeypatch):
    monkeypatch.setenv("WORKBOOK_COURSE", "small_course")
    graded.course(tmp_path)
    folder = tmp_path / "course" / "lab9"
    solution = 'if name not in ROOMS:\n    abort(404)\nreturn {"name": name}\n'
    (folder / "given.py").write_text(solution, encoding="utf-8")

    with pytest.raises(Unfit, match=r"« lab9.rooms » se lit dans course/lab9/given.py"):
        release(tmp_path, "complet", tmp_path / "x.zip", check=False)
