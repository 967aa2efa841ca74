"""The mirror of a class: a mistake is known by what it does, whatever its names and its layout."""

import ast
from functools import cache

import pytest
import zoo
from renaming import renamed

from workbook.checks.card import Card
from workbook.checks.judge import judge
from workbook.checks.outcome import Outcome
from workbook.checks.receipt import told
from workbook.checks.registry import all_exercises, find
from workbook.editions import solved_text, sources
from workbook.grading import catalogue
from workbook.grading.catalogue import in_words, titles, with_runs
from workbook.grading.mirror import Kind, Match, name_of, nearest, reflected
from workbook.grading.signatures import UNSTABLE, agreement, likeness, shape, signature, values
from workbook.grading.verdicts import OF_OUTCOME, Graded, Status

# Judged in this very process, without a shop or a broker, in a second or two of processor.
QUICK = (
    *("ch02.contract", "ch03.headers", "ch03.limit", "ch04.balancer", "ch04.leases"),
    *("ch06.rule", "ch09.saga", "ch10.decide", "ch12.versions"),
)
SEED = 7  # not one that a catalogue was measured with
NAMED = 0.9
FEW = 3
DEFINES = (ast.Import, ast.ImportFrom, ast.ClassDef, ast.FunctionDef)
EXERCISES = [exercise.id for exercise in all_exercises()]


def folder_of(id):
    key, _, name = id.partition(".")
    return zoo.ROOT / "course" / key / "answers" / name


def known(id):
    return catalogue.read(folder_of(id), find(id))


@cache
def source_of(id):
    return next(source for source in sources(zoo.ROOT) if id in source.exercises)


def surroundings(source):
    """What the chapter's setup cells define; nothing of theirs is started."""
    space = {"__name__": "__main__"}  # an answer is the learner's, as in a notebook
    for cell in source.cells:
        if "setup" in cell.tags and cell.kind == "code":
            tree = ast.parse(solved_text(cell))
            tree.body = [node for node in tree.body if isinstance(node, DEFINES)]
            exec(compile(tree, "<setup>", "exec"), space)
    return space


@cache
def verdicts(id):
    """Each known answer under other names and in another layout, and its verdict."""
    source, exercise = source_of(id), find(id)
    around, found = surroundings(source), {}
    for answer in zoo.answers(source, id):
        if answer.name == "stub":
            continue
        space = dict(around)
        exec(compile(renamed(answer.text, exercise.asks), "<answer>", "exec"), space)
        found[answer.name] = judge(exercise, tuple(space[n] for n in exercise.asks), SEED)
    return found


def graded(id, result):
    """What the grader would keep of a verdict."""
    steps = [{"title": s.title, "outcome": s.outcome.value} for s in result.steps]
    status, card = OF_OUTCOME[result.outcome], told(Card(result))
    return Graded(
        id, result.title, status, result.points, result.total, verdict=card, steps=tuple(steps)
    )


def class_of(**answers):
    """The results of a class, a learner an answer: `{"alice": Graded}`."""
    return [
        {"learner": n, "moodle": "", "chapters": {"ch": {"exercises": [one.as_json()]}}}
        for n, one in answers.items()
    ]


def matched(id, name):
    return nearest(signature(told(Card(verdicts(id)[name])), find(id).asks), known(id))


def wrong(id):
    return [name for name in verdicts(id) if name.startswith("wrong_")]


def test_names_mistakes_under_other_names():
    """Nine in ten at least are matched to their own; the order of a set moves a verdict or two."""
    all_ = [(id, name) for id in QUICK for name in wrong(id)]
    missed = [(id, n) for id, n in all_ if not is_named(id, n)]

    assert len(missed) <= (1 - NAMED) * len(all_), missed


def is_named(id, name):
    match = matched(id, name)
    return bool(match.known) and name in match.answers


def test_tells_few_mistakes():
    """A match says something: two in three at least leave three known answers or fewer."""
    sizes = [len(matched(id, name).answers) for id in QUICK for name in wrong(id)]

    assert sum(size <= FEW for size in sizes) >= 2 / 3 * len(sizes), sizes


