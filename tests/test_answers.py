"""Every exercise against its zoo: right answers accepted, wrong ones refused in the right words."""

from dataclasses import asdict

import pytest
import zoo

from workbook.editions import sources

ANSWERS = [
    pytest.param(source, exercise, answer, id=f"{exercise}/{answer.name}")
    for source in sources(zoo.ROOT)
    for exercise in source.exercises
    for answer in zoo.answers(source, exercise)
]


@pytest.fixture(scope="module")
def open_chapter(tmp_path_factory, broker_for):
    """Opens a chapter's kernel when first asked, and keeps only one at a time."""
    opened = {}

    def open_one(source):
        if source.name not in opened:
            for chapter in opened.values():
                chapter.close()
            opened.clear()
            progress = tmp_path_factory.mktemp("zoo") / "progress.jsonl"
            opened[source.name] = zoo.Chapter(source, progress, **broker_for(source.key))
        return opened[source.name]

    yield open_one
    for chapter in opened.values():
        chapter.close()


@pytest.mark.needs("rabbitmq")
@pytest.mark.timeout(600)  # a busy machine is slow, and the first one waits for a broker
@pytest.mark.parametrize(("source", "exercise", "answer"), ANSWERS)
def test_answers(source, exercise, answer, open_chapter, record_property):
    """A right answer passes, a wrong one is refused and told why, the stub is left to do."""
    seen = open_chapter(source).verdict(exercise, answer.text)
    found = zoo.signature_of(exercise, seen)
    record_property(zoo.MATRIX, [exercise, answer.name, seen.outcome])
    record_property(zoo.SIGNATURE, [exercise, answer.name, [asdict(one) for one in found]])

    assert not zoo.complaint(answer, seen), zoo.complaint(answer, seen)
