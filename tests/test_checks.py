"""The checks engine: outcomes, steps, deadlines, cards, hints and solutions."""

import itertools
import json
import linecache
import os
import textwrap
import threading
import time

import pytest
import zoo

from workbook import logbook
from workbook.checks import (
    CannotCheck,
    CheckFailed,
    Exercise,
    Incorrect,
    NotAttempted,
    check,
    eventually,
    expect,
    hint,
    plain,
    solution,
)
from workbook.checks.card import Card
from workbook.checks.commands import find_solution
from workbook.checks.deadline import TimeUp, within
from workbook.checks.judge import judge
from workbook.checks.outcome import Outcome
from workbook.checks.registry import UnknownExercise, all_exercises, find
from workbook.waiting import patient

SEED = 7
pytestmark = pytest.mark.usefixtures("quiet_machine")
CELLS = itertools.count()


def learner(source):
    """What a cell of the learner's defines, as IPython runs it: in __main__, lines at hand."""
    name = f"<cell {next(CELLS)}>"
    source = textwrap.dedent(source).strip() + "\n"
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    namespace = {"__name__": "__main__"}
    exec(compile(source, name, "exec"), namespace)
    return namespace


def exercise(*functions, timeout=10.0, after=False, **options):
    """An exercise whose steps are `functions`, worth 1, 2, 3… points."""
    made = Exercise("ch91.made", title="Un exercice", **options)
    previous = ()
    for worth, function in enumerate(functions, 1):
        title = f"Étape {worth}"
        previous = made.step(title, points=worth, timeout=timeout, after=previous)(function)
        previous = previous if after else ()
    return made


def outcome(function, *answers, **options):
    return judge(exercise(function, **options), answers, SEED)


def card_of(result):
    return zoo.with_spaces(Card(result).text())


@pytest.fixture
def quiet_machine(monkeypatch):
    """Time-outs as they are told, whatever else runs beside the tests."""
    monkeypatch.setenv("WORKBOOK_PATIENCE", "1")


@pytest.fixture
def small_course(monkeypatch, tmp_path):
    """The course of tests/small_course, with a logbook of its own."""
    monkeypatch.setenv("WORKBOOK_COURSE", "small_course")
    monkeypatch.setenv("WORKBOOK_PROGRESS", str(tmp_path / "progress.jsonl"))
    monkeypatch.setenv("WORKBOOK_SOLUTIONS", str(tmp_path))
    return tmp_path


