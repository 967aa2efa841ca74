"""The course's folders: whatever an author forgets there fails here, instead of passing unseen."""

import json
import re
from dataclasses import replace
from functools import cache
from itertools import pairwise

import networkx as nx
import pytest
import zoo

from workbook.checks.registry import all_exercises, chapters, find, paths, planned
from workbook.diagrams import FENCE, diagrams_of
from workbook.editions import sources
from workbook.editions.programme import SESSION
from workbook.grading import catalogue

COURSE = zoo.ROOT / "course"
DEEPER = re.compile(r"^## Pour aller plus loin", re.MULTILINE)
QUESTION = re.compile(r"^## ", re.MULTILINE)
# What is not running prose: fences, tables, headings, the address of a link.
ASIDE = re.compile(r"^```[\s\S]*?^```|^\|.*|^#+ .*|(?<=\])\([^)]*\)", re.MULTILINE)
WORD = re.compile(r"[^\W_][\w’'`.-]*")
QUOTED = 75  # characters
MOST_WORDS, MOST_BETS = 900, 6  # of a core, which is read in an hour with its exercises
# Written longer than that, most of it exercises made exact: they may be shortened, and not grow.
LONGER = {"ch00": 1080, "ch03": 1000, "ch06": 1000, "ch08": 945, "ch09": 925}
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


def core(source):
    """The cells outside « Pour aller plus loin », in their order."""
    deeper = False
    for cell in source.cells:
        if cell.kind == "markdown" and QUESTION.search(cell.text):
            deeper = bool(DEEPER.search(cell.text))
            head = DEEPER.split(cell.text)[0] if deeper else cell.text
            yield replace(cell, text=head)
        elif not deeper:
            yield cell


@cache
def texts():
    """The sources by key."""
    return {source.key: source for source in sources(zoo.ROOT)}


@pytest.mark.parametrize("key", [key for key in CHAPTERS if key.startswith("ch")])
def test_core_is_short(key):
    """What everybody reads, exercises included; the rest goes under « Pour aller plus loin »."""
    source = texts()[key]
    prose = [cell.text for cell in core(source) if cell.kind == "markdown"]
    words = sum(len(WORD.findall(ASIDE.sub("", text))) for text in prose)
    bets = [cell for cell in core(source) if cell.kind == "code"]

    assert words <= LONGER.get(key, MOST_WORDS)
    assert sum(cell.text.count('bet("') for cell in bets) <= MOST_BETS


@pytest.mark.parametrize("key", CHAPTERS)
def test_quoted_lines_are_not_wrapped(key):
    """A line of code in the prose holds in 900 pixels: its comment stays beside it."""
    prose = "\n".join(cell.text for cell in texts()[key].cells if cell.kind == "markdown")
    quoted = re.findall(r"^```.*\n([\s\S]*?)^```", FENCE.sub("", prose), re.MULTILINE)

    assert [line for fence in quoted for line in fence.splitlines() if len(line) > QUOTED] == []


class TestCoverage:
    """`deploy/couverture.md`: the module's parts, each beside the notebook that runs it."""

    PAGE = zoo.ROOT / "deploy" / "couverture.md"
    MODULE = (
        *("Objectifs pédagogiques", "Introduction"),
        *("Architecture Monolithique", "Architecture Micro-services"),
        *(f"Principe {n}" for n in range(1, 6)),
        *("API Gateway", "Service Discovery Pattern", "Circuit Breaker Pattern"),
        *("Communication Synchrone (REST APIs)", "Communication Asynchrone (Messages)"),
        *("Database per Service", "Saga Pattern (Transactions distribuées)"),
        *("Authentication & Authorization", "Token-based Security (JWT)"),
        *("Les trois piliers de l’observabilité", "Exemple de logging structuré"),
        *("Stack technologique typique", "Ressources officielles"),
        *(f"Exercice {n}" for n in range(1, 5)),
        "Points clés à retenir",
        *(f"Défi {n}" for n in range(1, 7)),
    )

    @pytest.fixture
    def rows(self):
        """(part, notebook, questions, exercises) a row, spaces made plain."""
        lines = self.PAGE.read_text(encoding="utf-8").splitlines()
        cells = [line.strip("|").split("|") for line in lines if line.startswith("| ")][1:]
        found = [[zoo.with_spaces(cell).strip() for cell in row] for row in cells]
        return [
            (
                part,
                re.search(r"\((.*)\)", link)[1],
                where.split("<br>"),
                re.findall(r"`(.*?)`", ids),
            )
            for part, link, where, ids in found
        ]

    def test_every_part_in_order(self, rows):
        assert [part.partition(" :")[0] for part, *_ in rows] == list(self.MODULE)

    def test_notebooks_ask_these_questions(self, rows):
        """A notebook that is there, and headings that are in it, word for word."""
        for part, link, questions, _ in rows:
            path = (self.PAGE.parent / link).resolve()
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
            prose = ["".join(c["source"]) for c in cells if c["cell_type"] == "markdown"]
            asked = re.findall(r"^##+ (.*)$", zoo.with_spaces("\n".join(prose)), re.MULTILINE)

            assert set(questions) <= set(asked), part

    def test_exercises_exist(self, rows):
        named = {id for *_, ids in rows for id in ids}

        assert named <= set(EXERCISES)

    def test_diagrams_are_where_it_says(self, rows):
        """Each of the module's drawings has its row, which leads to the chapter that draws it."""
        keys = {source.student: key for key, source in texts().items()}
        told = {(part, keys[(self.PAGE.parent / link).resolve()]) for part, link, *_ in rows}
        drawn = {
            (zoo.with_spaces(diagram.section), key)
            for key in CHAPTERS
            if key != "lab5"  # the wheel: it is no part of the module
            for diagram in diagrams_of(key)
        }

        assert drawn <= told


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
    names = {p.name for p in answers_of(id).iterdir()} - {"__pycache__", catalogue.FILE}

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
