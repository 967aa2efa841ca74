"""The zoo runner itself: it must see a check that is too kind, and one that is too harsh."""

import shutil

import pytest
import zoo
from changes import StaleChange, changed

from workbook.editions import sources

EXERCISE = "ch90.total"
RIGHT = "def order_total(lines):\n    return sum(p * n for p, n in lines)\n"
WRONG = "def order_total(lines):\n    return sum(p for p, n in lines)\n"


@pytest.fixture(scope="module")
def chapters(tmp_path_factory):
    course = tmp_path_factory.mktemp("course")
    shutil.copytree(zoo.TESTS / "small_course", course / "course")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORKBOOK_COURSE", "small_course")
        progress = tmp_path_factory.mktemp("zoo") / "progress.jsonl"
        opened = [zoo.Chapter(s, progress) for s in sources(course)]
    yield {chapter.source.name: chapter for chapter in opened}
    for chapter in opened:
        chapter.close()


@pytest.fixture
def totals(chapters):
    return chapters["90_totaux"]


def judged(chapter, text, expected, *feedback):
    answer = zoo.Answer("tried", text, expected, feedback)
    ((_, outcome, complaint),) = zoo.judge(chapter, EXERCISE, [answer])
    return outcome, complaint


def test_stub_and_solution_of_a_chapter(chapters):
    """The chapter's own cells: untouched is to do, solved passes, function or service."""
    for chapter in chapters.values():
        for exercise in chapter.source.exercises:
            row = zoo.judge(chapter, exercise, zoo.answers(chapter.source, exercise))

            assert [outcome for _, outcome, _ in row] == ["not_attempted", "passed"]
            assert [complaint for *_, complaint in row] == ["", ""]


def test_refused_with_the_right_words(totals):
    outcome, complaint = judged(totals, WRONG, "refused", "order_total a rendu", "paie")

    assert (outcome, complaint) == ("incorrect", "")


def test_refused_without_the_words(totals):
    """A wrong answer refused for another reason than its own is a failure of the check."""
    _, complaint = judged(totals, WRONG, "refused", "facture")

    assert "facture" in complaint


def test_wrong_answer_that_passes(totals):
    _, complaint = judged(totals, RIGHT, "refused", "paie")

    assert "passed, expected refused" in complaint


def test_right_answer_that_is_refused(totals):
    _, complaint = judged(totals, WRONG, "passed")

    assert "incorrect, expected passed" in complaint


def test_answers_do_not_help_each_other(totals):
    """What an answer defines is gone when the next one runs."""
    judged(totals, f"HELP = 1\n{RIGHT}", "passed")

    outcome, _ = judged(totals, "def order_total(lines):\n    return HELP\n", "refused", "HELP")

    assert outcome == "error"


def test_files_are_read_with_their_feedback(tmp_path):
    path = tmp_path / "wrong_sum.py"
    path.write_text(f"# feedback: un | deux mots\n{WRONG}", encoding="utf-8")

    read = zoo.answer(path, f"%%service rooms\n{RIGHT}")

    assert read.feedback == ("un", "deux mots")
    assert read.text == f"%%service rooms\n{WRONG}"


class TestChanges:
    """A wrong answer that is a right one but for its mistake."""

    @pytest.fixture
    def read(self, tmp_path):
        (tmp_path / "right_sum.py").write_text(RIGHT, encoding="utf-8")
        (tmp_path / "wrong_total.py").write_text(WRONG, encoding="utf-8")

        def read(change, base="right_sum"):
            path = tmp_path / "wrong_sum.py"
            path.write_text(f"# change of: {base}\n# feedback: paie\n{change}", encoding="utf-8")
            return zoo.answer(path, "%%service rooms\ntotal = 0\n")

        return read

    def test_of_a_right_answer(self, read):
        answer = read(f"-{RIGHT.splitlines()[1]}\n+{WRONG.splitlines()[1]}\n")

        assert answer.text == f"%%service rooms\n{WRONG}"
        assert (answer.expected, answer.feedback) == ("refused", ("paie",))

    def test_of_the_solution(self, read):
        """The solution as it is today: its mistakes follow when the text changes."""
        assert read("-total = 0\n+total = 1\n", "solution").text == "%%service rooms\ntotal = 1\n"

    @pytest.mark.parametrize(
        ("change", "hunk"),
        [
            pytest.param("-c\n+C\n\n-gone\n+D\n", 2, id="gone"),
            pytest.param("-twice\n+once\n", 1, id="not unique"),
            pytest.param("-  twice\n", 1, id="part of a line"),
            pytest.param("+nowhere\n", 1, id="no place"),
            pytest.param("", 1, id="no change"),
            pytest.param("-c\n\n-b\n", 2, id="order"),
            pytest.param("-c\n d\n\n-d\n", 2, id="overlap"),
            pytest.param("-c\nd\n", 1, id="no mark"),
        ],
    )
    def test_stale_change_is_refused(self, change, hunk):
        """Neither ignored nor guessed: the file and the hunk are named."""
        with pytest.raises(StaleChange, match=f"^wrong_sum.py, hunk {hunk}: "):
            changed("a\nb\nc\nd\ntwice\ntwice\n", change, "wrong_sum.py")

    @pytest.mark.parametrize("base", ["right_gone", "wrong_total", "stub"])
    def test_base_is_right(self, read, base):
        with pytest.raises(StaleChange, match=f"^wrong_sum.py: {base} "):
            read("-total = 0\n", base)

    def test_several_hunks(self):
        """Context names a place and stays; what moves may stand twice in between."""
        moved = changed("a\nb\n\nc\n", " a\n+c\n+\n\n-c\n", "wrong_sum.py")

        assert moved == "a\nc\n\nb\n\n"


def test_small_zoo_is_named(tmp_path):
    assert "0 right and 0 wrong" in zoo.too_few(tmp_path)


def test_spaces_and_apostrophes_do_not_matter():
    assert zoo.plain("Il n’a\u202fPAS \n répondu\xa0: 3") == zoo.plain("il n'a pas répondu : 3")