def check_as_a_learner(*arguments):
    """`check` as it is outside of pytest; pytest sets its variable anew at each phase."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PYTEST_CURRENT_TEST")
        return check(*arguments)


class TestOutcomes:
    def test_passes(self):
        """A step that returns has passed, with all its points."""
        result = outcome(lambda lab, answer: expect(answer == 3, "non"), 3)

        assert (result.outcome, result.points, result.total) == (Outcome.PASSED, 1, 1)

    @pytest.mark.parametrize("answer", [None, ...])
    def test_missing_answer_is_not_attempted(self, answer):
        result = outcome(lambda lab, answer: None, answer)

        assert result.outcome is Outcome.NOT_ATTEMPTED

    def test_untouched_stub_is_not_attempted(self):
        answer = learner("def f():\n    raise NotImplementedError")["f"]

        result = outcome(lambda lab, f: f(), answer)

        assert result.outcome is Outcome.NOT_ATTEMPTED

    def test_refusal_says_all_it_knows(self):
        """What was seen, what was expected, what it would mean, all on the card."""

        def step(lab, answer):
            expect(False, seen="vu", expected="voulu", meaning="grave", http="preuve")

        result = outcome(step, 1)

        assert result.outcome is Outcome.INCORRECT
        for word in ("vu", "voulu", "grave", "preuve", "Pas encore"):
            assert word in card_of(result)

    def test_learners_exception_shows_their_line(self):
        answer = learner("""
            def f(prices):
                total = 0
                return total + prices["lamp"]
        """)["f"]

        result = outcome(lambda lab, f: f({}), answer)

        assert result.outcome is Outcome.ERROR
        assert "KeyError : 'lamp'" in card_of(result)
        assert 'return total + prices["lamp"]' in card_of(result)
        assert "Traceback" not in card_of(result)

    def test_exception_under_a_library_shows_the_calling_line(self):
        """The learner's line is theirs, however deep the error was raised."""
        answer = learner("import json\ndef f():\n    return json.loads('{')")["f"]

        result = outcome(lambda lab, f: f(), answer)

        assert result.outcome is Outcome.ERROR
        assert "ligne 3, dans f" in card_of(result)

    def test_wrong_signature_is_the_learners_error(self):
        answer = learner("def f():\n    return 1")["f"]

        result = outcome(lambda lab, f: f("too", "many"), answer)

        assert result.outcome is Outcome.ERROR
        assert "TypeError" in card_of(result)

    def test_exit_is_the_learners_error(self):
        answer = learner("import sys\ndef f():\n    sys.exit(1)")["f"]

        assert outcome(lambda lab, f: f(), answer).outcome is Outcome.ERROR

    def test_method_of_a_learners_class(self):
        """A class given as an answer is told apart by its frames."""
        answer = learner("class Cart:\n    def total(self):\n        return 1 / 0")["Cart"]

        result = outcome(lambda lab, cart: cart().total(), answer)

        assert result.outcome is Outcome.ERROR
        assert "ligne 3, dans total" in card_of(result)

    def test_bug_in_a_check_is_ours(self):
        """Whatever breaks outside the learner's code is never held against them."""
        result = outcome(lambda lab, answer: {}["typo"], 1)

        assert result.outcome is Outcome.CANNOT_CHECK
        assert "ne vous est pas compté" in card_of(result)

    def test_answer_missing_from_the_call_is_ours(self):
        assert outcome(lambda lab, answer: None).outcome is Outcome.CANNOT_CHECK

    @pytest.mark.parametrize(
        ("raised", "expected"),
        [
            (CannotCheck("pas de broker"), Outcome.CANNOT_CHECK),
            (NotAttempted("rien"), Outcome.NOT_ATTEMPTED),
            (Incorrect("non"), Outcome.INCORRECT),
        ],
    )
    def test_step_may_say_the_outcome(self, raised, expected):
        def step(lab, answer):
            raise raised

        assert outcome(step, 1).outcome is expected

    def test_lying_equality_does_nothing(self):
        """`plain` compares what JSON would carry."""
        answer = learner("""
            class Liar(dict):
                def __eq__(self, other):
                    return True
        """)["Liar"]()

        result = outcome(lambda lab, value: expect(plain(value) == {"a": 1}, "non"), answer)

        assert result.outcome is Outcome.INCORRECT

    def test_value_that_is_not_data(self):
        result = outcome(lambda lab, value: plain(value), object())

        assert result.outcome is Outcome.INCORRECT
        assert "JSON" in card_of(result)


class TestSteps:
    def test_points_are_partial(self):
        """Independent steps are all run; each brings its points."""
        made = exercise(
            lambda lab, a: expect(False, "non"), lambda lab, a: None, lambda lab, a: None
        )

        result = judge(made, (1,), SEED)

        assert (result.points, result.total) == (5, 6)
        assert result.outcome is Outcome.INCORRECT

    def test_dependent_step_is_skipped(self):
        """A step is not held against the learner when what it needs has failed."""
        made = exercise(lambda lab, a: expect(False, "non"), lambda lab, a: None, after=True)

        result = judge(made, (1,), SEED)

        assert [step.outcome for step in result.steps] == [Outcome.INCORRECT, Outcome.SKIPPED]

    def test_half_done_is_not_untouched(self):
        """With points earned, what remains to write is « pas encore » and no more « à faire »."""

        def to_do(lab, answer):
            raise NotAttempted("La route reste à écrire.")

        result = judge(exercise(lambda lab, a: None, to_do), (1,), SEED)

        assert result.outcome is Outcome.INCORRECT
        assert "La route reste à écrire." in card_of(result)

    def test_real_failure_is_told_before_what_is_untouched(self):
        def to_do(lab, answer):
            raise NotAttempted("à écrire")

        result = judge(exercise(to_do, lambda lab, a: expect(False, "cassé")), (1,), SEED)

        assert result.decisive.finding.seen == "cassé"

    def test_seed_replays_the_draws(self):
        drawn = []
        made = exercise(lambda lab, a: drawn.append(lab.random.random()))

        results = [judge(made, (1,), seed) for seed in (SEED, SEED, SEED + 1)]

        assert drawn[0] == drawn[1] != drawn[2]
        assert results[0].seed == SEED

    def test_card_gives_the_seed_only_when_it_matters(self):
        def draws(lab, answer):
            expect(lab.random.random() > 2, "non")

        assert "seed=7" in card_of(outcome(draws, 1))
        assert "seed" not in card_of(outcome(lambda lab, a: expect(False, "non"), 1))

    def test_names_are_never_the_same(self):
        """A queue left by an earlier run must not be met again, even with the same seed."""
        names = []
        made = exercise(lambda lab, a: names.append(lab.unique("file")))
        for _ in range(2):
            judge(made, (1,), SEED)

        assert len(set(names)) == 2

    def test_what_a_step_opened_is_closed(self):
        """Even when closing it fails."""
        closed = []

        def step(lab, answer):
            lab.closing.callback(closed.append, "last")
            lab.closing.callback(lambda: 1 / 0)

        result = outcome(step, 1)

        assert closed == ["last"]
        assert result.outcome is Outcome.PASSED