@pytest.mark.parametrize("id", QUICK)
def test_accuses_no_right_answer(id):
    """Not one, however it is written, is in a group of mistakes."""
    rights = {n: graded(id, r) for n, r in verdicts(id).items() if not n.startswith("wrong_")}
    (found,) = reflected(class_of(**rights), {id: known(id)}, str)

    assert found.right == len(rights) >= zoo.RIGHTS
    assert not found.groups


def test_counts_and_names_a_class():
    """The sentence of an exercise: the most frequent mistake first, the unknown last."""
    id = "ch06.rule"
    names = [
        "wrong_first_ten",
        "wrong_first_ten_calls",
        "wrong_never",
        "wrong_slow_calls_forgotten",
    ]
    class_ = {name: graded(id, verdicts(id)[name]) for name in [*names, "solution"]}
    strange = told(Card(verdicts(id)["wrong_never"]))
    strange["steps"][0]["finding"] |= {
        "seen": "La règle lit un fichier.",
        "expected": "rien de tel",
        "meaning": "Le disque serait plein.",
    }
    class_["strange"] = Graded(id, "", Status.INCORRECT, 0, 5, verdict=strange, steps=())
    (found,) = reflected(class_of(**class_), {id: known(id)}, str)

    kinds = [group.kind for group in found.groups]
    assert found.sentence.startswith("2\xa0regardent les dix premiers appels, 1\xa0")
    assert found.sentence.endswith(", 1\xa0inconnu (à lire)")
    assert kinds == [Kind.MISTAKE] * (len(kinds) - 1) + [Kind.UNKNOWN]
    assert found.right == 1


def test_accuses_nobody_on_a_doubtful_verdict():
    """One that was tampered with, or that the machine could not give, is for the teacher."""
    id = "ch06.rule"
    doubtful = graded(id, verdicts(id)["wrong_never"]).as_json() | {"suspect": True}
    blocked = Graded(id, "", Status.CANNOT_CHECK, 0, 5)
    class_ = class_of(doubtful=Graded.from_json(doubtful), blocked=blocked)
    (found,) = reflected(class_, {id: known(id)}, str)

    assert (found.doubtful, found.groups) == (2, [])


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (Status.TIME_OUT, "1\xa0ne rend pas la main"),
        (Status.KERNEL_DIED, "1\xa0arrête le noyau"),
        (Status.ERROR, "1\xa0s’arrête sur une erreur, avant toute vérification"),
    ],
)
def test_no_verdict_is_a_group_of_its_own(status, words):
    stopped = Graded("ch06.rule", "", status, 0, 5)
    (found,) = reflected(class_of(alice=stopped), {}, str)

    assert found.sentence == words


def test_unmeasured_exercise_is_unknown():
    """Without a catalogue, or with one of other steps, nothing is named."""
    id = "ch06.rule"
    class_ = class_of(alice=graded(id, verdicts(id)["wrong_never"]))
    stale = catalogue.Catalogue(folder_of(id), ("Une étape d’autrefois",), known(id).known)

    for catalogues in ({}, {id: stale}):
        (found,) = reflected(class_, catalogues, str)
        assert found.sentence == "1\xa0inconnu (à lire)"


def test_ties_are_told():
    """Mistakes that a check cannot tell apart are named together, or by their step if too many."""
    found = known("ch06.rule")
    two, many = ["wrong_never", "wrong_first_ten"], list(found.phrases)

    assert " ou " in name_of(Match(tuple(two), 1.0), found)
    assert name_of(Match(tuple(many), 1.0), found) == ""


class TestSignature:
    @pytest.mark.parametrize(
        ("text", "masked"),
        [
            ("order_total a rendu 1.", "order_total a rendu #."),
            ("Pour « LAMP », vous rendez '924'.", "Pour «…», vous rendez «…»."),
            ("les clés 77e42caf-a1ae-492d, ARTICLE-A7B2", "les clés #, #"),
            ("KeyError : 'available'", "KeyError : «…»"),
            ("de 0,10 s à −3", "de # s à #"),
            ("La règle n'a rien, l'appel non plus", "La règle n'a rien, l'appel non plus"),
        ],
    )
    def test_shape(self, text, masked):
        assert shape(text) == masked

    def test_values(self):
        assert list(values("« LAMP » : 3 sur 4, et '5'")) == ["LAMP", "3", "4", "5"]

    def test_figures_do_not_matter(self):
        """Two runs of one answer draw other figures, and are alike."""
        one, other = failed("4 débits au lieu de 1."), failed("9 débits au lieu de 2.")

        assert likeness(one, other) == 1
        assert agreement(one, other) < agreement(one, one) == 1

    def test_step_matters_more_than_words(self):
        """The same words at another step are another mistake."""
        assert likeness(failed("Perdu.", step=0), failed("Perdu.", step=1)) == 0

    def test_place_of_an_exception(self):
        """Only the asked function is a place: the learner's own names say nothing."""
        code = "ligne 3, dans publish : x = y"

        assert failed("KeyError", code=code, asks=["publish"])[0].place == "publish"
        assert failed("KeyError", code=code)[0].place == ""


