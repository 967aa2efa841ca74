"""Every exercise against its zoo: right answers accepted, wrong ones refused in the right words."""

import pytest
import zoo

from workbook.editions import sources

CHAPTERS = {source.name: source for source in sources(zoo.ROOT) if source.exercises}
EXERCISES = [(name, id) for name, source in CHAPTERS.items() for id in source.exercises]


@pytest.fixture(scope="module")
def open_chapter(tmp_path_factory):
    """Opens a chapter's kernel when first asked, and keeps only one at a time."""
    opened = {}

    def open_one(name):
        if name not in opened:
            for chapter in opened.values():
                chapter.close()
            opened.clear()
            progress = tmp_path_factory.mktemp("zoo") / "progress.jsonl"
            opened[name] = zoo.Chapter(CHAPTERS[name], progress)
        return opened[name]

    yield open_one
    for chapter in opened.values():
        chapter.close()


@pytest.mark.needs("rabbitmq")
@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("name", "exercise"),
    [pytest.param(name, id, id=id) for name, id in EXERCISES],
)
def test_answers(name, exercise, open_chapter, record_property):
    """Right answers pass, wrong ones are refused and told why, the stub is left to do."""
    chapter = open_chapter(name)

    row = zoo.judge(chapter, exercise, chapter.answers(exercise, zoo.ANSWERS))
    record_property(zoo.MATRIX, zoo.matrix_row(exercise, row))

    complaints = [complaint for *_, complaint in row if complaint]
    assert not complaints, "\n\n".join(complaints)


@pytest.mark.parametrize("exercise", [id for _, id in EXERCISES])
def test_zoo_is_large_enough(exercise):
    """Three right shapes and five plausible mistakes prove a check; fewer do not."""
    assert not zoo.too_few(exercise, zoo.ANSWERS)