LOOPS = {
    "loop": "def f():\n    while True:\n        pass",
    "wait": "import time\ndef f():\n    time.sleep(600)",
    "lock": "import threading\ndef f():\n    threading.Event().wait()",
    "swallow": """
        import time
        def f():
            while True:
                try:
                    1 / 0
                except Exception:
                    pass
    """,
    "swallow everything": """
        def f():
            while True:
                try:
                    1 / 0
                except:
                    pass
    """,
}


class TestDeadline:
    @pytest.mark.parametrize("source", LOOPS.values(), ids=LOOPS)
    def test_learners_code_is_interrupted(self, source):
        """A check never hangs: not on a loop, a wait, nor code that swallows every exception."""
        answer = learner(source)["f"]

        result = outcome(lambda lab, f: f(), answer, timeout=0.3)

        assert result.outcome is Outcome.ERROR
        assert "n’a pas rendu la main" in card_of(result)
        assert "Votre code" in card_of(result)

    def test_what_follows_is_skipped(self):
        """Code that hangs once would hang at each step."""
        answer = learner(LOOPS["loop"])["f"]
        made = exercise(lambda lab, f: f(), lambda lab, f: f(), timeout=0.2)

        result = judge(made, (answer,), SEED)

        assert [step.outcome for step in result.steps] == [Outcome.ERROR, Outcome.SKIPPED]

    def test_our_own_slowness_is_ours(self):
        result = outcome(lambda lab, answer: time.sleep(60), 1, timeout=0.2)

        assert result.outcome is Outcome.CANNOT_CHECK

    def test_with_blocks_are_left_properly(self):
        """Interrupted code still closes what it opened."""
        answer = learner("""
            import time
            closed = []
            def f():
                try:
                    time.sleep(600)
                finally:
                    closed.append(True)
        """)

        outcome(lambda lab, f: f(), answer["f"], timeout=0.2)

        assert answer["closed"] == [True]

    def test_in_a_secondary_thread(self):
        """Where no alarm rings, a loop is stopped and a blocked call is left behind."""
        stopped = []

        def loop():
            try:
                while True:
                    pass
            finally:
                stopped.append(True)

        def run():
            for function in (loop, threading.Event().wait):
                try:
                    within(0.2, function)
                except TimeUp:
                    told.append(True)

        told = []
        thread = threading.Thread(target=run)
        thread.start()
        thread.join(30)

        assert told == [True, True]
        assert stopped == [True]

    def test_result_and_exceptions_come_through(self):
        assert within(5, lambda: 42) == 42
        with pytest.raises(ZeroDivisionError):
            within(5, lambda: 1 / 0)

    def test_interrupt_goes_through(self):
        """Ctrl-C belongs to the learner, not to the check."""

        def step(lab, answer):
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            outcome(step, 1)


