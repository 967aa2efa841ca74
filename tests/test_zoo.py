"""The zoo runner itself: it must see a check that is too kind, and one that is too harsh."""

import pytest
import zoo

from workbook.editions import sources

EXERCISE = "ch90.total"
RIGHT = "def order_total(lines):\n    return sum(p * n for p, n in lines)\n"
WRONG = "def order_total(lines):\n    return sum(p for p, n in lines)\n"


@pytest.fixture(scope="module")
def chapters(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORKBOOK_EXERCISES", "course.exercises")
        progress = tmp_path_factory.mktemp("zoo") / "progress.jsonl"
        opened = [zoo.Chapter(s, progress) for s in sources(zoo.TESTS / "course")]
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


def test_stub_and_solution_of_a_chapter(chapters, tmp_path):
    """The chapter's own cells: untouched is to do, solved passes, function or service."""
    for chapter in chapters.values():
        for exercise in chapter.source.exercises:
            row = zoo.judge(chapter, exercise, chapter.answers(exercise, tmp_path))

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

    read = zoo.answer(path, "%%service rooms")

    assert read.feedback == ("un", "deux mots")
    assert read.text.startswith("%%service rooms\ndef order_total")


def test_small_zoo_is_named(tmp_path):
    assert "0 right and 0 wrong" in zoo.too_few(EXERCISE, tmp_path)


def test_spaces_and_apostrophes_do_not_matter():
    assert zoo.plain("Il n’a\u202fPAS \n répondu\xa0: 3") == zoo.plain("il n'a pas répondu : 3")