def failed(seen, step=0, code="", asks=()):
    """The signature of a verdict that one step refuses."""
    passed = {"title": "", "outcome": "passed", "finding": {}}
    finding = {"seen": seen, "expected": "", "meaning": "", "code": code}
    refused = {"title": "", "outcome": "incorrect", "finding": finding}
    return signature({"steps": [passed] * step + [refused]}, asks)


class TestCatalogue:
    ID = "ch06.rule"

    @pytest.fixture
    def empty(self, tmp_path):
        for name in ("wrong_a", "wrong_b"):
            (tmp_path / f"{name}.py").write_text(f"# feedback: x\n# mistake: fait(s) {name}\n")
        return catalogue.read(tmp_path, find(self.ID))

    def measured(self, empty, *runs):
        return with_runs(empty, find(self.ID), runs)

    def test_same_behaviour_is_one_entry(self, empty):
        runs = [("wrong_a", failed("Il reste 3.")), ("wrong_b", failed("Il reste 3."))]

        assert [one.answers for one in self.measured(empty, *runs).known] == [
            ("wrong_a", "wrong_b")
        ]

    def test_what_moves_is_forgotten(self, empty):
        """A value that another run contradicts tells nothing any more."""
        runs = [("wrong_a", failed("Il reste 3 de 10.")), ("wrong_a", failed("Il reste 4 de 10."))]
        (entry,) = self.measured(empty, *runs).known

        assert entry.signature[0].values == (UNSTABLE, "10")

    def test_an_answer_may_behave_in_two_ways(self, empty):
        runs = [("wrong_a", failed("Perdu.")), ("wrong_a", failed("Doublé.", step=1))]

        assert len(self.measured(empty, *runs).known) == 2

    def test_read_again(self, empty):
        """What is written is read back; a file that is gone is forgotten by the next run."""
        found = self.measured(empty, ("wrong_a", failed("Il reste 3.")))
        catalogue.write(found)

        assert catalogue.read(empty.folder, find(self.ID)) == found
        (empty.folder / "wrong_a.py").unlink()
        assert not self.measured(found).known

    def test_phrases(self, empty):
        assert empty.phrases == {"wrong_a": "fait(s) wrong_a", "wrong_b": "fait(s) wrong_b"}


@pytest.mark.parametrize(
    ("count", "said"),
    [(1, "fait un essai, le perd et croit"), (2, "font un essai, le perdent et croient")],
)
def test_agrees_in_number(count, said):
    assert in_words("(fait|font) un essai, le perd(ent) et croi(t|ent)", count) == said


@pytest.mark.parametrize(
    "id", [id for id in EXERCISES if (folder_of(id) / catalogue.FILE).exists()]
)
def test_catalogue_is_of_today(id):
    """Measured with the steps and the answers that stand there: `pytest --signatures` does it."""
    found = known(id)
    there = {path.stem for path in catalogue.wrong_answers(folder_of(id))}

    assert found.steps == titles(find(id))
    assert found.measured == there


@pytest.mark.parametrize("id", EXERCISES)
def test_mistakes_agree_in_number(id):
    """Every phrase is a verb that may follow a number."""
    phrases = known(id).phrases.values()

    assert not [p for p in phrases if in_words(p, 1) == in_words(p, 2) or "(" in in_words(p, 2)]


def test_verdicts_are_varied():
    """The zoo of this test refuses for more than one reason."""
    outcomes = {r.outcome for id in QUICK for r in verdicts(id).values()}

    assert {Outcome.PASSED, Outcome.INCORRECT, Outcome.ERROR} <= outcomes