class TestPatience:
    def test_quiet_machine_waits_as_told(self):
        assert patient(5) == 5

    def test_busy_machine_waits_longer(self, monkeypatch):
        """Between once and four times, by load per processor."""
        monkeypatch.delenv("WORKBOOK_PATIENCE")
        processors = os.cpu_count()
        for load, factor in [(0.1, 1), (2 * processors, 2), (50 * processors, 4)]:
            monkeypatch.setattr(os, "getloadavg", lambda load=load: (load, 0, 0))
            assert patient(5) == 5 * factor


class TestEventually:
    def test_waits_for_the_condition(self):
        values = iter([0, 1, 2, 3])

        assert eventually(lambda: next(values), lambda n: n == 3, every=0) == 3

    def test_says_the_last_value_seen(self):
        with pytest.raises(Incorrect, match=r"2 messages en file .*0\.05"):
            eventually(
                lambda: 2,
                lambda n: n == 3,
                timeout=0.05,
                every=0.01,
                seen=lambda n: f"{n} messages en file",
            )

    def test_a_text_is_told_as_it_is(self):
        """Braces in a name or in JSON are nothing to fill in."""
        with pytest.raises(Incorrect, match=r'\{"sku": 1\} et \{\}'):
            eventually(lambda: None, timeout=0.02, every=0.01, seen='{"sku": 1} et {}')

    def test_refusals_count_as_not_yet(self):
        """`expect` may be used inside; the last refusal is the one told."""
        turns = itertools.count()

        def observe():
            turn = next(turns)
            expect(turn >= 3, f"tour {turn}")
            return True

        assert eventually(observe, every=0) is True
        with pytest.raises(Incorrect, match="toujours pas"):
            eventually(lambda: expect(False, "toujours pas"), timeout=0.02, every=0.01)


class TestCard:
    def test_never_says_wrong(self):
        """« Pas encore » invites another try."""
        assert "faux" not in card_of(outcome(lambda lab, a: expect(False, "vu"), 1)).lower()

    def test_html_escapes_what_it_shows(self):
        result = outcome(lambda lab, a: expect(False, "<script>alert(1)</script>"), 1)

        assert "<script" not in Card(result).html()
        assert "&lt;script&gt;" in Card(result).html()

    def test_verdict_is_in_words(self):
        """No outcome is told by a colour or a sign alone, to a reader nor to a screen reader."""
        result = outcome(lambda lab, a: expect(False, "vu"), 1)
        html = Card(result).html()

        assert 'aria-label="Vérification' in html
        assert ">Pas encore<" in html
        assert 'aria-hidden="true">✗<' in html

    def test_verdict_is_announced(self):
        """Read out when it appears, an error at once; its title is a heading to jump to."""
        calm = Card(outcome(lambda lab, a: expect(False, "vu"), 1)).html()
        broken = Card(outcome(lambda lab, a: a(), lambda: 1 / 0)).html()

        assert 'role="status" aria-live="polite"' in calm
        assert 'role="alert" aria-live="assertive"' in broken
        assert 'role="heading" aria-level="3"><strong>Pas encore</strong>' in calm

    def test_bundle_is_the_same_from_run_to_run(self):
        """What is committed with a solution does not change by itself."""
        made = exercise(lambda lab, a: lab.random.random())

        assert Card(judge(made, (1,), 1)).bundle() == Card(judge(made, (1,), 2)).bundle()

    def test_bundle_carries_the_bare_verdict(self):
        bundle = Card(outcome(lambda lab, a: None, 1)).bundle()
        verdict = bundle["application/vnd.workbook.result+json"]

        assert json.loads(json.dumps(verdict))["outcome"] == "passed"


