"""The receipt of a check: the verdict as JSON and back, whoever sent it."""

import json
from pathlib import Path

import pytest

from workbook.checks.card import Card
from workbook.checks.outcome import Finding, Outcome, Result, StepResult
from workbook.checks.receipt import ask, heard, receipt, taken, told
from workbook.grading import witness

FINDING = Finding(
    seen="12",
    expected="13",
    meaning="perdu",
    http="GET /x",
    log=("a", "b"),
    more=(("Livres", "3"),),
)
RESULT = Result(
    "ch90.total",
    "Le total",
    (
        StepResult("un", 1, Outcome.PASSED),
        StepResult("deux", 2, Outcome.INCORRECT, FINDING),
    ),
    seed=7,
)
WORTHS = [("un", 1), ("deux", 2)]


def test_there_and_back():
    """The card that a teacher's page draws is the one that the learner saw."""
    verdict = json.loads(json.dumps(told(Card(RESULT))))

    assert Card(heard(verdict, "Le total", WORTHS)).html() == Card(RESULT).html()


def test_points_are_the_graders_own():
    """A verdict says what became of each step, never what it is worth."""
    verdict = told(Card(RESULT))
    verdict["steps"][1] |= {"outcome": "passed", "worth": 100, "points": 100}

    assert heard(verdict, "", WORTHS).points == 3


@pytest.mark.parametrize(
    "verdict",
    [
        pytest.param(None, id="nothing"),
        pytest.param([], id="a list"),
        pytest.param({"exercise": "x", "seed": 1, "steps": []}, id="no steps"),
        pytest.param({"exercise": "x", "seed": 1, "steps": [{}, {}]}, id="empty steps"),
        pytest.param(
            {"exercise": "x", "seed": 1, "steps": [{"outcome": "won", "finding": {}}] * 2},
            id="an outcome that is none",
        ),
        pytest.param(
            {"exercise": 1, "seed": 1, "steps": [{"outcome": "passed", "finding": {}}] * 2},
            id="a number for a name",
        ),
        pytest.param(
            {"exercise": "x", "seed": 1, "steps": [{"outcome": "passed", "finding": 3}] * 2},
            id="a finding that is none",
        ),
    ],
)
def test_what_is_no_verdict(verdict):
    with pytest.raises(ValueError, match=r"."):
        heard(verdict, "", WORTHS)


def test_serves_once():
    """The next check takes the mark, the one after it has none."""
    ask("abc")

    assert taken() == ("abc", None)
    assert taken() == ("", None)
    assert receipt("", Card(RESULT)) == {}


class TestWitness:
    def test_is_salted(self):
        """An answer that was overheard is of no use."""
        one, two = (witness.digests(salt, ["workbook.checks.judge"]) for salt in "ab")

        assert one.keys() == two.keys()
        assert not set(one.values()) & set(two.values())

    def test_sees_a_function_replaced(self, monkeypatch):
        from workbook.checks import judge

        before = witness.digests("", ["workbook.checks.judge"])
        monkeypatch.setattr(judge, "_run", lambda *arguments: None)
        after = witness.digests("", ["workbook.checks.judge"])

        changed = {name for name in before if before[name] != after[name]}
        assert changed == {"workbook.checks.judge:_run"}

    def test_imports_nothing_of_ours(self):
        """Its text runs in the learner's kernel, where ours may have been replaced."""
        text = Path(witness.__file__).read_text(encoding="utf-8")

        assert "import workbook" not in text
        assert "from workbook" not in text
