"""The course's folders: whatever an author forgets there fails here, instead of passing unseen."""

import json
import re
from itertools import pairwise

import networkx as nx
import pytest
import zoo

from workbook.checks.registry import all_exercises, chapters, find, paths, planned
from workbook.editions import sources
from workbook.editions.programme import SESSION

COURSE = zoo.ROOT / "course"
CHAPTERS = chapters()
EXERCISES = [exercise.id for exercise in all_exercises()]


@pytest.fixture(params=CHAPTERS)
def key(request):
    return request.param


def answers_of(id):
    key, _, name = id.partition(".")
    return COURSE / key / "answers" / name


def test_every_folder_is_a_chapter():
    """A folder without front matter would be taught by nobody."""
    folders = {p.name for p in COURSE.iterdir() if p.is_dir() and p.name != "__pycache__"}

    assert folders == set(CHAPTERS)


def test_one_text_a_folder(key):
    texts = [source.path.name for source in sources(zoo.ROOT) if source.key == key]

    assert len(texts) == 1


def test_headings_are_in_order(key):
    """One title, and no level skipped: whoever listens walks a chapter by them."""
    (source,) = [source for source in sources(zoo.ROOT) if source.key == key]
    text = source.path.read_text(encoding="utf-8")
    prose = re.findall(r"^# %% \[markdown\].*\n((?:#.*\n?)+)", text, flags=re.MULTILINE)
    levels = [len(mark) for cell in prose for mark in re.findall(r"^# (#+) ", cell, re.MULTILINE)]

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_nothing_on_standard_error(key):
    """A traceback of a background thread fails no cell, and frightens whoever reads it."""
    (source,) = [source for source in sources(zoo.ROOT) if source.key == key]
    cells = json.loads(source.solved.read_text(encoding="utf-8"))["cells"]
    outputs = [output for cell in cells for output in cell.get("outputs", ())]

    assert [output["text"] for output in outputs if output.get("name") == "stderr"] == []


def test_ends_with_the_learners_words(key):
    """Two sentences of their own, before the three things we know."""
    (source,) = [source for source in sources(zoo.ROOT) if source.key == key]

    assert any(f'takeaway("{key}")' in cell.text for cell in source.cells)


def test_text_and_front_matter_agree():
    """The same exercises in the same order, each in its own chapter; no dead link."""
    assert [m.located(zoo.ROOT) for source in sources(zoo.ROOT) for m in source.mistakes] == []


def test_answers_of_no_other_exercise(key):
    """A folder of answers that was left behind by a renamed exercise is never run."""
    folders = {p.name for p in (COURSE / key / "answers").iterdir() if p.name != "__pycache__"}

    assert folders == set(CHAPTERS[key].exercises)


@pytest.mark.parametrize("id", EXERCISES)
def test_zoo_is_large_enough(id):
    """Three right shapes and five plausible mistakes prove a check; fewer do not."""
    assert not zoo.too_few(answers_of(id))


@pytest.mark.parametrize("id", EXERCISES)
def test_zoo_holds_only_answers(id):
    """A misspelt name (`wrog_…`) would never be judged."""
    names = [p.name for p in answers_of(id).iterdir() if p.name != "__pycache__"]

    assert [n for n in names if not n.startswith(("right_", "wrong_"))] == []


@pytest.mark.parametrize("id", EXERCISES)
def test_changed_answers_apply(id):
    """A wrong answer is a change of the solution or right answer that stands there today."""
    (source,) = [source for source in sources(zoo.ROOT) if id in source.exercises]

    assert list(zoo.answers(source, id))


@pytest.mark.parametrize("id", EXERCISES)
def test_right_answers_are_whole(id):
    """A base is read without reading another one."""
    rights = answers_of(id).glob("right_*.py")

    assert not [p.name for p in rights if zoo.header(p)[0]]


@pytest.mark.parametrize("id", EXERCISES)
def test_exercise_can_be_passed_and_helped(id):
    exercise = find(id)

    assert exercise.points > 0
    assert exercise.hints


def test_prerequisites_have_an_order():
    """Each names a chapter of the course, and none needs itself, however indirectly."""
    every = {**planned(), **CHAPTERS}
    graph = nx.DiGraph((needed, key) for key, c in every.items() for needed in c.after)

    assert set(graph) <= set(every)
    assert nx.is_directed_acyclic_graph(graph)


def test_announced_or_written():
    """A chapter that is written is no longer announced as to come."""
    assert not set(planned()) & set(CHAPTERS)


@pytest.fixture(params=paths(), ids=lambda path: path.english)
def path(request):
    return request.param


class TestPaths:
    """A teacher who follows one meets each chapter once, in time, after what it stands on."""

    ROWS = planned() | CHAPTERS

    def test_session_ends_in_time(self, path):
        lasting = {s: sum(self.ROWS[key].minutes for key in s) for s in path.sessions}

        assert {s: m for s, m in lasting.items() if m > SESSION} == {}

    def test_prerequisites_come_first(self, path):
        keys = [key for session in path.sessions for key in session]

        assert len(keys) == len(set(keys))
        for place, key in enumerate(keys):
            assert set(self.ROWS[key].after) <= set(keys[:place]), key

    def test_module_teaches_every_chapter(self):
        (module,) = (path for path in paths() if path.english == "Module")
        taught = {key for session in module.sessions for key in session}

        assert taught == {key for key in self.ROWS if key.startswith("ch")}
        assert set(module.between) == {key for key in self.ROWS if key.startswith("lab")}