class TestCheck:
    def test_never_raises_in_a_notebook(self, small_course, capsys):
        assert check_as_a_learner("ch90.owner", "orders") is None
        assert "Pas encore" in capsys.readouterr().out

    def test_raises_under_pytest(self, small_course, monkeypatch):
        """So that nbval sees the verdict, with the words of the card and no traceback."""
        monkeypatch.setenv("PYTEST_CURRENT_TEST", "nbval")

        with pytest.raises(CheckFailed, match="Pas encore") as failed:
            check("ch90.owner", "orders")
        assert failed.value._render_traceback_() == [str(failed.value)]
        assert check("ch90.owner", "inventory") is None

    def test_unknown_exercise(self, small_course):
        with pytest.raises(UnknownExercise, match=r"ch90\.total"):
            check("ch90.totl", 1)
        with pytest.raises(UnknownExercise):
            check("ch99.nothing", 1)
        with pytest.raises(UnknownExercise):
            check("nonsense", 1)

    def test_goes_on_without_a_disk(self, small_course, monkeypatch, capsys):
        """A logbook that cannot be written is said, and the check still judges."""
        blocked = small_course / "file"
        blocked.touch()
        monkeypatch.setenv("WORKBOOK_PROGRESS", str(blocked / "progress.jsonl"))

        check_as_a_learner("ch90.owner", "inventory")

        told = capsys.readouterr().out
        assert "Réussi" in told
        assert "n’a pas pu être enregistrée" in told


class TestRegistry:
    def test_every_exercise_is_found_by_its_id(self, small_course):
        ids = [found.id for found in all_exercises()]

        assert ids == ["ch90.total", "ch90.owner", "lab9.rooms"]
        assert all(find(id).id == id for id in ids)

    def test_error_in_an_exercise_module_is_not_hidden(self, small_course, monkeypatch):
        """Only a missing chapter is « unknown »; a broken import must be seen."""
        package = small_course / "broken_course"
        package.mkdir()
        (package / "__init__.py").touch()
        (package / "ch01").mkdir()
        (package / "ch01" / "__init__.py").write_text("import no_such_module\n")
        monkeypatch.syspath_prepend(small_course)
        monkeypatch.setenv("WORKBOOK_COURSE", "broken_course")

        with pytest.raises(ModuleNotFoundError, match="no_such_module"):
            find("ch01.any")

    def test_bad_id_is_refused_at_once(self):
        with pytest.raises(ValueError, match="not an exercise id"):
            Exercise("Chapter 7", title="…")


class TestHints:
    def test_come_one_after_the_other(self, small_course, capsys):
        """And the last one stays, with the way to the solution."""
        told = []
        for _ in range(3):
            hint("ch90.total")
            told.append(capsys.readouterr().out)

        assert "Indice 1 sur 2" in told[0]
        assert "Indice 2 sur 2" in told[1]
        assert "solution(" in told[2]
        assert logbook.hints_taken("ch90.total") == 2

    def test_exercise_without_hints(self, small_course, capsys):
        hint("ch90.owner")

        assert "pas d’indice" in capsys.readouterr().out

    def test_card_counts_them(self, small_course, capsys):
        hint("ch90.total")
        check_as_a_learner("ch90.total", None)

        assert "1 vu sur 2" in capsys.readouterr().out


class TestSolution:
    @pytest.fixture(autouse=True)
    def solved(self, small_course):
        cell = {
            "cell_type": "code",
            "metadata": {"workbook": {"answer": "ch90.owner"}},
            "source": ['owner = "inventory"\n'],
        }
        notebook = {"cells": [cell], "metadata": {}}
        (small_course / "90.ipynb").write_text(json.dumps(notebook))
        return small_course

    def test_waits_for_a_real_attempt(self, capsys):
        """An untouched stub is not an attempt; a wrong answer is."""
        check_as_a_learner("ch90.owner", None)
        solution("ch90.owner")
        assert '"inventory"' not in capsys.readouterr().out

        check_as_a_learner("ch90.owner", "orders")
        solution("ch90.owner")
        assert '"inventory"' in capsys.readouterr().out

    def test_can_be_asked_for(self, capsys):
        solution("ch90.owner", reveal=True)

        assert '"inventory"' in capsys.readouterr().out
        assert [entry["kind"] for entry in logbook.records()] == ["solution"]

    def test_says_when_there_is_none(self, solved, capsys):
        (solved / "90.ipynb").unlink()

        solution("ch90.owner", reveal=True)

        assert "pas fournie" in capsys.readouterr().out

    def test_unreadable_notebook_is_passed_over(self, solved):
        (solved / "00.ipynb").write_text('{"cells": [ "ch90.owner"')

        assert find_solution("ch90.owner") == 'owner = "inventory"\n'
