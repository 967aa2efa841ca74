"""Chapter 09: what is undone elsewhere, two sagas for one lamp, a death at every step."""

from workbook.checks import Chapter

CHAPTER = Chapter(
    title="Saga",
    question="Comment défaire ce qui est fait ailleurs ?",
    english=("Saga", "How to undo what was done elsewhere?"),
    minutes=60,
    deeper=35,
    after=("ch08",),
    exercises={"saga": "core", "tombstone": "core", "runner": "deeper"},
)
